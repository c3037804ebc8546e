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
    DoubleVector vbase = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0).broadcast(base);
    DoubleVector vslope =
        DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0).broadcast(slope);
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    int c = part * HALF;
    // main loop
    for (; c <= n - HALF; c += LANES) {
      Vector<Double> a = vbase;
      if (y != null) {
        FloatVector f = FloatVector.fromArray(HALVES, y, j + c);
        a = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(vslope).add(vbase);
      }
      if (w != null) {
        FloatVector f = FloatVector.fromArray(HALVES, w, c);
        a = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(a);
      }
      sum = ((DoubleVector) a.check(DOUBLES)).add(sum);
    }
    // reduce, with the tail's column where a lane has one
    DoubleVector t = (DoubleVector) sum.check(DOUBLES);
    s = s + ScalarTargets.add(t.lane(0), y, j, slope, base, w, n, c);
    s = s + ScalarTargets.add(t.lane(1), y, j, slope, base, w, n, c + 1);
    if (HALF > 2) {
      s = s + ScalarTargets.add(t.lane(2), y, j, slope, base, w, n, c + 2);
      s = s + ScalarTargets.add(t.lane(3), y, j, slope, base, w, n, c + 3);
    }
    if (HALF > 4) {
      s = s + ScalarTargets.add(t.lane(4), y, j, slope, base, w, n, c + 4);
      s = s + ScalarTargets.add(t.lane(5), y, j, slope, base, w, n, c + 5);
      s = s + ScalarTargets.add(t.lane(6), y, j, slope, base, w, n, c + 6);
      s = s + ScalarTargets.add(t.lane(7), y, j, slope, base, w, n, c + 7);
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
    DoubleVector zero = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    DoubleVector vshift =
        DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0).broadcast(shift);
    DoubleVector vlogSum =
        DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0).broadcast(logSum);
    DoubleVector vbase = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0).broadcast(base);
    DoubleVector vslope =
        DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0).broadcast(slope);
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    int c = part * HALF;
    // main loop
    for (; c <= n - HALF; c += LANES) {
      Vector<Double> a = vbase;
      if (y != null) {
        FloatVector f = FloatVector.fromArray(HALVES, y, j + c);
        a = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(vslope).add(vbase);
      }
      if (w != null) {
        FloatVector f = FloatVector.fromArray(HALVES, w, c);
        a = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(a);
      }
      FloatVector f = FloatVector.fromArray(HALVES, x, i + c);
      Vector<Double> d = vshift.sub(f.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vlogSum);
      Vector<Double> ad = d.mul(a).blend(zero, zero.compare(VectorOperators.EQ, a));
      sum = ((DoubleVector) ad).add(sum);
    }
    // reduce, with the tail's column where a lane has one
    DoubleVector t = (DoubleVector) sum.check(DOUBLES);
    s = s + ScalarTargets.add(t.lane(0), x, i, shift, logSum, y, j, slope, base, w, n, c);
    s = s + ScalarTargets.add(t.lane(1), x, i, shift, logSum, y, j, slope, base, w, n, c + 1);
    if (HALF > 2) {
      s = s + ScalarTargets.add(t.lane(2), x, i, shift, logSum, y, j, slope, base, w, n, c + 2);
      s = s + ScalarTargets.add(t.lane(3), x, i, shift, logSum, y, j, slope, base, w, n, c + 3);
    }
    if (HALF > 4) {
      s = s + ScalarTargets.add(t.lane(4), x, i, shift, logSum, y, j, slope, base, w, n, c + 4);
      s = s + ScalarTargets.add(t.lane(5), x, i, shift, logSum, y, j, slope, base, w, n, c + 5);
      s = s + ScalarTargets.add(t.lane(6), x, i, shift, logSum, y, j, slope, base, w, n, c + 6);
      s = s + ScalarTargets.add(t.lane(7), x, i, shift, logSum, y, j, slope, base, w, n, c + 7);
    }
    return s;
  }
}
