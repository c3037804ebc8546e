package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DifferenceTest {
  @Test
  void countsUlps() {
    float[] logits = {0, 0, 0, 0};
    float[] ours = {0.25f, 0.25f, 0.25f, 0.25f};
    float[] theirs = {0.25f, Math.nextUp(0.25f), 0.25f + 3 * Math.ulp(0.25f), 0.25f};
    Difference first = new Difference();
    first.add(logits, ours, theirs);
    Difference all = new Difference();
    all.add(first);
    all.add(first);
    assertEquals(8, all.count());
    assertEquals(0.5, all.equal());
    assertEquals(3, all.apart());
    assertEquals(1, all.meanApart());
    assertEquals(0, all.softlane().largest());
    assertEquals(3, all.onnxRuntime().largest());
    assertEquals(1, all.mean(all.onnxRuntime()));
  }

  @Test
  void measuresAgainstExactProbabilities() {
    float[] logits = {100, 101, -3};
    double sum = 1 + Math.exp(1) + Math.exp(-103);
    float[] rounded = {
      (float) (1 / sum), (float) (Math.exp(1) / sum), (float) (Math.exp(-103) / sum)
    };
    Difference difference = new Difference();
    difference.add(logits, rounded, rounded);
    assertTrue(difference.softlane().largest() <= 0.5001);
    assertEquals(1, difference.equal());
  }

  @Test
  void noticesNaN() {
    Difference difference = new Difference();
    difference.add(new float[] {0, 0}, new float[] {Float.NaN, 0.5f}, new float[] {0.5f, 0.5f});
    Difference all = new Difference();
    all.add(difference);
    all.add(new Difference());
    assertTrue(Double.isNaN(all.softlane().largest()));
    assertEquals(0, all.onnxRuntime().largest());
  }
}
