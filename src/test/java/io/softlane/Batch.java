package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.internal.calls.Batches;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** An array with guard elements around and between the rows of a batch. */
record Batch(float[] data, Rows rows) {
  /** A NaN with a known pattern: it must not be touched, and would show if it were read. */
  static final int GUARD = 0x7fc5a5a5;

  private static final int MARGIN = 35; // more than two vectors of 512 bits

  /** A batch of guards only: an output before the call. */
  static Batch empty(Rows rows) {
    return new Batch(guards((int) Batches.end(rows) + MARGIN), rows);
  }

  /** Guards, with somewhere to put a batch of that size. */
  static Batch empty(RandomGenerator random, int rows, int cols) {
    return empty(new Rows(random.nextInt(MARGIN), rows, cols, cols + random.nextInt(20)));
  }

  static float[] guards(int length) {
    float[] data = new float[length];
    Arrays.fill(data, Float.intBitsToFloat(GUARD));
    return data;
  }

  Batch copy() {
    return new Batch(data.clone(), rows);
  }

  int index(int r, int c) {
    return (int) (rows.offset() + r * rows.stride() + c);
  }

  float get(int r, int c) {
    return data[index(r, c)];
  }

  void set(int r, int c, float value) {
    data[index(r, c)] = value;
  }

  /** One row, exactly, for the oracle. */
  double[] row(int r) {
    return Oracle.row(data, rows, r);
  }

  /** The same values without guards or padding. */
  Batch packed() {
    Batch packed =
        new Batch(new float[rows.rows() * rows.cols()], Rows.of(rows.rows(), rows.cols()));
    for (int r = 0; r < rows.rows(); r++) {
      System.arraycopy(data, index(r, 0), packed.data, r * rows.cols(), rows.cols());
    }
    return packed;
  }

  /** Fails where an element outside of the rows is no longer a guard. */
  void assertGuards(String what) {
    boolean[] inside = new boolean[data.length];
    for (int r = 0; r < rows.rows(); r++) {
      Arrays.fill(inside, index(r, 0), index(r, 0) + rows.cols(), true);
    }
    for (int i = 0; i < data.length; i++) {
      if (!inside[i] && Float.floatToRawIntBits(data[i]) != GUARD) {
        assertEquals(
            Integer.toHexString(GUARD),
            Integer.toHexString(Float.floatToRawIntBits(data[i])),
            what + ": guard element " + i + " of " + rows);
      }
    }
  }
}
