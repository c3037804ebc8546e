package io.softlane.examples.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.examples.spark.Runs.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static Pass pass;
  private static Run whole;

  @TempDir private Path directory;
  private Path file;

  @BeforeAll
  static void train() throws IOException {
    pass = new LocalPass(Runs.SOURCE);
    whole = Runs.train(pass, null, 40);
  }

  @BeforeEach
  void name() {
    file = directory.resolve("checkpoint");
  }

  private Journal open() throws IOException {
    return Journal.open(file, "digits", Runs.SOURCE.weights());
  }

  private Run train(int epochs) throws IOException {
    try (Journal journal = open()) {
      return Runs.train(pass, journal, epochs);
    }
  }

  /** Resumes; how many passes it did not find in the journal. */
  private int resume() throws IOException {
    return resume(null);
  }

  private int resume(String damage) throws IOException {
    try (Journal journal = open()) {
      assertEquals(damage, journal.damage());
      int[] passes = {0};
      Pass counted =
          weights -> {
            passes[0]++;
            return pass.sum(weights);
          };
      whole.assertSameBits(Runs.train(counted, journal, 40));
      assertEquals(whole.end().evaluations(), passes[0] + journal.records());
      return passes[0];
    }
  }

  @Test
  void aResumedRunGivesTheSameBits() throws IOException {
    int before = train(15).end().evaluations();
    assertEquals(whole.end().evaluations() - before, resume());
    assertEquals(0, resume());
  }

  /** As a kill in mid-write leaves it. */
  @Test
  void aRecordCutOffIsMadeAgain() throws IOException {
    int before = train(15).end().evaluations();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 11));
    assertEquals(whole.end().evaluations() - before + 1, resume());
  }

  @Test
  void aDamagedRecordAndThoseAfterItAreMadeAgain() throws IOException {
    int before = train(15).end().evaluations();
    damage(0);
    String all = "%s: pass 1 of %d is damaged: it and the %d after it are not used";
    int evaluations = whole.end().evaluations();
    assertEquals(evaluations, resume(all.formatted(file, before, before - 1)));
    assertEquals(0, resume());
    damage(evaluations - 1);
    String last = "%s: pass %d of %<d is damaged: it is not used".formatted(file, evaluations);
    assertEquals(1, resume(last));
    assertEquals(0, resume());
  }

  /** Turns a bit over in the middle of a record. */
  private void damage(int record) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int size = Integer.BYTES + (Runs.SOURCE.weights() + 1) * Double.BYTES + Integer.BYTES;
    int head = bytes.length % size;
    bytes[head + record * size + size / 2] ^= 4;
    Files.write(file, bytes);
  }

  /** Where the epochs end before it, a damaged record stays as it is. */
  @Test
  void writesNothingWhereNoPassIsNew() throws IOException {
    train(15);
    damage(14);
    byte[] bytes = Files.readAllBytes(file);
    train(5);
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }

  @Test
  void refusesAnotherRunsJournal() throws IOException {
    train(2);
    assertThrows(DataFileException.class, () -> Journal.open(file, "other", Runs.SOURCE.weights()));
    try (Journal journal = open()) {
      double[] w = new double[Runs.SOURCE.weights()];
      w[3] = 1;
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> journal.next(w, new double[w.length]));
      assertTrue(e.getCause().getMessage().contains("pass 1 is not of this run"), e.toString());
    }
    Files.writeString(file, "something else");
    assertThrows(DataFileException.class, this::open);
    assertEquals("something else", Files.readString(file));
  }
}
