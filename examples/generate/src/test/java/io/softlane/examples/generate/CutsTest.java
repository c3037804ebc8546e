package io.softlane.examples.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The picture shows what is drawn: beside draws at evenly spaced uniforms. */
class CutsTest {
  private static final int DRAWS = 1 << 14;
  private static final int CLASSES = 66;

  private final SoftmaxKernels kernels = SoftmaxKernels.best();

  @ParameterizedTest
  @CsvSource({
    "1, 1000, 1, 0",
    "0.7, 40, 0.95, 0",
    "1.5, 5, 1, 0",
    "0.5, 1000, 0.8, 0",
    "1, 1000, 1, 0.1",
    "0.9, 20, 0.9, 0.05",
    "1, 1, 0.5, 1",
    "0, 40, 0.95, 0"
  })
  void probabilities(float temperature, int topK, float topP, float minP) {
    Sampling how = new Sampling(temperature, topK, topP, minP);
    SplittableRandom random = new SplittableRandom(3);
    float[] logits = new float[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      logits[c] = (float) (2 * random.nextGaussian());
    }
    float[] shown = Cuts.probabilities(kernels, logits, how);
    int[] drawn = new int[CLASSES];
    float[] uniform = new float[1];
    int[] token = new int[1];
    for (int i = 0; i < DRAWS; i++) {
      uniform[0] = (i + 0.5f) / DRAWS;
      kernels.sample(logits, Rows.of(1, CLASSES), how, uniform, token, null);
      drawn[token[0]]++;
    }
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      // Each class is an interval of uniforms: its length is known to one step.
      assertEquals(shown[c], (double) drawn[c] / DRAWS, 1.01 / DRAWS, "class " + c);
      if (shown[c] > 1.0 / DRAWS || shown[c] == 0) {
        assertEquals(shown[c] > 0, drawn[c] > 0, "class " + c);
      }
      sum += shown[c];
    }
    assertEquals(1, sum, 1e-5);
  }

  @Test
  void leavesTheLogits() {
    float[] logits = {1, 2, 3};
    Cuts.probabilities(kernels, logits, Sampling.DEFAULT.withTemperature(0.5f).withTopK(2));
    assertArrayEquals(new float[] {1, 2, 3}, logits);
    assertEquals(
        0, Arrays.compare(new float[] {0, 0, 1}, Cuts.probabilities(kernels, logits, greedy())));
  }

  private static Sampling greedy() {
    return Sampling.DEFAULT.withTemperature(0);
  }
}
