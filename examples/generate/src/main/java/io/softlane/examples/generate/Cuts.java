package io.softlane.examples.generate;

import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;

/** What {@link Sampling} leaves of a row, to be looked at: sample itself only draws from it. */
final class Cuts {
  private Cuts() {}

  /** The probabilities with which the classes are drawn. */
  static float[] probabilities(SoftmaxKernels kernels, float[] logits, Sampling how) {
    float[] result = new float[logits.length];
    if (how.temperature() == 0) {
      result[kernels.argmax(logits)] = 1;
      return result;
    }
    float[] scores = new float[logits.length];
    float scale = 1 / how.temperature();
    for (int c = 0; c < scores.length; c++) {
      scores[c] = logits[c] * scale;
    }
    int k = Math.min(how.topK(), scores.length);
    float[] largest = new float[k];
    int[] classes = new int[k];
    kernels.topK(scores, Rows.of(1, scores.length), k, largest, classes);
    kernels.softmax(largest, largest); // their shares of the sum of the k
    double sum = 0;
    int kept = 0;
    while (kept < k && sum < how.topP() && largest[kept] >= how.minP() * (double) largest[0]) {
      sum += largest[kept];
      kept++;
    }
    for (int j = 0; j < kept; j++) {
      result[classes[j]] = (float) (largest[j] / sum);
    }
    return result;
  }
}
