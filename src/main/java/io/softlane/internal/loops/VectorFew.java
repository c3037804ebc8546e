package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.DOUBLES;
import static io.softlane.internal.loops.Lanes.FLOATS;
import static io.softlane.internal.loops.Lanes.GROUP;
import static io.softlane.internal.loops.Lanes.HALF;
import static io.softlane.internal.loops.Lanes.INTS;
import static io.softlane.internal.loops.Lanes.LONGS;
import static io.softlane.internal.loops.Lanes.PARTS;
import static io.softlane.internal.loops.Lanes.WIDTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Loops#few} of a row of up to eight vectors; the last one overlaps the one before.
 *
 * <p><b>Why a second version</b> of the statements of {@link Pipeline}: what stands around a row's
 * three loops takes longer than a short row's arithmetic (Zen 4, softmax of one row of 16, 40, 64
 * and 100 columns: 60, 58, 57, 74 ns, so 29, 42, 47, 66; of 128 both take 72). Only in one shape of
 * vectors: a second one in use makes C2 box vectors of other loops.
 */
final class VectorFew {
  private VectorFew() {}

  /** The fewest columns whose one vector is worth its while. */
  static final int LEAST = PARTS == 1 ? HALF : WIDTH;

  /** The most vectors. */
  static final int MOST = 8;

  /** Of one vector to so many. */
  static double run(float[] x, int i, int n, float[] s, float[] out, int o) {
    int e = n - WIDTH;
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    IntVector noBits = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    LongVector none = LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0);
    FloatVector rounder = zeros.broadcast(Exp.plainRounder(Window.K));
    FloatVector log2e = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.ONE);
    IntVector base = noBits.broadcast(Exp.ROUNDER_BITS);
    IntVector seen = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    LongVector evens = none.broadcast(Constants.EVENS);
    LongVector odds = none.broadcast(~Constants.EVENS);
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    DoubleVector sum2 = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    DoubleVector sum3 = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    DoubleVector sum4 = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    for (int c = 0; c < n; c += WIDTH) {
      int at = Math.min(c, e);
      // terms
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + at);
      FloatVector t = v.fma(log2e, rounder);
      FloatVector q = t.sub(rounder);
      FloatVector r = q.fma(hi, v);
      FloatVector p = r.fma(c6, c5);
      r = q.fma(lo, r);
      p = p.fma(r, c4);
      p = p.fma(r, c3);
      p = p.fma(r, c2);
      p = p.fma(r, one).fma(r, one);
      IntVector bits = t.viewAsIntegralLanes();
      seen = bits.sub(base).or(seen);
      bits = p.viewAsIntegralLanes().add(bits.lanewise(VectorOperators.LSHL, 23));
      bits.viewAsFloatingLanes().intoArray(s, at);
      // sum: of the last vector, only what is behind the one before
      int lane = c - at;
      if (lane > 0) {
        IntVector live = IntVector.fromArray(INTS, Constants.LIVE, 2 * GROUP - WIDTH + lane);
        bits = IntVector.fromArray(INTS, Constants.NUMBERS, lane).selectFrom(bits).and(live);
      }
      LongVector l = bits.reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      DoubleVector added = even.add(odd).add(sum);
      if (PARTS == 1) {
        sum = added;
      } else if (PARTS == 2) {
        sum = sum2;
        sum2 = added;
      } else {
        sum = sum2;
        sum2 = sum3;
        sum3 = sum4;
        sum4 = added;
      }
    }
    if (((IntVector) seen.check(INTS)).compare(VectorOperators.UGT, Exp.PLAIN_RANGE).anyTrue()) {
      return Double.POSITIVE_INFINITY;
    }
    // reduce: whichever part of the lanes is first by now, the same are added
    double total;
    if (HALF == 8) {
      total = (sum.lane(0) + sum.lane(1)) + (sum.lane(2) + sum.lane(3));
      total += (sum.lane(4) + sum.lane(5)) + (sum.lane(6) + sum.lane(7));
    } else if (HALF == 4) {
      total = (sum.lane(0) + sum.lane(1)) + (sum.lane(2) + sum.lane(3));
      total += (sum2.lane(0) + sum2.lane(1)) + (sum2.lane(2) + sum2.lane(3));
    } else {
      double a = sum.lane(0) + sum.lane(1);
      double b = sum2.lane(0) + sum2.lane(1);
      double c = sum3.lane(0) + sum3.lane(1);
      double d = sum4.lane(0) + sum4.lane(1);
      boolean isOdd = (n + WIDTH - 1) / WIDTH % 2 != 0;
      total = isOdd ? (b + c) + (d + a) : (a + b) + (c + d);
    }
    total /= Turn.UNIT;
    // No call of ours: where C2 does not inline one, vectors that are needed behind it are boxed.
    if (out == null || !(total >= Window.LOW && total <= Window.HIGH)) {
      return total;
    }
    // results
    double factor = Kind.LIFT / total;
    float large = (float) factor;
    FloatVector first = zeros.broadcast(large);
    FloatVector second = zeros.broadcast((float) (factor - large));
    FloatVector drop = zeros.broadcast(1 / Kind.LIFT);
    for (int c = 0; c < n; c += WIDTH) {
      int at = Math.min(c, e);
      FloatVector p = (FloatVector) FloatVector.fromArray(FLOATS, s, at).check(FLOATS);
      p.fma(first, p.mul(second)).mul(drop).intoArray(out, o + at);
    }
    return total;
  }

  /**
   * Of less than one vector, of 512 bits, whose masks are few instructions: no loop, and what is
   * masked cannot be, without a branch a vector, in the loop above (Zen 4, softmax of 10 and 15
   * columns: 30 ns, 35 with both in one, and 100 columns 73, not 69; by the scalar loop 47, 58).
   */
  static double part(float[] x, int i, int n, float[] s, float[] out, int o) {
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    IntVector noBits = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    LongVector none = LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0);
    VectorMask<Float> in = VectorMask.fromLong(FLOATS, (1L << n) - 1);
    FloatVector rounder = zeros.broadcast(Exp.plainRounder(Window.K));
    FloatVector v = FloatVector.fromArray(FLOATS, x, i, in);
    FloatVector t =
        v.fma(FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.LOG2_E), rounder);
    FloatVector q = t.sub(rounder);
    FloatVector r =
        q.fma(FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.MINUS_LN2_HI), v);
    FloatVector p =
        r.fma(
            FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C6),
            FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C5));
    r = q.fma(FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.MINUS_LN2_LO), r);
    p = p.fma(r, FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C4));
    p = p.fma(r, FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C3));
    p = p.fma(r, FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.C2));
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.PLAIN, Constants.ONE);
    p = p.fma(r, one).fma(r, one);
    IntVector bits = t.viewAsIntegralLanes();
    IntVector seen = bits.sub(noBits.broadcast(Exp.ROUNDER_BITS));
    IntVector live = IntVector.fromArray(INTS, Constants.LIVE, 2 * GROUP - n);
    bits = p.viewAsIntegralLanes().add(bits.lanewise(VectorOperators.LSHL, 23)).and(live);
    p = bits.viewAsFloatingLanes();
    p.intoArray(s, 0);
    LongVector l = bits.reinterpretAsLongs();
    DoubleVector even =
        l.and(none.broadcast(Constants.EVENS))
            .lanewise(VectorOperators.LSHL, 29)
            .reinterpretAsDoubles();
    DoubleVector odd =
        l.and(none.broadcast(~Constants.EVENS))
            .lanewise(VectorOperators.LSHR, 3)
            .reinterpretAsDoubles();
    DoubleVector sum = even.add(odd);
    if (seen.compare(VectorOperators.UGT, Exp.PLAIN_RANGE).anyTrue()) {
      return Double.POSITIVE_INFINITY;
    }
    double total = (sum.lane(0) + sum.lane(1)) + (sum.lane(2) + sum.lane(3));
    total += (sum.lane(4) + sum.lane(5)) + (sum.lane(6) + sum.lane(7));
    total /= Turn.UNIT;
    if (out == null || !(total >= Window.LOW && total <= Window.HIGH)) {
      return total;
    }
    double factor = Kind.LIFT / total;
    float large = (float) factor;
    FloatVector first = zeros.broadcast(large);
    FloatVector second = zeros.broadcast((float) (factor - large));
    p.fma(first, p.mul(second)).mul(zeros.broadcast(1 / Kind.LIFT)).intoArray(out, o, in);
    return total;
  }
}
