package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FactorTest {
  @Test
  void factorsInTwoFloats() {
    double third = 1.0 / 3;
    assertEquals((float) third, Factor.first(third));
    assertEquals((float) (third - (float) third), Factor.second(third));
    assertEquals(Float.MAX_VALUE, Factor.first(1e39));
    assertEquals(-Float.MAX_VALUE, Factor.first(-1e39));
    assertEquals(0, Factor.second(1e39));
    assertEquals(Float.POSITIVE_INFINITY, Factor.first(Double.POSITIVE_INFINITY));
    assertEquals(0, Factor.second(Double.POSITIVE_INFINITY));
  }
}
