package io.softlane.internal.rows;

import io.softlane.Rows;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Turn;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Where results of rows go: to an array or native memory at once, elsewhere through a copy, as of
 * {@link Source}.
 */
final class Sink {
  private float[] y;
  private MemorySegment w;

  /** Whether results go to w by a copy. */
  private boolean isFar;

  /** Where row number 0 would be. */
  private long from;

  private long stride;
  private int cols;
  private float[] room = {};

  void set(float[] array, Rows batch, int first) {
    y = array;
    w = null;
    isFar = false;
    set(batch, first);
  }

  void set(MemorySegment segment, Rows batch, int first) {
    y = Memory.array(segment);
    w = y == null ? segment : null;
    isFar = y == null && !Memory.isDirect(segment);
    set(batch, first);
    from += y == null ? 0 : segment.address() / Float.BYTES;
  }

  /** The results of another. */
  void like(Sink other) {
    y = other.y;
    w = other.w;
    isFar = other.isFar;
    from = other.from;
    stride = other.stride;
    cols = other.cols;
  }

  /** No results but those of one a row. */
  void release() {
    y = null;
    w = null;
  }

  private void set(Rows batch, int first) {
    stride = batch.stride();
    from = batch.offset() - first * stride;
    cols = batch.cols();
  }

  boolean isAccessibleBy(Thread thread) {
    return w == null || w.isAccessibleBy(thread);
  }

  boolean isNone() {
    return y == null && w == null;
  }

  /** The array that results go to at once, or null. */
  float[] array() {
    return y;
  }

  int start(int r) {
    return (int) (from + r * stride);
  }

  /** The flag of {@link Kind} for native memory. */
  int kind() {
    return w == null || isFar ? 0 : Kind.TO;
  }

  /** Lets a turn write a row's results from column c on. */
  void write(Turn t, int r, int c) {
    long o = from + r * stride + c;
    if (y != null) {
      if (t.out != y) {
        t.out = y;
      }
      t.o = (int) o;
    } else if (isFar) {
      t.out = room(cols);
      t.o = c;
    } else {
      t.w = w;
      t.to = o * Float.BYTES;
    }
  }

  /** Whether a turn's results are a copy, to be {@linkplain #flush flushed}. */
  boolean isFar() {
    return isFar;
  }

  /** Brings n results of each of some rows from the copy, where there is one, to their end. */
  void flush(int r, int some, int n) {
    if (y != null) {
      return;
    }
    if (stride == n) {
      copy(0, from + r * stride, some * n);
      return;
    }
    for (int q = 0; q < some; q++) {
      copy(q * n, from + (r + q) * stride, n);
    }
  }

  private void copy(int i, long o, int n) {
    MemorySegment.copy(room, i, w, Turn.FLOAT, o * Float.BYTES, n);
  }

  /** Where results of some short rows go. */
  float[] block(int some) {
    return y != null ? y : room(some * cols);
  }

  int blockStart(int r) {
    return y != null ? start(r) : 0;
  }

  int blockStride() {
    return y != null ? (int) stride : cols;
  }

  /** One result. */
  void put(int r, int c, float value) {
    long o = from + r * stride + c;
    if (y != null) {
      y[(int) o] = value;
    } else {
      w.set(Turn.FLOAT, o * Float.BYTES, value);
    }
  }

  /** All results of a row from column c on. */
  void fill(int r, int c, float value) {
    long o = from + r * stride;
    if (y != null) {
      Arrays.fill(y, (int) o + c, (int) o + cols, value);
      return;
    }
    for (int q = c; q < cols; q++) {
      w.set(Turn.FLOAT, (o + q) * Float.BYTES, value);
    }
  }

  private float[] room(int n) {
    if (room.length < n) {
      room = new float[Math.max(n, Work.SLOT)];
    }
    return room;
  }
}
