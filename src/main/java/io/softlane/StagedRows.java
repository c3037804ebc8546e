package io.softlane;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The rows of a {@link Staging} call: where they are, and their ways into its buffers and out. */
class StagedRows {
  /** The elements of a group of rows, if not of one: 4 KiB. */
  static final int GROUP = 1024;

  /** The floats of a cache line. */
  private static final int LINE = 16;

  /** What the kernels read, a group's rows one after the other; and what they wrote. */
  float[] scores = {};

  float[] results = {};

  /** The present row, where its scores are formed. */
  final FormedRow formed = new FormedRow();

  // ---- the call ----

  RowKernels kernels;
  SoftmaxOptions options;
  int rows;
  int cols;

  /** The input: an array, or else a segment. Its first element, and the distance of its rows. */
  float[] x;

  MemorySegment xSegment;
  long xFrom;
  long xStride;

  /** The output, if it is no per-row result. */
  float[] y;

  MemorySegment ySegment;
  long yFrom;
  long yStride;

  /** Where the kernels find the present group. */
  float[] in;

  int inFrom;

  /** What was read and not needed: else a compiler would not read it. */
  int skipped;

  int inStride;
  int wary;

  /** The array behind a segment, where its elements are the segment's floats; else null. */
  static float[] array(MemorySegment segment) {
    return Segments.array(segment) instanceof float[] array && segment.address() % Float.BYTES == 0
        ? array
        : null;
  }

  /** Rows that go together: all where nothing is staged, one where they differ in length. */
  int group() {
    if (options.lengths() != null) {
      return 1;
    }
    return isFormed() || isStored() ? Math.max(1, GROUP / (cols + sink())) : Math.max(1, rows);
  }

  /** Whether the rows that the kernels read are not the caller's array. */
  boolean isFormed() {
    return x == null
        || options.scale() != 1
        || options.mask() != null
        || sink() > 0
        || options.emptyRowsZero();
  }

  /** Whether results do not go to the output's own array at once. */
  boolean isStored() {
    return ySegment != null || y != null && sink() > 0;
  }

  /**
   * Reads over the columns of a row that do not count, where they are few: memory then comes as a
   * stream, and the next row is there when its turn comes. (A causal square of 4096 x 1000, out of
   * the cache: 0.34 ns an element instead of 0.44.)
   */
  void skip(int r, int n) {
    if (x == null || n == cols || cols - n > GROUP) {
      return;
    }
    int i = (int) (xFrom + r * xStride);
    int bits = 0;
    for (int c = n; c < cols; c += LINE) {
      bits |= Float.floatToRawIntBits(x[i + c]);
    }
    skipped = bits;
  }

  /** The group after that which begins at row r. */
  int next(int r, int group) {
    return rows - r <= group ? rows : r + group;
  }

  int sink() {
    return options.sinks() == null ? 0 : 1;
  }

  /** Columns of a row that count. */
  int count(int r) {
    return options.lengths() == null ? cols : options.lengths()[r];
  }

  /** Brings rows to where the kernels can read them, their n scores formed, their sinks behind. */
  void load(int r, int some, int n) {
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
    boolean unchanged = options.scale() == 1 && options.mask() == null;
    if (x == null && unchanged && n == cols && sink() == 0 && xStride == cols) {
      copyIn(xFrom + r * xStride, some * n, scores, 0);
      return;
    }
    for (int q = 0; q < some; q++) {
      read(r + q);
      formed.scores(kernels, 0, n, scores, q * all);
      if (all > n) {
        scores[q * all + n] = options.sinks()[r + q];
      }
    }
  }

  /** Where a row comes from. Its terms go nowhere. */
  final void read(int r) {
    formed.x = x;
    formed.g = x == null ? xSegment : null;
    formed.i = xFrom + r * xStride;
    formed.scale = options.scale();
    formed.mask = options.mask();
    formed.m = formed.mask == null ? 0 : maskStart(r);
    formed.hasSink = sink() > 0;
    formed.sink = sink() > 0 ? options.sinks()[r] : 0;
    formed.e = null;
    formed.w = null;
    formed.o = 0;
  }

  int maskStart(int r) {
    return options.maskRows().start(r % options.maskRows().rows());
  }

  void copyIn(long i, int n, float[] to, int at) {
    MemorySegment.copy(xSegment, FormedRow.FLOAT, i * Float.BYTES, to, at, n);
  }

  /** Where the kernels write. */
  float[] out(int some) {
    if (!isStored()) {
      return y;
    }
    results = atLeast(results, some, cols + sink());
    return results;
  }

  int outFrom(int r) {
    return isStored() ? 0 : (int) (yFrom + r * yStride);
  }

  int outStride(int all) {
    return isStored() ? all : (int) yStride;
  }

  /**
   * Brings results to where the caller wants them, and fills the columns that do not count.
   *
   * @param masked the result of a column that is left out
   */
  void store(int r, int some, int n, float[] out, int o, float masked) {
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
      copyOut(results, 0, yFrom + r * yStride, some * cols);
      return;
    }
    for (int q = 0; q < some; q++) {
      copyOut(results, q * step, yFrom + (r + q) * yStride, cols);
    }
  }

  void copyOut(float[] from, int at, long o, int n) {
    if (ySegment == null) {
      System.arraycopy(from, at, y, (int) o, n);
    } else {
      MemorySegment.copy(from, at, ySegment, FormedRow.FLOAT, o * Float.BYTES, n);
    }
  }

  boolean isEmpty(int i, int all) {
    for (int c = 0; c < all; c++) {
      if (in[i + c] != Float.NEGATIVE_INFINITY) {
        return false;
      }
    }
    return true;
  }

  static float[] atLeast(float[] buffer, int rows, int cols) {
    int size = Math.max(GROUP, Math.multiplyExact(rows, cols));
    return buffer.length >= size ? buffer : new float[size];
  }
}
