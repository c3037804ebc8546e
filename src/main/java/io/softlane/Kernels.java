package io.softlane;

import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.ScalarLoops;
import io.softlane.internal.loops.WarmingLoops;
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
  private static final class Vectors {
    static final Kernels VECTOR = new Kernels(WarmingLoops.EAGER);
    static final Kernels BEST = new Kernels(WarmingLoops.INSTANCE);
  }

  static Kernels vector() {
    return Vectors.VECTOR;
  }

  /** The vector kernels, on the scalar loops where C2 has not compiled a loop yet. */
  static Kernels best() {
    return Vectors.BEST;
  }

  /** Runs the vector loops until they are compiled, for at most two seconds. */
  static void warmUp() {
    WarmingLoops.INSTANCE.warmUp(1_800_000_000);
  }

  @Override
  public SoftmaxKernels parallel(ForkJoinPool pool) {
    Objects.requireNonNull(pool, "pool");
    return new Kernels(new Kernels(loops), new Team(pool));
  }

  // ---- building blocks, beside those of Calls ----

  @Override
  public void max(float[] logits, Rows in, float[] max) {
    maxima(logits, in, max);
  }

  @Override
  public void max(MemorySegment logits, Rows in, float[] max) {
    maxima(logits, in, max);
  }

  @Override
  public void argmax(float[] logits, Rows in, int[] argmax) {
    places(logits, in, argmax);
  }

  @Override
  public void argmax(MemorySegment logits, Rows in, int[] argmax) {
    places(logits, in, argmax);
  }

  // ---- whole operations ----

  @Override
  public void logSumExp(float[] logits, Rows in, float[] lse) {
    logSums(logits, in, PLAIN, lse);
  }

  @Override
  public void logSumExp(float[] logits, Rows in, SoftmaxOptions options, float[] lse) {
    logSums(logits, in, options, lse);
  }

  @Override
  public void logSumExp(MemorySegment logits, Rows in, float[] lse) {
    logSums(logits, in, PLAIN, lse);
  }

  @Override
  public void logSumExp(MemorySegment logits, Rows in, SoftmaxOptions options, float[] lse) {
    logSums(logits, in, options, lse);
  }

  @Override
  public void softmax(float[] logits, Rows in, float[] probabilities, Rows out) {
    probabilities(logits, in, PLAIN, probabilities, out);
  }

  @Override
  public void softmax(
      float[] logits, Rows in, SoftmaxOptions options, float[] probabilities, Rows out) {
    probabilities(logits, in, options, probabilities, out);
  }

  @Override
  public void softmax(MemorySegment logits, Rows in, MemorySegment probabilities, Rows out) {
    probabilities(logits, in, PLAIN, probabilities, out);
  }

  @Override
  public void softmax(
      MemorySegment logits,
      Rows in,
      SoftmaxOptions options,
      MemorySegment probabilities,
      Rows out) {
    probabilities(logits, in, options, probabilities, out);
  }

  @Override
  public void logSoftmax(float[] logits, Rows in, float[] logProbabilities, Rows out) {
    logProbabilities(logits, in, PLAIN, logProbabilities, out);
  }

  @Override
  public void logSoftmax(
      float[] logits, Rows in, SoftmaxOptions options, float[] logProbabilities, Rows out) {
    logProbabilities(logits, in, options, logProbabilities, out);
  }

  @Override
  public void logSoftmax(MemorySegment logits, Rows in, MemorySegment logProbabilities, Rows out) {
    logProbabilities(logits, in, PLAIN, logProbabilities, out);
  }

  @Override
  public void logSoftmax(
      MemorySegment logits,
      Rows in,
      SoftmaxOptions options,
      MemorySegment logProbabilities,
      Rows out) {
    logProbabilities(logits, in, options, logProbabilities, out);
  }

  @Override
  public void entropy(float[] logits, Rows in, float[] entropy) {
    Batches.perRowResult("logits", logits, in, "entropy", entropy);
    run(work(logits, in).perRow(null, entropy), w -> w.entropy.run());
  }

  @Override
  public void logSoftmaxBackward(
      float[] logProbabilities,
      Rows in,
      float[] upstream,
      Rows upstreamRows,
      float[] gradient,
      Rows out) {
    Batches.map("logProbabilities", logProbabilities, in, "gradient", gradient, out);
    Batches.second("upstream", upstream, upstreamRows, in, "gradient", gradient, out);
    run(
        work(logProbabilities, in).and(upstream, upstreamRows).to(gradient, out),
        w -> w.backward.run());
  }

  // ---- from logits to a token ----

  @Override
  public void topK(float[] logits, Rows in, int k, float[] values, int[] indices) {
    Batches.topK(logits, in, k, values, indices);
    run(work(logits, in).k(k).perRow(indices, values), w -> w.topK.run());
  }

  @Override
  public void sample(
      float[] logits,
      Rows in,
      Sampling how,
      float[] uniforms,
      int[] tokens,
      float[] logProbabilities) {
    Batches.sample(logits, in, how, uniforms, tokens, logProbabilities);
    Work work = work(logits, in).sampling(how, uniforms);
    run(work.perRow(tokens, logProbabilities), w -> w.draw.run());
  }

  // ---- cross-entropy ----

  @Override
  public Loss crossEntropy(
      float[] logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    return loss(logits, in, labels, options, losses);
  }

  @Override
  public Loss crossEntropy(
      MemorySegment logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    return loss(logits, in, labels, options, losses);
  }

  @Override
  public Loss crossEntropyGradient(
      float[] logits,
      Rows in,
      int[] labels,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out) {
    return gradient(logits, in, labels, options, losses, gradient, out);
  }

  @Override
  public Loss crossEntropyGradient(
      MemorySegment logits,
      Rows in,
      int[] labels,
      CrossEntropy options,
      float[] losses,
      MemorySegment gradient,
      Rows out) {
    return gradient(logits, in, labels, options, losses, gradient, out);
  }

  @Override
  public Loss crossEntropy(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses) {
    Segments.losses(logits, in, losses);
    Batches.targets(targets, targetRows, in, options, losses);
    return loss(
        work(logits, in).and(targets, targetRows).perRow(null, losses), in, options, in.rows());
  }

  @Override
  public Loss crossEntropyGradient(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out) {
    Segments.gradient(logits, in, losses, gradient, out);
    Batches.targets(targets, targetRows, in, options, losses);
    Batches.second("targets", targets, targetRows, in, "gradient", gradient, out);
    Work work = work(logits, in).and(targets, targetRows).to(gradient, out);
    return loss(work.perRow(null, losses), in, options, in.rows());
  }

  // ---- one row ----

  /** An operation that has one float a row. */
  private interface PerRow {
    void run(Kernels kernels, float[] logits, Rows in, float[] result);
  }

  private float one(float[] logits, PerRow operation) {
    Batches.one(logits, "logits", logits);
    try (Work kept = Work.take(loops)) {
      operation.run(this, logits, kept.one(logits.length), kept.value);
      return kept.value[0];
    }
  }

  @Override
  public void softmax(float[] logits, float[] probabilities) {
    Batches.one(logits, "probabilities", probabilities);
    try (Work kept = Work.take(loops)) {
      Rows row = kept.one(logits.length);
      softmax(logits, row, probabilities, row);
    }
  }

  @Override
  public void logSoftmax(float[] logits, float[] logProbabilities) {
    Batches.one(logits, "logProbabilities", logProbabilities);
    try (Work kept = Work.take(loops)) {
      Rows row = kept.one(logits.length);
      logSoftmax(logits, row, logProbabilities, row);
    }
  }

  @Override
  public float max(float[] logits) {
    return one(logits, Kernels::max);
  }

  @Override
  public int argmax(float[] logits) {
    Batches.one(logits, "logits", logits);
    try (Work kept = Work.take(loops)) {
      argmax(logits, kept.one(logits.length), kept.column);
      return kept.column[0];
    }
  }

  @Override
  public float logSumExp(float[] logits) {
    return one(logits, Kernels::logSumExp);
  }

  @Override
  public float entropy(float[] logits) {
    return one(logits, Kernels::entropy);
  }

  @Override
  public float crossEntropy(float[] logits, int label) {
    Batches.one(logits, "logits", logits);
    try (Work kept = Work.take(loops)) {
      kept.column[0] = label;
      Rows row = kept.one(logits.length);
      Batches.labels(kept.column, row);
      Work work = work(logits, row).perRow(kept.column, kept.value);
      run(work.loss(CrossEntropy.DEFAULT, null, 1), w -> w.losses.run());
      return kept.value[0];
    }
  }

  @Override
  public String toString() {
    return loops + (team == null ? "" : ", " + team.threads() + " threads");
  }
}
