package io.softlane;

import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.ScalarLoops;
import io.softlane.internal.loops.Tanh;
import io.softlane.internal.loops.WarmingLoops;
import io.softlane.internal.rows.Few;
import io.softlane.internal.rows.Work;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/**
 * All operations, for every kind of loops, alone or with a {@link Team}: arguments are checked,
 * then rows are done, from one row number on to another. A batch is an array or a segment there.
 */
final class Kernels implements SoftmaxKernels {
  static final Kernels SCALAR = new Kernels(ScalarLoops.INSTANCE);

  private static final SoftmaxOptions PLAIN = SoftmaxOptions.DEFAULT;
  private static final CrossEntropy NO_OPTIONS = CrossEntropy.DEFAULT;

  private final Loops loops;

  /** Who does the rows beside the caller; null for nobody. */
  private final Team team;

  Kernels(Loops loops) {
    this(loops, null);
  }

  private Kernels(Loops loops, Team team) {
    this.loops = loops;
    this.team = team;
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
    Objects.requireNonNull(pool, "pool is null");
    return new Kernels(loops, new Team(pool));
  }

  /** In how many parts rows are done. */
  private int parts(Rows in, Object batch, Object results) {
    return team == null ? 1 : team.parts(in, batch, results);
  }

  // ---- building blocks ----

  @Override
  public void max(float[] logits, Rows in, float[] max) {
    Batches.perRowResult("logits", logits, in, "max", max);
    maxima(logits, in, max);
  }

  @Override
  public void max(MemorySegment logits, Rows in, float[] max) {
    Segments.perRow("logits", logits, in, "max", max);
    maxima(logits, in, max);
  }

  private void maxima(Object x, Rows in, float[] max) {
    int parts = parts(in, x, max);
    if (parts > 1) {
      team.run(in, parts, (from, end) -> max(x, in, max, from, end));
    } else {
      max(x, in, max, in.firstRow(), Batches.number(in));
    }
  }

  private void max(Object x, Rows in, float[] max, int from, int end) {
    try (Work work = Work.take(loops)) {
      work.from(x, in, PLAIN).only(from, end).extremes.max(max);
    }
  }

  @Override
  public void argmax(float[] logits, Rows in, int[] argmax) {
    Batches.fits("logits", logits, in);
    Batches.fitsPerRow("argmax", argmax, in);
    places(logits, in, argmax);
  }

  @Override
  public void argmax(MemorySegment logits, Rows in, int[] argmax) {
    Segments.perRow("logits", logits, in, "argmax", argmax);
    places(logits, in, argmax);
  }

  private void places(Object x, Rows in, int[] argmax) {
    int parts = parts(in, x, argmax);
    if (parts > 1) {
      team.run(in, parts, (from, end) -> argmax(x, in, argmax, from, end));
    } else {
      argmax(x, in, argmax, in.firstRow(), Batches.number(in));
    }
  }

  private void argmax(Object x, Rows in, int[] argmax, int from, int end) {
    try (Work work = Work.take(loops)) {
      work.from(x, in, PLAIN).only(from, end).extremes.argmax(argmax);
    }
  }

  @Override
  public void expSum(float[] logits, Rows in, float[] shift, float[] exps, Rows out, float[] sum) {
    Batches.expSum(logits, in, shift, exps, out, sum);
    int parts = parts(in, logits, exps);
    if (parts > 1) {
      team.run(in, parts, (a, b) -> expSum(logits, in, shift, exps, out, sum, a, b));
    } else {
      expSum(logits, in, shift, exps, out, sum, in.firstRow(), Batches.number(in));
    }
  }

  private void expSum(
      float[] x, Rows in, float[] shift, float[] e, Rows out, float[] sum, int from, int end) {
    for (int r = from; r < end; r++) {
      int o = start(out, r, in);
      loops.exps(x, start(in, r, in), in.cols(), shift[r], e, o);
      sum[r] = (float) loops.sum(e, o, in.cols());
    }
  }

  @Override
  public void normalize(float[] values, Rows in, float[] sum, float[] normalized, Rows out) {
    Batches.normalize(values, in, sum, normalized, out);
    int parts = parts(in, values, normalized);
    if (parts > 1) {
      team.run(in, parts, (a, b) -> normalize(values, in, sum, normalized, out, a, b));
    } else {
      normalize(values, in, sum, normalized, out, in.firstRow(), Batches.number(in));
    }
  }

  private void normalize(
      float[] v, Rows in, float[] sum, float[] normalized, Rows out, int from, int end) {
    for (int r = from; r < end; r++) {
      loops.divide(v, start(in, r, in), in.cols(), sum[r], normalized, start(out, r, in));
    }
  }

  @Override
  public void subtractOneHot(
      float[] probabilities, Rows in, int[] labels, float[] gradient, Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.labels(labels, in);
    int parts = parts(in, probabilities, gradient);
    if (parts > 1) {
      team.run(in, parts, (a, b) -> subtract(probabilities, in, labels, gradient, out, a, b));
    } else {
      subtract(probabilities, in, labels, gradient, out, in.firstRow(), Batches.number(in));
    }
  }

  private static void subtract(
      float[] p, Rows in, int[] labels, float[] gradient, Rows out, int from, int end) {
    for (int r = from; r < end; r++) {
      int o = start(out, r, in);
      System.arraycopy(p, start(in, r, in), gradient, o, in.cols());
      gradient[o + labels[r]] -= 1;
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
    int parts = parts(in, probabilities, gradient);
    if (parts > 1) {
      team.run(
          in,
          parts,
          (a, b) -> subtract(probabilities, in, targets, targetRows, gradient, out, a, b));
    } else {
      int end = Batches.number(in);
      subtract(probabilities, in, targets, targetRows, gradient, out, in.firstRow(), end);
    }
  }

  private void subtract(
      float[] p, Rows in, float[] y, Rows yRows, float[] gradient, Rows out, int from, int end) {
    for (int r = from; r < end; r++) {
      int i = start(in, r, in);
      loops.subtract(p, i, y, start(yRows, r, in), in.cols(), gradient, start(out, r, in));
    }
  }

  // ---- whole operations ----

  @Override
  public void logSumExp(float[] logits, Rows in, float[] lse) {
    Batches.perRowResult("logits", logits, in, "lse", lse);
    if (in.rows() == 1 && in.cols() <= Few.COLS) {
      if (Few.logSumExp(loops, logits, (int) in.offset(), in.cols(), lse, in.firstRow())) {
        return;
      }
    }
    logSums(logits, in, PLAIN, lse);
  }

  @Override
  public void logSumExp(float[] logits, Rows in, SoftmaxOptions options, float[] lse) {
    Batches.perRowResult("logits", logits, in, "lse", lse);
    Batches.options(options, in, "lse", lse);
    logSums(logits, in, options, lse);
  }

  @Override
  public void logSumExp(MemorySegment logits, Rows in, float[] lse) {
    logSumExp(logits, in, PLAIN, lse);
  }

  @Override
  public void logSumExp(MemorySegment logits, Rows in, SoftmaxOptions options, float[] lse) {
    Segments.perRow("logits", logits, in, "lse", lse);
    Batches.options(options, in, "lse", lse);
    logSums(logits, in, options, lse);
  }

  private void logSums(Object x, Rows in, SoftmaxOptions options, float[] lse) {
    int parts = parts(in, x, lse);
    if (parts > 1) {
      team.run(in, parts, (from, end) -> logSumExp(x, in, options, lse, from, end));
    } else {
      logSumExp(x, in, options, lse, in.firstRow(), Batches.number(in));
    }
  }

  private void logSumExp(
      Object x, Rows in, SoftmaxOptions options, float[] lse, int from, int end) {
    try (Work work = Work.take(loops)) {
      work.from(x, in, options).only(from, end).logSumExp.run(lse);
    }
  }

  @Override
  public void softmax(float[] logits, Rows in, float[] probabilities, Rows out) {
    Batches.map("logits", logits, in, "probabilities", probabilities, out);
    if (in.rows() == 1 && in.cols() <= Few.COLS) {
      int o = (int) out.offset();
      if (Few.softmax(loops, logits, (int) in.offset(), in.cols(), probabilities, o)) {
        return;
      }
    }
    probabilities(logits, in, PLAIN, probabilities, out);
  }

  @Override
  public void softmax(
      float[] logits, Rows in, SoftmaxOptions options, float[] probabilities, Rows out) {
    Batches.map("logits", logits, in, "probabilities", probabilities, out);
    Batches.options(options, in, "probabilities", probabilities, out);
    probabilities(logits, in, options, probabilities, out);
  }

  @Override
  public void softmax(MemorySegment logits, Rows in, MemorySegment probabilities, Rows out) {
    softmax(logits, in, PLAIN, probabilities, out);
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
    probabilities(logits, in, options, probabilities, out);
  }

  private void probabilities(Object x, Rows in, SoftmaxOptions options, Object p, Rows out) {
    int parts = parts(in, x, p);
    if (parts > 1) {
      team.run(in, parts, (from, end) -> softmax(x, in, options, p, out, from, end));
    } else {
      softmax(x, in, options, p, out, in.firstRow(), Batches.number(in));
    }
  }

  private void softmax(
      Object x, Rows in, SoftmaxOptions options, Object p, Rows out, int from, int end) {
    try (Work work = Work.take(loops)) {
      work.from(x, in, options).only(from, end).to(p, out).softmax.run();
    }
  }

  @Override
  public void logSoftmax(float[] logits, Rows in, float[] logProbabilities, Rows out) {
    Batches.map("logits", logits, in, "logProbabilities", logProbabilities, out);
    if (in.rows() == 1 && in.cols() <= Few.COLS) {
      int o = (int) out.offset();
      if (Few.logSoftmax(loops, logits, (int) in.offset(), in.cols(), logProbabilities, o)) {
        return;
      }
    }
    logProbabilities(logits, in, PLAIN, logProbabilities, out);
  }

  @Override
  public void logSoftmax(
      float[] logits, Rows in, SoftmaxOptions options, float[] logProbabilities, Rows out) {
    Batches.map("logits", logits, in, "logProbabilities", logProbabilities, out);
    Batches.options(options, in, "logProbabilities", logProbabilities, out);
    logProbabilities(logits, in, options, logProbabilities, out);
  }

  @Override
  public void logSoftmax(MemorySegment logits, Rows in, MemorySegment logProbabilities, Rows out) {
    logSoftmax(logits, in, PLAIN, logProbabilities, out);
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
    logProbabilities(logits, in, options, logProbabilities, out);
  }

  private void logProbabilities(Object x, Rows in, SoftmaxOptions options, Object l, Rows out) {
    int parts = parts(in, x, l);
    if (parts > 1) {
      team.run(in, parts, (from, end) -> logSoftmax(x, in, options, l, out, from, end));
    } else {
      logSoftmax(x, in, options, l, out, in.firstRow(), Batches.number(in));
    }
  }

  private void logSoftmax(
      Object x, Rows in, SoftmaxOptions options, Object l, Rows out, int from, int end) {
    try (Work work = Work.take(loops)) {
      work.from(x, in, options).only(from, end).to(l, out).logSoftmax.run();
    }
  }

  @Override
  public void entropy(float[] logits, Rows in, float[] entropy) {
    Batches.perRowResult("logits", logits, in, "entropy", entropy);
    int parts = parts(in, logits, entropy);
    if (parts > 1) {
      team.run(in, parts, (from, end) -> entropy(logits, in, entropy, from, end));
    } else {
      entropy(logits, in, entropy, in.firstRow(), Batches.number(in));
    }
  }

  private void entropy(float[] logits, Rows in, float[] entropy, int from, int end) {
    try (Work work = Work.take(loops)) {
      work.from(logits, in, PLAIN).only(from, end).entropy.run(entropy);
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
    int parts = parts(in, probabilities, gradient);
    if (parts > 1) {
      team.run(
          in,
          parts,
          (a, b) -> backward(probabilities, in, upstream, upstreamRows, gradient, out, a, b));
    } else {
      int end = Batches.number(in);
      backward(probabilities, in, upstream, upstreamRows, gradient, out, in.firstRow(), end);
    }
  }

  private void backward(
      float[] p, Rows in, float[] u, Rows uRows, float[] gradient, Rows out, int from, int end) {
    int n = in.cols();
    for (int r = from; r < end; r++) {
      int i = start(in, r, in);
      int j = start(uRows, r, in);
      loops.backward(p, i, u, j, n, loops.dot(p, i, u, j, n), gradient, start(out, r, in));
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
    int parts = parts(in, logProbabilities, gradient);
    if (parts > 1) {
      team.run(
          in,
          parts,
          (a, b) -> logBackward(logProbabilities, in, upstream, upstreamRows, gradient, out, a, b));
    } else {
      int end = Batches.number(in);
      logBackward(logProbabilities, in, upstream, upstreamRows, gradient, out, in.firstRow(), end);
    }
  }

  private void logBackward(
      float[] l, Rows in, float[] u, Rows uRows, float[] gradient, Rows out, int from, int end) {
    try (Work work = Work.take(loops)) {
      work.from(l, in, PLAIN).to(gradient, out);
      for (int r = from; r < end; r++) {
        int j = start(uRows, r, in);
        work.backward.logSoftmax(work, r, u, j, loops.sum(u, j, in.cols()));
      }
    }
  }

  // ---- from logits to a token ----

  @Override
  public void softcap(float[] logits, Rows in, float cap, float[] capped, Rows out) {
    Batches.map("logits", logits, in, "capped", capped, out);
    Batches.cap(cap);
    int parts = parts(in, logits, capped);
    if (parts > 1) {
      team.run(in, parts, (from, end) -> softcap(logits, in, cap, capped, out, from, end));
    } else {
      softcap(logits, in, cap, capped, out, in.firstRow(), Batches.number(in));
    }
  }

  private void softcap(float[] x, Rows in, float cap, float[] capped, Rows out, int from, int end) {
    try (Work work = Work.take(loops)) {
      Tanh tanh = work.tanh(cap);
      for (int r = from; r < end; r++) {
        loops.softcap(x, start(in, r, in), in.cols(), 1, tanh, capped, start(out, r, in));
      }
    }
  }

  @Override
  public void topK(float[] logits, Rows in, int k, float[] values, int[] indices) {
    Batches.topK(logits, in, k, values, indices);
    int parts = parts(in, logits, values);
    if (parts > 1) {
      team.run(in, parts, (from, end) -> topK(logits, in, k, values, indices, from, end));
    } else {
      topK(logits, in, k, values, indices, in.firstRow(), Batches.number(in));
    }
  }

  private void topK(
      float[] logits, Rows in, int k, float[] values, int[] indices, int from, int end) {
    try (Work work = Work.take(loops)) {
      work.from(logits, in, PLAIN).only(from, end).topK.run(k, values, indices);
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
    int parts = parts(in, logits, logProbabilities);
    if (parts > 1) {
      team.run(
          in, parts, (a, b) -> sample(logits, in, how, uniforms, tokens, logProbabilities, a, b));
    } else {
      int end = Batches.number(in);
      sample(logits, in, how, uniforms, tokens, logProbabilities, in.firstRow(), end);
    }
  }

  private void sample(
      float[] logits,
      Rows in,
      Sampling how,
      float[] uniforms,
      int[] tokens,
      float[] logProbabilities,
      int from,
      int end) {
    try (Work work = Work.take(loops)) {
      work.from(logits, in, PLAIN)
          .only(from, end)
          .draw
          .run(how, uniforms, tokens, logProbabilities);
    }
  }

  // ---- cross-entropy ----

  @Override
  public Loss crossEntropy(
      float[] logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    Batches.losses(logits, in, losses);
    double weight = Batches.labels(labels, in, options);
    return loss(logits, in, labels, options, weight, losses, null, null);
  }

  @Override
  public Loss crossEntropy(
      MemorySegment logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    Segments.losses(logits, in, losses);
    double weight = Batches.labels(labels, in, options);
    return loss(logits, in, labels, options, weight, losses, null, null);
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
    Batches.losses(logits, in, losses);
    Batches.map("logits", logits, in, "gradient", gradient, out);
    Batches.apart("losses", losses, in, "gradient", gradient, out);
    double weight = Batches.labels(labels, in, options);
    return loss(logits, in, labels, options, weight, losses, gradient, out);
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
    Segments.losses(logits, in, losses);
    Segments.map("logits", logits, in, "gradient", gradient, out);
    Segments.apart("losses", losses, in, "gradient", gradient, out);
    double weight = Batches.labels(labels, in, options);
    Segments.apart("labels", labels, in, "gradient", gradient, out);
    return loss(logits, in, labels, options, weight, losses, gradient, out);
  }

  /** With class labels; gradient is null where it is not asked for. */
  private Loss loss(
      Object x,
      Rows in,
      int[] labels,
      CrossEntropy options,
      double weight,
      float[] losses,
      Object gradient,
      Rows out) {
    int parts = parts(in, x, gradient);
    int end = Batches.number(in);
    if (parts == 1) {
      int base = 0;
      int from = in.firstRow();
      return new Loss(
          loss(x, in, labels, options, weight, losses, base, gradient, out, from, end), weight);
    }
    try (Work kept = Work.take(loops)) {
      int base = losses == null ? in.firstRow() : 0;
      float[] all = losses == null ? kept.perRow(in.rows()) : losses;
      team.run(
          in,
          parts,
          (a, b) -> loss(x, in, labels, options, weight, all, base, gradient, out, a, b));
      return new Loss(sum(all, in, base), weight);
    }
  }

  private double loss(
      Object x,
      Rows in,
      int[] labels,
      CrossEntropy options,
      double weight,
      float[] losses,
      int base,
      Object gradient,
      Rows out,
      int from,
      int end) {
    try (Work work = Work.take(loops)) {
      work.from(x, in, PLAIN).only(from, end).to(gradient, out);
      return work.losses.to(losses, base).run(labels, options, options.weights(), weight);
    }
  }

  /** The sum of the losses, in the order of the rows. */
  private static double sum(float[] losses, Rows in, int base) {
    double sum = 0;
    for (int r = in.firstRow(); r < Batches.number(in); r++) {
      sum += losses[r - base];
    }
    return sum;
  }

  @Override
  public Loss crossEntropy(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses) {
    Batches.losses(logits, in, losses);
    Batches.targets(targets, targetRows, in, options, losses);
    return loss(logits, in, targets, targetRows, options, losses, null, null);
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
    Batches.losses(logits, in, losses);
    Batches.targets(targets, targetRows, in, options, losses);
    Batches.map("logits", logits, in, "gradient", gradient, out);
    Batches.second("targets", targets, targetRows, in, "gradient", gradient, out);
    Batches.apart("losses", losses, in, "gradient", gradient, out);
    return loss(logits, in, targets, targetRows, options, losses, gradient, out);
  }

  /** With dense targets; gradient is null where it is not asked for. */
  private Loss loss(
      float[] x,
      Rows in,
      float[] y,
      Rows yRows,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out) {
    int parts = parts(in, x, gradient);
    int end = Batches.number(in);
    if (parts == 1) {
      int from = in.firstRow();
      double sum = loss(x, in, y, yRows, options, losses, 0, gradient, out, from, end);
      return new Loss(sum, in.rows());
    }
    try (Work kept = Work.take(loops)) {
      int base = losses == null ? in.firstRow() : 0;
      float[] all = losses == null ? kept.perRow(in.rows()) : losses;
      team.run(in, parts, (a, b) -> loss(x, in, y, yRows, options, all, base, gradient, out, a, b));
      return new Loss(sum(all, in, base), in.rows());
    }
  }

  private double loss(
      float[] x,
      Rows in,
      float[] y,
      Rows yRows,
      CrossEntropy options,
      float[] losses,
      int base,
      float[] gradient,
      Rows out,
      int from,
      int end) {
    try (Work work = Work.take(loops)) {
      work.from(x, in, PLAIN).only(from, end).to(gradient, out);
      return work.losses.to(losses, base).run(y, yRows, options, options.weights(), in.rows());
    }
  }

  // ---- one row ----

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
    Batches.one(logits, "logits", logits);
    try (Work kept = Work.take(loops)) {
      max(logits, kept.one(logits.length), kept.value);
      return kept.value[0];
    }
  }

  @Override
  public int argmax(float[] logits) {
    Batches.one(logits, "logits", logits);
    try (Work kept = Work.take(loops)) {
      argmax(logits, kept.one(logits.length), kept.index);
      return kept.index[0];
    }
  }

  @Override
  public float logSumExp(float[] logits) {
    Batches.one(logits, "logits", logits);
    try (Work kept = Work.take(loops)) {
      logSumExp(logits, kept.one(logits.length), kept.value);
      return kept.value[0];
    }
  }

  @Override
  public float entropy(float[] logits) {
    Batches.one(logits, "logits", logits);
    try (Work kept = Work.take(loops)) {
      entropy(logits, kept.one(logits.length), kept.value);
      return kept.value[0];
    }
  }

  @Override
  public float crossEntropy(float[] logits, int label) {
    Batches.one(logits, "logits", logits);
    try (Work kept = Work.take(loops)) {
      kept.index[0] = label;
      Rows row = kept.one(logits.length);
      Batches.labels(kept.index, row);
      return (float) loss(logits, row, kept.index, NO_OPTIONS, 1, null, 0, null, null, 0, 1);
    }
  }

  /** Index of the first element of a row of this number, in an array that the batch fits. */
  private static int start(Rows rows, int number, Rows in) {
    return (int) (rows.offset() + (number - in.firstRow()) * rows.stride());
  }

  @Override
  public String toString() {
    return loops + (team == null ? "" : ", " + team.threads() + " threads");
  }
}
