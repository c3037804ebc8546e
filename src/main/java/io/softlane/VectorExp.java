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

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops that hold the exponential function: the statements of {@link ScalarExp}, under the same
 * names, whose derivation and error bound hold here too, since every lane gives the same bits.
 *
 * <p>They are written out, not called. A vector is boxed as soon as C2 refuses to inline one method
 * of ours that takes or returns it, and C2 does refuse: past 18000 nodes (NodeCountInliningCutoff),
 * or where it compiled the method on its own before (InlineSmallCode). The Vector API's own methods
 * are exempt. Written out, the loops also pass the 325 bytecodes (FreqInlineSize) above which they
 * are never inlined into a caller and its budget. With one shared method, rows of 1000 took 1.4
 * times as long and allocated 96 to 576 bytes each.
 *
 * <p>The constants are locals: in static fields they would be loaded again after every store.
 */
final class VectorExp {
  private VectorExp() {}

  /**
   * {@link ScalarRow#terms} where there is no shift. The main loop ends with the row; what is left
   * over is at its head, a whole vector that is loaded first and stored last, since in place the
   * main loop overwrites some of its lanes. So nothing is masked.
   */
  static void terms(float[] x, int i, int cols, int k, float[] e, int o) {
    if (cols < WIDTH) {
      ScalarRow.terms(x, i, cols, 0, k, e, o);
      return;
    }
    FloatVector rounder =
        FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ROUNDER).add(ScalarExp.bias(k));
    FloatVector floor =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).add(ScalarExp.floor(k));
    FloatVector log2e = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ONE);
    IntVector top = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.TOP);
    FloatVector head = FloatVector.fromArray(FLOATS, x, i);
    // main loop
    for (int j = (cols - 1) % WIDTH + 1; j < cols; j += WIDTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + j);
      FloatVector c = v.blend(floor, v.compare(VectorOperators.LT, floor));
      FloatVector t = c.fma(log2e, rounder);
      FloatVector n = t.sub(rounder);
      FloatVector r = n.fma(hi, c);
      FloatVector h = r.fma(c6, c5);
      r = n.fma(lo, r);
      h = h.fma(r, c4);
      h = h.fma(r, c3);
      h = h.fma(r, c2);
      h = h.fma(r, one);
      FloatVector p = h.fma(r, one);
      IntVector b = t.viewAsIntegralLanes().min(top);
      FloatVector s = b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
      p = p.mul(s);
      p.intoArray(e, o + j);
    }
    // head
    FloatVector c = head.blend(floor, head.compare(VectorOperators.LT, floor));
    FloatVector t = c.fma(log2e, rounder);
    FloatVector n = t.sub(rounder);
    FloatVector r = n.fma(hi, c);
    FloatVector h = r.fma(c6, c5);
    r = n.fma(lo, r);
    h = h.fma(r, c4);
    h = h.fma(r, c3);
    h = h.fma(r, c2);
    h = h.fma(r, one);
    FloatVector p = h.fma(r, one);
    IntVector b = t.viewAsIntegralLanes().min(top);
    FloatVector s = b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
    p = p.mul(s);
    p.intoArray(e, o);
  }

  /**
   * {@link #terms} and {@link VectorRow#sumOfStored} in one loop, as {@link
   * VectorPlain#termsAndSum}.
   */
  static double termsAndSum(float[] x, int i, int cols, int k, float[] e, int o) {
    int head = VectorPlain.LAG + cols % WIDTH;
    terms(x, i, head, k, e, o);
    FloatVector rounder =
        FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ROUNDER).add(ScalarExp.bias(k));
    FloatVector floor =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).add(ScalarExp.floor(k));
    FloatVector log2e = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ONE);
    IntVector top = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.TOP);
    LongVector evens =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(VectorRow.EVENS);
    LongVector odds =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~VectorRow.EVENS);
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    int c = 0;
    // main loop
    for (; c < cols - head; c += WIDTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + head + c);
      v = v.blend(floor, v.compare(VectorOperators.LT, floor));
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
      IntVector b = t.viewAsIntegralLanes().min(top);
      FloatVector s = b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
      p.mul(s).intoArray(e, o + head + c);
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
    return (HALF > 2 ? d.lane(0) : d.lane(0) + d.lane(1)) * VectorRow.SUM_SCALE;
  }

  /**
   * One part of {@link ScalarRow#sumOfTerms}: the lanes of a vector of columns from {@code from}
   * on, and of every 16th after it, in units of 2^-896. The tail is the row's last group, where
   * what was added already, or is no column of the row, is masked.
   */
  static double sumOfTerms(float[] x, int i, int from, int cols, float shift, int k) {
    FloatVector rounder =
        FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ROUNDER).add(ScalarExp.bias(k));
    FloatVector floor =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).add(ScalarExp.floor(k));
    FloatVector log2e = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ONE);
    IntVector top = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.TOP);
    FloatVector vshift = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(shift);
    LongVector evens =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(VectorRow.EVENS);
    LongVector odds =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~VectorRow.EVENS);
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    int whole = cols & -ScalarRow.GROUP;
    // main loop
    for (int j = from; j < whole; j += ScalarRow.GROUP) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + j).sub(vshift);
      FloatVector c = v.blend(floor, v.compare(VectorOperators.LT, floor));
      FloatVector t = c.fma(log2e, rounder);
      FloatVector n = t.sub(rounder);
      FloatVector r = n.fma(hi, c);
      FloatVector h = r.fma(c6, c5);
      r = n.fma(lo, r);
      h = h.fma(r, c4);
      h = h.fma(r, c3);
      h = h.fma(r, c2);
      h = h.fma(r, one);
      FloatVector p = h.fma(r, one);
      IntVector b = t.viewAsIntegralLanes().min(top);
      FloatVector s = b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
      p = p.mul(s);
      // A float's pattern, moved to the top of a double, is that float times 2^-896, +0 included.
      // What is no finite float of at least +0 comes out far above any sum of such.
      LongVector l = p.reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
    }
    // tail
    if (whole < cols) {
      int j = ScalarRow.lastGroup(cols) + from;
      IntVector live = IntVector.fromArray(INTS, Constants.LIVE, Constants.live(cols) + from);
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + j).sub(vshift);
      FloatVector c = v.blend(floor, v.compare(VectorOperators.LT, floor));
      FloatVector t = c.fma(log2e, rounder);
      FloatVector n = t.sub(rounder);
      FloatVector r = n.fma(hi, c);
      FloatVector h = r.fma(c6, c5);
      r = n.fma(lo, r);
      h = h.fma(r, c4);
      h = h.fma(r, c3);
      h = h.fma(r, c2);
      h = h.fma(r, one);
      FloatVector p = h.fma(r, one);
      IntVector b = t.viewAsIntegralLanes().min(top);
      FloatVector s = b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
      p = p.mul(s);
      LongVector l = p.reinterpretAsLongs().and(live.reinterpretAsLongs());
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
    return HALF > 2 ? d.lane(0) : d.lane(0) + d.lane(1);
  }

  /** {@link ScalarRow#exps}. */
  static void exps(float[] x, int i, int cols, float shift, float[] e, int o) {
    FloatVector vshift = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(shift);
    FloatVector zero = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    FloatVector least =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(ScalarExp.EXP_ZERO);
    FloatVector most =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(ScalarExp.EXP_INFINITE);
    FloatVector rounder = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ROUNDER);
    FloatVector log2e = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ONE);
    IntVector zeroBits = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    IntVector rounderBits = zeroBits.broadcast(ScalarExp.ROUNDER_BITS);
    IntVector bias = zeroBits.broadcast(ScalarExp.BIAS);
    int j = 0;
    // main loop
    for (; j <= cols - WIDTH; j += WIDTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + j);
      FloatVector d = v.sub(vshift);
      FloatVector y = d.add(vshift);
      FloatVector lost = v.sub(y).add(y.sub(d).sub(vshift));
      FloatVector c = d.blend(least, d.compare(VectorOperators.LT, least));
      c = c.blend(most, d.compare(VectorOperators.GT, most));
      lost = zero.blend(lost, c.compare(VectorOperators.EQ, d));
      FloatVector t = c.fma(log2e, rounder);
      FloatVector n = t.sub(rounder);
      FloatVector r = n.fma(hi, c);
      FloatVector h = r.fma(c6, c5);
      r = r.add(n.fma(lo, lost));
      h = h.fma(r, c4);
      h = h.fma(r, c3);
      h = h.fma(r, c2);
      h = h.fma(r, one);
      FloatVector p = h.fma(r, one);
      IntVector m = t.viewAsIntegralLanes().sub(rounderBits);
      IntVector half = m.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = m.sub(half);
      half = half.add(bias).lanewise(VectorOperators.LSHL, 23);
      rest = rest.add(bias).lanewise(VectorOperators.LSHL, 23);
      p = p.mul(half.viewAsFloatingLanes()).mul(rest.viewAsFloatingLanes());
      p.intoArray(e, o + j);
    }
    // tail: the same bits
    ScalarRow.exps(x, i + j, cols - j, shift, e, o + j);
  }

  /** {@link ScalarTargets#gradient}, of which y and w may be null. */
  static void gradient(
      float[] x,
      int i,
      float shift,
      int k,
      double factor,
      float lift,
      float[] y,
      int yi,
      float slope,
      float base,
      float[] w,
      int wi,
      float unit,
      int cols,
      float[] out,
      int o) {
    FloatVector rounder =
        FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ROUNDER).add(ScalarExp.bias(k));
    FloatVector floor =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).add(ScalarExp.floor(k));
    FloatVector log2e = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ONE);
    IntVector top = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(ScalarExp.TOP);
    FloatVector first =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0)
            .broadcast(LossTerms.first(factor * lift));
    FloatVector second =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0)
            .broadcast(LossTerms.second(factor * lift));
    FloatVector drop = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(1 / lift);
    FloatVector vslope = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(slope);
    FloatVector vshift = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(shift);
    FloatVector vunit = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(unit);
    FloatVector vbase = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(base);
    int j = 0;
    // main loop
    for (; j <= cols - WIDTH; j += WIDTH) {
      FloatVector a = vbase;
      if (y != null) {
        a = FloatVector.fromArray(FLOATS, y, yi + j).fma(vslope, vbase);
      }
      if (w != null) {
        a = FloatVector.fromArray(FLOATS, w, wi + j).mul(vunit).mul(a);
      }
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + j).sub(vshift);
      FloatVector c = v.blend(floor, v.compare(VectorOperators.LT, floor));
      FloatVector t = c.fma(log2e, rounder);
      FloatVector n = t.sub(rounder);
      FloatVector r = n.fma(hi, c);
      FloatVector h = r.fma(c6, c5);
      r = n.fma(lo, r);
      h = h.fma(r, c4);
      h = h.fma(r, c3);
      h = h.fma(r, c2);
      h = h.fma(r, one);
      FloatVector p = h.fma(r, one);
      IntVector b = t.viewAsIntegralLanes().min(top);
      FloatVector s = b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
      p = p.mul(s);
      p.fma(first, p.mul(second)).mul(drop).sub(a).intoArray(out, o + j);
    }
    // tail: the same bits
    int rest = cols - j;
    ScalarTargets.gradient(
        x, i + j, shift, k, factor, lift, y, yi + j, slope, base, w, wi + j, unit, rest, out,
        o + j);
  }
}
