package io.softlane;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A call whose rows pass through a buffer, a few at a time, that stays in the first cache: rows
 * whose scores are formed first ({@link SoftmaxOptions}), and rows of memory segments. The kernels
 * see arrays alone, and have no loop for any of it.
 *
 * <p>Off-heap memory is copied, not read by vectors, because a JVM that has read arrays, heap and
 * native segments makes every vector's load ask which of them it is (0.3 to 2 ns an element, where
 * a kernel takes 0.4). A copy costs the same for each, is safe whatever happens to an arena, and
 * allows for any alignment. A segment over a {@code float[]} is used as that array.
 *
 * <p>Buffers are kept for later calls, so that these allocate nothing: as many as threads were in a
 * call at once, up to {@link #SLOTS}. The garbage collector may take them.
 */
final class Staging {
  /** The elements of a group of rows, if not of one: 4 KiB. */
  private static final int GROUP = 1024;

  /** A power of two. */
  private static final int SLOTS = 64;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private static final AtomicReferenceArray<SoftReference<Staging>> POOL =
      new AtomicReferenceArray<>(SLOTS);

  private final SoftReference<Staging> self = new SoftReference<>(this);

  /** What the kernels read, a group's rows one after the other; and what they wrote. */
  private float[] scores = {};

  private float[] results = {};

  // ---- the call ----

  private RowKernels kernels;
  private SoftmaxOptions options;
  private int rows;
  private int cols;

  /** The input: an array, or else a segment. Its first element, and the distance of its rows. */
  private float[] x;

  private MemorySegment xSegment;
  private long xFrom;
  private long xStride;

  /** The output, if it is no per-row result. */
  private float[] y;

  private MemorySegment ySegment;
  private long yFrom;
  private long yStride;

  /** Where the kernels find the present group. */
  private float[] in;

  private int inFrom;
  private int inStride;
  private int wary;

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

  /** The array behind a segment, where its elements are the segment's floats; else null. */
  private static float[] array(MemorySegment segment) {
    return Segments.array(segment) instanceof float[] array && segment.address() % Float.BYTES == 0
        ? array
        : null;
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
    int group = group();
    for (int r = 0; r < rows; r += group) {
      int some = Math.min(group, rows - r);
      int n = count(r);
      load(r, some, n);
      int all = n + sink();
      float[] out = out(some);
      int o = outFrom(r);
      if (all > 0) {
        int step = outStride(all);
        wary = kernels.softmax(in, inFrom, inStride, out, o, step, some, all, wary);
      }
      store(r, some, n, out, o, 0);
    }
  }

  void logSoftmax() {
    int group = group();
    for (int r = 0; r < rows; r += group) {
      int some = Math.min(group, rows - r);
      int n = count(r);
      load(r, some, n);
      int all = n + sink();
      float[] out = out(some);
      int o = outFrom(r);
      if (all > 0) {
        int step = outStride(all);
        wary = kernels.logSoftmax(in, inFrom, inStride, out, o, step, some, all, wary);
      }
      store(r, some, n, out, o, Float.NEGATIVE_INFINITY);
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

  // ---- stages ----

  /** Rows that go together: all where nothing is staged, one where they differ in length. */
  private int group() {
    if (!isFormed() && !isStored()) {
      return Math.max(1, rows);
    }
    return options.lengths() == null ? Math.max(1, GROUP / (cols + sink())) : 1;
  }

  private boolean isFormed() {
    return x == null || !options.isDefault();
  }

  /** Whether results do not go to the output's own array at once. */
  private boolean isStored() {
    return ySegment != null || y != null && sink() > 0;
  }

  private int sink() {
    return options.sinks() == null ? 0 : 1;
  }

  /** Columns of a row that count. */
  private int count(int r) {
    return options.lengths() == null ? cols : options.lengths()[r];
  }

  /** Brings rows to where the kernels can read them, their n scores formed, their sinks behind. */
  private void load(int r, int some, int n) {
    if (!isFormed()) {
      in = x;
      inFrom = (int) (xFrom + r * xStride);
      inStride = (int) xStride;
      return;
    }
    int all = n + sink();
    scores = atLeast(scores, some, all);
    in = scores;
    inFrom = 0;
    inStride = all;
    float scale = options.scale();
    float[] mask = options.mask();
    boolean unchanged = scale == 1 && mask == null;
    if (x == null && unchanged && n == cols && all == n && xStride == cols) {
      copyIn(r, some * n, 0);
      return;
    }
    for (int q = 0; q < some; q++) {
      int at = q * all;
      int m = mask == null ? 0 : options.maskRows().start((r + q) % options.maskRows().rows());
      if (x == null) {
        copyIn(r + q, n, at);
        if (!unchanged) {
          kernels.scores(scores, at, n, scale, mask, m, scores, at);
        }
      } else {
        int i = (int) (xFrom + (r + q) * xStride);
        kernels.scores(x, i, n, scale, mask, m, scores, at);
      }
      if (all > n) {
        scores[at + n] = options.sinks()[r + q];
      }
    }
  }

  private void copyIn(int r, int n, int at) {
    long i = (xFrom + r * xStride) * Float.BYTES;
    MemorySegment.copy(xSegment, FLOAT, i, scores, at, n);
  }

  /** Where the kernels write. */
  private float[] out(int some) {
    if (!isStored()) {
      return y;
    }
    results = atLeast(results, some, cols + sink());
    return results;
  }

  private int outFrom(int r) {
    return isStored() ? 0 : (int) (yFrom + r * yStride);
  }

  private int outStride(int all) {
    return isStored() ? all : (int) yStride;
  }

  /**
   * Brings results to where the caller wants them, and fills the columns that do not count.
   *
   * @param masked the result of a column that is left out
   */
  private void store(int r, int some, int n, float[] out, int o, float masked) {
    int all = n + sink();
    int step = outStride(all);
    if (n < cols || options.emptyRowsZero()) {
      for (int q = 0; q < some; q++) {
        int at = o + q * step;
        // A row that is NaN is all NaN; its sink's result tells as well as any.
        boolean nan = all == 0 || Float.isNaN(out[at]);
        boolean zeros = nan && options.emptyRowsZero() && isEmpty(inFrom + q * inStride, all);
        if (zeros || n < cols) {
          float fill = nan && !zeros ? Float.NaN : masked;
          Arrays.fill(out, zeros ? at : at + n, at + (n < cols ? cols : n), fill);
        }
      }
    }
    if (!isStored()) {
      return;
    }
    if (step == cols && yStride == cols) {
      copyOut(r, some * cols, 0);
      return;
    }
    for (int q = 0; q < some; q++) {
      copyOut(r + q, cols, q * step);
    }
  }

  private void copyOut(int r, int n, int at) {
    long o = yFrom + r * yStride;
    if (ySegment == null) {
      System.arraycopy(results, at, y, (int) o, n);
    } else {
      MemorySegment.copy(results, at, ySegment, FLOAT, o * Float.BYTES, n);
    }
  }

  private boolean isEmpty(int i, int all) {
    for (int c = 0; c < all; c++) {
      if (in[i + c] != Float.NEGATIVE_INFINITY) {
        return false;
      }
    }
    return true;
  }

  private static float[] atLeast(float[] buffer, int rows, int cols) {
    int size = Math.max(GROUP, Math.multiplyExact(rows, cols));
    return buffer.length >= size ? buffer : new float[size];
  }
}
