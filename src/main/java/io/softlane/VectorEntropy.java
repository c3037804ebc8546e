package io.softlane;

import static io.softlane.Lanes.FLOATS;
import static io.softlane.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Entropy of one row of {@link VectorKernels}; {@link ScalarEntropy} explains it. */
final class VectorEntropy {
  private VectorEntropy() {}

  static double plain(float[] x, int i, int n, int k, float[] e) {
    double s = 0;
    double t = 0;
    for (int c = 0; c < n; c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      s += VectorRow.plainExpSum(x, i + c, few, k, e, 0);
      if (Double.isNaN(s)) {
        return s;
      }
      t += VectorBackward.dot(e, 0, x, i + c, few);
    }
    return ScalarEntropy.of(s, t, k, n);
  }

  static double scaled(float[] x, int i, int n, float shift, int k, float[] e) {
    if (!Float.isFinite(shift)) {
      return Double.NaN;
    }
    double s = 0;
    double t = 0;
    for (int c = 0; c < n; c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      clamp(x, i + c, few, shift, ScalarExp.floor(k), e, ScalarRow.BLOCK);
      s += VectorRow.scaledExpSum(e, ScalarRow.BLOCK, few, 0, k, e, 0);
      t += VectorBackward.dot(e, 0, e, ScalarRow.BLOCK, few);
    }
    return ScalarEntropy.of(s, t, k, n);
  }

  private static void clamp(float[] x, int i, int n, float shift, float floor, float[] d, int o) {
    FloatVector vshift = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(shift);
    FloatVector vfloor = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(floor);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + c);
      v = ((FloatVector) v.check(FLOATS)).sub(vshift);
      v.blend(vfloor, v.compare(VectorOperators.LT, vfloor)).intoArray(d, o + c);
    }
    // tail: the same bits
    ScalarEntropy.clamp(x, i + c, n - c, shift, floor, d, o + c);
  }
}
