package io.softlane.internal.rows;

import io.softlane.internal.loops.Exp;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Turn;
import io.softlane.internal.loops.Window;

/**
 * A row, in a block, in flight or alone: where its terms are, what they mean, what its results are
 * made with; and what a turn is told for each of its stages.
 */
final class Row {
  /** Its number. */
  int r;

  /** Columns that count. */
  int n;

  /** The same with the sink, if there is one. */
  int all;

  /** Its scores, with the sink's, where they are in an array of scratch; else null. */
  float[] x;

  /** Where in that they begin. */
  int i;

  /** Its terms, from {@code at} on: {@code exp(score - shift) * 2^k}; null where none are kept. */
  float[] s;

  int at;

  /** Of the {@link Ladder}; what its terms are made with there. */
  int rung;

  float shift;
  int k;

  /** Whether its scores were taken for plain, and are not. */
  boolean isOdd;

  /** Where sums up to the end of each part but the last go, of rows whose terms are not kept. */
  double[] totals;

  /** The sum of the terms. */
  double sum;

  /** Whether one of the terms is all of it. */
  boolean isOne;

  /** The stage that makes its results, or 0. */
  int results;

  /** Its factor or log-sum-exp, in two floats. */
  float hi;

  float lo;

  /** Whether every factor is: then one loop does all such rows, and none meets a cold one. */
  boolean alwaysLifts;

  /** Whether the factor is of {@code Kind.LIFTED}. */
  boolean isLifted;

  /** Where a copy of its logits goes, if they cannot be read as they lie; its terms, if alone. */
  final int slot;

  private final Work work;

  Row(Work work, int slot) {
    this.work = work;
    this.slot = slot;
  }

  // ---- its stages: what a turn is told ----

  /** Begins on a rung. */
  void begin(int number, int first) {
    r = number;
    n = work.source.count(r);
    all = n + (work.source.hasSinks() ? 1 : 0);
    rung = first;
    isOdd = false;
    results = 0;
    alwaysLifts = false;
    x = null;
    anchor();
  }

  /** Its terms are in scratch. */
  void keep() {
    put(work.scratch, slot);
  }

  /**
   * Where its terms are. A reference that is there already is not stored again: in works that have
   * outlived a collection, G1's barriers took 3 to 5 % of 4096 x 1000 (Zen 4).
   */
  void put(float[] terms, int first) {
    at = first;
    if (s != terms) {
      s = terms;
    }
  }

  /** Shift and exponent on its rung; both say so where the anchor is not finite. */
  void anchor() {
    shift = 0;
    k = Window.K;
    if (rung == Ladder.ANCHORED) {
      anchor(max());
    }
  }

  /** The same for the largest score m. */
  void anchor(float m) {
    float anchor = Window.anchor(m, all);
    shift = Window.shift(anchor);
    k = Window.k(anchor);
  }

  /** The largest score, a sink's among them. */
  float max() {
    if (x != null) {
      return work.loops.max(x, i, all);
    }
    float max = n > 0 ? work.source.max(work.turn, r, 0, n, slot) : Float.NEGATIVE_INFINITY;
    return all > n ? Math.max(max, work.source.sink(r)) : max;
  }

  /** The turn is to have terms of some columns, at a place of its scratch. */
  int terms(int c, int some, int to) {
    Turn turn = work.turn;
    turn.n = some;
    turn.put(s == null ? work.scratch : s);
    turn.a = to;
    turn.k = k;
    int kind = Kind.TERMS | (rung == Ladder.PLAIN ? 0 : Kind.CLAMPED);
    if (x != null) {
      turn.x = x;
      turn.i = i + c;
      turn.shift = 0;
      return kind;
    }
    work.source.read(turn, r, c, some, slot);
    turn.shift = shift;
    return kind | work.source.kind();
  }

  /** After a turn that had terms. */
  void termed() {
    isOdd |= rung == Ladder.PLAIN && !work.turn.plain;
    putSink();
  }

  /** A sink's term, behind all others. */
  void putSink() {
    if (all > n && s != null) {
      s[at + n] = term(work.source.sink(r));
    }
  }

  /** The turn is to have the sum of terms from column c on. */
  int sum(int c, int some) {
    Turn turn = work.turn;
    turn.put(s);
    turn.b = at + c;
    turn.all = some;
    return Kind.SUM;
  }

  /** The turn is to have the results. */
  int results() {
    Turn turn = work.turn;
    turn.hi = hi;
    turn.lo = lo;
    work.sink.write(turn, r, 0);
    if (results == Kind.SUBTRACT) {
      work.source.due(turn, r, slot);
      return results | work.source.kind() | work.sink.kind();
    }
    turn.put(s);
    turn.d = at;
    return results | work.sink.kind() | (isLifted ? Kind.LIFTED : 0);
  }

  /** After the turn that had the results. */
  void written(Operation op) {
    if (work.sink.isFar && n > 0) {
      work.sink.flush(r, 1, n);
    }
    op.written(r);
    if (n < work.source.cols) {
      work.sink.fill(r, n, op.leftOut());
    }
  }

  /** The term of one score. */
  float term(float score) {
    return term(score, k);
  }

  /** The same, scaled by another power of two. */
  float term(float score, int k) {
    return Exp.scaled(score - shift, Exp.rounder(k), Exp.floor(k));
  }

  /** Whether its terms are right on a rung, as far as is known. */
  boolean isOn(int some) {
    return rung == some && !isOdd;
  }

  /** Whether there is no finite anchor: a row of NaN, or with nothing left. */
  boolean isBroken() {
    return rung == Ladder.ANCHORED && !Float.isFinite(shift);
  }

  /** Its results are its terms times a factor, which is at most 2^60. */
  void scale(double factor) {
    float first = (float) factor;
    float second = (float) (factor - first);
    isLifted = alwaysLifts || rung != Ladder.PLAIN || isTiny(second);
    results = Kind.SCALE;
    hi = isLifted ? (float) (factor * Kind.LIFT) : first;
    lo = isLifted ? (float) (factor * Kind.LIFT - hi) : second;
  }

  /**
   * Whether products with a factor's second float may be subnormal. Terms of plain rows are at
   * least 2^-14: where this is false, lifting would change no bit.
   */
  static boolean isTiny(float second) {
    return second != 0 && Math.abs(second) < 0x1p-112f;
  }

  /**
   * Its log-sum-exp is its shift and this, of which hi and lo make two floats: so small
   * log-probabilities stay accurate. A shift is the first of them, beside which the logarithm would
   * be lost in one.
   */
  void subtract(double logSum) {
    hi = shift == 0 ? (float) logSum : shift;
    lo = (float) (shift == 0 ? logSum - hi : logSum);
  }
}
