package io.softlane.internal.rows;

import io.softlane.internal.loops.Exp;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Logs;

/**
 * What is particular to an operation: what becomes of a row once the sum of its terms is right.
 * {@link Work} brings it so far. Rows of a batch are settled first row first.
 */
abstract class Operation {
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
    work.termsAndSum(row);
  }

  /** The terms are right: writes what there is one of a row, and says how its results are made. */
  abstract void settled(Row row);

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
      float score = work.max(row);
      row.isOne = term(score, row.shift, row.k) == row.sum;
      if (row.isOne) {
        return (double) score - row.shift;
      }
    }
    return Logs.logSum(row.sum, row.k);
  }

  /** A row's results are its terms times a factor, which is at most 2^60. */
  static void scale(Row row, double factor) {
    float hi = (float) factor;
    float lo = (float) (factor - hi);
    // Terms of plain rows are at least 2^-14, so their second products are normal, or 0, and
    // lifting
    // would change no bit.
    row.isLifted =
        row.alwaysLifts || row.rung != Ladder.PLAIN || lo != 0 && Math.abs(lo) < 0x1p-112f;
    row.results = Kind.SCALE;
    row.hi = row.isLifted ? (float) (factor * Kind.LIFT) : hi;
    row.lo = row.isLifted ? (float) (factor * Kind.LIFT - row.hi) : lo;
  }

  /** The same for a row of a block. */
  static void scale(Block block, int q, double factor) {
    double lifted = factor * Kind.LIFT;
    float hi = (float) lifted;
    block.hi[q] = hi;
    block.lo[q] = (float) (lifted - hi);
  }

  /** A row without a finite anchor: NaN, or nothing left, of which options may make zeros. */
  final boolean isBroken(Row row) {
    return row.rung == Ladder.ANCHORED && !Float.isFinite(row.shift);
  }

  /** The results of a broken row, all of its columns. */
  final void breakRow(Row row, float nothing) {
    boolean isEmpty = row.all == 0 || row.shift == Float.NEGATIVE_INFINITY;
    boolean zeros = isEmpty && work.source.emptyRowsZero();
    work.sink.fill(row.r, 0, zeros ? nothing : Float.NaN);
  }

  /** The term of one score. */
  static float term(float score, float shift, int k) {
    return Exp.scaled(score - shift, Exp.rounder(k), Exp.floor(k));
  }
}
