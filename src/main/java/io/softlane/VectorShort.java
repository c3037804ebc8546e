package io.softlane;

import static io.softlane.Lanes.FLOATS;
import static io.softlane.Lanes.FOURS;
import static io.softlane.Lanes.HALF;
import static io.softlane.Lanes.NEIGHBOURS;
import static io.softlane.Lanes.PAIRS;
import static io.softlane.Lanes.STORE;
import static io.softlane.Lanes.STORES;
import static io.softlane.Lanes.WIDTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
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

  /** {@link VectorRow#sumOfStored}. */
  static double sumOfStored(float[] e, int o, int n) {
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
    FloatVector t = FloatVector.fromArray(FLOATS, e, o + c, FLOATS.indexInRange(c, n));
    LongVector l = t.reinterpretAsLongs();
    LongVector even = l.and(VectorRow.EVENS).lanewise(VectorOperators.LSHL, 29);
    LongVector odd = l.and(~VectorRow.EVENS).lanewise(VectorOperators.LSHR, 3);
    DoubleVector sum = even.reinterpretAsDoubles().add(odd.reinterpretAsDoubles());
    // reduce
    sum = sum.add(sum.rearrange(NEIGHBOURS));
    if (HALF > 2) {
      sum = sum.add(sum.rearrange(PAIRS));
    }
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
    FloatVector vhi = FloatVector.broadcast(STORES, hi);
    FloatVector vlo = FloatVector.broadcast(STORES, lo);
    int tail = i + n - STORE;
    FloatVector t = FloatVector.fromArray(STORES, v, i);
    FloatVector u = FloatVector.fromArray(STORES, v, tail);
    t.fma(vhi, t.mul(vlo)).mul(LossTerms.DROP).intoArray(v, i);
    u.fma(vhi, u.mul(vlo)).mul(LossTerms.DROP).intoArray(v, tail);
  }
}
