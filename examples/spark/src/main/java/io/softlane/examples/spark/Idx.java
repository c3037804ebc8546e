package io.softlane.examples.spark;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Reads the files of Fashion-MNIST: gzipped, big-endian, a header and then a byte per value. */
final class Idx {
  static final int PIXELS = 28 * 28;
  static final int TRAINING = 60_000;
  static final int TEST = 10_000;

  private static final int BUFFER = 1 << 16;
  private static final int IMAGES = 0x803; // bytes in three dimensions
  private static final int LABELS = 0x801;

  /** Some rows of a file that has so many in all. */
  private record Part(int rows, byte[] bytes) {}

  private Idx() {}

  static String images(boolean test) {
    return (test ? "t10k" : "train") + "-images-idx3-ubyte.gz";
  }

  static String labels(boolean test) {
    return (test ? "t10k" : "train") + "-labels-idx1-ubyte.gz";
  }

  /** Reads the rows from one to another. */
  static Images read(Path images, Path labels, int fromRow, int toRow) throws IOException {
    Part pixels = part(images, IMAGES, new int[] {28, 28}, fromRow, toRow);
    Part ofLabels = part(labels, LABELS, new int[0], fromRow, toRow);
    if (ofLabels.rows() != pixels.rows()) {
      throw new DataFileException(
          labels,
          ofLabels.rows() + " labels for the " + pixels.rows() + " images of " + images,
          null);
    }
    byte[] values = ofLabels.bytes();
    for (int r = 0; r < values.length; r++) {
      if (values[r] < 0 || values[r] >= Source.CLASSES) {
        throw new DataFileException(
            labels,
            "label of row " + (fromRow + r) + " is " + (values[r] & 0xff) + ", not 0 to 9",
            null);
      }
    }
    return new Images(pixels.bytes(), 255, values);
  }

  private static Part part(Path file, int magic, int[] shape, int fromRow, int toRow)
      throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(
                new GZIPInputStream(Files.newInputStream(file), BUFFER), BUFFER))) {
      int found = in.readInt();
      int rows = in.readInt();
      int[] dimensions = new int[shape.length];
      int perRow = 1;
      for (int i = 0; i < shape.length; i++) {
        dimensions[i] = in.readInt();
        perRow *= shape[i];
      }
      if (found != magic || !Arrays.equals(dimensions, shape)) {
        throw new DataFileException(file, "not the header of a Fashion-MNIST file", null);
      }
      if (rows < toRow) {
        throw new DataFileException(file, rows + " rows, not " + toRow, null);
      }
      in.skipNBytes((long) fromRow * perRow);
      byte[] bytes = new byte[(toRow - fromRow) * perRow];
      in.readFully(bytes);
      return new Part(rows, bytes);
    } catch (IOException e) {
      throw DataFileException.of(file, e);
    }
  }
}
