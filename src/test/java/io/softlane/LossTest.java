package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LossTest {
  @Test
  void mean() {
    assertEquals(1.5, new Loss(6, 4).mean());
    assertEquals(Double.POSITIVE_INFINITY, new Loss(Double.POSITIVE_INFINITY, 2).mean());
    assertTrue(Double.isNaN(new Loss(Double.NaN, 2).mean()));
  }

  @Test
  void nothingCounted() {
    assertEquals(0.0, new Loss(0, 0).mean());
    assertEquals(0.0, new Loss(3, 0).mean(), "weights of zero may leave z-loss");
  }

  @Test
  void components() {
    assertEquals(6, new Loss(6, 4).sum());
    assertEquals(4, new Loss(6, 4).weight());
    assertEquals(new Loss(6, 4), new Loss(6, 4));
  }
}
