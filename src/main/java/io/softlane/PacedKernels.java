package io.softlane;

import java.util.Arrays;

/**
 * The vector kernels as {@link SoftmaxKernels#best()} hands them out: those operations that models
 * spend their time in share their rows with the scalar kernels until C2 has compiled them, see
 * {@link Pace}. The results are the same, and so is the code from then on.
 *
 * <p>A small batch is one turn, and allocates nothing; a larger one is shared out in slices.
 */
final class PacedKernels extends VectorKernels {
  static final PacedKernels INSTANCE = new PacedKernels();

  private final Pace logSumExpPace = new Pace();
  final Pace softmaxPace = new Pace();
  private final Pace logSoftmaxPace = new Pace();
  private final Pace crossEntropyPace = new Pace();
  private final Pace gradientPace = new Pace();

  /** Not compiled yet, for tests; callers share {@link #INSTANCE}. */
  PacedKernels() {}

  @Override
  public void logSumExp(float[] logits, Rows in, float[] lse) {
    if (all(logSumExpPace, in)) {
      super.logSumExp(logits, in, lse);
    } else if (isSmall(in)) {
      boolean vectors = logSumExpPace.vectors();
      long start = System.nanoTime();
      kernels(vectors).logSumExp(logits, in, lse);
      logSumExpPace.took(vectors, in.rows(), in.cols(), System.nanoTime() - start);
    } else {
      Batches.perRowResult("logits", logits, in, "lse", lse);
      logSumExpPace.share(
          in.rows(),
          in.cols(),
          (vectors, from, to) -> logSumExp(kernels(vectors), logits, in, from, to, lse));
    }
  }

  private static void logSumExp(
      SoftmaxKernels kernels, float[] logits, Rows in, int from, int to, float[] lse) {
    float[] part = new float[to - from];
    kernels.logSumExp(logits, in.slice(from, to), part);
    System.arraycopy(part, 0, lse, from, to - from);
  }

  @Override
  public void softmax(float[] logits, Rows in, float[] probabilities, Rows out) {
    if (all(softmaxPace, in)) {
      super.softmax(logits, in, probabilities, out);
    } else if (isSmall(in)) {
      boolean vectors = softmaxPace.vectors();
      long start = System.nanoTime();
      kernels(vectors).softmax(logits, in, probabilities, out);
      softmaxPace.took(vectors, in.rows(), in.cols(), System.nanoTime() - start);
    } else {
      Batches.map("logits", logits, in, "probabilities", probabilities, out);
      softmaxPace.share(
          in.rows(),
          in.cols(),
          (vectors, from, to) ->
              softmax(kernels(vectors), logits, in, from, to, probabilities, out));
    }
  }

  private static void softmax(
      SoftmaxKernels kernels, float[] x, Rows in, int from, int to, float[] p, Rows out) {
    kernels.softmax(x, in.slice(from, to), p, out.slice(from, to));
  }

  @Override
  public void logSoftmax(float[] logits, Rows in, float[] logProbabilities, Rows out) {
    if (all(logSoftmaxPace, in)) {
      super.logSoftmax(logits, in, logProbabilities, out);
    } else if (isSmall(in)) {
      boolean vectors = logSoftmaxPace.vectors();
      long start = System.nanoTime();
      kernels(vectors).logSoftmax(logits, in, logProbabilities, out);
      logSoftmaxPace.took(vectors, in.rows(), in.cols(), System.nanoTime() - start);
    } else {
      Batches.map("logits", logits, in, "logProbabilities", logProbabilities, out);
      logSoftmaxPace.share(
          in.rows(),
          in.cols(),
          (vectors, from, to) ->
              logSoftmax(kernels(vectors), logits, in, from, to, logProbabilities, out));
    }
  }

  private static void logSoftmax(
      SoftmaxKernels kernels, float[] x, Rows in, int from, int to, float[] l, Rows out) {
    kernels.logSoftmax(x, in.slice(from, to), l, out.slice(from, to));
  }

  @Override
  public Loss crossEntropy(
      float[] logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    if (all(crossEntropyPace, in)) {
      return super.crossEntropy(logits, in, labels, options, losses);
    }
    if (isSmall(in)) {
      boolean vectors = crossEntropyPace.vectors();
      long start = System.nanoTime();
      Loss loss = kernels(vectors).crossEntropy(logits, in, labels, options, losses);
      crossEntropyPace.took(vectors, in.rows(), in.cols(), System.nanoTime() - start);
      return loss;
    }
    Batches.perRowResult("logits", logits, in, "losses", losses);
    double weight = Batches.labels(labels, in, options);
    crossEntropyPace.share(
        in.rows(),
        in.cols(),
        (vectors, from, to) ->
            labels(vectors, logits, in, from, to, labels, options, weight, losses, null, in));
    return new Loss(sum(losses, in.rows()), weight);
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
    if (all(gradientPace, in)) {
      return super.crossEntropyGradient(logits, in, labels, options, losses, gradient, out);
    }
    if (isSmall(in)) {
      boolean vectors = gradientPace.vectors();
      long start = System.nanoTime();
      Loss loss =
          kernels(vectors).crossEntropyGradient(logits, in, labels, options, losses, gradient, out);
      gradientPace.took(vectors, in.rows(), in.cols(), System.nanoTime() - start);
      return loss;
    }
    Batches.perRowResult("logits", logits, in, "losses", losses);
    Batches.map("logits", logits, in, "gradient", gradient, out);
    Batches.apart("losses", losses, "gradient", gradient, out);
    double weight = Batches.labels(labels, in, options);
    gradientPace.share(
        in.rows(),
        in.cols(),
        (vectors, from, to) ->
            labels(vectors, logits, in, from, to, labels, options, weight, losses, gradient, out));
    return new Loss(sum(losses, in.rows()), weight);
  }

  /** The weight is that of the whole batch, which a slice of it could not know. */
  private static void labels(
      boolean vectors,
      float[] logits,
      Rows in,
      int from,
      int to,
      int[] labels,
      CrossEntropy options,
      double weight,
      float[] losses,
      float[] gradient,
      Rows out) {
    Rows rows = in.slice(from, to);
    Rows target = out.slice(from, to);
    int[] own = Arrays.copyOfRange(labels, from, to);
    float[] part = new float[to - from];
    if (vectors) {
      VectorCrossEntropy.labels(logits, rows, own, options, weight, part, gradient, target);
    } else {
      ScalarCrossEntropy.labels(logits, rows, own, options, weight, part, gradient, target);
    }
    System.arraycopy(part, 0, losses, from, to - from);
  }

  /** In the order in which the kernels add: row by row. */
  private static double sum(float[] losses, int rows) {
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      sum += losses[r];
    }
    return sum;
  }

  private static SoftmaxKernels kernels(boolean vectors) {
    return vectors ? VectorKernels.INSTANCE : ScalarKernels.INSTANCE;
  }

  private static boolean isSmall(Rows in) {
    return (long) in.rows() * in.cols() <= Pace.FEW;
  }

  /** Whether the vector kernels take it all, an empty batch also: there is nothing to learn. */
  private static boolean all(Pace pace, Rows in) {
    return pace.compiled() || in == null || in.rows() == 0;
  }
}
