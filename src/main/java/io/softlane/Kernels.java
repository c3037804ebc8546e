package io.softlane;

import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.ScalarLoops;
import io.softlane.internal.loops.WarmingLoops;
import io.softlane.internal.rows.Few;
import io.softlane.internal.rows.Work;
import java.lang.foreign.MemorySegment;

/**
 * All operations, for every kind of loops: arguments are checked, then the rows of a batch are done
 * one by one where they need no scratch, and by a {@link Work} where they do.
 */
final class Kernels implements SoftmaxKernels {
  static final Kernels SCALAR = new Kernels(ScalarLoops.INSTANCE);

  private final Loops loops;

  Kernels(Loops loops) {
    this.loops = loops;
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

  // ---- building blocks ----

  @Override
  public void max(float[] logits, Rows in, float[] max) {
    Batches.perRowResult("logits", logits, in, "max", max);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).extremes.max(max);
    }
  }

  @Override
  public void max(MemorySegment logits, Rows in, float[] max) {
    Segments.perRow("logits", logits, in, "max", max);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).extremes.max(max);
    }
  }

  @Override
  public void argmax(float[] logits, Rows in, int[] argmax) {
    Batches.fits("logits", logits, in);
    Batches.fitsPerRow("argmax", argmax, in);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).extremes.argmax(argmax);
    }
  }

  @Override
  public void argmax(MemorySegment logits, Rows in, int[] argmax) {
    Segments.perRow("logits", logits, in, "argmax", argmax);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).extremes.argmax(argmax);
    }
  }

  @Override
  public void expSum(float[] logits, Rows in, float[] shift, float[] exps, Rows out, float[] sum) {
    Batches.expSum(logits, in, shift, exps, out, sum);
    for (int r = 0; r < in.rows(); r++) {
      int o = start(out, r);
      loops.exps(logits, start(in, r), in.cols(), shift[r], exps, o);
      sum[r] = (float) loops.sum(exps, o, in.cols());
    }
  }

  @Override
  public void normalize(float[] values, Rows in, float[] sum, float[] normalized, Rows out) {
    Batches.normalize(values, in, sum, normalized, out);
    for (int r = 0; r < in.rows(); r++) {
      loops.divide(values, start(in, r), in.cols(), sum[r], normalized, start(out, r));
    }
  }

  @Override
  public void subtractOneHot(
      float[] probabilities, Rows in, int[] labels, float[] gradient, Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.labels(labels, in);
    for (int r = 0; r < in.rows(); r++) {
      System.arraycopy(probabilities, start(in, r), gradient, start(out, r), in.cols());
      gradient[start(out, r) + labels[r]] -= 1;
    }
  }

  @Override
  public void subtract(
      float[] probabilities,
      Rows in,
      float[] targets,
      Rows targetRows,
      float[] gradient,
      Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.second("targets", targets, targetRows, in, "gradient", gradient, out);
    for (int r = 0; r < in.rows(); r++) {
      int j = start(targetRows, r);
      loops.subtract(probabilities, start(in, r), targets, j, in.cols(), gradient, start(out, r));
    }
  }

  // ---- whole operations ----

  @Override
  public void logSumExp(float[] logits, Rows in, float[] lse) {
    logSumExp(logits, in, SoftmaxOptions.DEFAULT, lse);
  }

  @Override
  public void logSumExp(float[] logits, Rows in, SoftmaxOptions options, float[] lse) {
    Batches.perRowResult("logits", logits, in, "lse", lse);
    Batches.options(options, in, "lse", lse);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, options).logSumExp.run(lse);
    }
  }

  @Override
  public void logSumExp(MemorySegment logits, Rows in, float[] lse) {
    logSumExp(logits, in, SoftmaxOptions.DEFAULT, lse);
  }

  @Override
  public void logSumExp(MemorySegment logits, Rows in, SoftmaxOptions options, float[] lse) {
    Segments.perRow("logits", logits, in, "lse", lse);
    Batches.options(options, in, "lse", lse);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, options).logSumExp.run(lse);
    }
  }

  @Override
  public void softmax(float[] logits, Rows in, float[] probabilities, Rows out) {
    Batches.map("logits", logits, in, "probabilities", probabilities, out);
    if (in.rows() == 1
        && in.cols() <= Few.COLS
        && Few.softmax(logits, start(in, 0), in.cols(), probabilities, start(out, 0))) {
      return;
    }
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).to(probabilities, out).softmax.run();
    }
  }

  @Override
  public void softmax(
      float[] logits, Rows in, SoftmaxOptions options, float[] probabilities, Rows out) {
    Batches.map("logits", logits, in, "probabilities", probabilities, out);
    Batches.options(options, in, "probabilities", probabilities, out);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, options).to(probabilities, out).softmax.run();
    }
  }

  @Override
  public void softmax(MemorySegment logits, Rows in, MemorySegment probabilities, Rows out) {
    softmax(logits, in, SoftmaxOptions.DEFAULT, probabilities, out);
  }

  @Override
  public void softmax(
      MemorySegment logits,
      Rows in,
      SoftmaxOptions options,
      MemorySegment probabilities,
      Rows out) {
    Segments.map("logits", logits, in, "probabilities", probabilities, out);
    Segments.options(options, in, "probabilities", probabilities, out);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, options).to(probabilities, out).softmax.run();
    }
  }

  @Override
  public void logSoftmax(float[] logits, Rows in, float[] logProbabilities, Rows out) {
    logSoftmax(logits, in, SoftmaxOptions.DEFAULT, logProbabilities, out);
  }

  @Override
  public void logSoftmax(
      float[] logits, Rows in, SoftmaxOptions options, float[] logProbabilities, Rows out) {
    Batches.map("logits", logits, in, "logProbabilities", logProbabilities, out);
    Batches.options(options, in, "logProbabilities", logProbabilities, out);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, options).to(logProbabilities, out).logSoftmax.run();
    }
  }

  @Override
  public void logSoftmax(MemorySegment logits, Rows in, MemorySegment logProbabilities, Rows out) {
    logSoftmax(logits, in, SoftmaxOptions.DEFAULT, logProbabilities, out);
  }

  @Override
  public void logSoftmax(
      MemorySegment logits,
      Rows in,
      SoftmaxOptions options,
      MemorySegment logProbabilities,
      Rows out) {
    Segments.map("logits", logits, in, "logProbabilities", logProbabilities, out);
    Segments.options(options, in, "logProbabilities", logProbabilities, out);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, options).to(logProbabilities, out).logSoftmax.run();
    }
  }

  @Override
  public void entropy(float[] logits, Rows in, float[] entropy) {
    Batches.perRowResult("logits", logits, in, "entropy", entropy);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).entropy.run(entropy);
    }
  }

  @Override
  public void softmaxBackward(
      float[] probabilities,
      Rows in,
      float[] upstream,
      Rows upstreamRows,
      float[] gradient,
      Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.second("upstream", upstream, upstreamRows, in, "gradient", gradient, out);
    int n = in.cols();
    for (int r = 0; r < in.rows(); r++) {
      int i = start(in, r);
      int j = start(upstreamRows, r);
      double dot = loops.dot(probabilities, i, upstream, j, n);
      loops.backward(probabilities, i, upstream, j, n, dot, gradient, start(out, r));
    }
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
    try (Work work = Work.take(loops)) {
      work.from(logProbabilities, in, SoftmaxOptions.DEFAULT).to(gradient, out);
      for (int r = 0; r < in.rows(); r++) {
        int j = start(upstreamRows, r);
        work.backward.logSoftmax(work, r, upstream, j, loops.sum(upstream, j, in.cols()));
      }
    }
  }

  // ---- from logits to a token ----

  @Override
  public void softcap(float[] logits, Rows in, float cap, float[] capped, Rows out) {
    Batches.map("logits", logits, in, "capped", capped, out);
    Batches.cap(cap);
    for (int r = 0; r < in.rows(); r++) {
      loops.softcap(logits, start(in, r), in.cols(), 1, cap, capped, start(out, r));
    }
  }

  @Override
  public void topK(float[] logits, Rows in, int k, float[] values, int[] indices) {
    Batches.topK(logits, in, k, values, indices);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).topK.run(k, values, indices);
    }
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
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT)
          .draw
          .run(how, uniforms, tokens, logProbabilities);
    }
  }

  // ---- cross-entropy ----

  @Override
  public Loss crossEntropy(
      float[] logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    Batches.perRowResult("logits", logits, in, "losses", losses);
    double weight = Batches.labels(labels, in, options);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).toNowhere();
      double sum = work.losses.run(labels, options, options.weights(), weight, losses);
      return new Loss(sum, weight);
    }
  }

  @Override
  public Loss crossEntropy(
      MemorySegment logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    Segments.perRow("logits", logits, in, "losses", losses);
    double weight = Batches.labels(labels, in, options);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).toNowhere();
      double sum = work.losses.run(labels, options, options.weights(), weight, losses);
      return new Loss(sum, weight);
    }
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
    Batches.perRowResult("logits", logits, in, "losses", losses);
    Batches.map("logits", logits, in, "gradient", gradient, out);
    Batches.apart("losses", losses, "gradient", gradient, out);
    double weight = Batches.labels(labels, in, options);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).to(gradient, out);
      double sum = work.losses.run(labels, options, options.weights(), weight, losses);
      return new Loss(sum, weight);
    }
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
    Segments.perRow("logits", logits, in, "losses", losses);
    Segments.map("logits", logits, in, "gradient", gradient, out);
    Segments.apart("losses", losses, 0, in.rows(), "gradient", gradient, out);
    double weight = Batches.labels(labels, in, options);
    Segments.apart("labels", labels, 0, in.rows(), "gradient", gradient, out);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).to(gradient, out);
      double sum = work.losses.run(labels, options, options.weights(), weight, losses);
      return new Loss(sum, weight);
    }
  }

  @Override
  public Loss crossEntropy(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses) {
    Batches.perRowResult("logits", logits, in, "losses", losses);
    Batches.targets(targets, targetRows, in, options, losses);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).toNowhere();
      double sum = work.losses.run(targets, targetRows, options, options.weights(), losses);
      return new Loss(sum, in.rows());
    }
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
    Batches.perRowResult("logits", logits, in, "losses", losses);
    Batches.targets(targets, targetRows, in, options, losses);
    Batches.map("logits", logits, in, "gradient", gradient, out);
    Batches.second("targets", targets, targetRows, in, "gradient", gradient, out);
    Batches.apart("losses", losses, "gradient", gradient, out);
    try (Work work = Work.take(loops)) {
      work.from(logits, in, SoftmaxOptions.DEFAULT).to(gradient, out);
      double sum = work.losses.run(targets, targetRows, options, options.weights(), losses);
      return new Loss(sum, in.rows());
    }
  }

  /** Index of a row's first element, in an array that the batch was checked to fit. */
  private static int start(Rows rows, int r) {
    return (int) (rows.offset() + r * rows.stride());
  }

  @Override
  public String toString() {
    return loops.toString();
  }
}
