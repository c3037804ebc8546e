package io.softlane.examples.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads the small set of handwritten digits, over and over until there are enough rows. */
final class Digits {
  static final String FILE = "digits.csv.gz";
  static final int PIXELS = 64;
  static final int ROWS = 1797;

  /** The first images are for training, the rest for the test. */
  static final int TRAINING = 1347;

  private static final int INK = 16;

  private Digits() {}

  /** Reads the rows from one to another; row r is the set's row r mod its size. */
  static Images read(Path file, boolean test, int fromRow, int toRow) throws IOException {
    List<String> lines = lines(file);
    int first = test ? TRAINING : 0;
    int size = test ? ROWS - TRAINING : TRAINING;
    byte[] pixels = new byte[(toRow - fromRow) * PIXELS];
    byte[] labels = new byte[toRow - fromRow];
    for (int r = fromRow; r < toRow; r++) {
      int line = first + r % size;
      String[] columns = lines.get(line).split(",", -1);
      if (columns.length != PIXELS + 1) {
        throw new DataFileException(file, line + 1, columns.length + " columns, not 65");
      }
      for (int j = 0; j < PIXELS; j++) {
        pixels[(r - fromRow) * PIXELS + j] = number(columns[j], INK, file, line + 1);
      }
      labels[r - fromRow] = number(columns[PIXELS], Source.CLASSES - 1, file, line + 1);
    }
    return new Images(pixels, INK, labels);
  }

  private static List<String> lines(Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.ISO_8859_1))) {
      List<String> lines = reader.readAllLines();
      if (lines.size() != ROWS) {
        throw new DataFileException(file, lines.size() + " lines, not " + ROWS, null);
      }
      return lines;
    } catch (IOException e) {
      throw DataFileException.of(file, e);
    }
  }

  private static byte number(String text, int max, Path file, int line) throws DataFileException {
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= max) {
        return (byte) value;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw new DataFileException(file, line, "a value is not a whole number 0 to " + max);
  }
}
