package io.softlane;

import static io.softlane.Lanes.DOUBLES;
import static io.softlane.Lanes.HALF;
import static io.softlane.Lanes.HALVES;
import static io.softlane.Lanes.PARTS;
import static io.softlane.ScalarRow.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;

/** The stages of {@link ScalarBackward}, under the same names. */
final class VectorBackward {
  private VectorBackward() {}

  static double dot(float[] p, int i, float[] u, int j, int n) {
    int whole = n - n % LANES;
    double s = 0;
    for (int part = 0; part < PARTS; part++) {
      s = dot(p, i, u, j, part * HALF, whole, s);
    }
    // tail
    for (int c = whole; c < n; c++) {
      s += (double) p[i + c] * u[j + c];
    }
    return s;
  }

  private static double dot(float[] p, int i, float[] u, int j, int from, int whole, double s) {
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    // main loop
    for (int c = from; c < whole; c += LANES) {
      FloatVector a = FloatVector.fromArray(HALVES, p, i + c);
      FloatVector b = FloatVector.fromArray(HALVES, u, j + c);
      DoubleVector ab = (DoubleVector) a.convertShape(VectorOperators.F2D, DOUBLES, 0);
      sum = ab.mul(b.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(sum);
    }
    // reduce
    DoubleVector t = (DoubleVector) sum.check(DOUBLES);
    s = s + t.lane(0) + t.lane(1);
    if (HALF > 2) {
      s = s + t.lane(2) + t.lane(3);
    }
    if (HALF > 4) {
      s = s + t.lane(4) + t.lane(5) + t.lane(6) + t.lane(7);
    }
    return s;
  }

  static void softmaxBackward(
      float[] p, int i, float[] u, int j, int n, double dot, float[] out, int o) {
    DoubleVector vdot = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0).broadcast(dot);
    int c = 0;
    // main loop
    for (; c <= n - HALF; c += HALF) {
      FloatVector a = FloatVector.fromArray(HALVES, p, i + c);
      FloatVector b = FloatVector.fromArray(HALVES, u, j + c);
      Vector<Double> t = b.convertShape(VectorOperators.F2D, DOUBLES, 0).sub(vdot);
      t = t.mul(a.convertShape(VectorOperators.F2D, DOUBLES, 0));
      ((FloatVector) t.convertShape(VectorOperators.D2F, HALVES, 0)).intoArray(out, o + c);
    }
    // tail: the same bits
    ScalarBackward.softmaxBackward(p, i + c, u, j + c, n - c, dot, out, o + c);
  }

  static void logSoftmaxBackward(
      float[] l, int i, float[] u, int j, int n, double sum, float[] out, int o) {
    int k = ScalarBackward.LOG_SOFTMAX_K;
    double factor = Math.scalb(-sum, -k);
    VectorExp.gradient(l, i, 0, k, factor, 1, u, j, -1, 0, null, 0, 1, n, out, o);
  }
}
