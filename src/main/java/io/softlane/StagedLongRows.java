package io.softlane;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The long rows of a {@link Staging} call: their scores are formed, and native memory is read and
 * written, in the loop of their terms ({@link FormedRow}). They are tried as if they were plain,
 * then clamped, both with the anchor 0 (see {@link Window}); the few that neither serves go through
 * the buffers.
 */
class StagedLongRows extends StagedRows {
  /** The columns from which on a row is long: one of less may share the buffer with others. */
  private static final int LONG = GROUP / 2 + 1;

  /** So that no count of columns overflows; what is longer has no room in a buffer either. */
  private static final int MOST = 1 << 30;

  /** How many rows to come go through the buffers at once, after one that had to. */
  private static final int FAR = 16;

  /** Rows to come that go through the buffers at once. */
  int far;

  /**
   * Whether a row is tried so: it would pass through a buffer by itself. To be asked once a row,
   * since it counts those that are not.
   */
  final boolean takesLong(int n) {
    boolean read = x != null || isDirect(xSegment);
    if (n < LONG || n > MOST || !read || !(isFormed() || isStored())) {
      return false;
    }
    if (far > 0) {
      far--;
      return false;
    }
    return true;
  }

  /** Native, and no file that another program may cut short. */
  private static boolean isDirect(MemorySegment segment) {
    return segment != null && segment.isNative() && !segment.isMapped();
  }

  /** Whether a row's maximum is found where it is. */
  final boolean isLongNative() {
    return cols >= LONG && cols <= MOST && isDirect(xSegment);
  }

  final float maxOfLong(int r) {
    read(r);
    return kernels.formedMax(formed, 0, cols);
  }

  /** The first part that has the maximum, or a NaN; then its first such element. */
  final int argmaxOfLong(int r, int[] argmax) {
    read(r);
    float max = 0;
    int from = 0;
    for (int c = 0; c < cols && !Float.isNaN(max); c = end(c)) {
      float m = kernels.formedMax(formed, c, end(c) - c);
      if (c == 0 || m > max || Float.isNaN(m)) {
        max = m;
        from = c;
      }
    }
    int n = end(from) - from;
    copyIn(xFrom + r * xStride + from, n, formed.scratch, 0);
    kernels.argmax(formed.scratch, 0, n, 1, n, argmax, r);
    return from + argmax[r];
  }

  /** The end of a part that starts at column c; none is shorter than others. */
  private int end(int c) {
    return cols - c < 2 * GROUP ? cols : c + GROUP;
  }

  /** False, with nothing written, where the row is to be done in the other way. */
  final boolean logSumExpOfLong(int r, int n, float[] lse) {
    read(r);
    double s = expSum(n, 0);
    if (!Window.holds(s)) {
      return false;
    }
    lse[r] = (float) Window.logSum(s, Window.k(0));
    return true;
  }

  /** False, with nothing written that counts, where the row is to be done in the other way. */
  final boolean softmaxOfLong(int r, int n) {
    read(r);
    boolean direct = write(r, sink());
    double s = expSum(n, 0);
    if (!Window.holds(s)) {
      return false;
    }
    kernels.formedScale(formed, n, 1 / s);
    if (!direct) {
      copyOut(formed.e, 0, yFrom + r * yStride, n);
    }
    fillOut(yFrom + r * yStride + n, cols - n, 0);
    return true;
  }

  /** False, with nothing written that counts, where the row is to be done in the other way. */
  final boolean logSoftmaxOfLong(int r, int n) {
    read(r);
    // The terms go where the results will be: that brings their memory into the cache meanwhile.
    if (n > VectorKernels.CACHED || !write(r, sink())) {
      formed.e = null;
      formed.w = null;
    }
    double s = expSum(n, 0);
    if (!Window.holds(s)) {
      return false;
    }
    double logSum = Window.logSum(s, Window.k(0));
    float hi = (float) logSum;
    float lo = (float) (logSum - hi);
    boolean direct = write(r, 0);
    kernels.formedSubtractTwice(formed, n, hi, lo);
    if (!direct) {
      copyOut(formed.e, 0, yFrom + r * yStride, n);
    }
    fillOut(yFrom + r * yStride + n, cols - n, Float.NEGATIVE_INFINITY);
    return true;
  }

  /**
   * The loss of one row, whose gradient, where there is an output for it, is {@code terms * c} but
   * for the label's own target: see {@link ScalarCrossEntropy#labels}. NaN, with nothing written
   * that counts, where the row is to be done in the other way.
   */
  final double crossEntropyOfLong(
      int r, int label, CrossEntropy options, double weight, float[] losses) {
    double factor = LossTerms.factor(options, weight);
    boolean bare = options.labelSmoothing() == 0 && options.zLoss() == 0 && factor != 0;
    if (!bare || options.ignores(label)) {
      return Double.NaN;
    }
    boolean gradient = y != null || ySegment != null;
    double own = LossTerms.weight(options, label);
    int lower = gradient ? LossTerms.lower(own * factor) : 0;
    if (!LossTerms.keeps(lower)) {
      return Double.NaN;
    }
    read(r);
    boolean direct = gradient && write(r, 0);
    double s = expSum(cols, lower);
    if (!Window.holds(Math.scalb(s, lower))) {
      return Double.NaN;
    }
    double logSum = Window.logSum(s, Window.k(0) - lower);
    double loss = LossTerms.loss(own, 0, logSum, formed.logit(label));
    losses[r] = (float) (loss + LossTerms.zLoss(options, 0, logSum)); // + 0, as for arrays
    if (gradient) {
      double c = LossTerms.scale(options, own, 0, logSum, factor, s);
      float atLabel = LossTerms.gradient(formed.out(label), c, own * factor);
      kernels.formedScale(formed, cols, c);
      formed.setOut(label, atLabel);
      if (!direct) {
        copyOut(formed.e, 0, yFrom + r * yStride, cols);
      }
    }
    return losses[r];
  }

  /**
   * Where its terms go: to the output at once, or, if that is an input, whose values a second try
   * would need, or no memory that the loop may write, or has no room for sinks, to a buffer; then
   * false.
   *
   * @param sinks terms that the output has no room for
   */
  private boolean write(int r, int sinks) {
    if (y != null && y != x && y != options.mask() && sinks == 0) {
      formed.e = y;
      formed.w = null;
      formed.o = yFrom + r * yStride;
      return true;
    }
    if (isDirect(ySegment) && isApart() && sinks == 0) {
      formed.w = ySegment;
      formed.e = null;
      formed.o = yFrom + r * yStride;
      return true;
    }
    results = atLeast(results, 1, cols + sinks);
    formed.e = results;
    formed.w = null;
    formed.o = 0;
    return false;
  }

  /** Whether the output segment holds no input. */
  private boolean isApart() {
    return xSegment == null
        || xSegment.address() + xFrom * Float.BYTES != ySegment.address() + yFrom * Float.BYTES;
  }

  /** The sum of n terms under the anchor 0, less {@code lower}; not in the window if it missed. */
  private double expSum(int n, int lower) {
    int k = Window.k(0) - lower;
    // Clamps cost less beside a mask than the rows that are done twice where it holds -inf.
    boolean isPlain = wary == 0 && formed.mask == null;
    double s = isPlain ? kernels.formedExpSum(formed, n, k, false) : 0;
    boolean missed = !Window.holds(Math.scalb(s, lower));
    wary = Window.wary(wary, isPlain && missed);
    if (missed) {
      s = kernels.formedExpSum(formed, n, k, true);
      far = Window.holds(Math.scalb(s, lower)) ? 0 : FAR;
    }
    return s;
  }

  /** Columns that do not count. */
  private void fillOut(long o, int n, float value) {
    if (y != null) {
      Arrays.fill(y, (int) o, (int) o + n, value);
      return;
    }
    Arrays.fill(formed.scratch, 0, Math.min(n, GROUP), value);
    for (int c = 0; c < n; c += GROUP) {
      copyOut(formed.scratch, 0, o + c, Math.min(GROUP, n - c));
    }
  }
}
