package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.CrossEntropy.Reduction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CrossEntropyTest {
  private static final CrossEntropy DEFAULT = CrossEntropy.DEFAULT;

  private static CrossEntropy full() {
    return DEFAULT
        .withIgnoreIndex(-100)
        .withLabelSmoothing(0.25f)
        .withClassWeights(new float[] {1, 0, 0.5f})
        .withZLoss(0.125f)
        .withReduction(Reduction.SUM);
  }

  @Test
  void defaults() {
    assertEquals(false, DEFAULT.ignoring());
    assertEquals(0, DEFAULT.labelSmoothing());
    assertNull(DEFAULT.classWeights());
    assertEquals(0, DEFAULT.zLoss());
    assertEquals(Reduction.MEAN, DEFAULT.reduction());
  }

  @Test
  void eachOptionLeavesTheOthers() {
    CrossEntropy options = full();
    assertTrue(options.ignoring());
    assertEquals(-100, options.ignoreIndex());
    assertEquals(0.25f, options.labelSmoothing());
    assertArrayEquals(new float[] {1, 0, 0.5f}, options.classWeights());
    assertEquals(0.125f, options.zLoss());
    assertEquals(Reduction.SUM, options.reduction());
    assertEquals(options, options.withIgnoreIndex(3).withIgnoreIndex(-100));
    assertEquals(options, options.withLabelSmoothing(1).withLabelSmoothing(0.25f));
    assertEquals(options, options.withZLoss(3).withZLoss(0.125f));
    assertEquals(options, options.withReduction(Reduction.MEAN).withReduction(Reduction.SUM));
    assertEquals(Reduction.MEAN, DEFAULT.reduction(), "DEFAULT is immutable");
  }

  @Test
  void weightsAreCopied() {
    float[] weights = {1, 2};
    CrossEntropy options = DEFAULT.withClassWeights(weights);
    weights[0] = 7;
    options.classWeights()[1] = 9;
    assertArrayEquals(new float[] {1, 2}, options.classWeights());
  }

  @Test
  void equality() {
    assertEquals(full(), full());
    assertEquals(full().hashCode(), full().hashCode());
    assertNotEquals(full().hashCode(), full().withZLoss(3).hashCode(), "a hash that spreads");
    assertNotEquals(full(), full().withIgnoreIndex(-101));
    assertNotEquals(full(), full().withLabelSmoothing(0));
    assertNotEquals(full(), full().withClassWeights(new float[] {1, 0, 0.75f}));
    assertNotEquals(full(), full().withZLoss(0));
    assertNotEquals(full(), full().withReduction(Reduction.MEAN));
    assertNotEquals(DEFAULT, DEFAULT.withIgnoreIndex(0), "ignoring class 0 is not ignoring none");
  }

  @Test
  void text() {
    String text = full().toString();
    for (String part : new String[] {"-100", "0.25", "[1.0, 0.0, 0.5]", "0.125", "SUM"}) {
      assertTrue(text.contains(part), text);
    }
  }

  @Test
  void refused() {
    for (float bad : new float[] {-0.1f, 1.1f, Float.NaN, Float.POSITIVE_INFINITY, -1e-45f}) {
      refused(bad, () -> DEFAULT.withLabelSmoothing(bad));
    }
    for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY, -1e-45f}) {
      refused(bad, () -> DEFAULT.withZLoss(bad));
      refused(bad, () -> DEFAULT.withClassWeights(new float[] {1, bad, 1}));
    }
    assertThrows(NullPointerException.class, () -> DEFAULT.withClassWeights(null));
    assertThrows(NullPointerException.class, () -> DEFAULT.withReduction(null));
  }

  @Test
  void ends() {
    assertEquals(1, DEFAULT.withLabelSmoothing(1).labelSmoothing());
    assertEquals(Float.MAX_VALUE, DEFAULT.withZLoss(Float.MAX_VALUE).zLoss());
    float[] ends = {0, Float.MIN_VALUE, Float.MAX_VALUE};
    assertArrayEquals(ends, DEFAULT.withClassWeights(ends).classWeights());
    assertEquals(0, DEFAULT.withClassWeights(new float[0]).classWeights().length);
  }

  private static void refused(float bad, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(Float.toString(bad)), message);
  }
}
