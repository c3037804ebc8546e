package io.softlane.examples.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Some hundreds of rows, the unit of work. Blocks are cut by row number alone, not by partition, so
 * that a block's result is the same wherever it is computed.
 *
 * @param values row-major, one image per row: its pixels, 0 to 1, and a constant 1
 * @param cols number of columns
 * @param labels what each row shows
 */
record Block(float[] values, int cols, int[] labels) {
  /** 1.6 MB of Fashion-MNIST: far more work than one block's overhead, and within L2 and L3. */
  static final int ROWS = 500;

  int rows() {
    return labels.length;
  }

  static int count(Source source) {
    return Math.ceilDiv(source.rows(), ROWS);
  }

  /** Reads the blocks from one to another. */
  static List<Block> read(Source source, Function<String, Path> locate, int from, int to)
      throws IOException {
    int firstRow = Math.min(source.rows(), from * ROWS);
    int endRow = Math.min(source.rows(), to * ROWS);
    Images images = source.read(locate, firstRow, endRow);
    List<Block> blocks = new ArrayList<>();
    for (int row = firstRow; row < endRow; row += ROWS) {
      blocks.add(of(images, row - firstRow, Math.min(endRow, row + ROWS) - firstRow));
    }
    return blocks;
  }

  private static Block of(Images images, int fromRow, int toRow) {
    int pixels = images.pixels().length / images.labels().length;
    int cols = pixels + 1;
    float[] values = new float[(toRow - fromRow) * cols];
    int[] labels = new int[toRow - fromRow];
    for (int r = 0; r < labels.length; r++) {
      for (int j = 0; j < pixels; j++) {
        int pixel = images.pixels()[(fromRow + r) * pixels + j] & 0xff;
        values[r * cols + j] = pixel / (float) images.white();
      }
      values[r * cols + pixels] = 1;
      labels[r] = images.labels()[fromRow + r];
    }
    return new Block(values, cols, labels);
  }
}
