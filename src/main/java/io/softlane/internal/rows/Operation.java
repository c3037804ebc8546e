package io.softlane.internal.rows;

import io.softlane.internal.loops.Logs;
import io.softlane.internal.loops.Window;

/**
 * What is particular to an operation: what becomes of a row once the sum of its terms is right.
 * {@link Work} brings it so far. Rows of a batch are settled first row first.
 */
public abstract class Operation {
  final Work work;

  Operation(Work work) {
    this.work = work;
  }

  /** The stage that makes results of a row's terms or scores, a flag of Kind; 0 for none. */
  int results() {
    return 0;
  }

  /** Whether a row's terms are needed once it is settled. */
  boolean needsTerms() {
    return false;
  }

  /** Whether there may be rows that are skipped. */
  boolean hasSkips() {
    return false;
  }

  /** Whether a row's terms are not asked for; then its results are written. */
  boolean skips(int r) {
    return false;
  }

  /** Terms and sum of a row alone, on its rung. */
  void attempt(Row row) {
    work.alone.termsAndSum(row);
  }

  /** The terms are right: writes what there is one of a row, and says how its results are made. */
  abstract void settled(Row row);

  /** Whether {@link #simple} can be asked. */
  boolean hasSimple() {
    return false;
  }

  /**
   * What results of a row that has the anchor 0 are made with, their factor or log-sum-exp, as
   * {@link #settled} would say; NaN where a sum is outside of the {@link Window}, or more is to be
   * done.
   */
  double simple(double sum) {
    return Double.NaN;
  }

  /** The same as settled for such a row, but for its results; its terms are in s from at on. */
  void settledSimple(int r, double sum, double value, float[] s, int at) {}

  /** After the results, made of terms or scores, of the row that was settled last. */
  void written(int r) {}

  /** The result of a column that does not count. */
  float leftOut() {
    return 0;
  }

  /**
   * The same as settled, and the results, for short rows q to end of a block that holds; of
   * operations whose rows go in blocks.
   */
  void finish(Block block, int q, int end) {
    throw new AssertionError("rows go alone");
  }

  /**
   * The logarithm of a row's sum, to which its shift is to be added; -inf where it has no terms.
   *
   * <p>Where one term is the sum, the log-sum-exp is its score, exactly: a term's rounding, which
   * is within the bound, would show as a log-probability that is not 0.
   */
  final double logSum(Row row) {
    if (row.all == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    row.isOne = false;
    if ((float) row.sum == row.sum) {
      float score = row.max();
      row.isOne = row.term(score) == row.sum;
      if (row.isOne) {
        return (double) score - row.shift;
      }
    }
    return Logs.logSum(row.sum, row.k);
  }

  /** The results of a broken row: NaN, but for what options may say where nothing is left. */
  final void breakRow(Row row) {
    boolean isEmpty = row.all == 0 || row.shift == Float.NEGATIVE_INFINITY;
    boolean isLeftOut = isEmpty && work.source.emptyRowsZero();
    work.sink.fill(row.r, 0, isLeftOut ? leftOut() : Float.NaN);
  }
}
