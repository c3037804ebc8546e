package io.softlane.internal.rows;

import io.softlane.Rows;
import io.softlane.internal.loops.Exp;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Logs;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Targets;
import io.softlane.internal.loops.Turn;
import io.softlane.internal.loops.Window;

/**
 * One row of an array a call: the same stages, and the same bits, as {@link Work} has, whose
 * setting up takes longer than the row (64 columns: 77 ns with it, 45 without, Zen 5). Of up to 32
 * columns, all of it is in {@link Loops#few}, but for rows that are not plain, and gradients in
 * place.
 *
 * <p>False or NaN, with nothing written, where a call is of another kind, or the row's terms were
 * not right, or a clamp was not tried; then it is to be done as any other.
 */
public final class Few {
  /** The most columns that {@link Loops#few} may do. */
  private static final int FEW = 2 * Loops.GROUP;

  /**
   * After a row that needed the clamp, so many calls begin with it; after one that it did not
   * serve, so many do without. (Rows that {@link Loops#few} has done do not count.)
   */
  private static final int CLAMPS = 16;

  private Few() {}

  private static boolean is(Object logits, Rows in) {
    return in.rows() == 1 && in.cols() <= Work.MEDIUM && logits instanceof float[];
  }

  public static boolean softmax(Loops loops, Object logits, Rows in, Object results, Rows out) {
    if (!is(logits, in)) {
      return false;
    }
    float[] x = (float[]) logits;
    float[] y = (float[]) results;
    Work work = Work.take(loops);
    double few = few(work, x, in, y, out);
    double sum = turns(work, x, in, few);
    if (sum != few) { // by turns, and results are still to be made
      scale(work, sum, y, out);
    }
    work.giveBack();
    return Window.holds(sum);
  }

  public static boolean logSoftmax(Loops loops, Object logits, Rows in, Object results, Rows out) {
    if (!is(logits, in)) {
      return false;
    }
    float[] x = (float[]) logits;
    Work work = Work.take(loops);
    double sum = sum(work, x, in);
    if (Window.holds(sum)) {
      double logSum = logSum(sum, x, in);
      Turn t = work.turn;
      t.with(logSum);
      t.x = x;
      t.j = (int) in.offset();
      write(work, Kind.SUBTRACT, (float[]) results, out);
    }
    work.giveBack();
    return Window.holds(sum);
  }

  /** One log-sum-exp, to its row's number. */
  public static boolean logSumExp(Loops loops, Object logits, Rows in, float[] lse) {
    if (!is(logits, in)) {
      return false;
    }
    float[] x = (float[]) logits;
    Work work = Work.take(loops);
    double sum = sum(work, x, in);
    work.giveBack();
    if (Window.holds(sum)) {
      lse[in.firstRow()] = (float) logSum(sum, x, in);
    }
    return Window.holds(sum);
  }

  /**
   * The loss of a label that counts and has all of the target, without a weight or a z-loss; and
   * its gradient, unless that is null.
   */
  public static float loss(
      Loops loops, Object logits, Rows in, int label, Object gradient, Rows out) {
    if (!is(logits, in)) {
      return Float.NaN;
    }
    float[] x = (float[]) logits;
    float[] g = (float[]) gradient;
    Work work = Work.take(loops);
    // In place the results would overwrite logits that are still needed.
    double few = g == x ? Double.NaN : few(work, x, in, g, out);
    double sum = turns(work, x, in, few);
    float loss = Float.NaN;
    if (Window.holds(sum)) {
      float logit = x[(int) in.offset() + label];
      float term = term(logit);
      double exact = Targets.loss(1, 0, logSum(sum, x, in), logit);
      loss = exact < 0 ? 0 : (float) exact;
      if (g != null) {
        if (sum != few) {
          scale(work, sum, g, out);
        }
        g[(int) out.offset() + label] = LossTerms.gradient(term, 1 / sum, 1);
      }
    }
    work.giveBack();
    return loss;
  }

  /** The log-sum-exp of a row whose sum is right, as {@link Operation#logSum} has it. */
  private static double logSum(double sum, float[] x, Rows in) {
    int i = (int) in.offset();
    if ((float) sum == sum) {
      float max = x[i];
      for (int c = 1; c < in.cols(); c++) {
        max = Math.max(max, x[i + c]);
      }
      if (term(max) == sum) {
        return max;
      }
    }
    return Logs.logSum(sum, Window.K);
  }

  private static float term(float logit) {
    return Exp.scaled(logit, Exp.rounder(Window.K), Exp.floor(Window.K));
  }

  /** {@link Loops#few}; NaN where the row is none of these. */
  private static double few(Work work, float[] x, Rows in, float[] y, Rows out) {
    int n = in.cols();
    return n > FEW
        ? Double.NaN
        : work.loops.few(x, (int) in.offset(), n, work.scratch, y, (int) out.offset());
  }

  /** The sum of a row's terms; outside the {@link Window} where they are not right. */
  private static double sum(Work work, float[] x, Rows in) {
    return turns(work, x, in, few(work, x, in, null, in));
  }

  /**
   * The sum: what {@link Loops#few} has found, if it is finite; else by turns, plain or clamped,
   * and then the terms are in scratch. Outside the window where it is not right.
   */
  private static double turns(Work work, float[] x, Rows in, double few) {
    if (few <= Double.MAX_VALUE) {
      return few;
    }
    int clamps = work.clamps;
    work.clamps = clamps - Integer.signum(clamps);
    double sum = Double.NaN;
    if (few != few && clamps <= 0) {
      sum = turns(work, x, in, Kind.TERMS);
      if (Window.holds(sum)) {
        return sum;
      }
    }
    if (clamps < 0) {
      return sum;
    }
    sum = turns(work, x, in, Kind.TERMS | Kind.CLAMPED);
    if (!Window.holds(sum)) {
      work.clamps = -CLAMPS;
    } else if (clamps == 0) {
      work.clamps = CLAMPS;
    }
    return sum;
  }

  private static double turns(Work work, float[] x, Rows in, int terms) {
    Turn t = work.turn;
    t.x = x;
    t.i = (int) in.offset();
    t.put(work.scratch);
    t.shift = 0;
    t.k = Window.K;
    double sum = Alone.sum(work.loops, terms, t, in.cols(), 0);
    t.x = null;
    return sum;
  }

  /** The terms in scratch over their sum, if that is right. */
  private static void scale(Work work, double sum, float[] y, Rows out) {
    if (!Window.holds(sum)) {
      return;
    }
    Turn t = work.turn;
    t.with(Kind.LIFT / sum);
    t.d = 0;
    write(work, Kind.SCALE | Kind.LIFTED, y, out);
  }

  private static void write(Work work, int kind, float[] y, Rows out) {
    Turn t = work.turn;
    t.n = out.cols();
    t.out = y;
    t.o = (int) out.offset();
    work.loops.turn(kind, t);
    t.x = null;
    t.out = null;
  }
}
