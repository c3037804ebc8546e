package io.softlane.internal.rows;

import io.softlane.Rows;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Logs;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.ScalarLoops;
import io.softlane.internal.loops.Turn;

/**
 * One plain row of an array a call: the same stages, and the same bits, as {@link Work} has, whose
 * setting up takes longer than the row (64 columns: 77 ns with it, 45 without, Zen 5).
 *
 * <p>False, with nothing written, where a call is of another kind, or the anchor 0 may not serve
 * the row as a plain one; then it is to be done as any other.
 */
public final class Few {
  private Few() {}

  private static boolean is(Rows in) {
    return in.rows() == 1 && in.cols() <= Work.MEDIUM;
  }

  public static boolean softmax(Loops loops, Object logits, Rows in, Object results, Rows out) {
    if (!is(in) || !(logits instanceof float[] x) || !(results instanceof float[] y)) {
      return false;
    }
    Work work = Work.take(loops);
    Turn t = work.turn;
    double sum = sum(work, x, in);
    if (!Window.holds(sum)) {
      work.giveBack();
      return false;
    }
    double factor = Kind.LIFT / sum;
    t.hi = (float) factor;
    t.lo = (float) (factor - t.hi);
    t.d = 0;
    write(work, Kind.SCALE | Kind.LIFTED, y, out);
    return true;
  }

  public static boolean logSoftmax(Loops loops, Object logits, Rows in, Object results, Rows out) {
    if (!is(in) || !(logits instanceof float[] x) || !(results instanceof float[] y)) {
      return false;
    }
    Work work = Work.take(loops);
    Turn t = work.turn;
    double sum = sum(work, x, in);
    if (!Window.holds(sum) || isOne(sum, in)) {
      work.giveBack();
      return false;
    }
    double logSum = logSum(sum, x, in);
    t.hi = (float) logSum;
    t.lo = (float) (logSum - t.hi);
    t.x = x;
    t.j = (int) in.offset();
    write(work, Kind.SUBTRACT, y, out);
    return true;
  }

  /** One log-sum-exp, to its row's number. */
  public static boolean logSumExp(Loops loops, Object logits, Rows in, float[] lse) {
    if (!is(in) || !(logits instanceof float[] x)) {
      return false;
    }
    Work work = Work.take(loops);
    double sum = sum(work, x, in);
    work.giveBack();
    if (!Window.holds(sum) || isOne(sum, in)) {
      return false;
    }
    lse[in.firstRow()] = (float) logSum(sum, x, in);
    return true;
  }

  /** Whether one term of several may be the sum, of which {@link Operation#logSum} knows. */
  private static boolean isOne(double sum, Rows in) {
    return in.cols() > 1 && (float) sum == sum;
  }

  private static double logSum(double sum, float[] x, Rows in) {
    return in.cols() == 1 ? x[(int) in.offset()] : Logs.logSum(sum, Window.K);
  }

  /** Terms, to scratch, and their sum; NaN where they are not right. */
  private static double sum(Work work, float[] x, Rows in) {
    int n = in.cols();
    Turn t = work.turn;
    t.n = n;
    t.x = x;
    t.i = (int) in.offset();
    t.put(work.scratch);
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

  private static void write(Work work, int kind, float[] y, Rows out) {
    Turn t = work.turn;
    t.out = y;
    t.o = (int) out.offset();
    work.loops.turn(kind, t);
    t.x = null;
    t.out = null;
    work.giveBack();
  }
}
