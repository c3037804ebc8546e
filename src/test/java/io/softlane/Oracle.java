package io.softlane;

import java.util.Arrays;

/**
 * The mathematics of the contract on one row, in {@code double}, sharing no code with the library.
 *
 * <p><b>Its own error</b> is below 2^-19 float ULP. A difference of two floats (or of a float and
 * the maximum) rounds once, to at most 2^-44 where its exponential is not zero, which is 2^-20 ULP
 * of the exponential; exp and log themselves err by 2^-52. Sums are compensated. Where a
 * probability is near 1, its distance from 1 is summed from the others instead of subtracted.
 */
final class Oracle {
  private Oracle() {}

  static double[] row(float[] data, Rows rows, int r) {
    double[] row = new double[rows.cols()];
    for (int c = 0; c < row.length; c++) {
      row[c] = data[(int) (rows.offset() + r * rows.stride() + c)];
    }
    return row;
  }

  // ---- sums ----

  /** Sum as an unevaluated pair of doubles, right to about 2^-104 of the sum of magnitudes. */
  static double[] pairSum(double... terms) {
    double s = 0;
    double lost = 0;
    for (double x : terms) {
      double t = s + x;
      double y = t - s;
      lost += (s - (t - y)) + (x - y);
      s = t;
    }
    return new double[] {s, Double.isFinite(s) ? lost : 0};
  }

  static double sum(double... terms) {
    double[] s = pairSum(terms);
    return s[0] + s[1];
  }

  // ---- special values ----

  static double max(double[] o) {
    double m = Double.NEGATIVE_INFINITY;
    for (double x : o) {
      if (Double.isNaN(x)) {
        return Double.NaN;
      }
      m = x > m || x == 0 && m == 0 && 1 / x > 0 ? x : m;
    }
    return m;
  }

  static int argmax(double[] o) {
    int best = 0;
    for (int c = 0; c < o.length; c++) {
      if (Double.isNaN(o[c])) {
        return c;
      }
      if (o[c] > o[best]) {
        best = c;
      }
    }
    return best;
  }

  // ---- exponentials ----

  /** exp(o - shift) by element. */
  static double[] exps(double[] o, double shift) {
    return Arrays.stream(o).map(x -> StrictMath.exp(x - shift)).toArray();
  }

  /** The logarithm of the sum of exp(o - max o); NaN unless the maximum is finite. */
  private static double logSum(double[] o) {
    double m = max(o);
    return Double.isFinite(m) ? StrictMath.log(sum(exps(o, m))) : Double.NaN;
  }

  static double lse(double[] o) {
    double m = max(o);
    return Double.isFinite(m) ? m + logSum(o) : m;
  }

  static double[] softmax(double[] o) {
    double m = max(o);
    if (!Double.isFinite(m)) {
      return nans(o.length);
    }
    double[] e = exps(o, m);
    double s = sum(e);
    return Arrays.stream(e).map(x -> x / s).toArray();
  }

  static double[] logSoftmax(double[] o) {
    double m = max(o);
    double logSum = logSum(o);
    return Arrays.stream(o).map(x -> x - m - logSum).toArray();
  }

  /**
   * sum_j p_j (logSum - (o_j - max)): no term is negative but for logSum's rounding, so that the
   * sum has no more error than its terms, 2^-51 of max(1, H) each; a masked logit contributes 0.
   */
  static double entropy(double[] o) {
    double m = max(o);
    double logSum = logSum(o);
    double[] p = softmax(o);
    double[] terms = new double[o.length];
    for (int c = 0; c < o.length; c++) {
      terms[c] = p[c] == 0 ? 0 : p[c] * (logSum - (o[c] - m));
    }
    return sum(terms);
  }

  private static double[] nans(int n) {
    double[] nans = new double[n];
    Arrays.fill(nans, Double.NaN);
    return nans;
  }

  // ---- backward passes ----

  /** p_j (u_j - sum_i p_i u_i). */
  static double[] softmaxBackward(double[] p, double[] u) {
    double[] products = new double[p.length];
    for (int c = 0; c < p.length; c++) {
      products[c] = p[c] * u[c]; // exact: two floats
    }
    double[] dot = pairSum(products);
    double[] g = new double[p.length];
    for (int c = 0; c < p.length; c++) {
      g[c] = p[c] * sum(u[c], -dot[0], -dot[1]);
    }
    return g;
  }

  /** u_j - exp(l_j) sum_i u_i. */
  static double[] logSoftmaxBackward(double[] l, double[] u) {
    double s = sum(u);
    double[] g = new double[l.length];
    for (int c = 0; c < l.length; c++) {
      double p = StrictMath.exp(l[c]);
      double t = p * s;
      g[c] = sum(u[c], -t, -Math.fma(p, s, -t));
    }
    return g;
  }

  // ---- cross-entropy, as PyTorch has it ----

  /** Target terms of a label. */
  static double[] terms(CrossEntropy options, int label, int n) {
    float[] w = options.classWeights();
    double eps = options.labelSmoothing();
    double[] a = new double[n];
    for (int c = 0; c < n; c++) {
      a[c] = eps / n * (w == null ? 1 : w[c]);
    }
    a[label] += (1 - eps) * (w == null ? 1 : w[label]);
    return a;
  }

  /** Target terms of dense targets. */
  static double[] terms(CrossEntropy options, double[] y) {
    float[] w = options.classWeights();
    double eps = options.labelSmoothing();
    double[] a = new double[y.length];
    for (int c = 0; c < a.length; c++) {
      a[c] = (w == null ? 1 : w[c]) * ((1 - eps) * y[c] + eps / a.length);
    }
    return a;
  }

  /** sum_j a_j (lse - o_j) + z lse^2, where a term 0 contributes 0. */
  static double loss(double[] o, double[] a, double z) {
    double m = max(o);
    double logSum = logSum(o);
    double[] parts = new double[o.length + 1];
    for (int c = 0; c < o.length; c++) {
      parts[c] = a[c] == 0 ? 0 : a[c] * ((m - o[c]) + logSum);
    }
    double lse = m + logSum;
    parts[o.length] = z * lse * lse;
    return sum(parts);
  }

  /** The gradient of that loss: p_j (sum_i a_i + 2 z lse) - a_j. */
  static double[] gradient(double[] o, double[] a, double z) {
    double[] p = softmax(o);
    double total = sum(a);
    double pull = 2 * z * lse(o);
    double[] g = new double[o.length];
    for (int c = 0; c < o.length; c++) {
      g[c] =
          p[c] > 0.5
              ? sum(sumWithout(a, c), -total * sumWithout(p, c), p[c] * pull)
              : sum(-a[c], p[c] * total, p[c] * pull);
    }
    return g;
  }

  private static double sumWithout(double[] terms, int c) {
    double[] rest = terms.clone();
    rest[c] = 0;
    return sum(rest);
  }
}
