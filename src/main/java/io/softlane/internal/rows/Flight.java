package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Turn;

/**
 * Rows in flight: one turn does terms of a row, the sum of the one before and results of the one
 * before that.
 */
final class Flight {
  private final Work work;
  private final Row[] ring = new Row[Work.SLOTS];

  Flight(Work work) {
    this.work = work;
    for (int q = 0; q < ring.length; q++) {
      ring[q] = new Row(work, q * Work.SLOT);
    }
  }

  void run(Operation op) {
    Source source = work.source;
    boolean takesPlain = work.takesPlain(op) && work.loops.fuses();
    boolean skips = op.hasSkips();
    Row due = null;
    Row sum = null;
    int rows = source.end - source.first;
    for (int q = 0; q < rows + 2; q++) {
      if (takesPlain && isPlain(q) && due != null && due.isPlain(op) && sum.isPlain()) {
        q = plain(op, q);
        sum = ring(q - 1);
        due = ring(q - 2);
      }
      Row row = null;
      if (q < rows && !(skips && op.skips(source.first + q))) {
        row = begin(q);
      }
      turn(op, row, sum, due);
      due = sum;
      sum = row;
    }
  }

  private Row ring(int q) {
    return ring[q % ring.length];
  }

  private Row begin(int q) {
    Row row = ring(q);
    row.begin(work.source.first + q);
    row.keep();
    return row;
  }

  /** Whether there is a row q, and begins as a plain one. */
  private boolean isPlain(int q) {
    int r = work.source.first + q;
    return r < work.source.end && work.ladder.first(r) == Ladder.PLAIN;
  }

  /**
   * The same for rows of plain scores that are an array's logits: only where they are differs from
   * one turn to the next. What {@link #turn} does between loops takes 20 ns (Zen 4: softmax of 512
   * x 400 is 1.25 times as fast with this, of 64 x 1000 1.07; gradients of 64 x 1000 1.07).
   *
   * <p>Returns the number of the next row; the two before it, which may need more, are in the ring.
   */
  private int plain(Operation op, int next) {
    Turn turn = work.turn;
    Loops loops = work.loops;
    Source source = work.source;
    int kind = Kind.TERMS | Kind.SUM | op.results();
    int q = next;
    Row due = ring(q - 2);
    float hi = due.hi;
    float lo = due.lo;
    int a = ring(q).slot;
    int b = ring(q - 1).slot;
    int d = due.slot;
    int i = source.start(source.first + q);
    int o = work.sink.start(due.r);
    int stride = (int) source.stride;
    int step = (int) work.sink.stride;
    work.tellPlain(work.scratch);
    boolean goesOn;
    do {
      turn.isFirst = true;
      turn.i = i;
      turn.a = a;
      turn.b = b;
      turn.d = d;
      turn.j = i - 2 * stride;
      turn.o = o;
      turn.hi = hi;
      turn.lo = lo;
      loops.turn(kind, turn);
      int r = source.first + q;
      op.written(r - 2);
      double total = turn.total();
      double value = op.plain(total);
      goesOn = turn.plain && value == value && r + 1 < source.end;
      if (goesOn) {
        op.settledPlain(r - 1, total, value, work.scratch, b);
      }
      hi = (float) value;
      lo = (float) (value - hi);
      i += stride;
      o += step;
      int free = d;
      d = b;
      b = a;
      a = free;
      q++;
    } while (goesOn);
    begin(q - 1).isOdd = !turn.plain;
    due = begin(q - 2);
    due.sum = turn.total();
    work.alone.settle(op, due);
    return q;
  }

  /** Terms of one row, the sum of another, results of a third; any may be null. */
  private void turn(Operation op, Row row, Row sum, Row due) {
    Turn turn = work.turn;
    turn.n = work.source.cols;
    turn.isFirst = true;
    int kind = row == null ? 0 : row.terms(0, turn.n, row.at);
    if (sum != null) {
      kind |= sum.sum(0, sum.all);
    }
    boolean writes = due != null && due.results != 0;
    if (writes) {
      int results = due.results();
      // A result below a float's normal range takes 10 cycles, which would hold up all stages
      // (logits N(0, 30): 0.97 ns an element, so 0.44): what may have such has a turn of its own.
      boolean isPlain = row != null && row.rung == Ladder.PLAIN && !due.isLifted;
      if (isPlain && sum != null && work.loops.fuses()) {
        kind |= results;
      } else {
        go(kind);
        kind = results;
      }
    }
    go(kind);
    if (row != null) {
      row.termed();
    }
    if (writes) {
      due.written(op);
    }
    if (sum != null) {
      sum.sum = turn.total();
      work.alone.settle(op, sum);
    }
  }

  private void go(int kind) {
    if (kind != 0) {
      work.loops.turn(kind, work.turn);
    }
  }
}
