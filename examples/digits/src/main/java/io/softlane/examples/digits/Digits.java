package io.softlane.examples.digits;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Images of handwritten digits, 8 x 8 pixels each, with their labels.
 *
 * @param pixels row-major, one image per row, 0 (paper) to 1 (ink)
 * @param labels the digit that each image shows
 */
record Digits(float[] pixels, int[] labels) {
  static final int SIDE = 8;
  static final int PIXELS = SIDE * SIDE;
  static final int CLASSES = 10;

  /** Images in the data file; the first {@link #TRAINING} are for training, the rest for tests. */
  static final int ROWS = 1797;

  static final int TRAINING = 1347;

  /** Intensities are 0 to 16 in the file. */
  private static final int INK = 16;

  int rows() {
    return labels.length;
  }

  Digits training() {
    return slice(0, TRAINING);
  }

  Digits test() {
    return slice(TRAINING, rows());
  }

  private Digits slice(int fromRow, int toRow) {
    return new Digits(
        Arrays.copyOfRange(pixels, fromRow * PIXELS, toRow * PIXELS),
        Arrays.copyOfRange(labels, fromRow, toRow));
  }

  /**
   * Reads a gzipped CSV file: per line 64 pixel intensities 0 to 16, then the label 0 to 9.
   *
   * @throws DataFileException naming file, line and problem, where it is missing or damaged
   */
  static Digits read(Path file) throws DataFileException {
    int line = 0;
    try (InputStream bytes = Files.newInputStream(file);
        InputStream text = new GZIPInputStream(bytes);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(text, StandardCharsets.ISO_8859_1))) {
      float[] pixels = new float[ROWS * PIXELS];
      int[] labels = new int[ROWS];
      for (String row = reader.readLine(); row != null; row = reader.readLine()) {
        line++;
        if (line > ROWS) {
          throw new DataFileException(file, line, "one line too many, the set has " + ROWS);
        }
        parse(row, file, line, pixels, labels);
      }
      if (line < ROWS) {
        throw new DataFileException(
            file, line + 1, "the file ends here, but the set has " + ROWS + " lines");
      }
      return new Digits(pixels, labels);
    } catch (DataFileException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new DataFileException(file, "no such file", e);
    } catch (EOFException e) {
      throw new DataFileException(file, line + 1, "the gzip data is cut off here");
    } catch (ZipException e) {
      throw new DataFileException(file, line + 1, "damaged gzip data: " + e.getMessage());
    } catch (IOException e) {
      throw new DataFileException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static void parse(String row, Path file, int line, float[] pixels, int[] labels)
      throws DataFileException {
    String[] columns = row.split(",", -1);
    if (columns.length != PIXELS + 1) {
      throw new DataFileException(
          file, line, columns.length + " columns, not " + PIXELS + " pixels and a label");
    }
    int start = (line - 1) * PIXELS;
    for (int j = 0; j < PIXELS; j++) {
      pixels[start + j] = number(columns[j], INK, "pixel " + (j + 1), file, line) / (float) INK;
    }
    labels[line - 1] = number(columns[PIXELS], CLASSES - 1, "the label", file, line);
  }

  private static int number(String text, int max, String what, Path file, int line)
      throws DataFileException {
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new DataFileException(
          file, line, what + " is " + quote(text) + ", not a whole number 0 to " + max);
    }
    if (value < 0 || value > max) {
      throw new DataFileException(file, line, what + " is " + value + ", not 0 to " + max);
    }
    return value;
  }

  /** What stands in the file, made fit for one line of a terminal. */
  private static String quote(String text) {
    String printable = text.replaceAll("[^ -~]", "?");
    return '"' + (printable.length() <= 20 ? printable : printable.substring(0, 20) + "...") + '"';
  }
}
