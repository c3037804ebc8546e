package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Targets;
import io.softlane.internal.loops.Turn;

/** Log-softmax's backward pass, whose exponentials pass through scratch. */
public final class Backward {
  /**
   * The exponent k of its terms: log-probabilities below -103.9, of a probability that rounds to
   * zero, are below the terms' range, and what is above 71 beyond it.
   */
  private static final int K = 24;

  private static final int PART = 2048;

  private final Targets a = new Targets();

  /**
   * {@code out = exp(l) * -sum - -u} of a row.
   *
   * @param work whose source is l, and whose sink is out
   * @param u the upstream gradient, from j on, which sums to {@code sum}
   */
  public void logSoftmax(Work work, int r, float[] u, int j, double sum) {
    Loops loops = work.loops;
    Turn turn = work.turn;
    int n = work.source.cols;
    a.y = u;
    a.scaledSlope = -1;
    a.scaledBase = 0;
    for (int c = 0; c < n; c += PART) {
      int some = Math.min(PART, n - c);
      work.source.read(turn, r, c, some, 0);
      turn.n = some;
      turn.s = work.scratch;
      turn.a = 0;
      turn.k = K;
      turn.shift = 0;
      loops.turn(Kind.TERMS | Kind.CLAMPED, turn);
      a.j = j + c;
      work.sink.write(turn, r, c);
      loops.gradient(a, work.scratch, 0, some, Math.scalb(-sum, -K), 1, turn.out, turn.o);
    }
    a.release();
  }
}
