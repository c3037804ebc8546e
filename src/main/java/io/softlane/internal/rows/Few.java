package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Logs;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.ScalarLoops;
import io.softlane.internal.loops.Turn;

/**
 * One plain row of an array a call: the same stages, and the same bits, as {@link Work} has, whose
 * setting up takes longer than the row (64 columns: 77 ns with it, 45 without, Zen 5).
 *
 * <p>False, with nothing written, where the anchor 0 may not serve the row as a plain one; then it
 * is to be done as any row.
 */
public final class Few {
  /** The most columns. */
  public static final int COLS = 2048;

  private Few() {}

  public static boolean softmax(Loops loops, float[] x, int i, int n, float[] out, int o) {
    Work work = Work.take(loops);
    Turn t = work.turn;
    double sum = sum(work, x, i, n);
    if (!Window.holds(sum)) {
      work.giveBack();
      return false;
    }
    double factor = Kind.LIFT / sum;
    t.hi = (float) factor;
    t.lo = (float) (factor - t.hi);
    t.d = 0;
    write(work, Kind.SCALE | Kind.LIFTED, out, o);
    return true;
  }

  public static boolean logSoftmax(Loops loops, float[] x, int i, int n, float[] out, int o) {
    Work work = Work.take(loops);
    Turn t = work.turn;
    double sum = sum(work, x, i, n);
    if (!Window.holds(sum) || isOne(sum, n)) {
      work.giveBack();
      return false;
    }
    double logSum = logSum(sum, x, i, n);
    t.hi = (float) logSum;
    t.lo = (float) (logSum - t.hi);
    t.x = x;
    t.j = i;
    write(work, Kind.SUBTRACT, out, o);
    return true;
  }

  /** One log-sum-exp, to its place. */
  public static boolean logSumExp(Loops loops, float[] x, int i, int n, float[] lse, int r) {
    Work work = Work.take(loops);
    double sum = sum(work, x, i, n);
    work.giveBack();
    if (!Window.holds(sum) || isOne(sum, n)) {
      return false;
    }
    lse[r] = (float) logSum(sum, x, i, n);
    return true;
  }

  /** Whether one term of several may be the sum, of which {@link Operation#logSum} knows. */
  private static boolean isOne(double sum, int n) {
    return n > 1 && (float) sum == sum;
  }

  private static double logSum(double sum, float[] x, int i, int n) {
    return n == 1 ? x[i] : Logs.logSum(sum, Window.K);
  }

  /** Terms, to scratch, and their sum; NaN where they are not right. */
  private static double sum(Work work, float[] x, int i, int n) {
    Turn t = work.turn;
    t.n = n;
    t.x = x;
    t.i = i;
    t.s = work.scratch;
    t.a = 0;
    t.k = Window.K;
    work.loops.turn(Kind.TERMS, t);
    t.x = null;
    if (!t.plain) {
      return Double.NaN;
    }
    if (n < Loops.GROUP) {
      return ScalarLoops.sumOfTerms(t.s, 0, n);
    }
    t.b = 0;
    t.all = n;
    t.isFirst = true;
    work.loops.turn(Kind.SUM, t);
    return t.total();
  }

  private static void write(Work work, int kind, float[] out, int o) {
    Turn t = work.turn;
    t.out = out;
    t.o = o;
    work.loops.turn(kind, t);
    t.x = null;
    t.out = null;
    work.giveBack();
  }
}
