package io.softlane.internal.rows;

import io.softlane.internal.loops.Exp;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Targets;
import io.softlane.internal.loops.Turn;
import io.softlane.internal.loops.Window;

/**
 * One row alone: long ones, rows of different lengths, others whose terms were not right, and some
 * from beyond the cache. The sum follows the terms in the same loop where that is faster ({@link
 * Loops#lag}), so far behind that it waits for none.
 */
final class Alone {
  /**
   * Shorter rows have all of their terms before their sum (Zen 4: causal lengths at 1000 x 1000
   * 0.70 of the time, entropy of 64 x 600 0.79, of 64 x 1000 0.94).
   */
  private static final int SHORT = 1600;

  /** Rows that are alike have a sum that follows from so many columns on. */
  private static final int LEAST = 384;

  /** Rows of more columns are not all alike: results go from the end, see {@link #write}. */
  private static final int MOST = 2 * Work.MEDIUM;

  /** Columns whose terms are in the first cache at a time, if they are not kept. */
  static final int PART = 1024;

  /** The columns of a row that stays in the cache while it is read and written twice. */
  private static final int CACHED = 1 << 15;

  /** Whether terms go to the results' place in rows of any length, and not in long ones alone. */
  boolean keepsInResults;

  private final Work work;
  private final Turn turn;
  private final Source source;
  private final Sink sink;
  private final Row own;

  Alone(Work work) {
    this.work = work;
    own = new Row(work, 0);
    turn = work.turn;
    source = work.source;
    sink = work.sink;
  }

  /** Does all rows. */
  void run(Operation op) {
    boolean takesSimple = source.cols <= MOST && work.areSimple(op);
    int r = source.first;
    while (r < source.end) {
      int rung = work.ladder.first(r);
      if (takesSimple && rung != Ladder.ANCHORED) {
        r = simple(op, r, rung);
      } else {
        run(op, r++, rung);
      }
    }
  }

  /**
   * Rows from one on that are alike: only where they are differs from one to the next, as in {@link
   * Flight}. Their sum follows the terms ({@link Loops#lag}), which makes softmax, log-softmax and
   * gradients of 4096 x 1000 1.04 to 1.05 times as fast (Zen 4).
   *
   * <p>Returns the first row that begins on another rung, or the one behind one that needs more.
   */
  private int simple(Operation op, int first, int rung) {
    own.begin(first, rung);
    place(op, own);
    float[] s = own.s;
    if (s == null) {
      run(op, first, rung);
      return first + 1;
    }
    Loops loops = work.loops;
    int terms = Kind.TERMS | source.kind() | (rung == Ladder.PLAIN ? 0 : Kind.CLAMPED);
    int results = work.results(op, rung) | (alwaysLifts(op) ? Kind.LIFTED : 0);
    double lift = (results & Kind.LIFTED) == 0 ? 1 : Kind.LIFT;
    work.tell(s);
    int r = first;
    for (; r < source.end && work.ladder.first(r) == rung; r++) {
      sink.write(turn, r, 0);
      int at = s == sink.x ? turn.o : own.at;
      source.read(turn, r, 0, source.cols, 0);
      double total = sum(loops, terms, turn, source.cols, at);
      double value = op.simple(total);
      if (value != value) {
        // NaN: the terms are wrong, and not their sum alone.
        int next = total == total ? Ladder.ANCHORED : rung + 1;
        run(op, r, Window.holds(total) ? rung : next);
        return r + 1;
      }
      op.settledSimple(r, total, value, s, at);
      source.due(turn, r, 0);
      turn.n = source.cols;
      turn.d = at;
      turn.with(value * lift);
      loops.turn(results, turn);
      op.written(r);
    }
    return r;
  }

  /** Terms of n columns, which a turn can read, to a place; and their sum: NaN if not plain. */
  static double sum(Loops loops, int terms, Turn t, int n, int to) {
    int lag = n < LEAST ? n : loops.lag(n);
    int both = n - lag;
    t.n = lag;
    t.a = to;
    loops.turn(terms, t);
    boolean isPlain = t.plain;
    t.isFirst = true;
    if (both > 0) {
      t.i += lag;
      t.at += (long) lag * Float.BYTES;
      t.m += lag;
      t.n = both;
      t.a = to + lag;
      t.b = to;
      t.all = both;
      loops.turn(terms | Kind.SUM, t);
      isPlain &= t.plain;
      t.isFirst = false;
      t.n = lag;
    }
    if ((terms & Kind.CLAMPED) == 0 && !isPlain) {
      return Double.NaN;
    }
    t.b = to + both;
    t.all = lag;
    loops.turn(Kind.SUM, t);
    return t.total();
  }

  /** Any row, from its terms on a rung, or a later one, to its results. */
  void run(Operation op, int r, int rung) {
    if (op.skips(r)) {
      return;
    }
    Row row = own;
    row.begin(r, rung);
    row.alwaysLifts = alwaysLifts(op);
    place(op, row);
    attempt(op, row);
    settle(op, row);
    if (row.results != 0) {
      turn.n = row.n;
      if (row.n > 0) {
        write(row);
      }
      row.written(op);
    }
  }

  /** Then one loop scales all rows: where a native file is cut short, a cold one ends the JVM. */
  private boolean alwaysLifts(Operation op) {
    return op.results() == Kind.SCALE && sink.kind() == Kind.TO;
  }

  /** Lets go of what belongs to the caller. */
  void release() {
    own.keep();
  }

  /** Where a row's terms go: the row's results where these are not needed before, or scratch. */
  private void place(Operation op, Row row) {
    if (row.all <= Work.MEDIUM + 1 && !keepsInResults) {
      row.keep();
      return;
    }
    boolean apart = sink.isApart(source) && row.all == row.n;
    if (op.results() == Kind.SUBTRACT) {
      // That brings the results' memory into the cache while the core is busy.
      row.put(apart && row.n <= CACHED ? sink.x : null, sink.start(row.r));
    } else if (!op.needsTerms()) {
      row.put(null, 0);
    } else if (apart && op.results() != 0) {
      row.put(sink.x, sink.start(row.r));
    } else {
      row.put(work.large((long) row.all + Loops.GROUP), 0);
    }
  }

  /** Terms and sum, where the row has some and an anchor that is finite. */
  private void attempt(Operation op, Row row) {
    if (row.all > 0 && Float.isFinite(row.shift)) {
      op.attempt(row);
    } else {
      row.sum = Double.NaN;
    }
  }

  /** Does a row again, rung by rung, until its terms are right. */
  void settle(Operation op, Row row) {
    while (row.rung != Ladder.ANCHORED && (row.isOdd || !Window.holds(row.sum))) {
      row.rung++;
      row.isOdd = false;
      row.anchor();
      attempt(op, row);
    }
    if (row.rung != Ladder.PLAIN) {
      work.ladder.ended(row.r, 1, row.rung);
    }
    op.settled(row);
  }

  /** Terms of a row, and their sum. */
  void termsAndSum(Row row) {
    turn.isFirst = true;
    if (row.s == null) {
      partByPart(row);
    } else {
      termsAndSum(row, 0, row.n, row.all);
    }
    row.sum = turn.total();
  }

  /** Terms of n columns of a row from one on, to the beginning of its scratch, and their sum. */
  private void termsAndSum(Row row, int c, int n, int all) {
    // terms of the first columns, terms and sum, the last sum
    int lag = n < SHORT ? n : work.loops.lag(n);
    int both = n - lag;
    turn(row, row.terms(c, lag, row.at));
    if (both > 0) {
      turn(row, row.terms(c + lag, both, row.at + lag) | row.sum(0, both));
      turn.isFirst = false;
    }
    turn.n = all - both;
    work.loops.turn(row.sum(both, all - both), turn);
  }

  private void turn(Row row, int kind) {
    if (turn.n > 0) {
      work.loops.turn(kind, turn);
      row.termed();
    } else {
      row.putSink();
    }
  }

  /** The same where terms are not kept: parts take turns in scratch. */
  private void partByPart(Row row) {
    int at = 0;
    for (int c = 0; c < row.n && !row.isOdd; c += PART) {
      int some = Math.min(PART, row.n - c);
      at = c / PART % 2 * Work.SLOT;
      int kind = row.terms(c, some, at);
      turn.b = Work.SLOT - at;
      turn.all = PART;
      turn.isFirst = c == PART;
      if (c > 0 && some == PART) {
        turn(row, kind | Kind.SUM);
      } else {
        turn(row, kind);
        turn.n = PART;
        if (c > 0) {
          work.loops.turn(Kind.SUM, turn);
        }
      }
      if (c > 0 && row.totals != null) {
        row.totals[c / PART - 1] = turn.total();
      }
    }
    int last = (row.n - 1) % PART + 1;
    if (row.all > row.n) {
      work.scratch[at + last] = row.term(source.sink(row.r));
    }
    turn.b = at;
    turn.n = last;
    turn.all = last + row.all - row.n;
    turn.isFirst = row.n <= PART;
    work.loops.turn(Kind.SUM, turn);
  }

  /** Terms of a part of a row, to scratch; their sum, and that of their products with scores. */
  double part(Row row, int c, int n) {
    float[] x = source.array(row.r, c, n);
    int i = source.start(row.r, c);
    if (row.rung != Ladder.PLAIN) {
      work.loops.clamp(x, i, n, row.shift, Exp.floor(row.k), work.scratch, Work.SLOT);
      x = work.scratch;
      i = Work.SLOT;
    }
    row.x = x;
    row.i = i - c;
    row.put(work.scratch, 0);
    turn.isFirst = true;
    termsAndSum(row, c, n, n);
    row.x = null;
    row.sum += turn.total();
    return work.loops.dot(work.scratch, 0, x, i, n, work.lanes);
  }

  /** A row's terms once more, scaled by another power of two. */
  void termsAgain(Row row, int k) {
    int before = row.k;
    row.k = k;
    work.loops.turn(row.terms(0, row.n, row.at) | Kind.CLAMPED, turn);
    row.k = before;
  }

  /** From the end, which is still in the cache (64 x 128256: 1.1 times as fast). */
  private void write(Row row) {
    int kind = row.results();
    int part = row.results == Kind.SCALE ? 2 * Work.MEDIUM : row.n;
    int d = turn.d;
    for (int c = (row.n - 1) / part * part; c >= 0; c -= part) {
      turn.n = Math.min(part, row.n - c);
      turn.d = d + c;
      sink.write(turn, row.r, c);
      work.loops.turn(kind, turn);
    }
  }

  /** A row's results: its terms times a factor, less the target terms. */
  void gradient(Targets a, Row row, double factor, float lift) {
    float[] out = sink.block(1);
    int o = sink.blockStart(row.r);
    work.loops.gradient(a, row.s, row.at, row.n, factor, lift, out, o);
    sink.flush(row.r, 1, row.n);
  }

  /** The loss of a row's target terms. */
  double targetLoss(Targets a, Row row, double logSum) {
    float[] x = row.x != null ? row.x : source.array(row.r, 0, row.n);
    int i = row.x != null ? row.i : source.start(row.r, 0);
    return work.loops.targetLoss(a, x, i, row.n, row.shift, logSum);
  }
}
