package io.softlane.examples.generate;

import java.util.Arrays;

/**
 * A log-linear model of the next character. Its logits are a sum: of each context that stands
 * before the character, one row of weights. So short contexts learn what is usual, and long ones
 * what differs from it. The loss is convex in the weights.
 *
 * <p>All sums are in one order, of floats, which Java rounds alike on every machine.
 */
final class Model {
  /** Size of the first step. */
  private static final float RATE = 0.5f;

  private final Contexts contexts;
  private final int classes;
  private final float[] weights;
  private final float[] squares;

  Model(Contexts contexts, int classes) {
    this.contexts = contexts;
    this.classes = classes;
    weights = new float[contexts.size() * classes];
    squares = new float[contexts.size()];
  }

  Contexts contexts() {
    return contexts;
  }

  int classes() {
    return classes;
  }

  /** Writes the logits of one character, before which these contexts stand. */
  void logits(int[] numbers, int from, int count, float[] logits, int at) {
    Arrays.fill(logits, at, at + classes, 0);
    for (int i = from; i < from + count; i++) {
      int row = numbers[i] * classes;
      for (int c = 0; c < classes; c++) {
        logits[at + c] += weights[row + c];
      }
    }
  }

  /**
   * Takes a step down the gradient of one character's loss with respect to its logits, which is
   * that of each context's row, too. A row's step is divided by the root of the sum of its squared
   * gradients so far (Adagrad; Duchi, Hazan, Singer, 2011): rare contexts learn fast.
   */
  void learn(int[] numbers, int from, int count, float[] gradient, int at) {
    float square = 0;
    for (int c = at; c < at + classes; c++) {
      square += gradient[c] * gradient[c];
    }
    for (int i = from; i < from + count; i++) {
      squares[numbers[i]] += square;
      // All 0 where a gradient underflows: a step of 0, not of 0 / 0.
      float step = RATE / (float) Math.sqrt(Math.max(squares[numbers[i]], Float.MIN_NORMAL));
      int row = numbers[i] * classes;
      for (int c = 0; c < classes; c++) {
        weights[row + c] -= step * gradient[at + c];
      }
    }
  }
}
