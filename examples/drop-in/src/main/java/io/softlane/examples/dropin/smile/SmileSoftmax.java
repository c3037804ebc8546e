package io.softlane.examples.dropin.smile;

import io.softlane.SoftmaxKernels;
import io.softlane.examples.dropin.Doubles;
import smile.math.MathEx;

/** {@code MathEx.softmax}: in place, and the index of the largest logit as its result. */
public final class SmileSoftmax {
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.best();

  private SmileSoftmax() {}

  static int before(double[] row) {
    return MathEx.softmax(row);
  }

  /** Narrows to float and widens again; both are paid for here. */
  public static int after(double[] row) {
    float[] values = Doubles.narrow(row, row.length);
    // Of the doubles: two that differ may be the same float.
    int argmax = Doubles.argmax(row, row.length);
    KERNELS.softmax(values, values);
    Doubles.widen(values, row);
    return argmax;
  }

  static int before(float[] row) {
    return MathEx.softmax(row);
  }

  /** Floats stay floats. */
  public static int after(float[] row) {
    int argmax = KERNELS.argmax(row);
    KERNELS.softmax(row, row);
    return argmax;
  }
}
