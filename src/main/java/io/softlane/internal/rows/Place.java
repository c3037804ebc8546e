package io.softlane.internal.rows;

import io.softlane.Rows;
import java.lang.foreign.MemorySegment;

/** Where rows lie: in an array, or in a segment that has none of floats behind it. */
class Place {
  float[] x;
  MemorySegment g;

  /** Whether g is read and written by copies: no native memory, or a file's. */
  boolean isFar;

  /** Where row number 0 would be. */
  long from;

  long stride;
  int cols;

  /** The rows of an array or a segment, numbered from the first one on. */
  final void set(Object batch, Rows rows, int first) {
    stride = rows.stride();
    from = rows.offset() - first * stride;
    cols = rows.cols();
    g = null;
    isFar = false;
    if (batch instanceof float[] array) {
      x = array;
      return;
    }
    MemorySegment segment = (MemorySegment) batch;
    x = Memory.array(segment);
    if (x == null) {
      g = segment;
      isFar = !Memory.isDirect(segment);
    } else {
      from += segment.address() / Float.BYTES;
    }
  }

  /** The rows of another, which stays as it is. */
  final void like(Place other) {
    x = other.x;
    g = other.g;
    isFar = other.isFar;
    from = other.from;
    stride = other.stride;
    cols = other.cols;
  }

  void release() {
    x = null;
    g = null;
  }

  final boolean isNone() {
    return x == null && g == null;
  }

  /** Whether another thread may touch it. */
  final boolean isAccessibleBy(Thread thread) {
    return g == null || g.isAccessibleBy(thread);
  }

  /** Whether a turn may read and write it as native memory. */
  final boolean isNative() {
    return g != null && !isFar;
  }

  /** Where a row begins in the array. */
  final int start(int r) {
    return (int) (from + r * stride);
  }
}
