package io.softlane.examples.digits;

/**
 * Softmax, loss and gradient as one writes them without a library: three passes over each row, and
 * {@code (float) Math.exp}. What the kernels are timed against.
 */
final class NaiveLoop {
  private NaiveLoop() {}

  static void softmax(float[] logits, float[] probabilities, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
      int start = r * cols;
      float max = max(logits, start, cols);
      float sum = 0;
      for (int j = start; j < start + cols; j++) {
        probabilities[j] = (float) Math.exp(logits[j] - max);
        sum += probabilities[j];
      }
      for (int j = start; j < start + cols; j++) {
        probabilities[j] /= sum;
      }
    }
  }

  /** The mean cross-entropy. */
  static double loss(float[] logits, int[] labels, float[] losses, int cols) {
    double total = 0;
    for (int r = 0; r < labels.length; r++) {
      int start = r * cols;
      float max = max(logits, start, cols);
      float sum = 0;
      for (int j = start; j < start + cols; j++) {
        sum += (float) Math.exp(logits[j] - max);
      }
      losses[r] = (float) Math.log(sum) + max - logits[start + labels[r]];
      total += losses[r];
    }
    return total / labels.length;
  }

  /** The mean cross-entropy, and its gradient with respect to the logits. */
  static double gradient(float[] logits, int[] labels, float[] losses, float[] gradient, int cols) {
    double total = 0;
    for (int r = 0; r < labels.length; r++) {
      int start = r * cols;
      float max = max(logits, start, cols);
      float sum = 0;
      for (int j = start; j < start + cols; j++) {
        gradient[j] = (float) Math.exp(logits[j] - max);
        sum += gradient[j];
      }
      losses[r] = (float) Math.log(sum) + max - logits[start + labels[r]];
      total += losses[r];
      for (int j = start; j < start + cols; j++) {
        float target = j - start == labels[r] ? 1 : 0;
        gradient[j] = (gradient[j] / sum - target) / labels.length;
      }
    }
    return total / labels.length;
  }

  private static float max(float[] logits, int start, int cols) {
    float max = logits[start];
    for (int j = start + 1; j < start + cols; j++) {
      max = Math.max(max, logits[j]);
    }
    return max;
  }
}
