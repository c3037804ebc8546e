package io.softlane.examples.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  private static final int ROWS = 5;

  @TempDir private Path directory;

  private Path images(int magic, int side, int bytes) throws IOException {
    byte[] pixels = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      pixels[i] = (byte) (i / Idx.PIXELS);
    }
    return write("images", pixels, magic, ROWS, side, side);
  }

  private Path manyLabels(int rows) throws IOException {
    return write("labels", new byte[rows], 0x801, rows);
  }

  private Path labels(int last) throws IOException {
    return write("labels", new byte[] {0, 1, 2, 9, (byte) last}, 0x801, ROWS);
  }

  private Path write(String name, byte[] bytes, int... header) throws IOException {
    return Runs.idx(directory.resolve(name), bytes, header);
  }

  @Test
  void readsARange() throws IOException {
    Images images = Idx.read(images(0x803, 28, ROWS * Idx.PIXELS), labels(4), 3, 5);
    assertArrayEquals(new byte[] {9, 4}, images.labels());
    assertEquals(2 * Idx.PIXELS, images.pixels().length);
    assertEquals(3, images.pixels()[0]);
    assertEquals(4, images.pixels()[2 * Idx.PIXELS - 1]);
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    int size = ROWS * Idx.PIXELS;
    Path good = images(0x803, 28, size);
    assertMessage("labels: label of row 4 is 10, not 0 to 9", good, labels(10), 5);
    for (int rows : new int[] {ROWS - 1, ROWS + 1}) {
      String counts = "labels: %d labels for the 5 images of %s".formatted(rows, good);
      assertMessage(counts, good, manyLabels(rows), ROWS - 1);
    }
    Path labels = labels(4);
    assertMessage("images: 5 rows, not 6", good, labels, 6);
    assertMessage("images: the data is cut off", images(0x803, 28, size - 1), labels, 5);
    String header = "images: not the header of a Fashion-MNIST file";
    assertMessage(header, images(0x802, 28, size), labels, 5);
    assertMessage(header, images(0x803, 27, size), labels, 5);
    Path bad = images(0x803, 28, size);
    byte[] bytes = Files.readAllBytes(bad);
    Files.write(bad, Arrays.copyOf(bytes, bytes.length / 2));
    assertMessage("images: the data is cut off", bad, labels, 5);
    Files.writeString(bad, "no gzip file at all");
    assertMessage("images: damaged gzip data: Not in GZIP format", bad, labels, 5);
    Files.delete(bad);
    assertMessage("images: no such file", bad, labels, 5);
    Files.createDirectory(bad);
    assertMessage("images: Is a directory", bad, labels, 5);
  }

  private void assertMessage(String message, Path images, Path labels, int rows) {
    DataFileException e =
        assertThrows(DataFileException.class, () -> Idx.read(images, labels, 0, rows));
    assertEquals(directory + "/" + message, e.getMessage());
  }
}
