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
  void measuresRowsAndTheRoundingOfDistances() {
    // 64 + 2^-18 lies between two floats, and is rounded to 64.
    float logit = 1 - 0x1p-18f;
    float[] logits = {65, logit, 0};
    double lost = (double) (logit - 65f) - (logit - 65.0);
    double p = Math.exp(logit - 65.0);
    Difference difference = new Difference();
    difference.add(logits, new float[] {1, 0, 0}, new float[] {0.75f, 0.5f, 0});
    difference.add(new float[] {-7, -8}, new float[] {0.5f, 0.5f}, new float[] {0.5f, 0.5f});
    Difference all = new Difference();
    all.add(difference);
    assertEquals(-8, all.lowest());
    assertEquals(65, all.highest());
    assertEquals(0, all.softlane().fromOne());
    assertEquals(0.25, all.onnxRuntime().fromOne());
    assertEquals(
        Math.abs(p * Math.expm1(lost)) / Math.ulp((float) p), all.rounding().largest(), 1e-3);
    assertTrue(all.rounding().largest() > 32, () -> "" + all.rounding().largest());
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
