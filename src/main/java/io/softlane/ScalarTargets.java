package io.softlane;

/**
 * The stages of {@link ScalarCrossEntropy} on one row and its target terms {@code a = (y * slope +
 * base) * w}: dense targets y (from index {@code j}; null for 0), smoothed, times class weights w
 * (null for 1). {@link VectorTargets} has the same stages.
 */
final class ScalarTargets {
  private ScalarTargets() {}

  /** Sum of the target terms. */
  static double sum(float[] y, int j, double slope, double base, float[] w, int n) {
    double s = 0;
    for (int lane = 0; lane < ScalarRow.LANES; lane++) {
      double t = 0;
      for (int c = lane; c < n; c += ScalarRow.LANES) {
        t = add(t, y, j, slope, base, w, n, c);
      }
      s += t;
    }
    return s;
  }

  /** Sum of {@code a * (lse - x)}, lse being shift + logSum; a term without target is 0. */
  static double loss(
      float[] x,
      int i,
      double shift,
      double logSum,
      float[] y,
      int j,
      double slope,
      double base,
      float[] w,
      int n) {
    double s = 0;
    for (int lane = 0; lane < ScalarRow.LANES; lane++) {
      double t = 0;
      for (int c = lane; c < n; c += ScalarRow.LANES) {
        t = add(t, x, i, shift, logSum, y, j, slope, base, w, n, c);
      }
      s += t;
    }
    return s;
  }

  /** A lane's sum with the target term of one more column c, if the row has it. */
  static double add(
      double t, float[] y, int j, double slope, double base, float[] w, int n, int c) {
    return c < n ? t + target(y, j + c, slope, base, w, c) : t;
  }

  /** A lane's loss with that of one more column c, if the row has it. */
  static double add(
      double t,
      float[] x,
      int i,
      double shift,
      double logSum,
      float[] y,
      int j,
      double slope,
      double base,
      float[] w,
      int n,
      int c) {
    if (c >= n) {
      return t;
    }
    double a = target(y, j + c, slope, base, w, c);
    return t + (a == 0 ? 0 : a * ((shift - x[i + c]) + logSum));
  }

  private static double target(float[] y, int jc, double slope, double base, float[] w, int c) {
    double a = y == null ? base : y[jc] * slope + base;
    return w == null ? a : a * w[c];
  }

  /**
   * {@link #gradient} in double, column by column: of rows whose terms may overflow.
   *
   * @param c the factor of the terms
   * @param factor that of the target terms
   */
  static void hugeGradient(
      float[] x,
      int i,
      float shift,
      int k,
      double c,
      float[] y,
      int j,
      double slope,
      double base,
      float[] w,
      double factor,
      int n,
      float[] out,
      int o) {
    for (int q = 0; q < n; q++) {
      double a = target(y, j + q, slope, base, w, q) * factor;
      out[o + q] = LossTerms.gradient(LossTerms.term(x[i + q], shift, k), c, a);
    }
  }

  /**
   * {@code out = exp(x) * factor - a}: the terms are computed once more, so that neither logits nor
   * targets are overwritten before they are used.
   *
   * @param k the exponent that goes with the factor
   * @param unit a power of two that goes with the weights
   */
  static void gradient(
      float[] x,
      int i,
      float shift,
      int k,
      double factor,
      float lift,
      float[] y,
      int j,
      float slope,
      float base,
      float[] w,
      int wi,
      float unit,
      int n,
      float[] out,
      int o) {
    float rounder = ScalarExp.rounder(k);
    float floor = ScalarExp.floor(k);
    float hi = LossTerms.first(factor * lift);
    float lo = LossTerms.second(factor * lift);
    float drop = 1 / lift;
    for (int c = 0; c < n; c++) {
      float a = y == null ? base : Math.fma(y[j + c], slope, base);
      float b = w == null ? a : a * (w[wi + c] * unit);
      float t = ScalarExp.scaled(x[i + c] - shift, rounder, floor);
      out[o + c] = Math.fma(t, hi, t * lo) * drop - b;
    }
  }
}
