package io.softlane;

/** The stages of {@link ScalarKernels} that take gradients back through a row. */
final class ScalarBackward {
  /**
   * The exponent k of log-softmax's backward pass: log-probabilities below -103.9, of a probability
   * that rounds to zero, are below the terms' range, and what is above 71 beyond it.
   */
  static final int LOG_SOFTMAX_K = 24;

  private ScalarBackward() {}

  /** Sum of the products, each of which is exact in double. */
  static double dot(float[] p, int i, float[] u, int j, int n) {
    int whole = n - n % ScalarRow.LANES;
    double s = 0;
    for (int lane = 0; lane < ScalarRow.LANES; lane++) {
      double t = 0;
      for (int c = lane; c < whole; c += ScalarRow.LANES) {
        t += (double) p[i + c] * u[j + c];
      }
      s += t;
    }
    for (int c = whole; c < n; c++) {
      s += (double) p[i + c] * u[j + c];
    }
    return s;
  }

  /** {@code out = p * (u - dot)}, in double, then rounded. */
  static void softmaxBackward(
      float[] p, int i, float[] u, int j, int n, double dot, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = (float) (p[i + c] * (u[j + c] - dot));
    }
  }

  /** {@code out = exp(l) * -sum - -u}, which is a gradient of {@link ScalarTargets}. */
  static void logSoftmaxBackward(
      float[] l, int i, float[] u, int j, int n, double sum, float[] out, int o) {
    int k = LOG_SOFTMAX_K;
    double factor = Math.scalb(-sum, -k);
    ScalarTargets.gradient(l, i, 0, k, factor, 1, u, j, -1, 0, null, 0, 1, n, out, o);
  }
}
