package io.softlane;

import io.softlane.internal.calls.Batches;
import io.softlane.internal.calls.Calls;
import io.softlane.internal.calls.Segments;
import io.softlane.internal.calls.Team;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.ScalarLoops;
import io.softlane.internal.loops.WarmingLoops;
import io.softlane.internal.rows.Few;
import io.softlane.internal.rows.Work;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/** All operations, for every kind of loops, alone or with a {@link Team}: see {@link Calls}. */
final class Kernels extends Calls implements SoftmaxKernels {
  static final Kernels SCALAR = new Kernels(ScalarLoops.INSTANCE);

  Kernels(Loops loops) {
    super(loops, null, null);
  }

  private Kernels(Kernels alone, Team team) {
    super(alone.loops, team, alone);
  }

  /** Those that need the vector module are made when they are first asked for. */
  static final class Vectors {
    static final Kernels VECTOR = new Kernels(WarmingLoops.EAGER);

    /** On the scalar loops where C2 has not compiled a loop yet. */
    static final Kernels BEST = new Kernels(WarmingLoops.INSTANCE);
  }

  @Override
  public SoftmaxKernels parallel(ForkJoinPool pool) {
    Objects.requireNonNull(pool, "pool is null");
    return new Kernels(new Kernels(loops), new Team(pool));
  }

  // ---- building blocks, beside those of Calls ----

  @Override
  public void max(float[] x, Rows in, float[] max) {
    maxima(x, in, max);
  }

  @Override
  public void max(MemorySegment x, Rows in, float[] max) {
    maxima(x, in, max);
  }

  @Override
  public void argmax(float[] x, Rows in, int[] argmax) {
    places(x, in, argmax);
  }

  @Override
  public void argmax(MemorySegment x, Rows in, int[] argmax) {
    places(x, in, argmax);
  }

  // ---- whole operations ----

  @Override
  public void logSumExp(float[] x, Rows in, float[] lse) {
    logSums(x, in, PLAIN, lse);
  }

  @Override
  public void logSumExp(float[] x, Rows in, SoftmaxOptions options, float[] lse) {
    logSums(x, in, options, lse);
  }

  @Override
  public void logSumExp(MemorySegment x, Rows in, float[] lse) {
    logSums(x, in, PLAIN, lse);
  }

  @Override
  public void logSumExp(MemorySegment x, Rows in, SoftmaxOptions options, float[] lse) {
    logSums(x, in, options, lse);
  }

  @Override
  public void softmax(float[] x, Rows in, float[] p, Rows out) {
    probabilities(x, in, PLAIN, p, out);
  }

  @Override
  public void softmax(float[] x, Rows in, SoftmaxOptions options, float[] p, Rows out) {
    probabilities(x, in, options, p, out);
  }

  @Override
  public void softmax(MemorySegment x, Rows in, MemorySegment p, Rows out) {
    probabilities(x, in, PLAIN, p, out);
  }

  @Override
  public void softmax(MemorySegment x, Rows in, SoftmaxOptions options, MemorySegment p, Rows out) {
    probabilities(x, in, options, p, out);
  }

  @Override
  public void logSoftmax(float[] x, Rows in, float[] l, Rows out) {
    logProbabilities(x, in, PLAIN, l, out);
  }

  @Override
  public void logSoftmax(float[] x, Rows in, SoftmaxOptions options, float[] l, Rows out) {
    logProbabilities(x, in, options, l, out);
  }

  @Override
  public void logSoftmax(MemorySegment x, Rows in, MemorySegment l, Rows out) {
    logProbabilities(x, in, PLAIN, l, out);
  }

  @Override
  public void logSoftmax(
      MemorySegment x, Rows in, SoftmaxOptions options, MemorySegment l, Rows out) {
    logProbabilities(x, in, options, l, out);
  }

  @Override
  public void entropy(float[] x, Rows in, float[] entropy) {
    Segments.perRow(x, in, "entropy", entropy);
    if (!Few.entropy(loops, x, in, entropy)) {
      run(work(x, in).perRow(null, entropy), w -> w.entropy.run());
    }
  }

  @Override
  public void logSoftmaxBackward(float[] l, Rows in, float[] u, Rows uRows, float[] g, Rows out) {
    Batches.map("logProbabilities", l, in, "gradient", g, out);
    Batches.second("upstream", u, uRows, in, "gradient", g, out);
    run(work(l, in).and(u, uRows).to(g, out), w -> w.backward.run());
  }

  // ---- from logits to a token ----

  @Override
  public void topK(float[] x, Rows in, int k, float[] values, int[] indices) {
    Batches.topK(x, in, k, values, indices);
    run(work(x, in).k(k).perRow(indices, values), w -> w.topK.run());
  }

  @Override
  public void sample(float[] x, Rows in, Sampling how, float[] uniforms, int[] tokens, float[] l) {
    Batches.sample(x, in, how, uniforms, tokens, l);
    Work work = work(x, in).sampling(how, uniforms);
    run(work.perRow(tokens, l), w -> w.draw.run());
  }

  // ---- cross-entropy ----

  @Override
  public Loss crossEntropy(float[] x, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    return loss(x, in, labels, options, losses);
  }

  @Override
  public Loss crossEntropy(
      MemorySegment x, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    return loss(x, in, labels, options, losses);
  }

  @Override
  public Loss crossEntropyGradient(
      float[] x, Rows in, int[] labels, CrossEntropy options, float[] losses, float[] g, Rows out) {
    return gradient(x, in, labels, options, losses, g, out);
  }

  @Override
  public Loss crossEntropyGradient(
      MemorySegment x,
      Rows in,
      int[] labels,
      CrossEntropy options,
      float[] losses,
      MemorySegment g,
      Rows out) {
    return gradient(x, in, labels, options, losses, g, out);
  }

  @Override
  public Loss crossEntropy(
      float[] x, Rows in, float[] y, Rows yRows, CrossEntropy options, float[] losses) {
    Segments.losses(x, in, losses);
    Batches.targets(y, yRows, in, options, losses);
    return loss(work(x, in).and(y, yRows).perRow(null, losses), in, options, in.rows());
  }

  @Override
  public Loss crossEntropyGradient(
      float[] x,
      Rows in,
      float[] y,
      Rows yRows,
      CrossEntropy options,
      float[] losses,
      float[] g,
      Rows out) {
    Segments.gradient(x, in, losses, g, out);
    Batches.targets(y, yRows, in, options, losses);
    Batches.second("targets", y, yRows, in, "gradient", g, out);
    Work work = work(x, in).and(y, yRows).to(g, out);
    return loss(work.perRow(null, losses), in, options, in.rows());
  }

  // ---- one row ----

  /** An operation that has one float a row. */
  private interface PerRow {
    void run(Kernels kernels, float[] x, Rows in, float[] result);
  }

  private float one(float[] x, PerRow operation) {
    Batches.one(x, "logits", x);
    try (Work kept = Work.take(loops)) {
      operation.run(this, x, kept.one(x.length), kept.value);
      return kept.value[0];
    }
  }

  @Override
  public void softmax(float[] x, float[] p) {
    Batches.one(x, "probabilities", p);
    try (Work kept = Work.take(loops)) {
      Rows row = kept.one(x.length);
      softmax(x, row, p, row);
    }
  }

  @Override
  public void logSoftmax(float[] x, float[] l) {
    Batches.one(x, "logProbabilities", l);
    try (Work kept = Work.take(loops)) {
      Rows row = kept.one(x.length);
      logSoftmax(x, row, l, row);
    }
  }

  @Override
  public float max(float[] x) {
    return one(x, Kernels::max);
  }

  @Override
  public int argmax(float[] x) {
    Batches.one(x, "logits", x);
    try (Work kept = Work.take(loops)) {
      argmax(x, kept.one(x.length), kept.column);
      return kept.column[0];
    }
  }

  @Override
  public float logSumExp(float[] x) {
    return one(x, Kernels::logSumExp);
  }

  @Override
  public float entropy(float[] x) {
    return one(x, Kernels::entropy);
  }

  @Override
  public float crossEntropy(float[] x, int label) {
    Batches.one(x, "logits", x);
    try (Work kept = Work.take(loops)) {
      kept.column[0] = label;
      Rows row = kept.one(x.length);
      Batches.labels(kept.column, row, CrossEntropy.DEFAULT);
      float one = one(x, row, kept.column, null, null, row);
      if (one == one) {
        return one;
      }
      Work work = work(x, row).perRow(kept.column, kept.value);
      run(work.loss(CrossEntropy.DEFAULT, 1), w -> w.losses.run());
      return kept.value[0];
    }
  }

  @Override
  public String toString() {
    return loops + (team == null ? "" : ", " + team.threads() + " threads");
  }
}
