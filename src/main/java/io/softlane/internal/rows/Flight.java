package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Turn;

/**
 * Rows in flight: one turn does terms of a row, the sum of the one before and results of the one
 * before that.
 *
 * <p>Terms of a row take the place of those that the turn makes results of. So there are two rows
 * of terms, not three, beside the logits and results that pass through the first cache (Zen 4,
 * beyond the third one: softmax of 4096 x 1000 1.1 to 1.3, of 8192 x 500 1.1 times as fast).
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
    boolean takesSimple = work.areSimple(op);
    boolean skips = op.hasSkips();
    Row due = null;
    Row sum = null;
    int rows = source.end - source.first;
    for (int q = 0; q < rows + 2; q++) {
      if (takesSimple && due != null && isSimple(op, q, sum, due)) {
        q = simple(op, q, due.rung);
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
    int r = work.source.first + q;
    row.begin(r, work.ladder.first(r));
    row.put(work.scratch, q % 2 * Work.SLOT);
    return row;
  }

  /** Whether there is a row q, and it begins where the two before it are, with the anchor 0. */
  private boolean isSimple(Operation op, int q, Row sum, Row due) {
    int rung = due.rung;
    return isOn(rung, work.source.first + q)
        && sum != null
        && sum.isOn(rung)
        && due.isOn(rung)
        && due.results() == work.results(op, rung);
  }

  /** Whether there is a row r, and it begins on a rung whose rows have the anchor 0. */
  private boolean isOn(int rung, int r) {
    return r < work.source.end && rung != Ladder.ANCHORED && work.ladder.first(r) == rung;
  }

  /**
   * The same for rows that are alike: only where they are differs from one turn to the next. What
   * {@link #turn} does between loops takes 20 ns (Zen 4: softmax of 512 x 400 is 1.25 times as fast
   * with this, of 64 x 1000 1.07; gradients of 64 x 1000 1.07).
   *
   * <p>Returns the number of the next row; the two before it, which may need more, are in the ring.
   */
  private int simple(Operation op, int next, int rung) {
    Turn turn = work.turn;
    Loops loops = work.loops;
    Source source = work.source;
    Sink sink = work.sink;
    boolean isPlain = rung == Ladder.PLAIN;
    boolean isOther = source.kind() != 0; // than logits of an array
    int results = work.results(op, rung);
    double lift = (results & Kind.LIFTED) == 0 ? 1 : Kind.LIFT;
    int kind = Kind.TERMS | Kind.SUM | source.kind() | (isPlain ? 0 : Kind.CLAMPED) | results;
    int q = next;
    Row due = ring(q - 2);
    float hi = due.hi;
    float lo = due.lo;
    int a = due.at;
    int b = ring(q - 1).at;
    long i = source.from + (source.first + q) * source.stride;
    long o = sink.from + due.r * sink.stride;
    work.tell(work.scratch);
    turn.isFirst = true;
    boolean goesOn;
    do {
      int r = source.first + q;
      turn.i = (int) i;
      turn.a = a;
      turn.b = b;
      turn.d = a;
      turn.j = (int) (i - 2 * source.stride);
      turn.o = (int) o;
      turn.to = o * Float.BYTES;
      turn.hi = hi;
      turn.lo = lo;
      if (isOther) {
        turn.at = i * Float.BYTES;
        turn.from = (i - 2 * source.stride) * Float.BYTES;
        turn.m = source.mask(r);
        turn.mj = source.mask(r - 2);
      }
      loops.turn(kind, turn);
      op.written(r - 2);
      double total = turn.total();
      double value = op.simple(total);
      goesOn = value == value && (turn.plain || !isPlain) && isOn(rung, r + 1);
      if (goesOn) {
        op.settledSimple(r - 1, total, value, work.scratch, b);
      }
      value *= lift;
      hi = (float) value;
      lo = (float) (value - hi);
      i += source.stride;
      o += sink.stride;
      int free = b;
      b = a;
      a = free;
      q++;
    } while (goesOn);
    begin(q - 1).isOdd = isPlain && !turn.plain;
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
      kind |= due.results();
    }
    if (kind != 0) {
      work.loops.turn(kind, turn);
    }
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
}
