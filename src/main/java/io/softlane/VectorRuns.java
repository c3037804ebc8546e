package io.softlane;

import java.util.Arrays;

/**
 * Softmax and cross-entropy's gradient of short rows, many at a time: the same stages as {@link
 * VectorKernels#softmax} and {@link VectorCrossEntropy} have row by row, and the same bits. What a
 * row costs beside its elements (a call, constants, a last vector that is half empty) weighs too
 * much at few columns: row by row 65536 x 10 took 2.6 times as long, 8192 x 100 1.5 times, 4096 x
 * 250 1.17 times (Zen 4, 512 bits). With more, up to half a block, a run is 2 to 6 % ahead.
 */
final class VectorRuns {
  /** The most columns a row of a run has: two rows are a run. */
  private static final int SHORT = 512;

  private VectorRuns() {}

  /** Rows in a run: as many as fit a block, where they follow each other without a gap; else 1. */
  static int rows(Rows in, Rows out) {
    int n = in.cols();
    boolean dense = in.stride() == n && out.stride() == n;
    return dense && n <= SHORT ? 2 * SHORT / n : 1;
  }

  /**
   * Softmax of a run of rows, the first of which starts at i and o.
   *
   * @return whether it was done: not where the rows are in place and one might miss the window
   */
  static boolean softmax(float[] x, int i, int rows, int n, float[] e, int o) {
    if (x == e && !VectorRow.within(x, i, rows * n)) {
      return false;
    }
    if (!VectorPlain.terms(x, i, rows * n, Window.k(0), e, o)) {
      VectorExp.terms(x, i, rows * n, Window.k(0), e, o);
    }
    for (int r = 0; r < rows; r++) {
      int row = o + r * n;
      double s = VectorRow.sumOfStored(e, row, n);
      if (!Window.holds(s)) {
        float anchor = VectorRow.max(x, i + r * n, n);
        float shift = Window.shift(anchor);
        s = VectorRow.scaledExpSum(x, i + r * n, n, shift, Window.k(anchor), e, row);
      }
      VectorRow.scale(e, row, n, 1 / s);
    }
    return true;
  }

  /**
   * Cross-entropy of a run of rows with class labels, and its gradient; without smoothing, class
   * weights and z-loss, so that all rows have one factor.
   *
   * @param r the first row's number, among labels and losses
   * @param lower how far below the window's exponent the terms are kept
   * @return whether it was done, as above
   */
  static boolean crossEntropyGradient(
      float[] x,
      int i,
      int rows,
      int n,
      int[] labels,
      int r,
      CrossEntropy options,
      double factor,
      int lower,
      float[] losses,
      float[] e,
      int o) {
    boolean inPlace = x == e;
    if (inPlace && !VectorRow.within(x, i, rows * n)) {
      return false;
    }
    // In place the terms overwrite the labels' logits, which wait where their losses will be.
    if (inPlace) {
      for (int q = 0; q < rows; q++) {
        losses[r + q] = options.ignores(labels[r + q]) ? 0 : x[i + q * n + labels[r + q]];
      }
    }
    if (!VectorPlain.terms(x, i, rows * n, Window.k(0) - lower, e, o)) {
      VectorExp.terms(x, i, rows * n, Window.k(0) - lower, e, o);
    }
    for (int q = 0; q < rows; q++) {
      int row = o + q * n;
      double s = VectorRow.sumOfStored(e, row, n);
      float shift = Window.shift(0);
      int k = Window.k(0) - lower;
      if (!Window.holds(Math.scalb(s, lower))) {
        float anchor = VectorRow.max(x, i + q * n, n);
        shift = Window.shift(anchor);
        k = Window.k(anchor) - lower;
        s = VectorRow.scaledExpSum(x, i + q * n, n, shift, k, e, row);
      }
      double logSum = Window.logSum(s, k);
      double scale = LossTerms.scale(options, 1, shift, logSum, factor, s);
      VectorRow.scale(e, row, n, scale);
      int label = labels[r + q];
      if (options.ignores(label)) {
        losses[r + q] = 0;
        Arrays.fill(e, row, row + n, 0);
      } else {
        float logit = inPlace ? losses[r + q] : x[i + q * n + label];
        losses[r + q] = (float) LossTerms.loss(1, shift, logSum, logit);
        e[row + label] = LossTerms.gradient(logit, shift, k, scale, factor);
      }
    }
    return true;
  }
}
