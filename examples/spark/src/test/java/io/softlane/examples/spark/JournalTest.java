package io.softlane.examples.spark;

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
    try (Journal journal = open()) {
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
    train(15);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);
    assertTrue(resume() > 0);
    assertEquals(0, resume());
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
