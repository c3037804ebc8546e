package io.softlane;

import static java.lang.Float.NEGATIVE_INFINITY;
import static java.lang.Float.NaN;
import static java.lang.Float.POSITIVE_INFINITY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The table of special values, row by row, at every column of rows that straddle the lanes. */
interface SpecialValuesContract {
  int[] COLS = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65};

  /** Quiet and signalling NaNs of both signs. */
  int[] NANS = {0x7fc00000, 0xffc00000, 0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff, 0x7fa12345};

  SoftmaxKernels kernels();

  static void assertSame(float[] expected, float[] actual) {
    assertArrayEquals(bits(expected), bits(actual));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToIntBits(values[i]));
    return bits;
  }

  private static float[] filled(int n, float value) {
    float[] row = new float[n];
    Arrays.fill(row, value);
    return row;
  }

  private float max(float[] row) {
    float[] max = new float[1];
    kernels().max(row, Rows.of(1, row.length), max);
    return max[0];
  }

  private int argmax(float[] row) {
    int[] argmax = new int[1];
    kernels().argmax(row, Rows.of(1, row.length), argmax);
    return argmax[0];
  }

  private float logSumExp(float[] row) {
    float[] lse = new float[1];
    kernels().logSumExp(row, Rows.of(1, row.length), lse);
    return lse[0];
  }

  private float[] softmax(float[] row) {
    float[] p = new float[row.length];
    kernels().softmax(row, p, 1, row.length);
    return p;
  }

  private float[] logSoftmax(float[] row) {
    float[] l = new float[row.length];
    kernels().logSoftmax(row, l, 1, row.length);
    return l;
  }

  /** The whole line of the table for a row whose softmax is NaN. */
  private void assertPoisoned(float[] row, float max, int argmax, float lse) {
    String what = Arrays.toString(row);
    assertEquals(max, max(row), what);
    assertEquals(argmax, argmax(row), what);
    assertEquals(lse, logSumExp(row), what);
    assertSame(filled(row.length, NaN), softmax(row));
    assertSame(filled(row.length, NaN), logSoftmax(row));
    // In place too: there the kernels have to look before they write.
    float[] inPlace = row.clone();
    kernels().softmax(inPlace, inPlace, 1, row.length);
    assertSame(filled(row.length, NaN), inPlace);
    inPlace = row.clone();
    kernels().logSoftmax(inPlace, inPlace, 1, row.length);
    assertSame(filled(row.length, NaN), inPlace);
  }

  @Test
  default void onlyMasked() {
    for (int n : COLS) {
      assertPoisoned(filled(n, NEGATIVE_INFINITY), NEGATIVE_INFINITY, 0, NEGATIVE_INFINITY);
    }
  }

  @Test
  default void positiveInfinityAnywhere() {
    for (int n : COLS) {
      for (float rest : new float[] {-2, 0, 300, -1e38f, NEGATIVE_INFINITY, POSITIVE_INFINITY}) {
        for (int c = 0; c < n; c++) {
          float[] row = filled(n, rest);
          row[c] = POSITIVE_INFINITY;
          int first = rest == POSITIVE_INFINITY ? 0 : c;
          assertPoisoned(row, POSITIVE_INFINITY, first, POSITIVE_INFINITY);
        }
      }
    }
  }

  @Test
  default void nanAnywhere() {
    for (int n : COLS) {
      for (float rest : new float[] {-2, 0, 300, -1e38f, NEGATIVE_INFINITY, POSITIVE_INFINITY}) {
        for (int c = 0; c < n; c++) {
          float[] row = filled(n, rest);
          row[c] = Float.intBitsToFloat(NANS[c % NANS.length]);
          row[Math.min(n - 1, c + 5)] = Float.intBitsToFloat(NANS[n % NANS.length]);
          assertPoisoned(row, NaN, c, NaN);
        }
      }
    }
  }

  @Test
  default void everyPatternOfNaN() {
    for (int bits : NANS) {
      for (int n : new int[] {1, 16, 21}) {
        float[] row = filled(n, 1);
        row[n - 1] = Float.intBitsToFloat(bits);
        assertPoisoned(row, NaN, n - 1, NaN);
        assertPoisoned(filled(n, row[n - 1]), NaN, 0, NaN);
      }
    }
  }

  @Test
  default void masked() {
    for (int n : COLS) {
      for (float live : new float[] {-700, -40, 0, 1, 40, 700, -3e38f, 3e38f, Float.MIN_VALUE}) {
        for (int c = 0; c < n; c++) {
          float[] row = filled(n, NEGATIVE_INFINITY);
          row[c] = live;
          assertEquals(live, max(row));
          assertEquals(c, argmax(row));
          assertEquals(live, logSumExp(row)); // exactly
          float[] p = new float[n];
          p[c] = 1;
          assertSame(p, softmax(row)); // exactly 1, and exactly +0
          float[] l = logSoftmax(row);
          assertEquals(+0f, l[c]);
          l[c] = NEGATIVE_INFINITY;
          assertSame(filled(n, NEGATIVE_INFINITY), l);
        }
      }
    }
  }

  @Test
  default void zerosTie() {
    for (int n : COLS) {
      for (int c = 0; c < n; c++) {
        float[] row = filled(n, -0f);
        assertEquals(-0f, max(row));
        row[c] = +0f;
        assertEquals(+0f, max(row), "assertEquals tells -0 from +0");
        assertEquals(0, argmax(row));
        row = filled(n, +0f);
        row[c] = -0f;
        assertEquals(n == 1 ? -0f : +0f, max(row));
        assertEquals(0, argmax(row));
        // Below a tie that does not start the row.
        row = filled(n, -1);
        row[n - 1] = +0f;
        row[c] = -0f;
        assertEquals(c, argmax(row));
        assertEquals(c == n - 1 ? -0f : +0f, max(row));
      }
    }
  }

  @Test
  default void lowestIndexOfTheMaximum() {
    for (int n : COLS) {
      for (int c = 0; c < n; c++) {
        float[] row = filled(n, 1);
        Arrays.fill(row, c, n, 2);
        assertEquals(c, argmax(row));
        row = filled(n, -2);
        row[c] = -1;
        assertEquals(c, argmax(row));
        assertEquals(-1, max(row));
      }
    }
  }

  @Test
  default void uniformRows() {
    for (int n : COLS) {
      for (float x : new float[] {0, -0f, 1, -31, 31, -88, 89, -500, 512, 1e10f, -1e38f}) {
        float[] p = softmax(filled(n, x));
        for (float v : p) {
          assertEquals(p[0], v);
          Ulps.assertUlps(v, 1.0 / n, 3, "softmax of " + n + " equal logits", 0, 0);
        }
      }
    }
  }

  /** Both infinite shifts follow IEEE arithmetic. */
  @Test
  default void expSumOfInfiniteShifts() {
    float inf = POSITIVE_INFINITY;
    float[] logits = {0, -inf, inf, NaN, 3e38f, -3e38f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    for (float shift : new float[] {inf, -inf, NaN, 3e38f, -3e38f, 0}) {
      float[] e = new float[logits.length];
      float[] sum = new float[1];
      Rows rows = Rows.of(1, logits.length);
      kernels().expSum(logits, rows, new float[] {shift}, e, rows, sum);
      for (int c = 0; c < logits.length; c++) {
        double exact = StrictMath.exp((double) logits[c] - shift);
        Ulps.assertUlps(e[c], exact, 1, "exp(. - " + shift + ")", 0, c);
      }
      assertTrue(Float.isNaN(sum[0]), "a NaN among the terms");
    }
  }
}
