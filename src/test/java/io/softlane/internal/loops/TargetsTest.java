package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sums over the target terms, and gradients: the same bits, and nothing from beyond the row. */
class TargetsTest {
  @Test
  void bitsOfTheScalarLoops() {
    check();
  }

  @Test
  void factorsInTwoFloats() {
    double third = 1.0 / 3;
    assertEquals((float) third, Targets.first(third));
    assertEquals((float) (third - (float) third), Targets.second(third));
    assertEquals(Float.MAX_VALUE, Targets.first(1e39));
    assertEquals(-Float.MAX_VALUE, Targets.first(-1e39));
    assertEquals(0, Targets.second(1e39));
    assertEquals(Float.POSITIVE_INFINITY, Targets.first(Double.POSITIVE_INFINITY));
    assertEquals(0, Targets.second(Double.POSITIVE_INFINITY));
  }

  static void check() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 4000; round++) {
      int n = random.nextInt(1, 80);
      // Behind the row, and before it, what would show: NaN.
      Targets a = new Targets();
      a.y = random.nextInt(4) == 0 ? null : guarded(random, n, 3);
      a.j = 3;
      a.slope = random.nextDouble();
      a.base = random.nextInt(3) == 0 ? 0 : random.nextDouble() / n;
      a.w = random.nextBoolean() ? null : guarded(random, n, 0);
      a.scaledSlope = (float) a.slope / 3;
      a.scaledBase = (float) a.base / 3;
      a.unit = random.nextBoolean() ? 1 : 0x1p-70f;
      float[] x = guarded(random, n, 5);
      double shift = random.nextInt(3) == 0 ? 700 * random.nextDouble() : 0;
      double logSum = 10 * random.nextDouble();
      String what = n + " columns, round " + round;

      double sum = ScalarLoops.INSTANCE.targetSum(a, n);
      assertTrue(Double.isFinite(sum), what);
      assertBits(sum, VectorLoops.INSTANCE.targetSum(a, n), what);
      double loss = ScalarLoops.INSTANCE.targetLoss(a, x, 5, n, shift, logSum);
      assertTrue(Double.isFinite(loss), what);
      assertBits(loss, VectorLoops.INSTANCE.targetLoss(a, x, 5, n, shift, logSum), what);

      double factor = random.nextDouble();
      float lift = random.nextBoolean() ? 1 : Kind.LIFT;
      float[] scalar = new float[n + 4];
      float[] vector = new float[n + 4];
      ScalarLoops.INSTANCE.gradient(a, x, 5, n, factor, lift, scalar, 2);
      VectorLoops.INSTANCE.gradient(a, x, 5, n, factor, lift, vector, 2);
      assertTrue(Arrays.equals(scalar, vector), what);
    }
  }

  @Test
  void columnsBeyondTheRowAddNothing() {
    for (Loops loops : new Loops[] {ScalarLoops.INSTANCE, VectorLoops.INSTANCE}) {
      Targets a = new Targets();
      a.y = new float[] {0, 0, 1, Float.NaN, Float.NaN};
      a.slope = 1;
      assertEquals(1, loops.targetSum(a, 3));
      float[] x = {0, 0, 2, Float.NaN, Float.NaN};
      assertEquals(3, loops.targetLoss(a, x, 0, 3, 1, 4));
    }
  }

  private static float[] guarded(SplittableRandom random, int n, int from) {
    float[] values = new float[from + n + (random.nextInt(3) == 0 ? 0 : random.nextInt(20))];
    Arrays.fill(values, Float.NaN);
    for (int c = 0; c < n; c++) {
      values[from + c] = random.nextInt(5) == 0 ? 0 : random.nextFloat();
    }
    return values;
  }

  private static void assertBits(double expected, double actual, String what) {
    assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(actual), what);
  }
}
