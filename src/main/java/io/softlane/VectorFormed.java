package io.softlane;

import static io.softlane.Lanes.DOUBLES;
import static io.softlane.Lanes.FLOATS;
import static io.softlane.Lanes.FOURS;
import static io.softlane.Lanes.HALF;
import static io.softlane.Lanes.INTS;
import static io.softlane.Lanes.LONGS;
import static io.softlane.Lanes.NEIGHBOURS;
import static io.softlane.Lanes.PAIRS;
import static io.softlane.Lanes.STORE;
import static io.softlane.Lanes.STORES;
import static io.softlane.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops of {@link VectorPlain} and {@link VectorExp} for scores that are formed on the way,
 * from and to arrays or native segments ({@link FormedRow}).
 *
 * <p>They are a second version of loops, for what it gains where rows are long: a buffer of scores
 * or of copied rows is one more pass in the cache, during which no memory is fetched.
 *
 * <p>One source, for all that a loop may have to do; a JVM has it several times, as {@link
 * VectorFormedCopies} says, so that C2 compiles a loop without what it need not do.
 *
 * <p>A segment's loads are as fast as an array's where C2 knows the segment's class, as it does
 * after a call on it that has only ever seen one: {@code isNative} here, which only native segments
 * reach; its answer does not matter. Then no JVM's other use of segments does. (Left to the Vector
 * API's own profile, which all callers share, a load takes four times as long once it has seen heap
 * segments.)
 */
final class VectorFormed implements VectorFormedCopies.Copy {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  VectorFormed() {}

  @Override
  public boolean terms(
      FormedRow row,
      int from,
      int cols,
      int k,
      boolean clamped,
      float[] e,
      int o,
      MemorySegment w,
      long to) {
    float[] x = row.x;
    int i = (int) row.i + from;
    MemorySegment g = row.g;
    long at = (row.i + from) * Float.BYTES;
    boolean scaled = row.scale != 1;
    float[] mask = row.mask;
    int m = row.m + from;
    if (g != null) {
      VectorNative.expect(g, at);
      g.isNative();
    }
    if (w != null) {
      VectorNative.expect(w, to);
      w.isNative();
    }
    float[] constants = clamped ? Constants.ANY : Constants.PLAIN;
    FloatVector vscale =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(row.scale);
    FloatVector floor =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(ScalarExp.floor(k));
    FloatVector rounder =
        FloatVector.fromArray(FLOATS, constants, Constants.ROUNDER)
            .add(clamped ? ScalarExp.bias(k) : ScalarExp.plainBias(k));
    FloatVector log2e = FloatVector.fromArray(FLOATS, constants, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, constants, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, constants, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, constants, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, constants, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, constants, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, constants, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, constants, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, constants, Constants.ONE);
    IntVector base =
        IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.ROUNDER_BITS);
    IntVector top = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.TOP);
    IntVector seen = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    // main loop
    for (int j = (cols - 1) % WIDTH + 1; j < cols; j += WIDTH) {
      FloatVector v =
          g == null
              ? FloatVector.fromArray(FLOATS, x, i + j)
              : FloatVector.fromMemorySegment(FLOATS, g, at + 4L * j, ORDER);
      if (scaled) {
        v = vscale.mul(v);
      }
      if (mask != null) {
        v = v.add(FloatVector.fromArray(FLOATS, mask, m + j));
      }
      if (clamped) {
        v = v.blend(floor, v.compare(VectorOperators.LT, floor));
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
      FloatVector p = h.fma(r, one);
      IntVector b = t.viewAsIntegralLanes();
      if (clamped) {
        p = p.mul(b.min(top).lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes());
      } else {
        seen = b.lanewise(VectorOperators.XOR, base).or(seen);
        p = p.viewAsIntegralLanes().add(b.lanewise(VectorOperators.LSHL, 23)).viewAsFloatingLanes();
      }
      if (w == null) {
        p.intoArray(e, o + j);
      } else {
        p.intoMemorySegment(w, to + 4L * j, ORDER);
      }
    }
    // head
    FloatVector v =
        g == null
            ? FloatVector.fromArray(FLOATS, x, i)
            : FloatVector.fromMemorySegment(FLOATS, g, at, ORDER);
    if (scaled) {
      v = vscale.mul(v);
    }
    if (mask != null) {
      v = v.add(FloatVector.fromArray(FLOATS, mask, m));
    }
    if (clamped) {
      v = v.blend(floor, v.compare(VectorOperators.LT, floor));
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
    FloatVector p = h.fma(r, one);
    IntVector b = t.viewAsIntegralLanes();
    if (clamped) {
      p = p.mul(b.min(top).lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes());
    } else {
      seen = b.lanewise(VectorOperators.XOR, base).or(seen);
      p = p.viewAsIntegralLanes().add(b.lanewise(VectorOperators.LSHL, 23)).viewAsFloatingLanes();
    }
    if (w == null) {
      p.intoArray(e, o);
    } else {
      p.intoMemorySegment(w, to, ORDER);
    }
    return !((IntVector) seen.check(INTS))
        .compare(VectorOperators.UGT, ScalarExp.PLAIN_RANGE)
        .anyTrue();
  }

  @Override
  public double termsAndSum(
      FormedRow row,
      int from,
      int cols,
      int all,
      int k,
      boolean clamped,
      boolean first,
      boolean last) {
    MemorySegment w = row.w;
    long to = (row.o + from) * Float.BYTES;
    float[] e = row.isStored() ? row.e : row.scratch;
    int o = row.isStored() ? (int) row.o + from : 0;
    int head = VectorPlain.LAG + cols % WIDTH;
    if (!terms(row, from, head, k, clamped, e, o, w, to)) {
      return Double.NaN;
    }
    float[] x = row.x;
    int i = (int) row.i + from;
    MemorySegment g = row.g;
    long at = (row.i + from) * Float.BYTES;
    boolean scaled = row.scale != 1;
    float[] mask = row.mask;
    int m = row.m + from;
    if (g != null) {
      VectorNative.expect(g, at);
      g.isNative();
    }
    if (w != null) {
      VectorNative.expect(w, to);
      w.isNative();
    }
    float[] constants = clamped ? Constants.ANY : Constants.PLAIN;
    FloatVector vscale =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(row.scale);
    FloatVector floor =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(ScalarExp.floor(k));
    FloatVector rounder =
        FloatVector.fromArray(FLOATS, constants, Constants.ROUNDER)
            .add(clamped ? ScalarExp.bias(k) : ScalarExp.plainBias(k));
    FloatVector log2e = FloatVector.fromArray(FLOATS, constants, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, constants, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, constants, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, constants, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, constants, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, constants, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, constants, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, constants, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, constants, Constants.ONE);
    IntVector base =
        IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.ROUNDER_BITS);
    IntVector top = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.TOP);
    IntVector seen = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    LongVector evens =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(VectorRow.EVENS);
    LongVector odds =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~VectorRow.EVENS);
    DoubleVector sum =
        DoubleVector.fromArray(DOUBLES, first ? Constants.DOUBLE_ZEROS : row.lanes, 0);
    int c = 0;
    // main loop
    for (; c < cols - head; c += WIDTH) {
      int j = head + c;
      FloatVector v =
          g == null
              ? FloatVector.fromArray(FLOATS, x, i + j)
              : FloatVector.fromMemorySegment(FLOATS, g, at + 4L * j, ORDER);
      if (scaled) {
        v = vscale.mul(v);
      }
      if (mask != null) {
        v = v.add(FloatVector.fromArray(FLOATS, mask, m + j));
      }
      if (clamped) {
        v = v.blend(floor, v.compare(VectorOperators.LT, floor));
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
      FloatVector p = h.fma(r, one);
      IntVector b = t.viewAsIntegralLanes();
      if (clamped) {
        p = p.mul(b.min(top).lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes());
      } else {
        seen = b.lanewise(VectorOperators.XOR, base).or(seen);
        p = p.viewAsIntegralLanes().add(b.lanewise(VectorOperators.LSHL, 23)).viewAsFloatingLanes();
      }
      if (w == null) {
        p.intoArray(e, o + j);
      } else {
        p.intoMemorySegment(w, to + 4L * j, ORDER);
      }
      LongVector l =
          (w == null
                  ? FloatVector.fromArray(FLOATS, e, o + c)
                  : FloatVector.fromMemorySegment(FLOATS, w, to + 4L * (c), ORDER))
              .reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
    }
    if (all > cols && !row.sinkTerm(k, clamped, e, o + cols)) {
      return Double.NaN;
    }
    // the sum's last columns
    for (; c <= all - WIDTH; c += WIDTH) {
      LongVector l =
          (w == null
                  ? FloatVector.fromArray(FLOATS, e, o + c)
                  : FloatVector.fromMemorySegment(FLOATS, w, to + 4L * (c), ORDER))
              .reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
    }
    // tail
    if (c < all) {
      LongVector l =
          (w == null
                  ? FloatVector.fromArray(FLOATS, e, o + all - WIDTH)
                  : FloatVector.fromMemorySegment(FLOATS, w, to + 4L * (all - WIDTH), ORDER))
              .reinterpretAsLongs();
      l =
          l.and(
              IntVector.fromArray(INTS, Constants.LIVE, Constants.live(all)).reinterpretAsLongs());
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
    }
    boolean right =
        !((IntVector) seen.check(INTS))
            .compare(VectorOperators.UGT, ScalarExp.PLAIN_RANGE)
            .anyTrue();
    DoubleVector d = (DoubleVector) sum.check(DOUBLES);
    if (!last) {
      d.intoArray(row.lanes, 0);
      return right ? 0 : Double.NaN;
    }
    // reduce
    if (HALF > 2) {
      d = d.add(d.rearrange(NEIGHBOURS));
      d = d.add(d.rearrange(PAIRS));
    }
    if (HALF > 4) {
      d = d.add(d.rearrange(FOURS));
    }
    double s = HALF > 2 ? d.lane(0) : d.lane(0) + d.lane(1);
    return right ? s * VectorRow.SUM_SCALE : Double.NaN;
  }

  @Override
  public void subtractTwice(FormedRow row, int n, float hi, float lo) {
    float[] x = row.x;
    int i = (int) row.i;
    MemorySegment g = row.g;
    long at = row.i * Float.BYTES;
    boolean scaled = row.scale != 1;
    float[] mask = row.mask;
    int m = row.m;
    float[] e = row.e;
    int o = (int) row.o;
    MemorySegment w = row.w;
    long to = row.o * Float.BYTES;
    if (g != null) {
      VectorNative.expect(g, at);
      g.isNative();
    }
    if (w != null) {
      VectorNative.expect(w, to);
      w.isNative();
    }
    FloatVector vscale =
        FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(row.scale);
    FloatVector vhi = FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(-hi);
    FloatVector vlo = FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(-lo);
    int c = 0;
    // main loop
    for (; c <= n - STORE; c += STORE) {
      FloatVector v =
          g == null
              ? FloatVector.fromArray(STORES, x, i + c)
              : FloatVector.fromMemorySegment(STORES, g, at + 4L * c, ORDER);
      if (scaled) {
        v = vscale.mul(v);
      }
      if (mask != null) {
        v = v.add(FloatVector.fromArray(STORES, mask, m + c));
      }
      v = vhi.add(v).add(vlo);
      if (w == null) {
        v.intoArray(e, o + c);
      } else {
        v.intoMemorySegment(w, to + 4L * c, ORDER);
      }
    }
    // tail: the same bits
    for (; c < n; c++) {
      row.setOut(c, (row.score(c) - hi) - lo);
    }
  }
}
