package io.softlane;

import io.softlane.CrossEntropy.Reduction;

/** Options of cross-entropy before they are checked; null weights are an argument, too. */
record RawOptions(
    boolean ignoring,
    int ignoreIndex,
    float smoothing,
    boolean weighted,
    float[] weights,
    float zLoss,
    Reduction reduction) {

  static RawOptions of(Choices choices, int cols) {
    boolean ignoring = choices.once(2);
    int ignoreIndex = choices.of(-100, 0, cols - 1, cols, Integer.MIN_VALUE);
    float smoothing = choices.once(2) ? choices.between(0, 100) / 100f : 0;
    smoothing = choices.once(24) ? choices.hostileFloat() : smoothing;
    boolean weighted = choices.once(2);
    float[] weights = weighted ? weights(choices, cols) : null;
    float z = choices.once(2) ? choices.between(0, 100) / 1000f : 0;
    z = choices.once(24) ? choices.hostileFloat() : z;
    Reduction reduction =
        choices.once(48) ? null : choices.once(2) ? Reduction.SUM : Reduction.MEAN;
    return new RawOptions(ignoring, ignoreIndex, smoothing, weighted, weights, z, reduction);
  }

  private static float[] weights(Choices choices, int cols) {
    if (choices.once(32)) {
      return null;
    }
    int wrong = choices.once(16) ? choices.of(1, -1, 2) : 0;
    float[] weights = new float[Math.max(0, cols + wrong)];
    int step = choices.between(0, 20);
    for (int c = 0; c < weights.length; c++) {
      weights[c] = (c * step + 1) % 8 / 4f;
    }
    if (choices.once(16) && weights.length > 0) {
      weights[choices.below(256) % weights.length] = choices.hostileFloat();
    }
    return weights;
  }

  /** Whether results are held to the oracle, beside scalar and vector to one another. */
  boolean bounded() {
    return zLoss <= 1;
  }

  CrossEntropy build() {
    CrossEntropy options = CrossEntropy.DEFAULT;
    options = ignoring ? options.withIgnoreIndex(ignoreIndex) : options;
    options = options.withLabelSmoothing(smoothing).withZLoss(zLoss).withReduction(reduction);
    return weighted ? options.withClassWeights(weights) : options;
  }
}
