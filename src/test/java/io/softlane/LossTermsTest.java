package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What losses and gradients are scaled and moved by, at the ends of the ranges. */
class LossTermsTest {
  @Test
  void termsThatWaitMoveWithTheirMultiple() {
    assertEquals(0, LossTerms.lower(1));
    assertEquals(10, LossTerms.lower(0x1p-10));
    assertEquals(-10, LossTerms.lower(0x1p10));
    assertEquals(8, LossTerms.lower(0x1p-9), "even");
    for (int lower : new int[] {-24, 0, 24}) {
      assertTrue(LossTerms.keeps(lower), () -> "2^" + lower);
    }
    for (int lower : new int[] {-26, 26, 1000}) {
      assertFalse(LossTerms.keeps(lower), () -> "2^" + lower);
    }
  }

  /** 2^26 times the gradient or more, and less where that would pass 2^124. */
  @Test
  void termsComputedTwiceAreLargerThanTheGradient() {
    assertEquals(28, LossTerms.exponent(1, 1));
    assertEquals(-22, LossTerms.exponent(0x1p-50, 1));
    assertEquals(-22, LossTerms.exponent(0x1p-49, 1), "even");
    assertEquals(96 + 28, LossTerms.exponent(0x1p96, 1));
    assertEquals(28 + 100 - 4, LossTerms.exponent(0x1p100, 1));
    assertEquals(28 - 40, LossTerms.exponent(1, 0x1p136));
    for (double none : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(0, LossTerms.exponent(none, 1));
    }
  }

  @Test
  void resultsAreLiftedUnlessTheyWouldOverflow() {
    assertEquals(0x1p64f, LossTerms.lift(1));
    assertEquals(0x1p64f, LossTerms.lift(-Math.nextDown(0x1p60)));
    assertEquals(1, LossTerms.lift(0x1p60));
    assertEquals(1, LossTerms.lift(-0x1p60));
    assertEquals(1, LossTerms.lift(Double.POSITIVE_INFINITY));
    assertEquals(1, LossTerms.lift(Double.NaN));
  }

  @Test
  void factorsInTwoFloats() {
    double third = 1.0 / 3;
    assertEquals((float) third, LossTerms.first(third));
    assertEquals((float) (third - (float) third), LossTerms.second(third));
    assertEquals(Float.MAX_VALUE, LossTerms.first(1e39));
    assertEquals(-Float.MAX_VALUE, LossTerms.first(-1e39));
    assertEquals(0, LossTerms.second(1e39));
    assertEquals(Float.POSITIVE_INFINITY, LossTerms.first(Double.POSITIVE_INFINITY));
    assertEquals(0, LossTerms.second(Double.POSITIVE_INFINITY));
  }

  /** The vector kernels end a row with lanes that it does not have. */
  @Test
  void columnsBeyondTheRowAddNothing() {
    float[] y = {0, 0, 1, Float.NaN, Float.NaN};
    assertEquals(8, ScalarTargets.add(7, y, 0, 1, 0, null, 3, 2));
    float[] x = {0, 0, 2, Float.NaN, Float.NaN};
    assertEquals(7 + 3, ScalarTargets.add(7, x, 0, 1, 4, y, 0, 1, 0, null, 3, 2));
    for (int c = 3; c < 5; c++) {
      assertEquals(7, ScalarTargets.add(7, y, 0, 1, 0, null, 3, c));
      assertEquals(7, ScalarTargets.add(7, x, 0, 1, 4, y, 0, 1, 0, null, 3, c));
    }
  }
}
