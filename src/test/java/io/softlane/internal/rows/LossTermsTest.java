package io.softlane.internal.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What losses and gradients are scaled and moved by, at the ends of the ranges. */
class LossTermsTest {
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
  void hugeGradientsAreTakenInDouble() {
    assertTrue(LossTerms.isHuge(0x1p97) && LossTerms.isHuge(-0x1p97));
    assertFalse(LossTerms.isHuge(Math.nextDown(0x1p97)) || LossTerms.isHuge(Double.NaN));
  }

  /** Smoothing's share of a gradient, as long as it is a normal float, stays where it is. */
  @Test
  void smallSharesGoWithTheWeights() {
    assertEquals(0, LossTerms.power(1));
    assertEquals(0, LossTerms.power(0x1p-100));
    assertEquals(0, LossTerms.power(0x1p100));
    assertEquals(-101, LossTerms.power(0x1p-101));
    assertEquals(101, LossTerms.power(0x1p101));
    assertEquals(-126, LossTerms.power(0x1p-300));
    assertEquals(126, LossTerms.power(0x1p300));
  }
}
