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
 * The loops of {@link VectorExp} for plain logits, those whose term needs no clamp (see {@link
 * ScalarExp#plain}): 13 instructions a vector instead of 15, 9 of them for the multipliers instead
 * of 11. What is not plain, -45 to 43 with the anchor 0, is noticed afterwards, and the caller does
 * the row again.
 */
final class VectorPlain {
  /** How far behind the terms their sum follows, in columns. */
  static final int LAG = 128;

  private VectorPlain() {}

  /** {@link VectorExp#terms}; returns false, with rubbish among the terms, if one is not plain. */
  static boolean terms(float[] x, int i, int cols, int k, float[] e, int o) {
    if (cols < WIDTH) {
      return ScalarRow.plainTerms(x, i, cols, k, e, o);
    }
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
    FloatVector head = FloatVector.fromArray(FLOATS, x, i);
    // main loop
    for (int j = (cols - 1) % WIDTH + 1; j < cols; j += WIDTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + j);
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

  /** Whether {@link #termsAndSum} serves a row of so many columns. */
  static boolean lags(int cols) {
    return HALF == 8 && cols >= 4 * LAG;
  }

  /**
   * {@link #terms} and {@link VectorRow#sumOfStored} in one loop, the sum {@link #LAG} columns
   * behind: so it waits for no term, and the adders work beside the multipliers (12 cycles a vector
   * at 512 bits, where two loops take 14.7 and one without a lag 13.3; at 256 bits, where 12 more
   * instructions have no room, two loops are faster). NaN where a term is not plain.
   */
  static double termsAndSum(float[] x, int i, int cols, int k, float[] e, int o) {
    int head = LAG + cols % WIDTH;
    if (!terms(x, i, head, k, e, o)) {
      return Double.NaN;
    }
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
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + head + c);
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
      p.viewAsFloatingLanes().intoArray(e, o + head + c);
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

  /** {@link VectorExp#sumOfTerms} without a shift; NaN where a term is not plain. */
  static double sumOfTerms(float[] x, int i, int from, int cols, int k) {
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
    int whole = cols & -ScalarRow.GROUP;
    // main loop
    for (int j = from; j < whole; j += ScalarRow.GROUP) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + j);
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
      LongVector l = p.reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
    }
    // tail
    if (whole < cols) {
      int j = ScalarRow.lastGroup(cols) + from;
      IntVector live = IntVector.fromArray(INTS, Constants.LIVE, Constants.live(cols) + from);
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + j);
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
      seen = b.lanewise(VectorOperators.XOR, base).and(live).or(seen);
      p = p.add(b.lanewise(VectorOperators.LSHL, 23));
      LongVector l = p.and(live).reinterpretAsLongs();
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
    return plain ? s : Double.NaN;
  }
}
