package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Turn;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Where results of rows go: to an array or native memory at once, elsewhere through a copy, as of
 * {@link Source}.
 */
final class Sink extends Place {
  private float[] room = {};

  /** The flag of {@link Kind} for native memory. */
  int kind() {
    return isNative() ? Kind.TO : 0;
  }

  /** Whether results go to an array that nothing else is read from. */
  boolean isApart(Source source) {
    return x != null && !source.isBehind(x);
  }

  /** Lets a turn write a row's results from column c on. */
  void write(Turn t, int r, int c) {
    long o = from + r * stride + c;
    if (x != null) {
      if (t.out != x) {
        t.out = x;
      }
      t.o = (int) o;
    } else if (isFar) {
      t.out = room(cols);
      t.o = c;
    } else {
      if (t.w != g) {
        t.w = g;
      }
      t.to = o * Float.BYTES;
    }
  }

  /** Brings n results of each of some rows from the copy, where there is one, to their end. */
  void flush(int r, int some, int n) {
    if (x != null) {
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
    MemorySegment.copy(room, i, g, Turn.FLOAT, o * Float.BYTES, n);
  }

  /** Where results of some short rows go. */
  float[] block(int some) {
    return x != null ? x : room(some * cols);
  }

  int blockStart(int r) {
    return x != null ? start(r) : 0;
  }

  int blockStride() {
    return x != null ? (int) stride : cols;
  }

  /** One result. */
  void put(int r, int c, float value) {
    long o = from + r * stride + c;
    if (x != null) {
      x[(int) o] = value;
    } else {
      g.set(Turn.FLOAT, o * Float.BYTES, value);
    }
  }

  /** All results of a row from column c on. */
  void fill(int r, int c, float value) {
    long o = from + r * stride;
    if (x != null) {
      Arrays.fill(x, (int) o + c, (int) o + cols, value);
      return;
    }
    for (int q = c; q < cols; q++) {
      g.set(Turn.FLOAT, (o + q) * Float.BYTES, value);
    }
  }

  private float[] room(int n) {
    if (room.length < n) {
      room = new float[Math.max(n, Work.SLOT)];
    }
    return room;
  }
}
