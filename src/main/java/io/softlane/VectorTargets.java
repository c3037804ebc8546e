package io.softlane;

import static io.softlane.Lanes.DOUBLES;
import static io.softlane.Lanes.HALF;
import static io.softlane.Lanes.HALVES;
import static io.softlane.Lanes.PARTS;
import static io.softlane.ScalarRow.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The stages of {@link VectorCrossEntropy} on one row and its target terms: those of {@link
 * ScalarTargets}, which explains them, under the same names; its gradient is in {@link VectorExp}.
 */
final class VectorTargets {
  private VectorTargets() {}

  static double sum(float[] y, int j, double slope, double base, float[] w, int n) {
    double s = 0;
    for (int part = 0; part < PARTS; part++) {
      s = sum(y, j, slope, base, w, n, part, s);
    }
    return s;
  }

  private static double sum(
      float[] y, int j, double slope, double base, float[] w, int n, int part, double s) {
    DoubleVector vbase = DoubleVector.broadcast(DOUBLES, base);
    DoubleVector vslope = DoubleVector.broadcast(DOUBLES, slope);
    DoubleVector t = DoubleVector.zero(DOUBLES);
    // main loop and tail: masked loads, since two bodies are more than C2 keeps in registers
    for (int c = part * HALF; c < n; c += LANES) {
      VectorMask<Float> live = HALVES.indexInRange(c, n);
      Vector<Double> a = vbase;
      if (y != null) {
        FloatVector f = FloatVector.fromArray(HALVES, y, j + c, live);
        a = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(vslope).add(vbase);
      }
      if (w != null) {
        FloatVector f = FloatVector.fromArray(HALVES, w, c, live);
        a = a.mul(f.convertShape(VectorOperators.F2D, DOUBLES, 0));
      }
      t = t.add(a, live.cast(DOUBLES));
    }
    // reduce
    s = s + t.lane(0) + t.lane(1);
    if (HALF > 2) {
      s = s + t.lane(2) + t.lane(3);
    }
    if (HALF > 4) {
      s = s + t.lane(4) + t.lane(5) + t.lane(6) + t.lane(7);
    }
    return s;
  }

  static double loss(
      float[] x,
      int i,
      double shift,
      double logSum,
      float[] y,
      int j,
      double slope,
      double base,
      float[] w,
      int n) {
    double s = 0;
    for (int part = 0; part < PARTS; part++) {
      s = loss(x, i, shift, logSum, y, j, slope, base, w, n, part, s);
    }
    return s;
  }

  private static double loss(
      float[] x,
      int i,
      double shift,
      double logSum,
      float[] y,
      int j,
      double slope,
      double base,
      float[] w,
      int n,
      int part,
      double s) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector vshift = DoubleVector.broadcast(DOUBLES, shift);
    DoubleVector vlogSum = DoubleVector.broadcast(DOUBLES, logSum);
    DoubleVector vbase = DoubleVector.broadcast(DOUBLES, base);
    DoubleVector vslope = DoubleVector.broadcast(DOUBLES, slope);
    DoubleVector t = DoubleVector.zero(DOUBLES);
    // main loop and tail, as above
    for (int c = part * HALF; c < n; c += LANES) {
      VectorMask<Float> live = HALVES.indexInRange(c, n);
      Vector<Double> a = vbase;
      if (y != null) {
        FloatVector f = FloatVector.fromArray(HALVES, y, j + c, live);
        a = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(vslope).add(vbase);
      }
      if (w != null) {
        FloatVector f = FloatVector.fromArray(HALVES, w, c, live);
        a = a.mul(f.convertShape(VectorOperators.F2D, DOUBLES, 0));
      }
      FloatVector f = FloatVector.fromArray(HALVES, x, i + c, live);
      Vector<Double> d = vshift.sub(f.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vlogSum);
      Vector<Double> ad = a.mul(d).blend(zero, a.compare(VectorOperators.EQ, zero));
      t = t.add(ad, live.cast(DOUBLES));
    }
    // reduce
    s = s + t.lane(0) + t.lane(1);
    if (HALF > 2) {
      s = s + t.lane(2) + t.lane(3);
    }
    if (HALF > 4) {
      s = s + t.lane(4) + t.lane(5) + t.lane(6) + t.lane(7);
    }
    return s;
  }
}
