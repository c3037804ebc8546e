package io.softlane;

import io.softlane.internal.loops.Loops;
import io.softlane.internal.rows.Few;
import io.softlane.internal.rows.Work;
import java.util.function.Consumer;

/**
 * What every call does: its arguments are checked, a {@link Work} is told them, and an operation
 * does the rows, on the calling thread or with a {@link Team}. Here are those operations whose
 * batches may be arrays or segments.
 */
abstract class Calls {
  static final SoftmaxOptions PLAIN = SoftmaxOptions.DEFAULT;

  final Loops loops;

  /** Who does the rows beside the caller; null for nobody. */
  final Team team;

  /** The same without a team; null where there is none. */
  private final Calls alone;

  Calls(Loops loops, Team team, Calls alone) {
    this.loops = loops;
    this.team = team;
    this.alone = alone;
  }

  /** A work for rows of logits, which is to be told what else there is, and then run. */
  final Work work(Object logits, Rows in, SoftmaxOptions options) {
    return Work.take(loops).from(logits, in, options);
  }

  final Work work(Object logits, Rows in) {
    return work(logits, in, PLAIN);
  }

  /** Does all rows of a work, and closes it. The operation captures nothing: no call allocates. */
  final void run(Work work, Consumer<Work> operation) {
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

  // ---- building blocks: a loop over each row where it lies, with no scratch between ----

  /** Whether rows are shared. They need no work: a part of a call is the same call on a slice. */
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

  public void expSum(float[] logits, Rows in, float[] shift, float[] exps, Rows out, float[] sum) {
    Batches.expSum(logits, in, shift, exps, out, sum);
    if (isShared(in)) {
      share(in, (a, b) -> alone.expSum(logits, in.slice(a, b), shift, exps, out.slice(a, b), sum));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      int number = in.firstRow() + r;
      loops.exps(logits, at(in, r), in.cols(), shift[number], exps, at(out, r));
      sum[number] = (float) loops.sum(exps, at(out, r), in.cols());
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

  public void subtractOneHot(
      float[] probabilities, Rows in, int[] labels, float[] gradient, Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.labels(labels, in);
    if (isShared(in)) {
      share(
          in,
          (a, b) ->
              alone.subtractOneHot(
                  probabilities, in.slice(a, b), labels, gradient, out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      System.arraycopy(probabilities, at(in, r), gradient, at(out, r), in.cols());
      gradient[at(out, r) + labels[in.firstRow() + r]] -= 1;
    }
  }

  public void subtract(
      float[] probabilities,
      Rows in,
      float[] targets,
      Rows targetRows,
      float[] gradient,
      Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.second("targets", targets, targetRows, in, "gradient", gradient, out);
    if (isShared(in)) {
      share(
          in,
          (a, b) ->
              alone.subtract(
                  probabilities,
                  in.slice(a, b),
                  targets,
                  targetRows.slice(a, b),
                  gradient,
                  out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      int j = at(targetRows, r);
      loops.subtract(probabilities, at(in, r), targets, j, in.cols(), gradient, at(out, r));
    }
  }

  public void softmaxBackward(
      float[] probabilities,
      Rows in,
      float[] upstream,
      Rows upstreamRows,
      float[] gradient,
      Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.second("upstream", upstream, upstreamRows, in, "gradient", gradient, out);
    if (isShared(in)) {
      share(
          in,
          (a, b) ->
              alone.softmaxBackward(
                  probabilities,
                  in.slice(a, b),
                  upstream,
                  upstreamRows.slice(a, b),
                  gradient,
                  out.slice(a, b)));
      return;
    }
    int n = in.cols();
    for (int r = 0; r < in.rows(); r++) {
      int i = at(in, r);
      int j = at(upstreamRows, r);
      double dot = loops.dot(probabilities, i, upstream, j, n);
      loops.backward(probabilities, i, upstream, j, n, dot, gradient, at(out, r));
    }
  }

  public void softcap(float[] logits, Rows in, float cap, float[] capped, Rows out) {
    Batches.map("logits", logits, in, "capped", capped, out);
    SoftmaxOptions.cap(cap);
    if (isShared(in)) {
      share(in, (a, b) -> alone.softcap(logits, in.slice(a, b), cap, capped, out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      loops.softcap(logits, at(in, r), in.cols(), 1, cap, capped, at(out, r));
    }
  }

  // ---- operations on arrays and segments ----

  final void maxima(Object logits, Rows in, float[] max) {
    Segments.perRow(logits, in, "max", max);
    run(work(logits, in).perRow(null, max), w -> w.extremes.max());
  }

  final void places(Object logits, Rows in, int[] argmax) {
    Segments.perRow(logits, in, "argmax", argmax);
    run(work(logits, in).perRow(argmax, null), w -> w.extremes.argmax());
  }

  final void logSums(Object logits, Rows in, SoftmaxOptions options, float[] lse) {
    Segments.perRow(logits, in, "lse", lse);
    if (options != PLAIN) {
      Batches.options(options, in, "lse", lse);
    } else if (Few.logSumExp(loops, logits, in, lse)) {
      return;
    }
    run(work(logits, in, options).perRow(null, lse), w -> w.run(w.logSumExp));
  }

  final void probabilities(Object logits, Rows in, SoftmaxOptions options, Object p, Rows out) {
    Segments.map(logits, in, "probabilities", p, out);
    if (options != PLAIN) {
      Segments.options(options, in, "probabilities", p, out);
    } else if (Few.softmax(loops, logits, in, p, out)) {
      return;
    }
    run(work(logits, in, options).to(p, out), w -> w.run(w.softmax));
  }

  final void logProbabilities(Object logits, Rows in, SoftmaxOptions options, Object l, Rows out) {
    Segments.map(logits, in, "logProbabilities", l, out);
    if (options != PLAIN) {
      Segments.options(options, in, "logProbabilities", l, out);
    } else if (Few.logSoftmax(loops, logits, in, l, out)) {
      return;
    }
    run(work(logits, in, options).to(l, out), w -> w.run(w.logSoftmax));
  }

  // ---- losses ----

  /** Of class labels. */
  final Loss loss(Object logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    Segments.losses(logits, in, losses);
    double weight = Batches.labels(labels, in, options);
    return loss(work(logits, in).perRow(labels, losses), in, options, weight);
  }

  final Loss gradient(
      Object logits,
      Rows in,
      int[] labels,
      CrossEntropy options,
      float[] losses,
      Object gradient,
      Rows out) {
    Segments.gradient(logits, in, losses, gradient, out);
    double weight = Batches.labels(labels, in, options);
    Segments.apart("labels", labels, in, gradient, out);
    Work work = work(logits, in).perRow(labels, losses);
    return loss(work.to(gradient, out), in, options, weight);
  }

  /** Of a work that knows all but this, with the weight of all rows. */
  final Loss loss(Work work, Rows in, CrossEntropy options, double weight) {
    try (work) {
      work.loss(options, options.weights(), weight);
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
