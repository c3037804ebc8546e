package io.softlane.internal.rows;

import io.softlane.internal.loops.Exp;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Results;
import io.softlane.internal.loops.Turn;
import io.softlane.internal.loops.Window;

/**
 * Some rows, one after the other, stage by stage. What a short row costs beside its elements (a
 * loop's start and end, a chain from its terms to its sum and factor) is then shared; and beyond
 * the cache, loads and stores take turns.
 */
final class Block {
  /** The most elements of its rows. */
  private static final int ELEMENTS = 2048;

  /**
   * The most beyond the cache, where results are written row by row, too (Zen 4, softmax of 400000
   * x 10, 65536 x 64, 41000 x 100, ns an element: 0.76, 0.49, 0.46, otherwise 1.10, 1.08, 1.05).
   */
  private static final int FEWER = 1024;

  /**
   * There, terms of rows of so many columns go to the results' place, which brings it into the
   * cache while the core is busy (Zen 4, ns an element: softmax of 41000 x 100 0.40, through
   * scratch 0.46; log-softmax of 20000 x 200 0.41, in flight 0.47; but softmax of 65536 x 64 0.55,
   * 0.45; and of 32 columns on, results are made in place). Gradients look at terms once more.
   */
  private static final int KEPT = 96;

  /** The most rows. */
  private static final int ROWS = 512;

  /** The number of the first row, and how many. */
  int r;

  private int rows;

  /** Columns of a row. */
  private int n;

  /** The same with the sink, if there is one. */
  int all;

  /** The logits, or scores. */
  float[] x;

  /** Where in that they begin. */
  int i;

  private int rung;

  private boolean keeps;

  /** What later rows of the block need not do again. */
  private boolean isClamped;

  private boolean hasLogSums;

  /** Where the terms are: scratch or, if they are kept there, the results' place. */
  private float[] s;

  private int at;

  /** Sums of the terms, and their logarithms. */
  final double[] sums = new double[3 * ROWS];

  final double[] logSums = new double[ROWS];

  private final Work work;
  private final Row row;

  /** What terms are multiplied by. */
  final double[] scales = new double[ROWS];

  final Results results = new Results(ROWS);

  Block(Work work) {
    this.work = work;
    row = new Row(work, 0);
  }

  /**
   * All rows, of which each has so many elements; whether they are beyond the cache and the first
   * one is small, and whether their results are elements of an array, which follow each other and
   * are not read.
   */
  void run(Operation op, int elements, boolean isTight, boolean isDense) {
    Source source = work.source;
    all = elements;
    keeps = isTight && isDense && all >= KEPT && op.results() != 0 && op != work.losses;
    n = source.cols;
    int most = Math.clamp((isTight ? FEWER : ELEMENTS) / all, 1, ROWS);
    results.isByRow = isTight;
    for (r = source.first; r < source.end; r += rows) {
      rows = Math.min(most, source.end - r);
      int q = 0;
      if (work.ladder.first(r) == Ladder.ANCHORED) {
        for (; q < rows; q++) {
          work.alone.run(op, r + q, work.ladder.first(r + q));
        }
      } else {
        terms(op);
      }
      while (q < rows) {
        int end = right(q);
        if (end > q) {
          op.finish(this, q, end);
        }
        if (end < rows) {
          work.alone.run(op, r + end, Ladder.ANCHORED);
        }
        q = end + 1;
      }
    }
  }

  /** Lets go of what belongs to the caller. */
  void release() {
    if (x == null) {
      return; // not used
    }
    x = null;
    s = null;
    row.x = null;
    row.keep();
    results.v = null;
    results.out = null;
  }

  /** Terms, and their sums. */
  private void terms(Operation op) {
    isClamped = false;
    hasLogSums = false;
    Turn turn = work.turn;
    // Results of very short rows run over into the next row, which in place is to be read yet.
    boolean copy =
        op.results() == Kind.SUBTRACT && work.source.isIn(work.sink) && all < Loops.GROUP;
    x = work.source.block(r, rows, copy, work.scratch);
    i = work.source.blockStart(x, r);
    row.x = x;
    turn.n = rows * all;
    turn.x = x;
    turn.i = i;
    int o = keeps ? work.sink.start(r) : 0;
    boolean isKept = keeps && rows * all + Loops.GROUP <= work.sink.x.length - o;
    s = isKept ? work.sink.x : work.scratch;
    at = isKept ? o : 0;
    turn.put(s);
    turn.a = at;
    turn.k = Window.K;
    turn.shift = 0;
    rung = work.ladder.first(r);
    if (rung == Ladder.PLAIN) {
      work.loops.turn(Kind.TERMS, turn);
      rung = turn.plain ? Ladder.PLAIN : Ladder.CLAMPED;
    }
    if (rung == Ladder.CLAMPED) {
      work.loops.turn(Kind.TERMS | Kind.CLAMPED, turn);
    }
    work.ladder.ended(r, rows, rung);
    work.loops.sums(s, at, rows, all, sums);
  }

  /** The first row from q on whose terms are not right. */
  private int right(int q) {
    boolean every = true;
    for (int p = q; p < rows; p++) {
      every &= Window.holds(sums[p]);
    }
    int end = every ? rows : q;
    while (end < rows && Window.holds(sums[end])) {
      end++;
    }
    return end;
  }

  /** One of the rows, which is valid until the next is asked for. */
  Row row(int q) {
    row.r = r + q;
    row.n = n;
    row.all = all;
    row.i = i + q * all;
    row.put(s, at + q * all);
    row.rung = rung;
    row.shift = 0;
    row.k = Window.K;
    row.sum = sums[q];
    row.results = 0;
    return row;
  }

  /**
   * Before scores are multiplied by terms: where the block is not plain, x and i become clamped
   * copies, so that -inf times +0 is not NaN. May be called again.
   */
  void clamp() {
    if (rung == Ladder.CLAMPED && !isClamped) {
      isClamped = true;
      work.loops.clamp(x, i, rows * all, 0, Exp.floor(Window.K), work.scratch, Work.SLOT);
      x = work.scratch;
      i = Work.SLOT;
      row.x = x;
    }
  }

  /** The logarithms of the sums. */
  void takeLogSums(Operation op, int q, int end) {
    if (!hasLogSums) {
      hasLogSums = true;
      work.loops.logSums(sums, rows, Window.K, logSums);
    }
    for (int p = q; p < end; p++) {
      if ((float) sums[p] == sums[p]) {
        logSums[p] = op.logSum(row(p));
      }
    }
  }

  /** Results of rows from q on are their terms times a factor over their sums; not yet flushed. */
  void scale(int q, int end, double factor) {
    for (int p = q; p < end; p++) {
      scales[p] = factor / sums[p];
    }
    for (int p = q; p < end; p++) {
      results.factor(p - q, scales[p]);
    }
    results(q, end, s, at + q * all);
    work.loops.scales(results);
  }

  /** Results of rows from q on are their scores less their log-sum-exps; not yet flushed. */
  void subtract(int q, int end) {
    // Where terms are kept, the last row first, which was read last (Zen 4, 32768 x 128: 0.47,
    // otherwise 0.53 to 0.61).
    boolean isBack = s != work.scratch;
    for (int p = q; p < end; p++) {
      results.logSum(isBack ? end - 1 - p : p - q, logSums[p]);
    }
    results(q, end, x, i + q * all);
    if (isBack) {
      results.turnRound();
    }
    work.loops.subtracts(results);
  }

  private void results(int q, int end, float[] v, int at) {
    Results t = results;
    t.v = v;
    t.i = at;
    t.pitch = all;
    t.rows = end - q;
    t.n = n;
    t.out = work.sink.block(t.rows);
    t.o = work.sink.blockStart(r + q);
    t.stride = work.sink.blockStride();
  }

  /** After results of rows from q on. */
  void flush(int q) {
    work.sink.flush(r + q, results.rows, n);
  }
}
