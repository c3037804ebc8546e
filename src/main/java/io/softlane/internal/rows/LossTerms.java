package io.softlane.internal.rows;

import io.softlane.CrossEntropy;
import io.softlane.internal.loops.Kind;

/**
 * The formulas of cross-entropy that are taken once a row or once a batch, in double. The names are
 * those of {@link CrossEntropy}: target terms a, smoothing eps.
 */
public final class LossTerms {
  /** Terms of huge gradients below this are taken once more, with {@link #MORE} added to k. */
  static final float SMALL = 0x1p-60f;

  static final int MORE = 64;

  private LossTerms() {}

  /** What the reduction multiplies the gradient by; 0 where nothing counted. */
  static double factor(CrossEntropy options, double weight) {
    if (options.reduction() == CrossEntropy.Reduction.SUM) {
      return 1;
    }
    return weight == 0 ? 0 : 1 / weight;
  }

  /** What smoothing leaves of a target. */
  static double slope(CrossEntropy options) {
    return 1.0 - options.labelSmoothing();
  }

  /** What smoothing adds to every target. */
  static double base(CrossEntropy options, int n) {
    return (double) options.labelSmoothing() / n;
  }

  /** The weight of one class. */
  static double weight(float[] weights, int label) {
    return weights == null ? 1 : weights[label];
  }

  /** Whether a row with this label is left out. */
  public static boolean ignores(CrossEntropy options, int label) {
    return options.ignoring() && label == options.ignoreIndex();
  }

  /** {@code z lse^2}; NaN for a row of NaN also where z is 0. */
  static double zLoss(CrossEntropy options, double shift, double logSum) {
    double lse = shift + logSum;
    return options.zLoss() * (lse * lse);
  }

  /** What a row's probabilities are multiplied by in its gradient. */
  static double scale(
      CrossEntropy options, double targetSum, double shift, double logSum, double factor) {
    // The gradient does not wait for a logarithm that it does not need.
    double z = options.zLoss() == 0 ? 0 : 2.0 * options.zLoss() * (shift + logSum);
    return (targetSum + z) * factor;
  }

  /** The gradient at one logit, whose target is a; also where it is far smaller than both terms. */
  static float gradient(float term, double scale, double a) {
    return (float) (term * scale - a);
  }

  /**
   * How much to add to k, and to take from the scale's exponent, so that a term is 2^26 times the
   * gradient or more: then neither it nor its scale underflows before the gradient does. Even, as
   * k. Less where the gradient may pass 2^100, lest the terms overflow.
   */
  static int exponent(double scale, double s) {
    if (scale == 0 || !Double.isFinite(scale)) {
      return 0;
    }
    int excess = Math.max(0, Math.getExponent(scale * s) - 96); // see isHuge
    return Math.getExponent(scale) + 28 - excess & ~1;
  }

  /**
   * What to take from the exponent of smoothing's part of a gradient, and to give to the class
   * weights that it is multiplied by: 0, unless it may be no normal float alone. (The weights of
   * the batch divide it: where these are large or small, so are the ones to come.)
   */
  static int power(double base) {
    int exponent = Math.getExponent(base);
    return Math.abs(exponent) <= 100 ? 0 : Math.clamp(exponent, -126, 126);
  }

  /** {@link Kind#LIFT}, or 1 where results as large as this would overflow. */
  static float lift(double largest) {
    return Math.abs(largest) < 0x1p60 ? Kind.LIFT : 1;
  }

  /**
   * Whether gradients as large as this need double, lest two terms overflow, and their difference
   * be NaN; and lest terms that {@link #exponent} holds down lose what is small: where the classes'
   * weights, or their sum, are close to the ends of the range.
   */
  static boolean isHuge(double largest) {
    return Math.abs(largest) >= 0x1p97;
  }
}
