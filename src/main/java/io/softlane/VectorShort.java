package io.softlane;

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

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Stages of {@link VectorRow} for rows so short that its loops would not turn once: the same bits
 * without loops, small enough to be inlined where rows follow each other.
 */
final class VectorShort {
  private VectorShort() {}

  /** Whether rows of so many columns are short. */
  static boolean serves(int cols) {
    return cols <= 2 * STORE && cols <= ScalarRow.GROUP;
  }

  /** {@link VectorRow#max}: two vectors that overlap. */
  static float max(float[] x, int i, int n) {
    if (n < STORE) {
      return ScalarRow.max(x, i, n);
    }
    IntVector b = FloatVector.fromArray(STORES, x, i).viewAsIntegralLanes();
    IntVector b2 = FloatVector.fromArray(STORES, x, i + n - STORE).viewAsIntegralLanes();
    IntVector flip = b.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
    IntVector flip2 = b2.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
    IntVector key = flip.lanewise(VectorOperators.XOR, b);
    IntVector key2 = flip2.lanewise(VectorOperators.XOR, b2);
    // reduce
    int h = key.max(key2).reduceLanes(VectorOperators.MAX);
    int l = key.min(key2).reduceLanes(VectorOperators.MIN);
    boolean nan = h > VectorRow.KEY_INFINITY || l < ~VectorRow.KEY_INFINITY;
    return nan ? Float.NaN : Float.intBitsToFloat(h ^ (h >> 31 >>> 1));
  }

  /** {@link VectorRow#sumOfStored}. */
  static double sumOfStored(float[] e, int o, int n) {
    if (o > e.length - ScalarRow.GROUP) {
      return ScalarRow.sumOfStored(e, o, n);
    }
    double s = sumOfStored(e, o, 0, n);
    if (n > WIDTH) {
      s += sumOfStored(e, o, WIDTH, n);
    }
    if (n > 2 * WIDTH) {
      double t = sumOfStored(e, o, 2 * WIDTH, n);
      s += n > 3 * WIDTH ? t + sumOfStored(e, o, 3 * WIDTH, n) : t;
    }
    return s * VectorRow.SUM_SCALE;
  }

  private static double sumOfStored(float[] e, int o, int c, int n) {
    int at = n < ScalarRow.GROUP ? Constants.live(n) : ScalarRow.GROUP;
    LongVector live = IntVector.fromArray(INTS, Constants.LIVE, at + c).reinterpretAsLongs();
    LongVector l = FloatVector.fromArray(FLOATS, e, o + c).reinterpretAsLongs().and(live);
    LongVector evens =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(VectorRow.EVENS);
    LongVector odds =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~VectorRow.EVENS);
    LongVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29);
    LongVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3);
    DoubleVector sum = even.reinterpretAsDoubles().add(odd.reinterpretAsDoubles());
    // reduce
    if (HALF == 2) {
      return sum.lane(0) + sum.lane(1);
    }
    sum = sum.add(sum.rearrange(NEIGHBOURS));
    sum = sum.add(sum.rearrange(PAIRS));
    if (HALF > 4) {
      sum = sum.add(sum.rearrange(FOURS));
    }
    return sum.lane(0);
  }

  /** {@link VectorRow#scale}: two vectors that overlap, both loaded before one is stored. */
  static void scale(float[] v, int i, int n, float hi, float lo) {
    if (n < STORE) {
      for (int c = 0; c < n; c++) {
        v[i + c] = Math.fma(v[i + c], hi, v[i + c] * lo) * LossTerms.DROP;
      }
      return;
    }
    FloatVector vhi = FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(hi);
    FloatVector vlo = FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(lo);
    FloatVector drop =
        FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(LossTerms.DROP);
    int tail = i + n - STORE;
    FloatVector t = (FloatVector) FloatVector.fromArray(STORES, v, i).check(STORES);
    FloatVector u = (FloatVector) FloatVector.fromArray(STORES, v, tail).check(STORES);
    t.fma(vhi, t.mul(vlo)).mul(drop).intoArray(v, i);
    u.fma(vhi, u.mul(vlo)).mul(drop).intoArray(v, tail);
  }
}
