package io.softlane;

/**
 * The stages of {@link ScalarKernels} on one row. {@link VectorRow} has the same stages under the
 * same names.
 *
 * <p>A row is {@code n} elements from index {@code i} of its array (a second input's from {@code
 * j}); the output row starts at {@code o}.
 *
 * <p><b>Sums</b> are taken in eight {@code double} lanes: rounding never loses a small term beside
 * a large one (2^20 terms are summed to 2^-35 of the sum), and the order of the additions is the
 * same at every vector width. The lanes are added one after the other, then the columns at the end
 * that do not fill all lanes.
 */
final class ScalarRow {
  /** Lanes of a sum. */
  static final int LANES = 8;

  /** Columns that scaledExpSum adds to the lanes at a time, two neighbours to each. */
  static final int GROUP = 2 * LANES;

  /**
   * The exponent k of log-softmax's backward pass: log-probabilities below -103.9, of a probability
   * that rounds to zero, are below the terms' range, and what is above 71 beyond it.
   */
  static final int LOG_SOFTMAX_K = 24;

  private ScalarRow() {}

  static float max(float[] x, int i, int n) {
    float m = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < n; c++) {
      m = Math.max(m, x[i + c]);
    }
    return m;
  }

  /** Index of the first element that equals the maximum, or of the first NaN where there is one. */
  static int argmax(float[] x, int i, int n) {
    float m = max(x, i, n);
    if (Float.isNaN(m)) {
      return firstNaN(x, i);
    }
    int c = 0;
    while (x[i + c] != m) {
      c++;
    }
    return c;
  }

  /** Index of the first NaN of a row that holds one. */
  static int firstNaN(float[] x, int i) {
    int c = 0;
    while (!Float.isNaN(x[i + c])) {
      c++;
    }
    return c;
  }

  /**
   * Sum of {@code exp(x) * 2^k} under an anchor (see {@link Window}); the terms go to {@code e}
   * unless it is null. NaN where the anchor is not finite, and then nothing is written.
   */
  static double scaledExpSum(float[] x, int i, int n, float shift, int k, float[] e, int o) {
    if (!Float.isFinite(shift)) {
      return Double.NaN;
    }
    int whole = n - n % GROUP;
    double s = 0;
    for (int lane = 0; lane < LANES; lane++) {
      double t = 0;
      for (int c = 2 * lane; c < whole; c += GROUP) {
        t += scaledPair(x, i + c, 2, shift, k, e, o + c);
      }
      s += t;
    }
    for (int c = whole; c < n; c += 2) {
      s += scaledPair(x, i + c, n - c, shift, k, e, o + c);
    }
    return s;
  }

  /** Sum of two neighbouring terms, or of the last one alone. */
  private static double scaledPair(
      float[] x, int i, int few, float shift, int k, float[] e, int o) {
    float rounder = ScalarExp.rounder(k);
    float floor = ScalarExp.floor(k);
    float p = ScalarExp.scaled(x[i] - shift, rounder, floor);
    float q = few > 1 ? ScalarExp.scaled(x[i + 1] - shift, rounder, floor) : 0;
    if (e != null) {
      e[o] = p;
      if (few > 1) {
        e[o + 1] = q;
      }
    }
    return (double) p + q;
  }

  /** {@code e = exp(x - shift)}, the difference taken exactly. */
  static void exps(float[] x, int i, int n, float shift, float[] e, int o) {
    for (int c = 0; c < n; c++) {
      e[o + c] = ScalarExp.exp(x[i + c], shift);
    }
  }

  /** {@code v *= factor}, in two floats: it is right to 2^-47, and the product rounds once. */
  static void scale(float[] v, int i, int n, double factor) {
    float hi = LossTerms.first(factor);
    float lo = LossTerms.second(factor);
    for (int c = 0; c < n; c++) {
      float t = v[i + c];
      v[i + c] = Math.fma(t, hi, t * lo);
    }
  }

  static void divide(float[] v, int i, int n, float s, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = v[i + c] / s;
    }
  }

  static void subtract(float[] p, int i, float[] y, int j, int n, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = p[i + c] - y[j + c];
    }
  }

  /** {@code out = (x - hi) - lo}: lse in two floats keeps small log-probabilities accurate. */
  static void subtractTwice(float[] x, int i, int n, float hi, float lo, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = (x[i + c] - hi) - lo;
    }
  }

  /** Sum of the elements. */
  static double sum(float[] v, int i, int n) {
    int whole = n - n % LANES;
    double s = 0;
    for (int lane = 0; lane < LANES; lane++) {
      double t = 0;
      for (int c = lane; c < whole; c += LANES) {
        t += v[i + c];
      }
      s += t;
    }
    for (int c = whole; c < n; c++) {
      s += v[i + c];
    }
    return s;
  }

  /** Sum of the products, each of which is exact in double. */
  static double dot(float[] p, int i, float[] u, int j, int n) {
    int whole = n - n % LANES;
    double s = 0;
    for (int lane = 0; lane < LANES; lane++) {
      double t = 0;
      for (int c = lane; c < whole; c += LANES) {
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
    ScalarTargets.gradient(l, i, 0, k, factor, u, j, -1, 0, null, 0, n, out, o);
  }
}
