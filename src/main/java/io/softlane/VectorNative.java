package io.softlane;

import static io.softlane.Lanes.FLOATS;
import static io.softlane.Lanes.INTS;
import static io.softlane.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The stages of {@link VectorRow} that have native segments only where they are, of long rows. That
 * {@code isNative} is asked for tells C2 their class, see {@link VectorFormed}.
 */
final class VectorNative {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private VectorNative() {}

  /**
   * Reads a byte, for what that tells the JVM: the code around it may touch memory that is gone.
   * Only then is the end of a mapped file that was cut short an {@link InternalError}, as it is for
   * all other segments, and not the end of the JVM: vector loads alone do not tell. (A float buffer
   * over a mapped file is a native segment that does not say that it is mapped.)
   */
  static byte expect(MemorySegment segment, long at) {
    return segment.get(ValueLayout.JAVA_BYTE, at);
  }

  /** {@link VectorRow#max} of a segment's floats. */
  static float max(MemorySegment g, long at, int n) {
    expect(g, at);
    g.isNative();
    IntVector hi = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(Integer.MIN_VALUE);
    IntVector lo = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(Integer.MAX_VALUE);
    // main loop; tail: the last whole vector, some of it for the second time
    for (int c = 0; c < n; c += WIDTH) {
      long j = at + 4L * Math.min(c, n - WIDTH);
      IntVector b = FloatVector.fromMemorySegment(FLOATS, g, j, ORDER).viewAsIntegralLanes();
      IntVector flip = b.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
      IntVector key = b.lanewise(VectorOperators.XOR, flip);
      hi = key.max(hi);
      lo = key.min(lo);
    }
    // reduce
    int h = ((IntVector) hi.check(INTS)).reduceLanes(VectorOperators.MAX);
    int l = ((IntVector) lo.check(INTS)).reduceLanes(VectorOperators.MIN);
    boolean nan = h > VectorRow.KEY_INFINITY || l < ~VectorRow.KEY_INFINITY;
    return nan ? Float.NaN : Float.intBitsToFloat(h ^ (h >> 31 >>> 1));
  }

  /** {@link VectorRow#scale} of a row's output. */
  static void scale(FormedRow row, int n, double factor) {
    if (row.w == null) {
      VectorRow.scale(row.e, (int) row.o, n, factor);
      return;
    }
    float hi = LossTerms.first(factor * LossTerms.LIFT);
    float lo = LossTerms.second(factor * LossTerms.LIFT);
    for (int c = n - 1 & -ScalarRow.BLOCK; c >= 0; c -= ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      if (few < WIDTH) {
        scaleFew(row, c, few, hi, lo);
      } else {
        scaleBlock(row.w, (row.o + c) * Float.BYTES, few, hi, lo);
      }
    }
  }

  private static void scaleFew(FormedRow row, int from, int n, float hi, float lo) {
    for (int c = from; c < from + n; c++) {
      float t = row.out(c);
      row.setOut(c, Math.fma(t, hi, t * lo) * LossTerms.DROP);
    }
  }

  private static void scaleBlock(MemorySegment w, long to, int n, float hi, float lo) {
    expect(w, to);
    w.isNative();
    FloatVector vhi = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(hi);
    FloatVector vlo = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(lo);
    FloatVector drop =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(LossTerms.DROP);
    long tail = to + 4L * (n - WIDTH);
    FloatVector last =
        (FloatVector) FloatVector.fromMemorySegment(FLOATS, w, tail, ORDER).check(FLOATS);
    // main loop
    for (int c = 0; c <= n - WIDTH; c += WIDTH) {
      FloatVector t =
          (FloatVector) FloatVector.fromMemorySegment(FLOATS, w, to + 4L * c, ORDER).check(FLOATS);
      t.fma(vhi, t.mul(vlo)).mul(drop).intoMemorySegment(w, to + 4L * c, ORDER);
    }
    // tail
    last.fma(vhi, last.mul(vlo)).mul(drop).intoMemorySegment(w, tail, ORDER);
  }
}
