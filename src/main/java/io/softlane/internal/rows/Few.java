package io.softlane.internal.rows;

import io.softlane.Rows;
import io.softlane.SoftmaxOptions;
import io.softlane.internal.loops.Exp;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Logs;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Targets;
import io.softlane.internal.loops.Turn;
import io.softlane.internal.loops.Window;
import java.lang.foreign.MemorySegment;

/**
 * One row a call, of an array or native memory, with or without a scale and a mask: the same stages
 * and bits as {@link Work} has, whose setting up takes as long as a short row (100 columns on a Zen
 * 4: with a scale 117 ns with it, 80 without, native 138 and 95). Of few columns of an array,
 * without options, {@link Loops#few} has the terms, their sum and what is made of both, but for
 * rows that are not plain, and gradients in place.
 *
 * <p>False or NaN, with nothing written, where a call is of another kind, or the row's terms were
 * not right; then it is to be done as any other. The {@link Ladder} knows from which rung on.
 */
public final class Few {
  private static final SoftmaxOptions PLAIN = SoftmaxOptions.DEFAULT;

  private Few() {}

  private static boolean is(Object logits, Rows in, SoftmaxOptions options) {
    return in.rows() == 1
        && in.cols() <= Work.MEDIUM
        && (options == PLAIN || Source.isSimple(options))
        && isAtHand(logits);
  }

  /** Whether a batch is an array, or native memory, and no copies are to be made of it. */
  private static boolean isAtHand(Object batch) {
    return batch instanceof float[] || batch instanceof MemorySegment g && Memory.isDirect(g);
  }

  public static boolean softmax(
      Loops loops, Object logits, Rows in, SoftmaxOptions options, Object results, Rows out) {
    if (!is(logits, in, options) || !isAtHand(results)) {
      return false;
    }
    Work work = take(loops);
    try {
      double few = few(work, logits, in, options, results, out);
      double sum = turns(work, logits, in, options, few);
      if (sum != few) { // by turns, and results are still to be made
        scale(work, sum, results, out);
      }
      return Window.holds(sum);
    } finally {
      end(work);
    }
  }

  public static boolean logSoftmax(
      Loops loops, Object logits, Rows in, SoftmaxOptions options, Object results, Rows out) {
    if (!is(logits, in, options) || !isAtHand(results)) {
      return false;
    }
    Work work = take(loops);
    try {
      double sum = sum(work, logits, in, options);
      if (Window.holds(sum)) {
        double logSum = logSum(work, sum, logits, in, options);
        int kind = read(work.turn, logits, in, options);
        work.turn.with(logSum);
        write(work, Kind.SUBTRACT | kind, results, out);
      }
      return Window.holds(sum);
    } finally {
      end(work);
    }
  }

  /** The largest logit, to its row's number. (100 columns: 10 ns, 31 with all of a work. Zen 4.) */
  public static boolean max(Loops loops, Object logits, Rows in, float[] max) {
    if (!is(logits, in, PLAIN)) {
      return false;
    }
    max[in.firstRow()] = max(loops, logits, in);
    return true;
  }

  /** Where that is, to its row's number; of an array alone. */
  public static boolean argmax(Loops loops, Object logits, Rows in, int[] argmax) {
    if (!is(logits, in, PLAIN) || !(logits instanceof float[] x)) {
      return false;
    }
    float max = max(loops, x, in);
    argmax[in.firstRow()] = Extremes.find(loops, x, (int) in.offset(), in.cols(), max);
    return true;
  }

  private static float max(Loops loops, Object logits, Rows in) {
    if (logits instanceof float[] x) {
      return loops.max(x, (int) in.offset(), in.cols());
    }
    Work work = Work.take(loops);
    try {
      return max(work, logits, in, PLAIN);
    } finally {
      end(work);
    }
  }

  private static float max(Work work, Object logits, Rows in, SoftmaxOptions options) {
    Turn t = work.turn;
    t.n = in.cols();
    work.loops.turn(Kind.MAX | read(t, logits, in, options), t);
    return t.max;
  }

  /** One log-sum-exp, to its row's number. */
  public static boolean logSumExp(
      Loops loops, Object logits, Rows in, SoftmaxOptions options, float[] lse) {
    if (!is(logits, in, options)) {
      return false;
    }
    Work work = take(loops);
    try {
      double sum = sum(work, logits, in, options);
      if (Window.holds(sum)) {
        lse[in.firstRow()] = (float) logSum(work, sum, logits, in, options);
      }
      return Window.holds(sum);
    } finally {
      end(work);
    }
  }

  /** One entropy, to its row's number. (100 columns: 80 ns, 112 with all of a work. Zen 4.) */
  public static boolean entropy(Loops loops, float[] x, Rows in, float[] entropy) {
    if (!is(x, in, PLAIN)) {
      return false;
    }
    Work work = take(loops);
    try {
      double sum = sum(work, x, in, PLAIN);
      if (Window.holds(sum)) {
        entropy[in.firstRow()] = entropy(work, sum, x, in);
      }
      return Window.holds(sum);
    } finally {
      end(work);
    }
  }

  /** Of the terms in scratch, whose sum is right; see {@link Entropy}. */
  private static float entropy(Work work, double sum, float[] x, Rows in) {
    float one = one(work, sum, x, in, PLAIN);
    if (one == one) {
      return 0;
    }
    int n = in.cols();
    float[] scores = x;
    int i = (int) in.offset();
    if (work.ladder.first(0) != Ladder.PLAIN) {
      work.loops.clamp(x, i, n, 0, Exp.floor(Window.K), work.scratch, Work.SLOT);
      scores = work.scratch;
      i = Work.SLOT;
    }
    double products = work.loops.dot(work.scratch, 0, scores, i, n, work.lanes);
    return Entropy.of(Logs.logSum(sum, Window.K), products, sum);
  }

  /**
   * The loss of a label that counts and has all of the target, without a weight or a z-loss; and
   * its gradient, unless that is null.
   */
  public static float loss(
      Loops loops, Object logits, Rows in, int label, Object gradient, Rows out) {
    if (!is(logits, in, PLAIN) || gradient != null && !isAtHand(gradient)) {
      return Float.NaN;
    }
    Work work = take(loops);
    try {
      // In place the results would overwrite logits that are still needed.
      boolean isInPlace = gradient == logits;
      double few = isInPlace ? Double.NaN : few(work, logits, in, PLAIN, gradient, out);
      double sum = turns(work, logits, in, PLAIN, few);
      if (!Window.holds(sum)) {
        return Float.NaN;
      }
      float logit = logit(logits, in.offset() + label);
      double loss = Targets.loss(1, 0, logSum(work, sum, logits, in, PLAIN), logit);
      if (gradient != null) {
        if (sum != few) {
          scale(work, sum, gradient, out);
        }
        put(gradient, out.offset() + label, LossTerms.gradient(term(logit), 1 / sum, 1));
      }
      return loss < 0 ? 0 : (float) loss;
    } finally {
      end(work);
    }
  }

  private static Work take(Loops loops) {
    Work work = Work.take(loops);
    work.ladder.begin(0, 1);
    return work;
  }

  /** Lets go of what belongs to the caller. */
  private static void end(Work work) {
    work.turn.release();
    work.giveBack();
  }

  private static float logit(Object logits, long i) {
    return logits instanceof float[] x
        ? x[(int) i]
        : ((MemorySegment) logits).get(Turn.FLOAT, i * Float.BYTES);
  }

  private static void put(Object results, long o, float value) {
    if (results instanceof float[] y) {
      y[(int) o] = value;
    } else {
      ((MemorySegment) results).set(Turn.FLOAT, o * Float.BYTES, value);
    }
  }

  /** Lets a turn read the scores, and says of what kind they are. */
  private static int read(Turn t, Object logits, Rows in, SoftmaxOptions options) {
    int kind = 0;
    if (logits instanceof float[] x) {
      t.x = x;
      t.i = (int) in.offset();
      t.j = t.i;
    } else {
      t.g = (MemorySegment) logits;
      t.at = in.offset() * Float.BYTES;
      t.from = t.at;
      kind = Kind.FROM;
    }
    if (options == PLAIN) {
      return kind;
    }
    t.scale = options.scale();
    kind |= t.scale == 1 ? 0 : Kind.SCALED;
    if (options.mask() == null) {
      return kind;
    }
    t.mask = options.mask();
    t.m = Source.mask(options, in.firstRow());
    t.mj = t.m;
    return kind | Kind.MASKED;
  }

  /** Makes a row's results. */
  private static void write(Work work, int kind, Object results, Rows out) {
    Turn t = work.turn;
    t.n = out.cols();
    if (results instanceof float[] y) {
      t.out = y;
      t.o = (int) out.offset();
      work.loops.turn(kind, t);
    } else {
      t.w = (MemorySegment) results;
      t.to = out.offset() * Float.BYTES;
      work.loops.turn(kind | Kind.TO, t);
    }
  }

  /** The log-sum-exp of a row whose sum is right, as {@link Operation#logSum} has it. */
  private static double logSum(
      Work work, double sum, Object logits, Rows in, SoftmaxOptions options) {
    float one = one(work, sum, logits, in, options);
    return one == one ? one : Logs.logSum(sum, Window.K);
  }

  /** The score whose term is all of a sum that is right; NaN where none is. */
  private static float one(Work work, double sum, Object logits, Rows in, SoftmaxOptions options) {
    if ((float) sum == sum) {
      float max = max(work, logits, in, options);
      if (term(max) == sum) {
        return max;
      }
    }
    return Float.NaN;
  }

  private static float term(float score) {
    return Exp.scaled(score, Exp.rounder(Window.K), Exp.floor(Window.K));
  }

  /** {@link Loops#few}; NaN where the row is none of these. */
  private static double few(
      Work work, Object logits, Rows in, SoftmaxOptions options, Object results, Rows out) {
    int n = in.cols();
    return n <= Loops.SHORT
            && options == PLAIN
            && logits instanceof float[] x
            && work.ladder.first(0) == Ladder.PLAIN
        ? work.loops.few(
            x, (int) in.offset(), n, work.scratch, (float[]) results, (int) out.offset())
        : Double.NaN;
  }

  /** The sum of a row's terms, in scratch; outside the {@link Window} where they are not right. */
  private static double sum(Work work, Object logits, Rows in, SoftmaxOptions options) {
    return turns(work, logits, in, options, few(work, logits, in, options, null, in));
  }

  /**
   * The sum: what {@link Loops#few} has found, if it is finite; else by turns, plain or clamped,
   * and then the terms are in scratch. Outside the window where it is not right.
   */
  private static double turns(
      Work work, Object logits, Rows in, SoftmaxOptions options, double few) {
    double sum = few <= Double.MAX_VALUE ? few : Double.NaN;
    if (Window.holds(sum)) {
      return sum;
    }
    Ladder ladder = work.ladder;
    int rung = ladder.first(0);
    if (few != few && rung == Ladder.PLAIN) {
      sum = termsAndSum(work, logits, in, options, Kind.TERMS);
      if (Window.holds(sum)) {
        return sum;
      }
    }
    if (sum != sum && rung != Ladder.ANCHORED) { // terms, and not their sum, are wrong
      sum = termsAndSum(work, logits, in, options, Kind.TERMS | Kind.CLAMPED);
    }
    boolean holds = Window.holds(sum);
    ladder.ended(0, 1, holds ? Ladder.CLAMPED : Ladder.ANCHORED);
    if (!holds) {
      ladder.again();
    }
    return sum;
  }

  private static double termsAndSum(
      Work work, Object logits, Rows in, SoftmaxOptions options, int terms) {
    Turn t = work.turn;
    int kind = terms | read(t, logits, in, options);
    t.put(work.scratch);
    t.shift = 0;
    t.k = Window.K;
    return Alone.sum(work.loops, kind, t, in.cols(), 0);
  }

  /** The terms in scratch over their sum, if that is right. */
  private static void scale(Work work, double sum, Object results, Rows out) {
    if (!Window.holds(sum)) {
      return;
    }
    Turn t = work.turn;
    t.with(Kind.LIFT / sum);
    t.d = 0;
    write(work, Kind.SCALE | Kind.LIFTED, results, out);
  }
}
