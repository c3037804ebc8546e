package io.softlane;

/**
 * A row-major batch inside a larger buffer: element {@code (r, c)} is at {@code offset + r * stride
 * + c}. All units are elements, none are bytes. A batch of no rows is legal, and every operation on
 * it does nothing.
 *
 * <p><b>Row numbers.</b> Row r has the number {@code firstRow + r}. Per-row arguments (labels,
 * losses, maxima, lengths, ...) are indexed by the row number of the call's first input, which also
 * chooses the mask's row. So calls on the slices of a batch, in any order and on any thread, write
 * what one call on the whole batch writes. The row numbers of an output, a second input or a mask
 * play no part.
 *
 * @param offset index of element (0, 0), at least 0
 * @param rows number of rows, at least 0
 * @param cols number of columns, at least 1
 * @param stride distance between the starts of neighbouring rows, at least {@code cols}
 * @param firstRow the number of the first row, at least 0
 */
public record Rows(long offset, int rows, int cols, long stride, int firstRow) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException naming the values, where {@code offset < 0}, {@code rows < 0},
   *     {@code cols < 1}, {@code stride < cols} or {@code firstRow < 0}, or the index after the
   *     last does not fit a {@code long}, or {@code firstRow + rows} an {@code int}
   */
  public Rows {
    if (offset < 0 || rows < 0 || cols < 1 || stride < cols || firstRow < 0) {
      throw new IllegalArgumentException(
          "a batch needs offset >= 0, rows >= 0, cols >= 1, stride >= cols and firstRow >= 0, but "
              + shape(offset, rows, cols, stride, firstRow));
    }
    if (firstRow + rows < 0) {
      throw new IllegalArgumentException(
          "a batch needs firstRow + rows <= 2147483647, but "
              + shape(offset, rows, cols, stride, firstRow));
    }
    // (rows - 1) * stride needs up to 94 bits: the high half of the product must be empty.
    long last = Math.max(rows - 1, 0);
    boolean fits = Math.multiplyHigh(last, stride) == 0 && last * stride >= 0;
    if (!fits || last * stride > Long.MAX_VALUE - offset - cols) {
      throw new IllegalArgumentException(
          "a batch needs offset + (rows - 1) * stride + cols <= 9223372036854775807, but "
              + shape(offset, rows, cols, stride, firstRow));
    }
  }

  /**
   * A batch whose first row has the number 0.
   *
   * @param offset index of element (0, 0), at least 0
   * @param rows number of rows, at least 0
   * @param cols number of columns, at least 1
   * @param stride distance between the starts of neighbouring rows, at least {@code cols}
   * @throws IllegalArgumentException as the other constructor does
   */
  public Rows(long offset, int rows, int cols, long stride) {
    this(offset, rows, cols, stride, 0);
  }

  /**
   * A contiguous batch that starts at element 0: {@code stride = cols}.
   *
   * @param rows number of rows, at least 0
   * @param cols number of columns, at least 1
   * @return the batch
   * @throws IllegalArgumentException where {@code rows < 0} or {@code cols < 1}
   */
  public static Rows of(int rows, int cols) {
    return new Rows(0, rows, cols, cols);
  }

  /**
   * The same shape elsewhere in the buffer.
   *
   * @param offset index of the new batch's element (0, 0)
   * @return the moved batch
   * @throws IllegalArgumentException where the batch is then illegal
   */
  public Rows at(long offset) {
    return new Rows(offset, rows, cols, stride, firstRow);
  }

  /**
   * The same batch with its rows at another distance.
   *
   * @param stride distance between the starts of neighbouring rows, at least {@code cols}
   * @return the batch with that stride
   * @throws IllegalArgumentException where the batch is then illegal
   */
  public Rows withStride(long stride) {
    return new Rows(offset, rows, cols, stride, firstRow);
  }

  /**
   * Some of the rows, in the same buffer, with the numbers that they have: {@code firstRow} is this
   * batch's plus {@code fromRow}. Every result is the same, bit for bit, whichever slice its row is
   * in. (MEAN alone divides a gradient by the weight of the rows that the call was given.)
   *
   * @param fromRow first row, 0 to {@code toRow}
   * @param toRow the row after the last, up to {@code rows}
   * @return the slice
   * @throws IndexOutOfBoundsException naming the values, where the range is not within the rows
   */
  public Rows slice(int fromRow, int toRow) {
    if (fromRow < 0 || toRow < fromRow || toRow > rows) {
      throw new IndexOutOfBoundsException(
          "a slice needs 0 <= fromRow <= toRow <= rows, but rows %s to %s of %s are asked for"
              .formatted(fromRow, toRow, rows));
    }
    // An empty slice keeps the offset: its own start may lie past the last index a long can hold.
    long start = fromRow == toRow ? offset : offset + fromRow * stride;
    return new Rows(start, toRow - fromRow, cols, stride, firstRow + fromRow);
  }

  private static String shape(long offset, int rows, int cols, long stride, int firstRow) {
    String numbered = firstRow == 0 ? "" : ", firstRow = " + firstRow;
    return "offset = %s, rows = %s, cols = %s, stride = %s%s"
        .formatted(offset, rows, cols, stride, numbered);
  }
}
