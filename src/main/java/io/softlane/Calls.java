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

  Calls(Loops loops, Team team) {
    this.loops = loops;
    this.team = team;
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

  // ---- operations on arrays and segments ----

  final void maxima(Object logits, Rows in, float[] max) {
    Arguments.perRow(logits, in, "max", max);
    run(work(logits, in).values(max), w -> w.extremes.max());
  }

  final void places(Object logits, Rows in, int[] argmax) {
    Arguments.perRow(logits, in, "argmax", argmax);
    run(work(logits, in).columns(argmax), w -> w.extremes.argmax());
  }

  final void logSums(Object logits, Rows in, SoftmaxOptions options, float[] lse) {
    Arguments.perRow(logits, in, "lse", lse);
    if (options != PLAIN) {
      Batches.options(options, in, "lse", lse);
    } else if (Few.logSumExp(loops, logits, in, lse)) {
      return;
    }
    run(work(logits, in, options).values(lse), w -> w.run(w.logSumExp));
  }

  final void probabilities(Object logits, Rows in, SoftmaxOptions options, Object p, Rows out) {
    Arguments.map(logits, in, "probabilities", p, out);
    if (options != PLAIN) {
      Arguments.options(options, in, "probabilities", p, out);
    } else if (Few.softmax(loops, logits, in, p, out)) {
      return;
    }
    run(work(logits, in, options).to(p, out), w -> w.run(w.softmax));
  }

  final void logProbabilities(Object logits, Rows in, SoftmaxOptions options, Object l, Rows out) {
    Arguments.map(logits, in, "logProbabilities", l, out);
    if (options != PLAIN) {
      Arguments.options(options, in, "logProbabilities", l, out);
    } else if (Few.logSoftmax(loops, logits, in, l, out)) {
      return;
    }
    run(work(logits, in, options).to(l, out), w -> w.run(w.logSoftmax));
  }

  // ---- losses ----

  /** Of class labels. */
  final Loss loss(Object logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    Arguments.losses(logits, in, losses);
    double weight = Batches.labels(labels, in, options);
    return loss(work(logits, in).columns(labels).values(losses), in, options, weight);
  }

  final Loss gradient(
      Object logits,
      Rows in,
      int[] labels,
      CrossEntropy options,
      float[] losses,
      Object gradient,
      Rows out) {
    Arguments.gradient(logits, in, losses, gradient, out);
    double weight = Batches.labels(labels, in, options);
    Arguments.apart("labels", labels, in, gradient, out);
    Work work = work(logits, in).columns(labels).values(losses);
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
