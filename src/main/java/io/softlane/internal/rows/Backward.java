package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Targets;
import io.softlane.internal.loops.Turn;

/** Log-softmax's backward pass, whose exponentials pass through scratch. */
public final class Backward {
  /**
   * The exponent k of its terms: log-probabilities below -103.9, of a probability that rounds to
   * zero, are below the terms' range, and what is above 71 beyond it.
   */
  private static final int K = 24;

  private final Work work;
  private final Targets a = new Targets();

  Backward(Work work) {
    this.work = work;
    a.scaledSlope = -1;
  }

  /** The source's rows are l; the second input's, u, the upstream gradient. */
  public void run() {
    a.y = work.second.x;
    for (int r = work.source.first; r < work.source.end; r++) {
      int j = work.second.start(r);
      row(r, j, work.loops.sum(a.y, j, work.source.cols, work.lanes));
    }
    a.release();
  }

  /** {@code out = exp(l) * -sum - -u} of a row whose u begins at j, and has this sum. */
  private void row(int r, int j, double sum) {
    Turn turn = work.turn;
    int n = work.source.cols;
    for (int c = 0; c < n; c += Work.MEDIUM) {
      int some = Math.min(Work.MEDIUM, n - c);
      work.source.read(turn, r, c, some, 0);
      turn.n = some;
      turn.put(work.scratch);
      turn.a = 0;
      turn.k = K;
      turn.shift = 0;
      work.loops.turn(Kind.TERMS | Kind.CLAMPED, turn);
      a.j = j + c;
      work.sink.write(turn, r, c);
      work.loops.gradient(a, work.scratch, 0, some, Math.scalb(-sum, -K), 1, turn.out, turn.o);
    }
  }
}
