package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.FLOATS;
import static io.softlane.internal.loops.Lanes.INTS;
import static io.softlane.internal.loops.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Loops#softcap} on vectors, with the statements of {@link Tanh}. */
final class VectorTanh {
  private VectorTanh() {}

  /** Returns how many columns are done; the others fill no vector. */
  static int softcap(float[] x, int i, int n, float by, Tanh tanh, float[] out, int o) {
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    IntVector noBits = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    IntVector sign = noBits.broadcast(1 << 31);
    IntVector most = noBits.broadcast(tanh.mostBits);
    FloatVector scale = zeros.broadcast(by);
    FloatVector unit = zeros.broadcast(tanh.unit);
    FloatVector unit2 = zeros.broadcast(tanh.unit2);
    FloatVector split = zeros.broadcast(tanh.split);
    IntVector cap = zeros.broadcast(tanh.cap).viewAsIntegralLanes();
    FloatVector g0 = zeros.broadcast(tanh.g0);
    FloatVector g1 = zeros.broadcast(tanh.g1);
    FloatVector g2 = zeros.broadcast(tanh.g2);
    FloatVector g3 = zeros.broadcast(tanh.g3);
    FloatVector g4 = zeros.broadcast(tanh.g4);
    FloatVector g5 = zeros.broadcast(tanh.g5);
    FloatVector rounder = zeros.broadcast(Tanh.ROUNDER);
    FloatVector factor = zeros.broadcast(tanh.factor);
    FloatVector factorLo = zeros.broadcast(tanh.factorLo);
    FloatVector a1 = zeros.broadcast(Tanh.A1);
    FloatVector a2 = zeros.broadcast(Tanh.A2);
    FloatVector a3 = zeros.broadcast(Tanh.A3);
    FloatVector a4 = zeros.broadcast(Tanh.A4);
    FloatVector a5 = zeros.broadcast(Tanh.A5);
    FloatVector one = zeros.broadcast(1);
    FloatVector minusTwo = zeros.broadcast(-2);
    boolean isScaled = by != 1;
    boolean isFar = tanh.isFar;
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector u = (FloatVector) FloatVector.fromArray(FLOATS, x, i + c).check(FLOATS);
      if (isScaled) {
        u = u.mul(scale);
      }
      FloatVector y = u.abs();
      if (isFar) {
        y = y.mul(unit).mul(unit2);
      }
      FloatVector z = y.mul(y);
      FloatVector g = z.fma(g5, g4);
      g = g.fma(z, g3);
      g = g.fma(z, g2);
      g = g.fma(z, g1);
      g = g.fma(z, g0);
      FloatVector f = g.fma(z, zeros);
      VectorMask<Float> beyond = y.compare(VectorOperators.GT, split);
      if (!beyond.anyTrue()) { // logits mostly are far from a cap
        f.fma(u, u).intoArray(out, o + c);
        continue;
      }
      FloatVector w = y.viewAsIntegralLanes().min(most).viewAsFloatingLanes();
      FloatVector t = w.fma(factor, rounder);
      FloatVector r = w.fma(factor, rounder.sub(t));
      r = w.fma(factorLo, r);
      FloatVector p = r.fma(a5, a4);
      p = p.fma(r, a3);
      p = p.fma(r, a2);
      p = p.fma(r, a1);
      p = p.fma(r, one);
      FloatVector s =
          t.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes();
      f = f.blend(minusTwo.div(p.fma(s, one)), beyond);
      IntVector bits = u.viewAsIntegralLanes().and(sign).or(cap);
      FloatVector b = u.blend(bits.viewAsFloatingLanes(), beyond);
      f.fma(b, b).intoArray(out, o + c);
    }
    return c;
  }
}
