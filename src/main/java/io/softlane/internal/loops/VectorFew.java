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
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Loops#few} of a row of one vector to two: its first and its last, which overlap.
 *
 * <p><b>Why a second version</b> of the statements of {@link Pipeline}: what stands around a row's
 * three loops takes longer than a short row's arithmetic (Zen 4, softmax of one row of 16 and of 24
 * columns: 60 and 67 ns, so 30 and 31). Only of whole vectors: a second shape in use makes C2 box
 * vectors of other loops.
 */
final class VectorFew {
  private VectorFew() {}

  /** Of WIDTH to 2 WIDTH columns. */
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
    DoubleVector lanes = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    double sum = 0;
    for (int part = 0; part < 2; part++) {
      // terms
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + part * e);
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
      bits.viewAsFloatingLanes().intoArray(s, part * WIDTH);
      // sum: of the last vector, only what is behind the first
      int lane = part * (WIDTH - e);
      IntVector live = IntVector.fromArray(INTS, Constants.LIVE, 2 * GROUP - WIDTH + lane);
      bits = IntVector.fromArray(INTS, Constants.NUMBERS, lane).selectFrom(bits).and(live);
      LongVector l = bits.reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      lanes = PARTS == 1 ? even.add(odd).add(lanes) : even.add(odd);
      // reduce
      if (HALF == 2) {
        sum += lanes.lane(0) + lanes.lane(1);
      } else if (HALF == 4) {
        sum += (lanes.lane(0) + lanes.lane(1)) + (lanes.lane(2) + lanes.lane(3));
      }
    }
    if (HALF == 8) {
      sum = (lanes.lane(0) + lanes.lane(1)) + (lanes.lane(2) + lanes.lane(3));
      sum += (lanes.lane(4) + lanes.lane(5)) + (lanes.lane(6) + lanes.lane(7));
    }
    if (((IntVector) seen.check(INTS)).compare(VectorOperators.UGT, Exp.PLAIN_RANGE).anyTrue()) {
      return Double.POSITIVE_INFINITY;
    }
    sum /= Turn.UNIT;
    // No call of ours: where C2 does not inline one, vectors that are needed behind it are boxed.
    if (out == null || !(sum >= Window.LOW && sum <= Window.HIGH)) {
      return sum;
    }
    // results
    double factor = Kind.LIFT / sum;
    float large = (float) factor;
    FloatVector first = zeros.broadcast(large);
    FloatVector second = zeros.broadcast((float) (factor - large));
    FloatVector drop = zeros.broadcast(1 / Kind.LIFT);
    for (int part = 0; part < 2; part++) {
      FloatVector p = (FloatVector) FloatVector.fromArray(FLOATS, s, part * WIDTH).check(FLOATS);
      p.fma(first, p.mul(second)).mul(drop).intoArray(out, o + part * e);
    }
    return sum;
  }
}
