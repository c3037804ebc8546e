package io.softlane;

import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A call whose rows pass through a buffer, a few at a time, that stays in the first cache: rows
 * whose scores are formed first ({@link SoftmaxOptions}), and rows of memory segments. What is in
 * the buffer, the kernels take as any array, and have no loop for any of it.
 *
 * <p>Long rows have their scores formed, and native memory read, in the loop of their terms ({@link
 * RowKernels#formedExpSum}), as if they were plain: a pass for that alone is time in which no
 * memory is fetched. Where one is not plain, it goes through the buffer.
 *
 * <p>A segment over a {@code float[]} is used as that array. What else there is (other heap
 * segments, mapped files) is copied into the buffer: as fast for each, safe whatever happens to an
 * arena, and at any alignment.
 *
 * <p>Buffers are kept for later calls, so that these allocate nothing: as many as threads were in a
 * call at once, up to {@link #SLOTS}. The garbage collector may take them.
 */
final class Staging extends StagedRows {
  /** A power of two. */
  private static final int SLOTS = 64;

  /**
   * The columns from which on scores are formed in the loop of their terms: a row of less may share
   * the buffer with others.
   */
  private static final int LONG = GROUP / 2 + 1;

  private static final AtomicReferenceArray<SoftReference<Staging>> POOL =
      new AtomicReferenceArray<>(SLOTS);

  private final SoftReference<Staging> self = new SoftReference<>(this);

  private Staging() {}

  /** Takes a buffer; it must be {@linkplain #release released}. */
  static Staging take(SegmentKernels kernels, SoftmaxOptions options) {
    Staging staging = null;
    int first = (int) Thread.currentThread().threadId();
    for (int s = 0; s < SLOTS && staging == null; s++) {
      int slot = (first + s) & (SLOTS - 1);
      SoftReference<Staging> kept = POOL.get(slot) == null ? null : POOL.getAndSet(slot, null);
      staging = kept == null ? null : kept.get();
    }
    staging = staging == null ? new Staging() : staging;
    staging.kernels = (RowKernels) kernels;
    staging.options = options;
    return staging;
  }

  void release() {
    kernels = null;
    options = null;
    x = null;
    xSegment = null;
    y = null;
    ySegment = null;
    in = null;
    wary = 0;
    int first = (int) Thread.currentThread().threadId();
    for (int s = 0; s < SLOTS; s++) {
      if (POOL.compareAndSet((first + s) & (SLOTS - 1), null, self)) {
        return;
      }
    }
  }

  Staging from(float[] array, Rows batch) {
    x = array;
    xFrom = batch.offset();
    xStride = batch.stride();
    rows = batch.rows();
    cols = batch.cols();
    return this;
  }

  Staging from(MemorySegment segment, Rows batch) {
    from(array(segment), batch);
    if (x == null) {
      xSegment = segment;
    } else {
      xFrom += segment.address() / Float.BYTES;
    }
    return this;
  }

  Staging to(float[] array, Rows batch) {
    y = array;
    yFrom = batch.offset();
    yStride = batch.stride();
    return this;
  }

  Staging to(MemorySegment segment, Rows batch) {
    to(array(segment), batch);
    if (y == null) {
      ySegment = segment;
    } else {
      yFrom += segment.address() / Float.BYTES;
    }
    return this;
  }

  // ---- operations ----

  void max(float[] max) {
    int group = group();
    for (int r = 0; r < rows; r += group) {
      int some = Math.min(group, rows - r);
      load(r, some, cols);
      kernels.max(in, inFrom, inStride, some, cols, max, r);
    }
  }

  void argmax(int[] argmax) {
    int group = group();
    for (int r = 0; r < rows; r += group) {
      int some = Math.min(group, rows - r);
      load(r, some, cols);
      kernels.argmax(in, inFrom, inStride, some, cols, argmax, r);
    }
  }

  void logSumExp(float[] lse) {
    int group = group();
    for (int r = 0; r < rows; r += group) {
      int some = Math.min(group, rows - r);
      int n = count(r);
      if (isLong(n)) {
        double s = blocksExpSum(r, n);
        if (!isMissed(s)) {
          lse[r] = (float) Window.logSum(s, Window.k(0));
          continue;
        }
      }
      load(r, some, n);
      int all = n + sink();
      if (all == 0) {
        lse[r] = Float.NEGATIVE_INFINITY;
      } else {
        wary = kernels.logSumExp(in, inFrom, inStride, some, all, lse, r, wary);
      }
    }
  }

  void softmax() {
    map(false);
  }

  void logSoftmax() {
    map(true);
  }

  private void map(boolean log) {
    int group = group();
    for (int r = 0; r < rows; r += group) {
      int some = Math.min(group, rows - r);
      int n = count(r);
      if (isLong(n) && (log ? logSoftmaxOfLong(r, n) : softmaxOfLong(r, n))) {
        continue;
      }
      load(r, some, n);
      int all = n + sink();
      float[] out = out(some);
      int o = outFrom(r);
      int step = outStride(all);
      if (all > 0) {
        wary =
            log
                ? kernels.logSoftmax(in, inFrom, inStride, out, o, step, some, all, wary)
                : kernels.softmax(in, inFrom, inStride, out, o, step, some, all, wary);
      }
      store(r, some, n, out, o, log ? Float.NEGATIVE_INFINITY : 0);
    }
  }

  /** The buffers are scratch. */
  void entropy(float[] entropy) {
    scores = atLeast(scores, 2, ScalarRow.BLOCK);
    kernels.entropy(x, (int) xFrom, (int) xStride, rows, cols, entropy, 0, scores, 0);
  }

  /** With the gradient, where there is an output for it. */
  double crossEntropy(int[] labels, CrossEntropy loss, double weight, float[] losses) {
    boolean gradient = y != null || ySegment != null;
    int group = group();
    double total = 0;
    for (int r = 0; r < rows; r += group) {
      int some = Math.min(group, rows - r);
      load(r, some, cols);
      float[] out = gradient ? out(some) : null;
      int o = gradient ? outFrom(r) : 0;
      int step = gradient ? outStride(cols) : 0;
      total =
          kernels.crossEntropy(
              in, inFrom, inStride, labels, loss, weight, losses, r, out, o, step, some, cols,
              total);
      if (gradient) {
        store(r, some, cols, out, o, 0);
      }
    }
    return total;
  }

  // ---- long rows: their scores are formed in the loop of their terms ----

  /** Whether a row is tried so: it would pass through a buffer by itself. */
  private boolean isLong(int n) {
    boolean read = x != null || xSegment.isNative() && !xSegment.isMapped();
    return n >= LONG && sink() == 0 && wary == 0 && read && (isFormed() || isStored());
  }

  /** False, with nothing written that counts, where the row is to be done in the other way. */
  private boolean softmaxOfLong(int r, int n) {
    // In place a second try would find its logits, or its mask, overwritten.
    boolean direct = y != null && y != x && y != options.mask();
    results = direct ? results : atLeast(results, 1, cols);
    float[] e = direct ? y : results;
    long to = yFrom + r * yStride;
    int o = direct ? (int) to : 0;
    double s = formedExpSum(r, 0, n, e, o, isApart() ? ySegment : null);
    if (isMissed(s)) {
      return false;
    }
    Arrays.fill(e, o + n, o + cols, 0);
    if (direct) {
      kernels.scale(e, o, n, 1 / s);
      return true;
    }
    // From the end, which is still in the cache.
    for (int c = cols - 1 & -GROUP; c >= 0; c -= GROUP) {
      int few = Math.min(GROUP, cols - c);
      kernels.scale(e, c, few, 1 / s);
      copyOut(results, c, to + c, few);
    }
    return true;
  }

  private boolean logSoftmaxOfLong(int r, int n) {
    double s = blocksExpSum(r, n);
    if (isMissed(s)) {
      return false;
    }
    double logSum = Window.logSum(s, Window.k(0));
    float hi = (float) logSum;
    float lo = (float) (logSum - hi);
    for (int c = 0; c < cols; c += GROUP) {
      int few = Math.min(GROUP, cols - c);
      int some = Math.clamp(n - c, 0, few);
      form(r, c, some, 0);
      kernels.subtractTwice(scores, 0, some, hi, lo, scores, 0);
      Arrays.fill(scores, some, few, Float.NEGATIVE_INFINITY);
      copyOut(scores, 0, yFrom + r * yStride + c, few);
    }
    return true;
  }

  /** The terms' sum alone: they need no more room than a block. */
  private double blocksExpSum(int r, int n) {
    results = atLeast(results, 1, ScalarRow.BLOCK);
    double s = 0;
    for (int c = 0; c < n && !Double.isNaN(s); c += ScalarRow.BLOCK) {
      s += formedExpSum(r, c, Math.min(ScalarRow.BLOCK, n - c), results, 0, null);
    }
    return s;
  }

  /** {@link RowKernels#formedExpSum} of n columns from c on. */
  private double formedExpSum(int r, int c, int n, float[] e, int o, MemorySegment written) {
    long i = xFrom + r * xStride + c;
    long to = (yFrom + r * yStride) * Float.BYTES;
    float[] mask = options.mask();
    int m = mask == null ? 0 : maskStart(r) + c;
    long at = i * Float.BYTES;
    float scale = options.scale();
    return kernels.formedExpSum(x, (int) i, xSegment, at, scale, mask, m, n, e, o, written, to);
  }

  /** Whether a row is to be done in the other way, and so some after it. */
  private boolean isMissed(double s) {
    boolean missed = !Window.holds(s);
    wary = Window.wary(wary, missed);
    return missed;
  }

  /** Whether the output is native memory that holds no input. */
  private boolean isApart() {
    return ySegment != null
        && ySegment.isNative()
        && !ySegment.isMapped()
        && (xSegment == null
            || xSegment.address() + xFrom * Float.BYTES
                != ySegment.address() + yFrom * Float.BYTES);
  }
}
