package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.FLOATS;
import static io.softlane.internal.loops.Lanes.GROUP;
import static io.softlane.internal.loops.Lanes.INTS;
import static io.softlane.internal.loops.Lanes.LONGS;
import static io.softlane.internal.loops.Lanes.WIDTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Loops#few} of a row of one vector to two: its first and its last, which overlap, stay in
 * registers from the logits to the results.
 *
 * <p><b>Why a second version</b> of the statements of {@link Pipeline}, each here on the first
 * vector and then on the last: what stands around a row's three loops takes longer than a short
 * row's arithmetic (Zen 4, softmax of one row of 16 and of 24 columns: 60 and 67 ns, so 30 and 31).
 * Only of whole vectors: a second shape in use makes C2 box vectors of other loops.
 */
final class VectorFew {
  private static final long EVENS = 0xffffffffL;

  /**
   * Which lane of the last vector has the column behind the first, and so on: from WIDTH - e on.
   */
  private static final int[] BEHIND = behind();

  private VectorFew() {}

  private static int[] behind() {
    int[] lanes = new int[2 * WIDTH];
    for (int c = 0; c < lanes.length; c++) {
      lanes[c] = c % WIDTH;
    }
    return lanes;
  }

  /** Of WIDTH to 2 WIDTH columns. */
  static double run(float[] x, int i, int n, float[] out, int o) {
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
    LongVector evens = none.broadcast(EVENS);
    LongVector odds = none.broadcast(~EVENS);
    IntVector live = IntVector.fromArray(INTS, Constants.LIVE, 2 * GROUP - e);
    // terms
    FloatVector v = FloatVector.fromArray(FLOATS, x, i);
    FloatVector v2 = FloatVector.fromArray(FLOATS, x, i + e);
    FloatVector t = v.fma(log2e, rounder);
    FloatVector t2 = v2.fma(log2e, rounder);
    FloatVector q = t.sub(rounder);
    FloatVector q2 = t2.sub(rounder);
    FloatVector r = q.fma(hi, v);
    FloatVector r2 = q2.fma(hi, v2);
    FloatVector p = r.fma(c6, c5);
    FloatVector p2 = r2.fma(c6, c5);
    r = q.fma(lo, r);
    r2 = q2.fma(lo, r2);
    p = p.fma(r, c4);
    p2 = p2.fma(r2, c4);
    p = p.fma(r, c3);
    p2 = p2.fma(r2, c3);
    p = p.fma(r, c2);
    p2 = p2.fma(r2, c2);
    p = p.fma(r, one).fma(r, one);
    p2 = p2.fma(r2, one).fma(r2, one);
    IntVector bits = t.viewAsIntegralLanes();
    IntVector bits2 = t2.viewAsIntegralLanes();
    IntVector seen = bits.sub(base).or(bits2.sub(base));
    if (((IntVector) seen.check(INTS)).compare(VectorOperators.UGT, Exp.PLAIN_RANGE).anyTrue()) {
      return Double.POSITIVE_INFINITY;
    }
    bits = bits.lanewise(VectorOperators.LSHL, 23);
    bits2 = bits2.lanewise(VectorOperators.LSHL, 23);
    p = p.viewAsIntegralLanes().add(bits).viewAsFloatingLanes();
    p2 = p2.viewAsIntegralLanes().add(bits2).viewAsFloatingLanes();
    // sum: of the last vector, only what is behind the first
    IntVector behind =
        IntVector.fromArray(INTS, BEHIND, WIDTH - e).selectFrom(p2.viewAsIntegralLanes());
    LongVector l = p.reinterpretAsLongs();
    LongVector l2 = behind.and(live).reinterpretAsLongs();
    DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
    DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
    DoubleVector s = even.add(odd);
    even = l2.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
    odd = l2.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
    DoubleVector s2 = even.add(odd);
    // reduce
    double sum;
    if (WIDTH == 16) {
      s = s2.add(s);
      sum = (s.lane(0) + s.lane(1)) + (s.lane(2) + s.lane(3));
      sum += (s.lane(4) + s.lane(5)) + (s.lane(6) + s.lane(7));
    } else if (WIDTH == 8) {
      sum = (s.lane(0) + s.lane(1)) + (s.lane(2) + s.lane(3));
      sum += (s2.lane(0) + s2.lane(1)) + (s2.lane(2) + s2.lane(3));
    } else {
      sum = (s.lane(0) + s.lane(1)) + (s2.lane(0) + s2.lane(1));
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
    p.fma(first, p.mul(second)).mul(drop).intoArray(out, o);
    p2.fma(first, p2.mul(second)).mul(drop).intoArray(out, o + e);
    return sum;
  }
}
