package io.softlane.internal.rows;

import java.lang.foreign.MemorySegment;

/** What kind of memory a segment is. */
public final class Memory {
  /**
   * The classes of segments over these arrays. Where heapBase() meets but one of them C2 inlines
   * it; where it may meet more than two, it does not, and its Optional makes every call allocate.
   */
  private static final Class<?> OF_FLOATS = MemorySegment.ofArray(new float[0]).getClass();

  private static final Class<?> OF_INTS = MemorySegment.ofArray(new int[0]).getClass();

  private Memory() {}

  /** Native, and no file that another program may cut short. */
  static boolean isDirect(MemorySegment segment) {
    return segment.isNative() && !segment.isMapped();
  }

  /** The array behind a segment, where its elements are the segment's floats; else null. */
  static float[] array(MemorySegment segment) {
    return segment.getClass() == OF_FLOATS
            && !segment.isReadOnly()
            && segment.address() % Float.BYTES == 0
        ? (float[]) floats(segment)
        : null;
  }

  /** Whether a heap segment is part of an array, of floats or ints. */
  public static boolean isBehind(Object array, MemorySegment segment) {
    if (segment.getClass() != (array instanceof int[] ? OF_INTS : OF_FLOATS)) {
      return false;
    }
    if (segment.isReadOnly()) {
      MemorySegment whole =
          array instanceof int[] ints
              ? MemorySegment.ofArray(ints)
              : MemorySegment.ofArray((float[]) array);
      return whole.asOverlappingSlice(segment).isPresent();
    }
    return array == (array instanceof int[] ? ints(segment) : floats(segment));
  }

  /**
   * The array behind a segment of floats. A method of its own, and another one for ints, so that
   * each sees one class and is compiled, with the Optional taken apart, however rare such segments
   * are among a caller's.
   */
  private static Object floats(MemorySegment segment) {
    return segment.heapBase().orElse(null);
  }

  private static Object ints(MemorySegment segment) {
    return segment.heapBase().orElse(null);
  }
}
