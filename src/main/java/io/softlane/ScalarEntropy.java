package io.softlane;

/**
 * Entropy of one row of {@link ScalarKernels}, from the sums of the terms e and of e times logit:
 * {@code log sum e - (sum e o) / (sum e)}. {@link VectorEntropy} has the same stages.
 *
 * <p>Both sums take a block of the row at a time, so that the logits are read once from memory. The
 * power of two that the terms are scaled by is the same in both sums, and a shift of the logits
 * drops out of their difference.
 */
final class ScalarEntropy {
  private ScalarEntropy() {}

  /** For plain logits; NaN if one is not. */
  static double plain(float[] x, int i, int n, int k, float[] e) {
    double s = 0;
    double t = 0;
    for (int c = 0; c < n; c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      s += ScalarRow.plainExpSum(x, i + c, few, k, e, 0);
      if (Double.isNaN(s)) {
        return s;
      }
      t += ScalarBackward.dot(e, 0, x, i + c, few);
    }
    return of(s, t, k, n);
  }

  /**
   * Under an anchor; NaN where it is not finite. The differences are clamped where their terms are
   * +0, so that a masked logit contributes 0 times a finite value.
   */
  static double scaled(float[] x, int i, int n, float shift, int k, float[] e) {
    if (!Float.isFinite(shift)) {
      return Double.NaN;
    }
    double s = 0;
    double t = 0;
    for (int c = 0; c < n; c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      clamp(x, i + c, few, shift, ScalarExp.floor(k), e, ScalarRow.BLOCK);
      s += ScalarRow.scaledExpSum(e, ScalarRow.BLOCK, few, 0, k, e, 0);
      t += ScalarBackward.dot(e, 0, e, ScalarRow.BLOCK, few);
    }
    return of(s, t, k, n);
  }

  /** {@code d = max(x - shift, floor)}. */
  static void clamp(float[] x, int i, int n, float shift, float floor, float[] d, int o) {
    for (int c = 0; c < n; c++) {
      float v = x[i + c] - shift;
      d[o + c] = v < floor ? floor : v;
    }
  }

  /**
   * Rounding may not make it negative, nor more than 0 = log 1 for a single class; NaN where the
   * sum of terms missed the window.
   */
  static double of(double s, double t, int k, int n) {
    double h = Window.holds(s) ? Math.max(0, Window.logSum(s, k) - t / s) : Double.NaN;
    return n == 1 ? 0 * h : h;
  }
}
