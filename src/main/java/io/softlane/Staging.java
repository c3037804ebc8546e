package io.softlane;

import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A call whose rows pass through a buffer, a few at a time, that stays in the first cache: rows
 * whose scores are formed first ({@link SoftmaxOptions}), and rows of memory segments. What is in
 * the buffer, the kernels take as any array, and have no loop for any of it.
 *
 * <p>Long rows go through it only where {@link StagedLongRows} cannot do without.
 *
 * <p>A segment over a {@code float[]} is used as that array. What is neither that nor native memory
 * (other heap segments, mapped files, which another program may cut short) is copied into the
 * buffer: as fast for each, and at any alignment.
 *
 * <p>Buffers are kept for later calls, so that these allocate nothing: as many as threads were in a
 * call at once, up to {@link #SLOTS}. The garbage collector may take them.
 */
final class Staging extends StagedLongRows {
  /** A power of two. */
  private static final int SLOTS = 64;

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
    formed.release();
    wary = 0;
    far = 0;
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
    for (int r = 0; r < rows; r = next(r, group)) {
      if (isLongNative()) {
        max[r] = maxOfLong(r);
        continue;
      }
      int some = Math.min(group, rows - r);
      load(r, some, cols);
      kernels.max(in, inFrom, inStride, some, cols, max, r);
    }
  }

  void argmax(int[] argmax) {
    int group = group();
    for (int r = 0; r < rows; r = next(r, group)) {
      if (isLongNative()) {
        argmax[r] = argmaxOfLong(r, argmax);
        continue;
      }
      int some = Math.min(group, rows - r);
      load(r, some, cols);
      kernels.argmax(in, inFrom, inStride, some, cols, argmax, r);
    }
  }

  void logSumExp(float[] lse) {
    int group = group();
    for (int r = 0; r < rows; r = next(r, group)) {
      int some = Math.min(group, rows - r);
      int n = count(r);
      if (takesLong(n) && logSumExpOfLong(r, n, lse)) {
        continue;
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
    for (int r = 0; r < rows; r = next(r, group)) {
      int some = Math.min(group, rows - r);
      int n = count(r);
      if (!takesLong(n) || !(log ? logSoftmaxOfLong(r, n) : softmaxOfLong(r, n))) {
        map(r, some, n, log);
      }
      if (options.lengths() != null) {
        skip(r, n);
      }
    }
  }

  private void map(int r, int some, int n, boolean log) {
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
    for (int r = 0; r < rows; r = next(r, group)) {
      int some = Math.min(group, rows - r);
      double one =
          takesLong(cols) ? crossEntropyOfLong(r, labels[r], loss, weight, losses) : Double.NaN;
      if (!Double.isNaN(one)) {
        total += one;
        continue;
      }
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
}
