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
    FloatVector split = zeros.broadcast(tanh.split);
    FloatVector cap = zeros.broadcast(tanh.cap);
    FloatVector twoCaps = zeros.broadcast(2 * tanh.cap);
    FloatVector g0 = zeros.broadcast(tanh.g0);
    FloatVector g1 = zeros.broadcast(tanh.g1);
    FloatVector g2 = zeros.broadcast(tanh.g2);
    FloatVector g3 = zeros.broadcast(tanh.g3);
    FloatVector g4 = zeros.broadcast(tanh.g4);
    FloatVector g5 = zeros.broadcast(tanh.g5);
    FloatVector rounder = zeros.broadcast(Tanh.ROUNDER);
    FloatVector factor = zeros.broadcast(tanh.factor);
    FloatVector a0 = zeros.broadcast(tanh.a0);
    FloatVector a1 = zeros.broadcast(Tanh.A1);
    FloatVector a2 = zeros.broadcast(Tanh.A2);
    FloatVector a3 = zeros.broadcast(Tanh.A3);
    FloatVector a4 = zeros.broadcast(Tanh.A4);
    FloatVector a5 = zeros.broadcast(Tanh.A5);
    FloatVector one = zeros.broadcast(1);
    boolean isScaled = by != 1;
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector u = (FloatVector) FloatVector.fromArray(FLOATS, x, i + c).check(FLOATS);
      if (isScaled) {
        u = u.mul(scale);
      }
      FloatVector y = u.abs();
      FloatVector z = y.mul(y);
      FloatVector g = z.fma(g5, g4);
      g = g.fma(z, g3);
      g = g.fma(z, g2);
      g = g.fma(z, g1);
      g = g.fma(z, g0);
      FloatVector small = z.mul(g).fma(y, y);
      VectorMask<Float> beyond = y.compare(VectorOperators.GT, split);
      if (!beyond.anyTrue()) { // logits mostly are far from a cap
        IntVector bits = u.viewAsIntegralLanes().and(sign).or(small.viewAsIntegralLanes());
        bits.viewAsFloatingLanes().intoArray(out, o + c);
        continue;
      }
      FloatVector w = y.viewAsIntegralLanes().min(most).viewAsFloatingLanes();
      FloatVector t = w.fma(factor, rounder);
      FloatVector r = w.fma(factor, rounder.sub(t));
      FloatVector p = r.fma(a5, a4);
      p = p.fma(r, a3);
      p = p.fma(r, a2);
      p = p.fma(r, a1);
      p = p.fma(r, a0);
      IntVector q = t.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, 23);
      FloatVector e = p.viewAsIntegralLanes().add(q).viewAsFloatingLanes();
      FloatVector large = cap.sub(twoCaps.div(e.add(one)));
      FloatVector v = small.blend(large, beyond);
      IntVector bits = u.viewAsIntegralLanes().and(sign).or(v.viewAsIntegralLanes());
      bits.viewAsFloatingLanes().intoArray(out, o + c);
    }
    return c;
  }
}
