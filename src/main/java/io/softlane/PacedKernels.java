package io.softlane;

import java.util.Arrays;

/**
 * The vector kernels as {@link SoftmaxKernels#best()} hands them out: those operations that models
 * spend their time in share their rows with the scalar kernels until C2 has compiled them, see
 * {@link Pace}. The results are the same, and so is the code from then on.
 */
final class PacedKernels extends VectorKernels {
  static final PacedKernels INSTANCE = new PacedKernels();

  private final Pace maxPace = new Pace();
  private final Pace argmaxPace = new Pace();
  private final Pace logSumExpPace = new Pace();
  final Pace softmaxPace = new Pace();
  private final Pace logSoftmaxPace = new Pace();
  private final Pace crossEntropyPace = new Pace();
  private final Pace gradientPace = new Pace();
  private final Pace entropyPace = new Pace();
  private final Pace[] formedPaces = new Pace[VectorFormedCopies.KINDS];
  private final Pace[] formedSubtractPaces = new Pace[VectorFormedCopies.KINDS];
  private final Pace formedMaxPace = new Pace();
  private final Pace formedScalePace = new Pace();

  /** Not compiled yet, for tests; callers share {@link #INSTANCE}. */
  PacedKernels() {
    Arrays.setAll(formedPaces, kind -> new Pace());
    Arrays.setAll(formedSubtractPaces, kind -> new Pace());
  }

  @Override
  public void max(float[] x, int from, int xStride, int rows, int n, float[] max, int at) {
    int r = 0;
    while (r < rows && !maxPace.compiled()) {
      boolean vectors = maxPace.vectors();
      int some = Pace.rows(vectors, rows - r, n);
      int i = from + r * xStride;
      long start = System.nanoTime();
      kernels(vectors).max(x, i, xStride, some, n, max, at + r);
      maxPace.took(vectors, some, n, System.nanoTime() - start);
      r += some;
    }
    super.max(x, from + r * xStride, xStride, rows - r, n, max, at + r);
  }

  @Override
  public void argmax(float[] x, int from, int xStride, int rows, int n, int[] argmax, int at) {
    int r = 0;
    while (r < rows && !argmaxPace.compiled()) {
      boolean vectors = argmaxPace.vectors();
      int some = Pace.rows(vectors, rows - r, n);
      int i = from + r * xStride;
      long start = System.nanoTime();
      kernels(vectors).argmax(x, i, xStride, some, n, argmax, at + r);
      argmaxPace.took(vectors, some, n, System.nanoTime() - start);
      r += some;
    }
    super.argmax(x, from + r * xStride, xStride, rows - r, n, argmax, at + r);
  }

  @Override
  public int logSumExp(
      float[] x, int from, int xStride, int rows, int n, float[] lse, int at, int wary) {
    int r = 0;
    while (r < rows && !logSumExpPace.compiled()) {
      boolean vectors = logSumExpPace.vectors();
      int some = Pace.rows(vectors, rows - r, n);
      int i = from + r * xStride;
      long start = System.nanoTime();
      wary = kernels(vectors).logSumExp(x, i, xStride, some, n, lse, at + r, wary);
      logSumExpPace.took(vectors, some, n, System.nanoTime() - start);
      r += some;
    }
    return super.logSumExp(x, from + r * xStride, xStride, rows - r, n, lse, at + r, wary);
  }

  @Override
  public int softmax(
      float[] x, int from, int xStride, float[] p, int to, int pStride, int rows, int n, int wary) {
    int r = 0;
    while (r < rows && !softmaxPace.compiled()) {
      boolean vectors = softmaxPace.vectors();
      int some = Pace.rows(vectors, rows - r, n);
      int i = from + r * xStride;
      int o = to + r * pStride;
      long start = System.nanoTime();
      wary = kernels(vectors).softmax(x, i, xStride, p, o, pStride, some, n, wary);
      softmaxPace.took(vectors, some, n, System.nanoTime() - start);
      r += some;
    }
    int i = from + r * xStride;
    return super.softmax(x, i, xStride, p, to + r * pStride, pStride, rows - r, n, wary);
  }

  @Override
  public int logSoftmax(
      float[] x, int from, int xStride, float[] l, int to, int lStride, int rows, int n, int wary) {
    int r = 0;
    while (r < rows && !logSoftmaxPace.compiled()) {
      boolean vectors = logSoftmaxPace.vectors();
      int some = Pace.rows(vectors, rows - r, n);
      int i = from + r * xStride;
      int o = to + r * lStride;
      long start = System.nanoTime();
      wary = kernels(vectors).logSoftmax(x, i, xStride, l, o, lStride, some, n, wary);
      logSoftmaxPace.took(vectors, some, n, System.nanoTime() - start);
      r += some;
    }
    int i = from + r * xStride;
    return super.logSoftmax(x, i, xStride, l, to + r * lStride, lStride, rows - r, n, wary);
  }

  @Override
  public double crossEntropy(
      float[] x,
      int from,
      int xStride,
      int[] labels,
      CrossEntropy options,
      double weight,
      float[] losses,
      int at,
      float[] gradient,
      int to,
      int gStride,
      int rows,
      int n,
      double total) {
    Pace pace = gradient == null ? crossEntropyPace : gradientPace;
    int r = 0;
    while (r < rows && !pace.compiled()) {
      boolean vectors = pace.vectors();
      int some = Pace.rows(vectors, rows - r, n);
      int i = from + r * xStride;
      int o = to + r * gStride;
      int q = at + r;
      long start = System.nanoTime();
      total =
          kernels(vectors)
              .crossEntropy(
                  x, i, xStride, labels, options, weight, losses, q, gradient, o, gStride, some, n,
                  total);
      pace.took(vectors, some, n, System.nanoTime() - start);
      r += some;
    }
    int i = from + r * xStride;
    int o = to + r * gStride;
    return super.crossEntropy(
        x, i, xStride, labels, options, weight, losses, at + r, gradient, o, gStride, rows - r, n,
        total);
  }

  @Override
  public int entropy(
      float[] x,
      int from,
      int xStride,
      int rows,
      int n,
      float[] entropy,
      int at,
      float[] e,
      int wary) {
    int r = 0;
    while (r < rows && !entropyPace.compiled()) {
      boolean vectors = entropyPace.vectors();
      int some = Pace.rows(vectors, rows - r, n);
      int i = from + r * xStride;
      long start = System.nanoTime();
      wary = kernels(vectors).entropy(x, i, xStride, some, n, entropy, at + r, e, wary);
      entropyPace.took(vectors, some, n, System.nanoTime() - start);
      r += some;
    }
    return super.entropy(x, from + r * xStride, xStride, rows - r, n, entropy, at + r, e, wary);
  }

  @Override
  public float formedMax(FormedRow row, int c, int n) {
    if (formedMaxPace.compiled()) {
      return super.formedMax(row, c, n);
    }
    boolean vectors = formedMaxPace.vectors();
    long start = System.nanoTime();
    float max = kernels(vectors).formedMax(row, c, n);
    formedMaxPace.took(vectors, 1, n, System.nanoTime() - start);
    return max;
  }

  @Override
  public double formedExpSum(FormedRow row, int n, int k, boolean clamped) {
    Pace pace = formedPaces[VectorFormedCopies.kind(row, clamped)];
    if (pace.compiled()) {
      return super.formedExpSum(row, n, k, clamped);
    }
    boolean vectors = pace.vectors();
    long start = System.nanoTime();
    double s = kernels(vectors).formedExpSum(row, n, k, clamped);
    // A try that gave up has not done n columns.
    pace.took(vectors, 1, Double.isNaN(s) ? 0 : n, System.nanoTime() - start);
    return s;
  }

  @Override
  public void formedScale(FormedRow row, int n, double factor) {
    if (formedScalePace.compiled()) {
      super.formedScale(row, n, factor);
      return;
    }
    boolean vectors = formedScalePace.vectors();
    long start = System.nanoTime();
    kernels(vectors).formedScale(row, n, factor);
    formedScalePace.took(vectors, 1, n, System.nanoTime() - start);
  }

  @Override
  public void formedSubtractTwice(FormedRow row, int n, float hi, float lo) {
    Pace pace = formedSubtractPaces[VectorFormedCopies.kind(row, false)];
    if (pace.compiled()) {
      super.formedSubtractTwice(row, n, hi, lo);
      return;
    }
    boolean vectors = pace.vectors();
    long start = System.nanoTime();
    kernels(vectors).formedSubtractTwice(row, n, hi, lo);
    pace.took(vectors, 1, n, System.nanoTime() - start);
  }

  private static RowKernels kernels(boolean vectors) {
    return vectors ? VectorKernels.INSTANCE : ScalarKernels.INSTANCE;
  }
}
