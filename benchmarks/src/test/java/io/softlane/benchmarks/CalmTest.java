package io.softlane.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CalmTest {
  private double pipes = 1;
  private double memory = 3;

  @Test
  void theSlowerPieceCounts() {
    Calm calm = new Calm(() -> pipes, () -> memory);
    assertEquals(1, calm.look());
    pipes = 1.5;
    assertEquals(1.5, calm.look());
    memory = 6;
    assertEquals(2, calm.look());
    memory = 3;
    pipes = 1;
    assertEquals(1, calm.look());
  }

  /** A machine that was busy at first. */
  @Test
  void theLeastTimeIsLearnt() {
    Calm calm = new Calm(() -> pipes);
    pipes = 2;
    assertEquals(1, calm.look());
    pipes = 1;
    assertEquals(1, calm.look());
    pipes = 2;
    assertEquals(2, calm.look());
  }

  @Test
  void thisMachine() {
    assertTrue(Calm.ofThisMachine().look() >= 1);
  }
}
