package io.softlane;

import static io.softlane.Lanes.HALF;

import java.util.Arrays;

/**
 * Short rows, many at a time: the same stages as {@link VectorKernels} and {@link
 * VectorCrossEntropy} have row by row, and the same bits. What a row costs beside its elements (a
 * call, a last vector that is half empty, a chain from its terms to its sum, reciprocal and
 * logarithm that no other row fills) weighs too much at few columns: row by row 65536 x 10 takes 2
 * to 4 times as long, 8192 x 100 1.2 times (Zen 4, 512 bits).
 *
 * <p>Between the stages, rows' sums lie as doubles in what the caller gets written later: results
 * of the batch's last rows, or the output's next rows. So there is no allocation.
 */
final class VectorRuns {
  /** The most columns a row of a run has: two rows are a run. With more, rows alone are as fast. */
  private static final int SHORT = 512;

  /** A run is refused, and its rows are to be done one by one. */
  static final int NOT_DONE = -1;

  private VectorRuns() {}

  /** The most rows in a run, where they follow each other without a gap: 1024 elements. */
  static int rows(int n) {
    return n <= SHORT ? 2 * SHORT / n : 1;
  }

  /**
   * Softmax of a run of rows, the first of which starts at i and o.
   *
   * @param more rows of the batch after these, where results of this run may lie for a while
   * @return how many rows missed the window, or NOT_DONE: where the rows are in place and one might
   */
  static int softmax(float[] x, int i, int rows, int n, float[] e, int o, int more) {
    if (x == e && !VectorRow.within(x, i, rows * n)) {
      return NOT_DONE;
    }
    if (!VectorPlain.terms(x, i, rows * n, Window.k(0), e, o)) {
      VectorExp.terms(x, i, rows * n, Window.k(0), e, o);
    }
    // All sums first, where there is room for them: a row's sum and its reciprocal are a chain of
    // 100 cycles, too long for the core to work on enough rows at a time (10 columns: 1.4 times).
    boolean room = x != e && (long) more * n >= 2L * rows;
    int sums = o + rows * n;
    if (room) {
      sums(e, o, rows, n, sums);
    }
    int missed = 0;
    for (int r = 0; r < rows; r++) {
      int row = o + r * n;
      double s = room ? VectorLog.get(e, sums + 2 * r) : VectorRow.sumOfStored(e, row, n);
      if (!Window.holds(s)) {
        float anchor = VectorRow.max(x, i + r * n, n);
        float shift = Window.shift(anchor);
        s = VectorRow.scaledExpSum(x, i + r * n, n, shift, Window.k(anchor), e, row);
        missed++;
      }
      VectorRow.scale(e, row, n, 1 / s);
    }
    return missed;
  }

  /** The sums of rows of terms, two floats each, from {@code at} on. */
  private static void sums(float[] e, int o, int rows, int n, int at) {
    for (int r = 0; r < rows; r++) {
      VectorLog.put(e, at + 2 * r, VectorRow.sumOfStored(e, o + r * n, n));
    }
  }

  /**
   * Cross-entropy of a run of rows with class labels, and its gradient; without smoothing, class
   * weights and z-loss, so that all rows have one factor.
   *
   * @param r the first row's number, among labels and losses
   * @param lower how far below the window's exponent the terms are kept
   * @param more as above
   * @return how many rows missed the window, or NOT_DONE, as above
   */
  static int crossEntropyGradient(
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
      int o,
      int more) {
    boolean inPlace = x == e;
    if (inPlace && !VectorRow.within(x, i, rows * n)) {
      return NOT_DONE;
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
    int ready = 0;
    int sums = o + rows * n;
    int logSums = sums + 2 * rows;
    if (!inPlace && (long) more * n >= 4L * rows) {
      sums(e, o, rows, n, sums);
      System.arraycopy(e, sums, e, logSums, 2 * rows);
      ready = VectorLog.logSums(e, logSums, rows, Window.k(0) - lower, lower);
    }
    int missed = 0;
    for (int q = 0; q < rows; q++) {
      int row = o + q * n;
      float shift = 0;
      int k = Window.k(0) - lower;
      double s;
      double logSum;
      if (q < ready) {
        s = VectorLog.get(e, sums + 2 * q);
        logSum = VectorLog.get(e, logSums + 2 * q);
      } else {
        s = VectorRow.sumOfStored(e, row, n);
        if (!Window.holds(Math.scalb(s, lower))) {
          float anchor = VectorRow.max(x, i + q * n, n);
          shift = Window.shift(anchor);
          k = Window.k(anchor) - lower;
          s = VectorRow.scaledExpSum(x, i + q * n, n, shift, k, e, row);
          missed++;
        }
        logSum = Window.logSum(s, k);
      }
      double scale = LossTerms.scale(options, 1, shift, logSum, factor, s);
      int label = labels[r + q];
      if (options.ignores(label)) {
        losses[r + q] = 0;
        Arrays.fill(e, row, row + n, 0);
      } else {
        float logit = inPlace ? losses[r + q] : x[i + q * n + label];
        losses[r + q] = (float) LossTerms.loss(1, shift, logSum, logit);
        float atLabel = LossTerms.gradient(e[row + label], scale, factor);
        VectorRow.scale(e, row, n, scale);
        e[row + label] = atLabel;
      }
    }
    return missed;
  }

  /**
   * Rows in a run that may use the unwritten end of per-row results as scratch, of those left; less
   * than 2 where a run does not pay.
   */
  static int rows(int n, int left) {
    if (n > SHORT || n < 2) {
      return 1;
    }
    int rows = Math.min(2 * SHORT / n, left / (n + 1));
    return rows < HALF ? 1 : rows;
  }

  /**
   * log-sum-exp of a run of rows with the anchor 0, in doubles that {@link VectorLog#get} reads,
   * two floats a row. Eight rows at a time: the logarithm of one, at 10 columns, takes longer than
   * the row's terms.
   *
   * @param e scratch for the terms, from o on
   * @return how many of the rows have results: those before the first that misses the window, none
   *     where a logit is not plain
   */
  static int logSums(float[] x, int i, int rows, int n, float[] e, int o) {
    if (!VectorPlain.terms(x, i, rows * n, Window.k(0), e, o)) {
      return 0;
    }
    sums(e, o, rows, n, o);
    return VectorLog.logSums(e, o, rows, Window.k(0), 0);
  }

  /**
   * Log-softmax of a run of rows, out of place: the last row first, since the doubles lie where the
   * first rows' results go.
   *
   * @return as above
   */
  static int logSoftmax(float[] x, int i, int rows, int n, float[] e, int o) {
    int done = logSums(x, i, rows, n, e, o);
    for (int q = done - 1; q >= 0; q--) {
      double logSum = VectorLog.get(e, o + 2 * q);
      float hi = (float) logSum;
      VectorRow.subtractTwice(x, i + q * n, n, hi, (float) (logSum - hi), e, o + q * n);
    }
    return done;
  }

  /**
   * Cross-entropy of a run of rows with class labels, without options but an ignored index. The
   * last losses, not yet written, are scratch.
   *
   * @param end of the losses
   * @return as above
   */
  static int crossEntropy(
      float[] x,
      int i,
      int rows,
      int n,
      int[] labels,
      int r,
      CrossEntropy options,
      float[] losses,
      int end) {
    int scratch = end - rows * n;
    int done = logSums(x, i, rows, n, losses, scratch);
    for (int q = 0; q < done; q++) {
      int label = labels[r + q];
      double logSum = VectorLog.get(losses, scratch + 2 * q);
      boolean ignored = options.ignores(label);
      losses[r + q] = ignored ? 0 : (float) LossTerms.loss(1, 0, logSum, x[i + q * n + label]);
    }
    return done;
  }
}
