package io.softlane;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exponential function on vectors: the statements of {@link ScalarExp}, whose derivation and
 * error bound hold here too, since every lane gives the same bits.
 */
final class VectorExp {
  private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;

  private VectorExp() {}

  /** {@link ScalarExp#scaled}. */
  static FloatVector scaled(FloatVector x, FloatVector rounder, FloatVector floor) {
    FloatVector c = x.blend(floor, x.compare(VectorOperators.LT, floor));
    FloatVector t = c.fma(constant(ScalarExp.LOG2_E), rounder);
    FloatVector n = t.sub(rounder);
    FloatVector r = n.fma(constant(-ScalarExp.LN2_HI), c);
    r = n.fma(constant(-ScalarExp.LN2_LO), r);
    FloatVector p = polynomial(r);
    IntVector b = t.viewAsIntegralLanes().min(ScalarExp.TOP);
    FloatVector s = b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
    return p.mul(s);
  }

  /** {@link ScalarExp#exp}. */
  static FloatVector exp(FloatVector x, FloatVector shift) {
    FloatVector d = x.sub(shift);
    FloatVector y = d.add(shift);
    FloatVector lost = x.sub(y).add(y.sub(d).sub(shift));
    FloatVector c =
        d.blend(
            constant(ScalarExp.EXP_ZERO),
            d.compare(VectorOperators.LT, constant(ScalarExp.EXP_ZERO)));
    c =
        c.blend(
            constant(ScalarExp.EXP_INFINITE),
            d.compare(VectorOperators.GT, constant(ScalarExp.EXP_INFINITE)));
    VectorMask<Float> kept = c.compare(VectorOperators.EQ, d);
    lost = constant(0).blend(lost, kept);
    FloatVector t = c.fma(constant(ScalarExp.LOG2_E), constant(ScalarExp.ROUNDER));
    FloatVector n = t.sub(constant(ScalarExp.ROUNDER));
    FloatVector p =
        polynomial(
            n.fma(constant(-ScalarExp.LN2_HI), c).add(n.fma(constant(-ScalarExp.LN2_LO), lost)));
    IntVector m = t.viewAsIntegralLanes().sub(ScalarExp.ROUNDER_BITS);
    IntVector half = m.lanewise(VectorOperators.ASHR, 1);
    return p.mul(powerOfTwo(half)).mul(powerOfTwo(m.sub(half)));
  }

  private static FloatVector powerOfTwo(IntVector n) {
    IntVector b = n.add(ScalarExp.BIAS);
    return b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
  }

  private static FloatVector polynomial(FloatVector r) {
    FloatVector h = r.fma(constant(ScalarExp.C7), constant(ScalarExp.C6));
    h = h.fma(r, constant(ScalarExp.C5));
    h = h.fma(r, constant(ScalarExp.C4));
    h = h.fma(r, constant(ScalarExp.C3));
    h = h.fma(r, constant(ScalarExp.C2));
    h = h.fma(r, constant(1));
    return h.fma(r, constant(1));
  }

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }
}
