package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Many logarithms at a time have the bits of one, whatever stands beside them. */
class LogsTest {
  private static final double[] MISSES = {0, 0x1p25, 0x1p98, Double.NaN, Double.POSITIVE_INFINITY};

  @Test
  void bitsOfTheScalarLogarithm() {
    check();
  }

  static void check() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 20_000; round++) {
      int rows = random.nextInt(1, 40);
      int k = 52 - 2 * random.nextInt(-12, 13);
      double[] sums = new double[rows];
      for (int r = 0; r < rows; r++) {
        sums[r] = Math.pow(2, 26 + 71 * random.nextDouble());
      }
      // A row that is done again does not disturb the others.
      int stray = random.nextInt(rows + 1);
      if (stray < rows) {
        sums[stray] = MISSES[random.nextInt(MISSES.length)];
      }
      double[] vector = new double[rows];
      double[] scalar = new double[rows];
      VectorLoops.INSTANCE.logSums(sums, rows, k, vector);
      ScalarLoops.INSTANCE.logSums(sums, rows, k, scalar);
      for (int r = 0; r < rows; r++) {
        if (r != stray) {
          String what = "logSum of " + sums[r] + " under k = " + k;
          assertBits(Logs.logSum(sums[r], k), vector[r], what);
          assertBits(Logs.logSum(sums[r], k), scalar[r], what);
        }
      }
    }
  }

  /** To 2^-44, of which the product of ln 2 and the exponent takes most. */
  @Test
  void logarithmsOfSums() {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 100_000; round++) {
      double sum = Math.pow(2, 26 + 71 * random.nextDouble());
      int k = 52 - 2 * random.nextInt(-400, 401);
      double expected = StrictMath.log(sum) - k * StrictMath.log(2);
      assertEquals(expected, Logs.logSum(sum, k), 0x1p-42, () -> sum + " under k = " + k);
    }
    for (int k : new int[] {-8, 0, 52}) {
      assertEquals(0, Logs.logSum(Math.scalb(1.0, k), k));
    }
  }

  private static void assertBits(double expected, double actual, String what) {
    assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(actual), what);
  }
}
