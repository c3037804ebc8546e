package io.softlane.internal.calls;

import io.softlane.CrossEntropy;
import io.softlane.Loss;
import io.softlane.Rows;
import io.softlane.SoftmaxOptions;
import io.softlane.internal.ClassWeights;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Tanh;
import io.softlane.internal.rows.Few;
import io.softlane.internal.rows.Work;
import java.util.function.Consumer;

/**
 * What every call does: its arguments are checked, a {@link Work} is told them, and an operation
 * does the rows, on the calling thread or with a {@link Team}. Here are the building blocks, and
 * those operations whose batches may be arrays or segments.
 *
 * <p>Names are the kernels': logits x, probabilities p and their logarithms l, targets y, upstream
 * gradients u, gradients g.
 */
public abstract class Calls {
  protected static final SoftmaxOptions PLAIN = SoftmaxOptions.DEFAULT;

  protected final Loops loops;

  /** Who does the rows beside the caller; null for nobody. */
  protected final Team team;

  /** The same without a team; null where there is none. */
  private final Calls alone;

  protected Calls(Loops loops, Team team, Calls alone) {
    this.loops = loops;
    this.team = team;
    this.alone = alone;
  }

  /** A work for rows of logits, which is to be told what else there is, and then run. */
  protected final Work work(Object x, Rows in, SoftmaxOptions options) {
    return Work.take(loops).from(x, in, options);
  }

  protected final Work work(Object x, Rows in) {
    return work(x, in, PLAIN);
  }

  /** Does all rows of a work, and closes it. The operation captures nothing: no call allocates. */
  protected final void run(Work work, Consumer<Work> operation) {
    try (work) {
      int parts = parts(work);
      if (parts == 1) {
        operation.accept(work);
      } else {
        share(work, parts, operation);
      }
    }
  }

  private int parts(Work work) {
    return team == null ? 1 : team.parts(work);
  }

  /** Does the rows in parts, each with a work of the thread that does it. */
  private void share(Work work, int parts, Consumer<Work> operation) {
    team.run(work.first(), work.rows(), parts, (a, b) -> part(work, a, b, operation));
  }

  private void part(Work work, int from, int end, Consumer<Work> operation) {
    Work mine = Work.take(loops); // the caller's own, where it is the caller who does the part
    try {
      operation.accept(mine.like(work, from, end));
    } finally {
      if (mine != work) {
        mine.close();
      }
    }
  }

  // ---- building blocks: a loop or two over each row where it lies ----

  /** Whether rows are shared. They tell no work: a part of a call is the same call on a slice. */
  private boolean isShared(Rows in) {
    return team != null && team.parts(in.rows(), in.cols()) > 1;
  }

  private void share(Rows in, Team.Part part) {
    team.run(0, in.rows(), team.parts(in.rows(), in.cols()), part);
  }

  /** Where row r begins, in an array that the batch fits. */
  private static int at(Rows rows, int r) {
    return (int) (rows.offset() + r * rows.stride());
  }

  public void expSum(float[] x, Rows in, float[] shift, float[] exps, Rows out, float[] sum) {
    Batches.expSum(x, in, shift, exps, out, sum);
    if (isShared(in)) {
      share(in, (a, b) -> alone.expSum(x, in.slice(a, b), shift, exps, out.slice(a, b), sum));
      return;
    }
    try (Work work = Work.take(loops)) {
      for (int r = 0; r < in.rows(); r++) {
        int number = in.firstRow() + r;
        loops.exps(x, at(in, r), in.cols(), shift[number], exps, at(out, r));
        sum[number] = (float) loops.sum(exps, at(out, r), in.cols(), work.lanes);
      }
    }
  }

  public void normalize(float[] values, Rows in, float[] sum, float[] normalized, Rows out) {
    Batches.normalize(values, in, sum, normalized, out);
    if (isShared(in)) {
      share(
          in, (a, b) -> alone.normalize(values, in.slice(a, b), sum, normalized, out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      float divisor = sum[in.firstRow() + r];
      loops.divide(values, at(in, r), in.cols(), divisor, normalized, at(out, r));
    }
  }

  public void subtractOneHot(float[] p, Rows in, int[] labels, float[] g, Rows out) {
    Batches.map("probabilities", p, in, "gradient", g, out);
    Batches.labels(labels, in, CrossEntropy.DEFAULT);
    if (isShared(in)) {
      share(in, (a, b) -> alone.subtractOneHot(p, in.slice(a, b), labels, g, out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      System.arraycopy(p, at(in, r), g, at(out, r), in.cols());
      g[at(out, r) + labels[in.firstRow() + r]] -= 1;
    }
  }

  public void subtract(float[] p, Rows in, float[] y, Rows yRows, float[] g, Rows out) {
    Batches.map("probabilities", p, in, "gradient", g, out);
    Batches.second("targets", y, yRows, in, "gradient", g, out);
    if (isShared(in)) {
      share(
          in,
          (a, b) -> alone.subtract(p, in.slice(a, b), y, yRows.slice(a, b), g, out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      int j = at(yRows, r);
      loops.subtract(p, at(in, r), y, j, in.cols(), g, at(out, r));
    }
  }

  public void softmaxBackward(float[] p, Rows in, float[] u, Rows uRows, float[] g, Rows out) {
    Batches.map("probabilities", p, in, "gradient", g, out);
    Batches.second("upstream", u, uRows, in, "gradient", g, out);
    if (isShared(in)) {
      share(
          in,
          (a, b) ->
              alone.softmaxBackward(p, in.slice(a, b), u, uRows.slice(a, b), g, out.slice(a, b)));
      return;
    }
    int n = in.cols();
    try (Work work = Work.take(loops)) {
      for (int r = 0; r < in.rows(); r++) {
        int i = at(in, r);
        int j = at(uRows, r);
        double dot = loops.dot(p, i, u, j, n, work.lanes);
        loops.backward(p, i, u, j, n, dot, g, at(out, r));
      }
    }
  }

  public void softcap(float[] x, Rows in, float cap, float[] capped, Rows out) {
    Batches.map("logits", x, in, "capped", capped, out);
    Tanh.requireCap(cap);
    if (isShared(in)) {
      share(in, (a, b) -> alone.softcap(x, in.slice(a, b), cap, capped, out.slice(a, b)));
      return;
    }
    try (Work work = Work.take(loops)) {
      Tanh tanh = work.tanh(cap);
      for (int r = 0; r < in.rows(); r++) {
        loops.softcap(x, at(in, r), in.cols(), 1, tanh, capped, at(out, r));
      }
    }
  }

  // ---- operations on arrays and segments ----

  protected final void maxima(Object x, Rows in, float[] max) {
    Segments.perRow(x, in, "max", max);
    if (!Few.max(loops, x, in, max)) {
      run(work(x, in).perRow(null, max), w -> w.extremes.max());
    }
  }

  protected final void places(Object x, Rows in, int[] argmax) {
    Segments.perRow(x, in, "argmax", argmax);
    if (!Few.argmax(loops, x, in, argmax)) {
      run(work(x, in).perRow(argmax, null), w -> w.extremes.argmax());
    }
  }

  protected final void logSums(Object x, Rows in, SoftmaxOptions options, float[] lse) {
    Segments.perRow(x, in, "lse", lse);
    if (options != PLAIN) {
      Batches.options(options, in, "lse", lse);
    }
    if (!Few.logSumExp(loops, x, in, options, lse)) {
      run(work(x, in, options).perRow(null, lse), w -> w.run(w.logSumExp));
    }
  }

  protected final void probabilities(
      Object x, Rows in, SoftmaxOptions options, Object p, Rows out) {
    Segments.map(x, in, "probabilities", p, out);
    if (options != PLAIN) {
      Segments.options(options, in, "probabilities", p, out);
    }
    if (!Few.softmax(loops, x, in, options, p, out)) {
      run(work(x, in, options).to(p, out), w -> w.run(w.softmax));
    }
  }

  protected final void logProbabilities(
      Object x, Rows in, SoftmaxOptions options, Object l, Rows out) {
    Segments.map(x, in, "logProbabilities", l, out);
    if (options != PLAIN) {
      Segments.options(options, in, "logProbabilities", l, out);
    }
    if (!Few.logSoftmax(loops, x, in, options, l, out)) {
      run(work(x, in, options).to(l, out), w -> w.run(w.logSoftmax));
    }
  }

  // ---- losses ----

  /** Of class labels. */
  protected final Loss loss(Object x, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    Segments.losses(x, in, losses);
    double weight = Batches.labels(labels, in, options);
    float one = isBare(in, options, weight) ? one(x, in, labels, losses, null, in) : Float.NaN;
    if (one == one) {
      return new Loss(one, 1);
    }
    return loss(work(x, in).perRow(labels, losses), in, options, weight);
  }

  protected final Loss gradient(
      Object x, Rows in, int[] labels, CrossEntropy options, float[] losses, Object g, Rows out) {
    Segments.gradient(x, in, losses, g, out);
    double weight = Batches.labels(labels, in, options);
    Segments.apart("labels", labels, in, "gradient", g, out);
    float one = isBare(in, options, weight) ? one(x, in, labels, losses, g, out) : Float.NaN;
    if (one == one) {
      return new Loss(one, 1);
    }
    Work work = work(x, in).perRow(labels, losses);
    return loss(work.to(g, out), in, options, weight);
  }

  /** Whether a call is of one row, which counts, and whose label has all of the target. */
  private static boolean isBare(Rows in, CrossEntropy options, double weight) {
    return in.rows() == 1
        && weight == 1
        && ClassWeights.of(options) == null
        && options.labelSmoothing() == 0
        && options.zLoss() == 0;
  }

  /** The loss of such a row, and its gradient; NaN where it is to be done as any other. */
  protected final float one(Object x, Rows in, int[] labels, float[] losses, Object g, Rows out) {
    float loss = Few.loss(loops, x, in, labels[in.firstRow()], g, out);
    if (losses != null && loss == loss) {
      losses[in.firstRow()] = loss;
    }
    return loss;
  }

  /** Of a work that knows all but this, with the weight of all rows. */
  protected final Loss loss(Work work, Rows in, CrossEntropy options, double weight) {
    try (work) {
      work.loss(options, weight);
      int parts = parts(work);
      if (parts == 1) {
        work.losses.run();
        return new Loss(work.losses.total(), weight);
      }
      work.keepValues();
      share(work, parts, w -> w.losses.run());
      return new Loss(work.total(in.firstRow(), Batches.number(in)), weight);
    }
  }
}
