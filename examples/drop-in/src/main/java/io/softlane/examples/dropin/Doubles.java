package io.softlane.examples.dropin;

import io.softlane.SoftmaxKernels;

/**
 * For libraries that keep doubles. A row is narrowed, worked on and widened again: one allocation
 * of 4 bytes per column, and two loops that the compiler vectorises.
 *
 * <p>The largest logit is taken off in double first, which changes no probability. Without that, a
 * row around 1000 would lose 6e-5 of each logit to the narrowing; with it the loss is 2^-24 of the
 * distance to the largest, so only what is improbable is inexact.
 */
public final class Doubles {
  private Doubles() {}

  /** Replaces the logits by their probabilities. */
  public static void softmax(SoftmaxKernels kernels, double[] row, int cols) {
    float[] values = narrow(row, cols);
    kernels.softmax(values, values);
    widen(values, row);
  }

  /** The distances to the largest logit, as floats. */
  public static float[] narrow(double[] row, int cols) {
    double max = max(row, cols);
    // Infinity less infinity would hide a +inf or a row of -inf, which the kernels know by sight.
    double shift = Math.abs(max) <= Double.MAX_VALUE ? max : 0;
    float[] values = new float[cols];
    for (int i = 0; i < cols; i++) {
      values[i] = (float) (row[i] - shift);
    }
    return values;
  }

  /** Floats as doubles. */
  public static void widen(float[] values, double[] row) {
    for (int i = 0; i < values.length; i++) {
      row[i] = values[i];
    }
  }

  /** The first of the largest; NaN counts only where there is nothing else. */
  public static int argmax(double[] row, int cols) {
    double max = max(row, cols);
    for (int i = 0; i < cols; i++) {
      if (row[i] == max) {
        return i;
      }
    }
    return 0;
  }

  /** Passes over NaN: it stays in the row, where the kernels find it. */
  private static double max(double[] row, int cols) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < cols; i++) {
      if (row[i] > max) {
        max = row[i];
      }
    }
    return max;
  }
}
