package io.softlane;

import static io.softlane.Lanes.DOUBLES;
import static io.softlane.Lanes.FLOATS;
import static io.softlane.Lanes.FOURS;
import static io.softlane.Lanes.HALF;
import static io.softlane.Lanes.INTS;
import static io.softlane.Lanes.LONGS;
import static io.softlane.Lanes.NEIGHBOURS;
import static io.softlane.Lanes.PAIRS;
import static io.softlane.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops of {@link VectorPlain} for scores that are formed on the way ({@link ScalarFormed}),
 * from an array or a native segment.
 *
 * <p>They are a second version of loops, for what it gains where rows are long: a buffer of scores
 * or of copied rows is one more pass in the cache, during which no memory is fetched (4096 x 1000,
 * Zen 4: a scale costs 11 % instead of 27 %, native segments 1.3 times the array's time instead of
 * 1.9). Arrays have loops of their own because those here, where a JVM has used them for all
 * purposes, are 3 to 7 % slower.
 *
 * <p>A segment's loads are as fast as an array's where C2 knows the segment's class, as it does
 * after a call on it that has only ever seen one: {@code isNative} here, which only native segments
 * reach. Then no JVM's other use of segments matters. (Left to the Vector API's own profile, which
 * all callers share, a load takes four times as long once it has seen heap segments.)
 */
final class VectorFormed {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private VectorFormed() {}

  /**
   * {@link ScalarFormed#plainExpSum}.
   *
   * @param w where results go later, from byte {@code to} on, or null: the lines are asked for
   *     while the core is busy (a native result: 0.48 ns an element instead of 0.70)
   */
  static double plainExpSum(
      float[] x,
      int i,
      MemorySegment g,
      long at,
      float scale,
      float[] mask,
      int m,
      int n,
      int k,
      float[] e,
      int o,
      MemorySegment w,
      long to) {
    double s = 0;
    for (int c = 0; c < n && !Double.isNaN(s); c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      long a = at + 4L * c;
      long b = to + 4L * c;
      if (few < WIDTH) {
        s += ScalarFormed.plainExpSum(x, i + c, g, a, scale, mask, m + c, few, k, e, o + c);
      } else if (VectorPlain.lags(few)) {
        s += termsAndSum(x, i + c, g, a, scale, mask, m + c, few, k, e, o + c, w, b);
      } else if (terms(x, i + c, g, a, scale, mask, m + c, few, k, e, o + c, w, b)) {
        s += VectorRow.sumOfStored(e, o + c, few);
      } else {
        s = Double.NaN;
      }
    }
    return s;
  }

  private static boolean terms(
      float[] x,
      int i,
      MemorySegment g,
      long at,
      float scale,
      float[] mask,
      int m,
      int cols,
      int k,
      float[] e,
      int o,
      MemorySegment w,
      long to) {
    if (g != null && !g.isNative() || w != null && !w.isNative()) {
      throw new IllegalArgumentException("a segment that is not native");
    }
    FloatVector vscale = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(scale);
    FloatVector rounder =
        FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.ROUNDER)
            .add(ScalarExp.plainBias(k));
    FloatVector log2e = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.ONE);
    IntVector base =
        IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.ROUNDER_BITS);
    IntVector seen = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    FloatVector head =
        g == null
            ? FloatVector.fromArray(FLOATS, x, i)
            : FloatVector.fromMemorySegment(FLOATS, g, at, ORDER);
    head = vscale.mul(head);
    if (mask != null) {
      head = head.add(FloatVector.fromArray(FLOATS, mask, m));
    }
    // main loop
    for (int j = (cols - 1) % WIDTH + 1; j < cols; j += WIDTH) {
      FloatVector v =
          g == null
              ? FloatVector.fromArray(FLOATS, x, i + j)
              : FloatVector.fromMemorySegment(FLOATS, g, at + 4L * j, ORDER);
      v = vscale.mul(v);
      if (mask != null) {
        v = v.add(FloatVector.fromArray(FLOATS, mask, m + j));
      }
      FloatVector t = v.fma(log2e, rounder);
      FloatVector n = t.sub(rounder);
      FloatVector r = n.fma(hi, v);
      FloatVector h = r.fma(c6, c5);
      r = n.fma(lo, r);
      h = h.fma(r, c4);
      h = h.fma(r, c3);
      h = h.fma(r, c2);
      h = h.fma(r, one);
      IntVector p = h.fma(r, one).viewAsIntegralLanes();
      IntVector b = t.viewAsIntegralLanes();
      seen = b.lanewise(VectorOperators.XOR, base).or(seen);
      p = p.add(b.lanewise(VectorOperators.LSHL, 23));
      p.viewAsFloatingLanes().intoArray(e, o + j);
      if (w != null) {
        w.set(ValueLayout.JAVA_BYTE, to + 4L * j, (byte) 0);
      }
    }
    // head
    FloatVector t = head.fma(log2e, rounder);
    FloatVector n = t.sub(rounder);
    FloatVector r = n.fma(hi, head);
    FloatVector h = r.fma(c6, c5);
    r = n.fma(lo, r);
    h = h.fma(r, c4);
    h = h.fma(r, c3);
    h = h.fma(r, c2);
    h = h.fma(r, one);
    IntVector p = h.fma(r, one).viewAsIntegralLanes();
    IntVector b = t.viewAsIntegralLanes();
    seen = b.lanewise(VectorOperators.XOR, base).or(seen);
    p = p.add(b.lanewise(VectorOperators.LSHL, 23));
    p.viewAsFloatingLanes().intoArray(e, o);
    return !((IntVector) seen.check(INTS))
        .compare(VectorOperators.UGT, ScalarExp.PLAIN_RANGE)
        .anyTrue();
  }

  private static double termsAndSum(
      float[] x,
      int i,
      MemorySegment g,
      long at,
      float scale,
      float[] mask,
      int m,
      int cols,
      int k,
      float[] e,
      int o,
      MemorySegment w,
      long to) {
    if (g != null && !g.isNative() || w != null && !w.isNative()) {
      throw new IllegalArgumentException("a segment that is not native");
    }
    int head = VectorPlain.LAG + cols % WIDTH;
    if (!terms(x, i, g, at, scale, mask, m, head, k, e, o, w, to)) {
      return Double.NaN;
    }
    FloatVector vscale = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(scale);
    FloatVector rounder =
        FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.ROUNDER)
            .add(ScalarExp.plainBias(k));
    FloatVector log2e = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.ONE);
    IntVector base =
        IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.ROUNDER_BITS);
    IntVector seen = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    LongVector evens =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(VectorRow.EVENS);
    LongVector odds =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~VectorRow.EVENS);
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    int c = 0;
    // main loop
    for (; c < cols - head; c += WIDTH) {
      int j = head + c;
      FloatVector v =
          g == null
              ? FloatVector.fromArray(FLOATS, x, i + j)
              : FloatVector.fromMemorySegment(FLOATS, g, at + 4L * j, ORDER);
      v = vscale.mul(v);
      if (mask != null) {
        v = v.add(FloatVector.fromArray(FLOATS, mask, m + j));
      }
      FloatVector t = v.fma(log2e, rounder);
      FloatVector n = t.sub(rounder);
      FloatVector r = n.fma(hi, v);
      FloatVector h = r.fma(c6, c5);
      r = n.fma(lo, r);
      h = h.fma(r, c4);
      h = h.fma(r, c3);
      h = h.fma(r, c2);
      h = h.fma(r, one);
      IntVector p = h.fma(r, one).viewAsIntegralLanes();
      IntVector b = t.viewAsIntegralLanes();
      seen = b.lanewise(VectorOperators.XOR, base).or(seen);
      p = p.add(b.lanewise(VectorOperators.LSHL, 23));
      p.viewAsFloatingLanes().intoArray(e, o + j);
      if (w != null) {
        w.set(ValueLayout.JAVA_BYTE, to + 4L * j, (byte) 0);
      }
      LongVector l = FloatVector.fromArray(FLOATS, e, o + c).reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
    }
    // the sum's last columns
    for (; c <= cols - WIDTH; c += WIDTH) {
      LongVector l = FloatVector.fromArray(FLOATS, e, o + c).reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
    }
    // tail
    if (c < cols) {
      LongVector l = FloatVector.fromArray(FLOATS, e, o + cols - WIDTH).reinterpretAsLongs();
      l =
          l.and(
              IntVector.fromArray(INTS, Constants.LIVE, Constants.live(cols)).reinterpretAsLongs());
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
    }
    // reduce
    DoubleVector d = (DoubleVector) sum.check(DOUBLES);
    if (HALF > 2) {
      d = d.add(d.rearrange(NEIGHBOURS));
      d = d.add(d.rearrange(PAIRS));
    }
    if (HALF > 4) {
      d = d.add(d.rearrange(FOURS));
    }
    double s = HALF > 2 ? d.lane(0) : d.lane(0) + d.lane(1);
    boolean plain =
        !((IntVector) seen.check(INTS))
            .compare(VectorOperators.UGT, ScalarExp.PLAIN_RANGE)
            .anyTrue();
    return plain ? s * VectorRow.SUM_SCALE : Double.NaN;
  }
}
