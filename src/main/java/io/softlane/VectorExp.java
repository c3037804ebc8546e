package io.softlane;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential function on vectors: the statements of {@link ScalarExp}, whose derivation and
 * error bound hold here too, since every lane gives the same bits.
 */
final class VectorExp {
  // Vectors, not floats: as static finals they are constants that cost C2 no node to broadcast.
  private static final FloatVector LOG2_E = constant(ScalarExp.LOG2_E);
  private static final FloatVector MINUS_LN2_HI = constant(-ScalarExp.LN2_HI);
  private static final FloatVector MINUS_LN2_LO = constant(-ScalarExp.LN2_LO);
  private static final FloatVector C2 = constant(ScalarExp.C2);
  private static final FloatVector C3 = constant(ScalarExp.C3);
  private static final FloatVector C4 = constant(ScalarExp.C4);
  private static final FloatVector C5 = constant(ScalarExp.C5);
  private static final FloatVector C6 = constant(ScalarExp.C6);
  private static final FloatVector C7 = constant(ScalarExp.C7);
  private static final FloatVector ONE = constant(1);
  private static final FloatVector ZERO = constant(0);
  private static final FloatVector ROUNDER = constant(ScalarExp.ROUNDER);
  private static final FloatVector EXP_ZERO = constant(ScalarExp.EXP_ZERO);
  private static final FloatVector EXP_INFINITE = constant(ScalarExp.EXP_INFINITE);
  private static final IntVector TOP = bits(ScalarExp.TOP);
  private static final LongVector EVEN = TOP.reinterpretAsLongs().broadcast(0xffffffffL);
  private static final LongVector ODD = EVEN.not();

  private VectorExp() {}

  /** {@link ScalarExp#scaled}. */
  static FloatVector scaled(FloatVector x, FloatVector rounder, FloatVector floor) {
    FloatVector c = x.blend(floor, x.compare(VectorOperators.LT, floor));
    FloatVector t = c.fma(LOG2_E, rounder);
    FloatVector n = t.sub(rounder);
    FloatVector r = n.fma(MINUS_LN2_HI, c);
    r = n.fma(MINUS_LN2_LO, r);
    FloatVector p = polynomial(r);
    IntVector b = t.viewAsIntegralLanes().min(TOP);
    FloatVector s = b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
    return p.mul(s);
  }

  /**
   * The terms in double, neighbours added, times 2^-896: a float's pattern moved to the top of a
   * double is that. What is no finite float of at least +0 comes out far above any sum of finite
   * ones.
   */
  static DoubleVector pairs(FloatVector terms) {
    LongVector b = terms.reinterpretAsLongs();
    DoubleVector even = b.and(EVEN).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
    DoubleVector odd = b.and(ODD).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
    return even.add(odd);
  }

  /** What brings a sum of pairs back to size. */
  static final double PAIRS_SCALE = 0x1p896;

  /** {@link ScalarExp#exp}. */
  static FloatVector exp(FloatVector x, FloatVector shift) {
    FloatVector d = x.sub(shift);
    FloatVector y = d.add(shift);
    FloatVector lost = x.sub(y).add(y.sub(d).sub(shift));
    FloatVector c = d.blend(EXP_ZERO, d.compare(VectorOperators.LT, EXP_ZERO));
    c = c.blend(EXP_INFINITE, d.compare(VectorOperators.GT, EXP_INFINITE));
    VectorMask<Float> kept = c.compare(VectorOperators.EQ, d);
    lost = ZERO.blend(lost, kept);
    FloatVector t = c.fma(LOG2_E, ROUNDER);
    FloatVector n = t.sub(ROUNDER);
    FloatVector p = polynomial(n.fma(MINUS_LN2_HI, c).add(n.fma(MINUS_LN2_LO, lost)));
    IntVector m = t.viewAsIntegralLanes().sub(ScalarExp.ROUNDER_BITS);
    IntVector half = m.lanewise(VectorOperators.ASHR, 1);
    return p.mul(powerOfTwo(half)).mul(powerOfTwo(m.sub(half)));
  }

  private static FloatVector powerOfTwo(IntVector n) {
    IntVector b = n.add(ScalarExp.BIAS);
    return b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
  }

  private static FloatVector polynomial(FloatVector r) {
    FloatVector h = C7.fma(r, C6);
    h = h.fma(r, C5);
    h = h.fma(r, C4);
    h = h.fma(r, C3);
    h = h.fma(r, C2);
    h = h.fma(r, ONE);
    return h.fma(r, ONE);
  }

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(Lanes.FLOATS, value);
  }

  private static IntVector bits(int value) {
    return FloatVector.zero(Lanes.FLOATS).viewAsIntegralLanes().broadcast(value);
  }
}
