package io.softlane;

import java.math.BigInteger;

/** The numbers of {@link Rows}, legal or not, with an arithmetic that cannot overflow. */
record RawRows(long offset, int rows, int cols, long stride) {

  /** Mostly the batch that was asked for, somewhere; now and then another, or none. */
  static RawRows of(Choices choices, int rows, int cols) {
    int near = choices.below(72); // half of them within the first few elements
    long offset = (near < 36 ? near : near % 4) + (choices.once(3) ? rows : 0);
    long stride = cols + (long) choices.below(20);
    return switch (choices.below(64)) {
      case 63 -> null;
      case 62 -> new RawRows(offset, rows + 1, cols, stride);
      case 61 -> new RawRows(offset, rows - 1, cols, stride);
      case 60 -> new RawRows(offset, rows, cols + 1, stride);
      case 59 -> new RawRows(offset, rows, cols - 1, stride);
      case 58 -> new RawRows(choices.hostile(), rows, cols, stride);
      case 57, 56 -> new RawRows(offset, rows, cols, choices.hostile());
      case 55 -> new RawRows(offset, choices.hostileInt(), cols, stride);
      case 54 -> new RawRows(offset, rows, choices.hostileInt(), stride);
      case 53 -> new RawRows(choices.hostile(), rows, cols, choices.hostile());
      default -> new RawRows(offset, rows, cols, stride);
    };
  }

  Rows build() {
    return new Rows(offset, rows, cols, stride);
  }

  RawRows at(long offset) {
    return new RawRows(offset, rows, cols, stride);
  }

  /** Index after the last element of the first {@code max(rows, 1)} rows. */
  private BigInteger extent() {
    return BigInteger.valueOf(Math.max(rows - 1, 0))
        .multiply(BigInteger.valueOf(stride))
        .add(BigInteger.valueOf(offset))
        .add(BigInteger.valueOf(cols));
  }

  /** Index after the last element; the offset where there is none. */
  BigInteger end() {
    return rows == 0 ? BigInteger.valueOf(offset) : extent();
  }

  /**
   * What {@link Rows} takes: every index, and the one after the last, fits a long; a batch of no
   * rows is held to that as if it had one.
   */
  boolean legal() {
    return offset >= 0
        && rows >= 0
        && cols >= 1
        && stride >= cols
        && extent().compareTo(BigInteger.valueOf(Long.MAX_VALUE)) <= 0;
  }

  boolean fits(int length) {
    return rows == 0 || end().compareTo(BigInteger.valueOf(length)) <= 0;
  }
}
