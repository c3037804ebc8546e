package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Entropy against the oracle, with the contract's bound: 2^-20 * max(1, H). */
interface EntropyContract {
  int[] ENTROPY_COLS = {1, 2, 3, 7, 8, 9, 15, 16, 17, 33, 100, 1000, 4095, 4096, 4097, 9000};

  SoftmaxKernels kernels();

  private float entropy(float... row) {
    float[] h = new float[1];
    kernels().entropy(row, Rows.of(1, row.length), h);
    return h[0];
  }

  private static void assertEntropy(float actual, double exact, int cols, String what, int r) {
    Ulps.assertError(actual, exact, 0x1p-20 * Math.max(1, exact), what, r, 0);
    boolean inRange = actual >= 0 && actual <= Math.log(cols) * (1 + 0x1p-20) + 0x1p-20;
    assertTrue(Float.isNaN(actual) || inRange, () -> what + ": " + actual + " of " + cols);
    assertTrue(Float.floatToRawIntBits(actual) != 0x80000000, () -> what + " is -0");
  }

  /** A row of its own: its oracle, and the same with -inf between its logits. */
  private void check(String what, float... row) {
    double exact = Oracle.entropy(Oracle.row(row, Rows.of(1, row.length), 0));
    assertEntropy(entropy(row), exact, row.length, what, 0);
    float[] masked = new float[2 * row.length + 1];
    Arrays.fill(masked, Float.NEGATIVE_INFINITY);
    for (int c = 0; c < row.length; c++) {
      masked[2 * c + 1] = row[c];
    }
    assertEntropy(entropy(masked), exact, row.length, what + ", masked between", 0);
  }

  @Property(tries = 1500)
  default void entropy(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.ENTROPY, sample).run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      double exact = Oracle.entropy(Oracle.row(call.in, call.inRows, r));
      assertEntropy(call.results[r], exact, sample.cols(), call.toString(), r);
    }
  }

  @Test
  default void entropyOfUniformRows() {
    for (int n : ENTROPY_COLS) {
      for (float x : new float[] {0, -0f, 1, -31, 31, -88, 89, -500, 512, 1e10f, -1e30f, 3e38f}) {
        float[] row = new float[n];
        Arrays.fill(row, x);
        assertEntropy(entropy(row), Math.log(n), n, n + " times " + x, 0);
      }
    }
  }

  /** All but one are masked, or so far below that their share is nothing. */
  @Test
  default void entropyOfOneHotRows() {
    for (int n : ENTROPY_COLS) {
      for (float x : new float[] {0, 1, -3, 17, -44, 100, -700, 1e30f, -3e38f, 3e38f}) {
        for (float rest : new float[] {Float.NEGATIVE_INFINITY, -3.4e38f, x - 1000}) {
          float[] row = new float[n];
          Arrays.fill(row, rest);
          row[n / 2] = x;
          boolean hot = n == 1 || rest < x - 500;
          double exact = hot ? 0 : Oracle.entropy(Oracle.row(row, Rows.of(1, row.length), 0));
          assertEntropy(entropy(row), exact, n, n + " columns, " + x + " among " + rest, 0);
        }
      }
    }
  }

  /** One class leaves nothing to be told: exactly. */
  @Test
  default void entropyOfOneColumn() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt());
      x = i % 2 == 0 ? 100 * (random.nextFloat() - 0.5f) : x;
      float h = entropy(x);
      assertEquals(Float.isFinite(x) ? 0 : Float.NaN, h, "entropy of one logit, " + x);
    }
  }

  @Test
  default void entropyOfHugeLogits() {
    float[] bases = {1e30f, -1e30f, 3e38f, -3e38f, 1e6f, -1e6f, 600, -600};
    for (float x : bases) {
      float next = Math.nextUp(x);
      check("two", x, x);
      check("neighbours", x, next, next, x);
      check("far apart", x, -x, x);
      check("opposite ends", x, -x);
      check("zeros", x, 0, 0);
    }
  }

  @Test
  default void entropyOfPoisonedRows() {
    for (int n : ENTROPY_COLS) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        for (int c : new int[] {0, n / 2, n - 1}) {
          float[] rows = new float[3 * n];
          rows[n + c] = bad;
          float[] h = new float[3];
          kernels().entropy(rows, Rows.of(3, n), h);
          assertEquals(Float.NaN, h[1], n + " columns");
          assertEntropy(h[0], Math.log(n), n, "before " + bad, 0);
          assertEntropy(h[2], Math.log(n), n, "after " + bad, 2);
        }
      }
      float[] masked = new float[n];
      Arrays.fill(masked, Float.NEGATIVE_INFINITY);
      assertEquals(Float.NaN, entropy(masked), n + " masked columns");
    }
  }

  /** Large terms in one part of a row and small ones, or none, in another. */
  @Test
  default void entropyOfBlocksThatDiffer() {
    for (int n : new int[] {4097, 8192, 9000, 20_000}) {
      for (float step : new float[] {1, 17, 44, 60, 120, 1000}) {
        float[] row = new float[n];
        for (int c = 0; c < n; c++) {
          row[c] = -step * (c / 4096) + (c % 7) / 8f;
        }
        check("blocks " + step + " apart", row);
        row[n - 1] = step;
        check("one more at the end, " + step, row);
      }
    }
  }
}
