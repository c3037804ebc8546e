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
final class Source extends Place {
  Loops loops;

  /** The number of the first row, and the one after the last one's. */
  int first;

  int end;

  private float scale = 1;
  private float cap = Float.POSITIVE_INFINITY;
  final Tanh tanh = new Tanh();
  private SoftmaxOptions options = SoftmaxOptions.DEFAULT;

  /** The flags of {@link Kind} that say how scores are made. */
  private int kind;

  /** Room for rows that are not read where they are. */
  private float[] room = {};

  /** And for those that a loop wants in an array. */
  private float[] rowRoom = {};

  /** A mask of fewer rows than a block has, repeated, and how many rows that makes; 0 for none. */
  private float[] repeated = {};

  private int repeats;

  void set(Object batch, Rows rows, SoftmaxOptions some) {
    first = rows.firstRow();
    end = first + rows.rows();
    set(batch, rows, first);
    set(some);
  }

  /** The rows of another, and their scores. */
  void like(Source other) {
    super.like(other);
    set(other.options);
  }

  private void set(SoftmaxOptions some) {
    kind = isNative() ? Kind.FROM : 0;
    if (some != options) {
      options = some;
      scale = some.scale();
      cap = some.softcap();
    }
    if (some != SoftmaxOptions.DEFAULT) {
      kind = isCapped() ? 0 : scale == 1 ? kind : kind | Kind.SCALED; // caps are of copies
      kind |= mask() == null ? 0 : Kind.MASKED;
    }
  }

  @Override
  void release() {
    super.release();
    scale = 1;
    if (options != SoftmaxOptions.DEFAULT) {
      options = SoftmaxOptions.DEFAULT;
      cap = Float.POSITIVE_INFINITY;
      repeats = 0;
    }
  }

  private float[] mask() {
    return options.mask();
  }

  private boolean isCapped() {
    return cap < Float.POSITIVE_INFINITY;
  }

  int kind() {
    return kind;
  }

  /** Whether rows differ in how many columns count. */
  boolean isRagged() {
    return options.lengths() != null;
  }

  /** Columns of a row that count. */
  int count(int r) {
    return options.lengths() == null ? cols : options.lengths()[r];
  }

  boolean hasSinks() {
    return options.sinks() != null;
  }

  float sink(int r) {
    return options.sinks()[r];
  }

  boolean emptyRowsZero() {
    return options.emptyRowsZero();
  }

  /** Whether results go to the logits' array or, native, to where the logits begin. */
  boolean isIn(Sink sink) {
    if (g == null || sink.g == null) {
      return x != null && x == sink.x;
    }
    return g.address() + from * Float.BYTES == sink.g.address() + sink.from * Float.BYTES;
  }

  /** Whether what is written to an array may be read from here. */
  boolean isBehind(float[] array) {
    return isFar || x == array || mask() == array;
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
      if (t.g != g) {
        t.g = g;
      }
      t.at = i * Float.BYTES;
    }
    if (kind != 0) {
      t.scale = scale;
      t.mask = mask();
      t.m = mask(r) + c;
    }
  }

  /** Lets a turn subtract from the scores of a row that was read before. */
  void due(Turn t, int r, int slot) {
    long i = from + r * stride;
    if (isFar || isCapped()) {
      t.j = slot;
    } else if (x != null) {
      t.j = (int) i;
    } else {
      t.from = i * Float.BYTES;
    }
    if (kind != 0) {
      t.mj = mask(r);
    }
  }

  /** Whether options are a scale or a mask, and no others but what becomes of empty rows. */
  static boolean isSimple(SoftmaxOptions options) {
    return options.softcap() == Float.POSITIVE_INFINITY
        && options.lengths() == null
        && options.sinks() == null;
  }

  /**
   * The largest of n scores of a row from column c on, which may pass through a slot of scratch.
   */
  float max(Turn t, int r, int c, int n, int slot) {
    if (x != null && kind == 0 && !isCapped()) {
      return loops.max(x, start(r, c), n);
    }
    read(t, r, c, n, slot);
    t.n = n;
    loops.turn(Kind.MAX | kind(), t);
    return t.max;
  }

  /** Where a row's mask begins, if there is one. */
  int mask(int r) {
    return mask() == null ? 0 : mask(options, r);
  }

  static int mask(SoftmaxOptions options, int r) {
    Rows maskRows = options.maskRows();
    return (int) (maskRows.offset() + r % maskRows.rows() * maskRows.stride());
  }

  /** Whether all rows are read where they are, and have as many scores as there are columns. */
  boolean isSimple() {
    return !isFar && isSimple(options);
  }

  /** Tells a turn what such rows have in common. */
  void tell(Turn t) {
    t.x = x;
    t.g = g;
    t.scale = scale;
    t.mask = mask();
  }

  /**
   * Whether rows are blocks as they lie: an array's logits, in rows that follow each other without
   * a gap.
   */
  boolean isBlock() {
    return x != null && kind == 0 && !isCapped() && !hasSinks() && stride == cols;
  }

  /**
   * Scores of some rows, one after the other, a sink behind each: the array itself where they lie
   * so in it and a copy is not asked for, else the second slot of scratch.
   */
  float[] block(int r, int some, boolean copy, float[] scratch) {
    if (isBlock() && !copy) {
      return x;
    }
    int all = cols + (hasSinks() ? 1 : 0);
    int at = Work.SLOT;
    if (all == cols && stride == cols) {
      copy(from + r * stride, some * cols, scratch, at);
    }
    for (int q = 0; q < some && (all > cols || stride > cols); q++) {
      copy(from + (r + q) * stride, cols, scratch, at + q * all);
    }
    if (isCapped()) {
      loops.softcap(scratch, at, some * all, scale, tanh.of(cap), scratch, at);
    }
    if ((kind & (Kind.SCALED | Kind.MASKED)) != 0) {
      score(r, some, all, scratch);
    }
    for (int q = 0; q < some && all > cols; q++) {
      scratch[at + q * all + cols] = sink(r + q);
    }
    return scratch;
  }

  /**
   * Scores of a block's logits, of as many rows at once as there are: row by row, 65536 x 10 takes
   * 2.4 times as long with a scale, 2.7 with a mask (Zen 4).
   */
  private void score(int r, int some, int all, float[] scratch) {
    float by = isCapped() ? 1 : scale;
    if (mask() == null) {
      loops.scores(scratch, Work.SLOT, some * all, by, null, 0, scratch, Work.SLOT);
      return;
    }
    int maskRows = options.maskRows().rows();
    if (all == cols && maskRows < some) {
      repeat(maskRows + some);
      int m = r % maskRows * cols;
      loops.scores(scratch, Work.SLOT, some * cols, by, repeated, m, scratch, Work.SLOT);
      return;
    }
    boolean isUnbroken = all == cols && options.maskRows().stride() == cols;
    int many;
    for (int q = 0; q < some; q += many) {
      many = isUnbroken ? Math.min(some - q, maskRows - (r + q) % maskRows) : 1;
      int o = Work.SLOT + q * all;
      loops.scores(scratch, o, many * cols, by, mask(), mask(r + q), scratch, o);
    }
  }

  private void repeat(int rows) {
    if (repeats < rows) {
      repeats = rows;
      repeated = atLeast(repeated, rows * cols);
      for (int q = 0; q < rows; q++) {
        System.arraycopy(mask(), mask(options, q), repeated, q * cols, cols);
      }
    }
  }

  /** Where such a block begins. */
  int blockStart(float[] block, int r) {
    return block == x ? start(r) : Work.SLOT;
  }

  /** Makes scores of logits by another scale. */
  void scale(float scale) {
    this.scale = scale;
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
    rowRoom = atLeast(rowRoom, n);
    copy(from + r * stride + c, n, rowRoom, 0);
    return rowRoom;
  }

  int start(int r, int c) {
    return x != null ? (int) (from + r * stride + c) : 0;
  }

  private void copy(long i, int n, float[] room, int o) {
    if (x != null) {
      System.arraycopy(x, (int) i, room, o, n);
    } else {
      MemorySegment.copy(g, Turn.FLOAT, i * Float.BYTES, room, o, n);
    }
  }

  private static float[] atLeast(float[] room, int n) {
    return room.length >= n ? room : Arrays.copyOf(room, Math.max(n, Work.SLOTS * Work.SLOT));
  }
}
