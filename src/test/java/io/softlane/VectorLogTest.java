package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Many logarithms at a time have the bits of one, and stop at the first sum out of the window. */
class VectorLogTest {
  @Test
  void bitsOfTheScalarLogarithm() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 20_000; round++) {
      int rows = random.nextInt(1, 40);
      int lower = 2 * random.nextInt(-12, 13);
      int k = Window.k(0) - lower;
      double[] sums = new double[rows];
      float[] e = new float[2 * rows + 3];
      for (int r = 0; r < rows; r++) {
        double exponent = 26 + 71 * random.nextDouble();
        sums[r] = Math.scalb(Math.pow(2, exponent), -lower);
        VectorLog.put(e, 3 + 2 * r, sums[r]);
      }
      int stop = random.nextInt(rows + 1);
      if (stop < rows) {
        double[] misses = {0x1p25, 0x1p98, Double.NaN, Double.POSITIVE_INFINITY, 0};
        VectorLog.put(e, 3 + 2 * stop, Math.scalb(misses[random.nextInt(5)], -lower));
      }
      assertEquals(stop, VectorLog.logSums(e, 3, rows, k, lower));
      for (int r = 0; r < stop; r++) {
        double sum = sums[r];
        assertEquals(
            Double.doubleToRawLongBits(Window.logSum(sum, k)),
            Double.doubleToRawLongBits(VectorLog.get(e, 3 + 2 * r)),
            () -> "logSum of " + sum + " under k = " + k);
      }
    }
  }

  @Test
  void doublesSurviveInFloats() {
    SplittableRandom random = new SplittableRandom(2);
    float[] e = new float[2];
    for (int round = 0; round < 200_000; round++) {
      long bits = random.nextLong();
      VectorLog.put(e, 0, Double.longBitsToDouble(bits));
      assertEquals(bits, Double.doubleToRawLongBits(VectorLog.get(e, 0)));
    }
  }
}
