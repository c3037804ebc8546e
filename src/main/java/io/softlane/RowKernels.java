package io.softlane;

/**
 * The operations on rows of arrays that have been checked: what calls on whole arrays, rows that go
 * through a buffer ({@link Staging}) and rows that two kinds of kernels share ({@link
 * PacedKernels}) have in common.
 *
 * <p>The first row starts at {@code from}, each {@code xStride} after the one before, and has
 * {@code n} columns; an output's first row starts at {@code to}. Per-row arguments are used from
 * {@code at} on.
 *
 * <p>{@code wary} counts the rows to come that are not to be tried as plain, see {@link
 * Window#wary}: 0 to begin with, then what the last rows returned. It is about speed alone.
 */
interface RowKernels {
  void max(float[] x, int from, int xStride, int rows, int n, float[] max, int at);

  void argmax(float[] x, int from, int xStride, int rows, int n, int[] argmax, int at);

  int logSumExp(float[] x, int from, int xStride, int rows, int n, float[] lse, int at, int wary);

  int softmax(
      float[] x,
      int from,
      int xStride,
      float[] out,
      int to,
      int outStride,
      int rows,
      int n,
      int wary);

  int logSoftmax(
      float[] x,
      int from,
      int xStride,
      float[] out,
      int to,
      int outStride,
      int rows,
      int n,
      int wary);

  /**
   * Cross-entropy with class labels, with its gradient or, where its array is null, without.
   *
   * @param weight of the whole batch
   * @param total the sum of the losses before
   * @return the sum of the losses
   */
  double crossEntropy(
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
      int gradientStride,
      int rows,
      int n,
      double total);

  /**
   * @param e scratch for two blocks of a row: its terms, and its clamped logits
   */
  int entropy(
      float[] x,
      int from,
      int xStride,
      int rows,
      int n,
      float[] entropy,
      int at,
      float[] e,
      int wary);

  /**
   * Scores of one row: {@code out = x * scale}, then {@code + mask} from m on unless it is null.
   */
  void scores(float[] x, int i, int n, float scale, float[] mask, int m, float[] out, int o);

  /** {@link ScalarFormed#max}. */
  float formedMax(FormedRow row, int c, int n);

  /** {@link ScalarFormed#expSum}. */
  double formedExpSum(FormedRow row, int n, int k, boolean clamped);

  /** {@code v *= factor} of what is in a row's output, as the last stage of a softmax. */
  void formedScale(FormedRow row, int n, double factor);

  /** {@code output = (score - hi) - lo} of a row, as the last stage of a log-softmax. */
  void formedSubtractTwice(FormedRow row, int n, float hi, float lo);
}
