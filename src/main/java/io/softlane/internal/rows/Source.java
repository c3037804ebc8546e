package io.softlane.internal.rows;

import io.softlane.Rows;
import io.softlane.SoftmaxOptions;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Tanh;
import io.softlane.internal.loops.Turn;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Where rows come from, and what makes scores of their logits. An array and native memory are read
 * where they are, unless scores are capped. What is neither (heap segments of other arrays, mapped
 * files, which another program may cut short) is copied first: as fast for each, and at any
 * alignment.
 */
final class Source {
  Loops loops;

  /** The number of the batch's first row; rows go by their numbers. */
  int base;

  /** The number of the first row that is to be done, and the one after the last one's. */
  int first;

  int end;
  int cols;

  private float[] x;
  private MemorySegment g;

  /** Whether g is to be copied. */
  private boolean isFar;

  /** Where row number 0 would be. */
  private long from;

  private long stride;

  /** Whether scores are the logits. */
  private boolean isPlain;

  private float scale = 1;
  private float cap = Float.POSITIVE_INFINITY;
  final Tanh tanh = new Tanh();
  private float[] mask;
  private Rows maskRows;
  private int[] lengths;
  private float[] sinks;
  private boolean emptyRowsZero;

  /** The flags of {@link Kind} that say how scores are made. */
  private int kind;

  /** Room for rows that are not read where they are; and for blocks. */
  private float[] room = {};

  private float[] blockRoom = {};

  void set(float[] array, Rows batch, SoftmaxOptions options) {
    x = array;
    g = null;
    isFar = false;
    set(batch, options);
  }

  void set(MemorySegment segment, Rows batch, SoftmaxOptions options) {
    x = Memory.array(segment);
    g = x == null ? segment : null;
    isFar = x == null && !Memory.isDirect(segment);
    set(batch, options);
    from += x == null ? 0 : segment.address() / Float.BYTES;
  }

  private void set(Rows batch, SoftmaxOptions options) {
    base = batch.firstRow();
    first = base;
    end = first + batch.rows();
    cols = batch.cols();
    stride = batch.stride();
    from = batch.offset() - first * stride;
    kind = g == null || isFar ? 0 : Kind.FROM;
    isPlain = options == SoftmaxOptions.DEFAULT;
    if (!isPlain) {
      set(options);
    }
  }

  private void set(SoftmaxOptions options) {
    scale = options.scale();
    cap = options.softcap();
    mask = options.mask();
    maskRows = options.maskRows();
    lengths = options.lengths();
    sinks = options.sinks();
    emptyRowsZero = options.emptyRowsZero();
    kind = isCapped() ? 0 : scale == 1 ? kind : kind | Kind.SCALED; // caps are of copies
    kind |= mask == null ? 0 : Kind.MASKED;
  }

  void release() {
    x = null;
    g = null;
    if (!isPlain || scale != 1) {
      set(SoftmaxOptions.DEFAULT);
    }
  }

  private boolean isCapped() {
    return cap < Float.POSITIVE_INFINITY;
  }

  int kind() {
    return kind;
  }

  /** Whether rows differ in how many columns count. */
  boolean isRagged() {
    return lengths != null;
  }

  /** Columns of a row that count. */
  int count(int r) {
    return lengths == null ? cols : lengths[r];
  }

  boolean hasSinks() {
    return sinks != null;
  }

  float sink(int r) {
    return sinks[r];
  }

  boolean emptyRowsZero() {
    return emptyRowsZero;
  }

  /** Whether an array's rows are these, at the same place. */
  boolean isIn(float[] array) {
    return x == array;
  }

  /** Whether what is written to an array may be read from here. */
  boolean isBehind(float[] array) {
    return isFar || x == array || mask == array;
  }

  /** One logit, as it is given. */
  float logit(int r, int c) {
    long i = from + r * stride + c;
    return x != null ? x[(int) i] : g.get(Turn.FLOAT, i * Float.BYTES);
  }

  /** Lets a turn read n logits of a row from column c on; a copy goes to a slot of the room. */
  void read(Turn t, int r, int c, int n, int slot) {
    long i = from + r * stride + c;
    if (isFar || isCapped()) {
      room = atLeast(room, slot + c + n);
      t.x = room;
      t.i = slot + c;
      if (x == null) {
        MemorySegment.copy(g, Turn.FLOAT, i * Float.BYTES, room, t.i, n);
      }
      if (isCapped()) {
        loops.softcap(
            x == null ? room : x, x == null ? t.i : (int) i, n, scale, tanh.of(cap), room, t.i);
      }
    } else if (x != null) {
      // A reference that is there already is not stored again, which would take a barrier.
      if (t.x != x) {
        t.x = x;
      }
      t.i = (int) i;
    } else {
      t.g = g;
      t.at = i * Float.BYTES;
    }
    if (kind != 0) {
      t.scale = scale;
      t.mask = mask;
      t.m = mask == null ? 0 : mask(r) + c;
    }
  }

  /** Lets a turn subtract from the scores of a row that was read before. */
  void due(Turn t, Row row) {
    long i = from + row.r * stride;
    if (isFar || isCapped()) {
      t.j = row.slot;
    } else if (x != null) {
      t.j = (int) i;
    } else {
      t.from = i * Float.BYTES;
    }
    if (mask != null) {
      t.mj = mask(row.r);
    }
  }

  private int mask(int r) {
    return (int) (maskRows.offset() + r % maskRows.rows() * maskRows.stride());
  }

  /**
   * Scores of some rows, one after the other, a sink behind each: the array itself where they lie
   * so in it and a copy is not asked for, else in the room.
   */
  float[] block(int r, int some, boolean copy) {
    if (x != null && stride == cols && kind == 0 && !isCapped() && !hasSinks() && !copy) {
      return x;
    }
    int all = cols + (hasSinks() ? 1 : 0);
    blockRoom = atLeast(blockRoom, some * all);
    if (all == cols && stride == cols) {
      copy(from + r * stride, some * cols, 0);
    }
    for (int q = 0; q < some && (all > cols || stride > cols); q++) {
      copy(from + (r + q) * stride, cols, q * all);
    }
    if (isCapped()) {
      loops.softcap(blockRoom, 0, some * all, scale, tanh.of(cap), blockRoom, 0);
    }
    for (int q = 0; q < some; q++) {
      int o = q * all;
      if ((kind & (Kind.SCALED | Kind.MASKED)) != 0) {
        int m = mask == null ? 0 : mask(r + q);
        loops.scores(blockRoom, o, cols, isCapped() ? 1 : scale, mask, m, blockRoom, o);
      }
      if (all > cols) {
        blockRoom[o + cols] = sink(r + q);
      }
    }
    return blockRoom;
  }

  /** Where such a block begins. */
  int blockStart(float[] block, int r) {
    return block == x ? (int) (from + r * stride) : 0;
  }

  /** Makes scores of logits by another scale. */
  void scale(float scale) {
    this.scale = scale;
    isPlain = false;
    kind = scale == 1 ? kind & ~Kind.SCALED : kind | Kind.SCALED;
  }

  /** An array that holds n scores of a row: the logits' own, see {@link #array}, or scratch. */
  float[] scores(int r, int c, int n, float[] scratch) {
    float[] logits = array(r, c, n);
    if (scale == 1) {
      return logits;
    }
    loops.scores(logits, start(r, c), n, scale, null, 0, scratch, 0);
    return scratch;
  }

  /** An array that holds n logits of a row from column c on, and where: {@link #start}. */
  float[] array(int r, int c, int n) {
    if (x != null) {
      return x;
    }
    blockRoom = atLeast(blockRoom, n);
    copy(from + r * stride + c, n, 0);
    return blockRoom;
  }

  int start(int r, int c) {
    return x != null ? (int) (from + r * stride + c) : 0;
  }

  /** The distance of an array's rows. */
  int stride() {
    return (int) stride;
  }

  boolean isArray() {
    return x != null;
  }

  private void copy(long i, int n, int o) {
    if (x != null) {
      System.arraycopy(x, (int) i, blockRoom, o, n);
    } else {
      MemorySegment.copy(g, Turn.FLOAT, i * Float.BYTES, blockRoom, o, n);
    }
  }

  private static float[] atLeast(float[] room, int n) {
    return room.length >= n ? room : Arrays.copyOf(room, Math.max(n, Work.SLOTS * Work.SLOT));
  }
}
