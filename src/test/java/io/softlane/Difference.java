package io.softlane;

import java.util.function.ToDoubleFunction;

/** Derivatives by central differences, for gradients that no formula should stand for. */
final class Difference {
  /** So small that cubes of it vanish, so large that a double's rounding does not show. */
  static final double STEP = 0x1p-12;

  private Difference() {}

  /**
   * df/do_c. Its error: STEP^2 / 6 times the third derivative nearby, and the error of f divided by
   * STEP.
   */
  static double at(ToDoubleFunction<double[]> f, double[] o, int c) {
    double[] x = o.clone();
    x[c] = o[c] + STEP;
    double above = f.applyAsDouble(x);
    x[c] = o[c] - STEP;
    return (above - f.applyAsDouble(x)) / (2 * STEP);
  }
}
