package io.softlane.internal.rows;

import java.util.Arrays;

/** Which columns of a row have the largest scores, in which order. */
final class Selection {
  private long[] keys = {};

  /** Sorts n scores: largest first, equal ones by column; NaN before all. */
  void sort(float[] x, int i, int n) {
    if (keys.length < n) {
      keys = new long[n];
    }
    for (int c = 0; c < n; c++) {
      keys[c] = (long) ~key(x[i + c]) << 32 | c;
    }
    Arrays.sort(keys, 0, n);
  }

  /** The column at a place of that order. */
  int column(int place) {
    return (int) keys[place];
  }

  /** An integer in the order of the floats, -0 as +0. */
  private static int key(float x) {
    if (Float.isNaN(x)) {
      return Integer.MAX_VALUE;
    }
    int bits = Float.floatToRawIntBits(x + 0f);
    return bits ^ (bits >> 31 >>> 1);
  }
}
