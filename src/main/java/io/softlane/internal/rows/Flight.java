package io.softlane.internal.rows;

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
    boolean skips = op.hasSkips();
    Row due = null;
    Row sum = null;
    int rows = source.end - source.first;
    for (int q = 0; q < rows + 2; q++) {
      Row row = null;
      if (q < rows && !(skips && op.skips(source.first + q))) {
        row = ring[q % ring.length];
        row.begin(source.first + q);
        row.keep();
      }
      turn(op, row, sum, due);
      due = sum;
      sum = row;
    }
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
