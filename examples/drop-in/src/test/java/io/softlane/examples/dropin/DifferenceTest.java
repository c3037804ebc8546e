package io.softlane.examples.dropin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DifferenceTest {
  @Test
  void countsInUlpsOfAFloat() {
    float next = Math.nextUp(Math.nextUp(0.25f));
    Difference difference = Difference.between(new float[] {1, 0.25f}, new float[] {1, next});
    assertEquals(2, difference.ulps());
    assertEquals(0x1p-24, difference.absolute());
    assertEquals("2.0 ULP, 6e-08", difference.toString());
  }

  @Test
  void isInfiniteWhereJustOneIsNotANumber() {
    double[] nan = {Double.NaN};
    assertEquals(0, Difference.between(nan, nan).ulps());
    assertEquals(Double.POSITIVE_INFINITY, Difference.between(nan, new double[1]).ulps());
    assertEquals(Double.POSITIVE_INFINITY, Difference.between(new double[1], nan).ulps());
  }

  @Test
  void needsAsManyResults() {
    assertThrows(
        IllegalArgumentException.class, () -> Difference.between(new double[1], new double[2]));
  }
}
