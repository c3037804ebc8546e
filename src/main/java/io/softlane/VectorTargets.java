package io.softlane;

import static io.softlane.VectorRow.DOUBLES;
import static io.softlane.VectorRow.FLOATS;
import static io.softlane.VectorRow.HALF;
import static io.softlane.VectorRow.LANES;
import static io.softlane.VectorRow.PARTS;
import static io.softlane.VectorRow.WIDTH;
import static io.softlane.VectorRow.doubles;
import static io.softlane.VectorRow.reduce;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The stages of {@link VectorCrossEntropy} on one row and its target terms: those of {@link
 * ScalarTargets}, which explains them, under the same names.
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
    DoubleVector t = DoubleVector.zero(DOUBLES);
    int c = part * HALF;
    // main loop
    for (; c <= n - HALF; c += LANES) {
      DoubleVector a = DoubleVector.broadcast(DOUBLES, base);
      if (y != null) {
        a = doubles(y, j + c).mul(slope).add(a);
      }
      if (w != null) {
        a = a.mul(doubles(w, c));
      }
      t = t.add(a);
    }
    // tail
    if (c < n) {
      DoubleVector a = DoubleVector.broadcast(DOUBLES, base);
      if (y != null) {
        a = doubles(y, j + c, n - c).mul(slope).add(a);
      }
      if (w != null) {
        a = a.mul(doubles(w, c, n - c));
      }
      t = t.add(a, DOUBLES.indexInRange(c, n));
    }
    return reduce(t, s);
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
    DoubleVector t = DoubleVector.zero(DOUBLES);
    int c = part * HALF;
    // main loop
    for (; c <= n - HALF; c += LANES) {
      DoubleVector a = DoubleVector.broadcast(DOUBLES, base);
      if (y != null) {
        a = doubles(y, j + c).mul(slope).add(a);
      }
      if (w != null) {
        a = a.mul(doubles(w, c));
      }
      DoubleVector d = vshift.sub(doubles(x, i + c)).add(logSum);
      t = t.add(a.mul(d).blend(zero, a.compare(VectorOperators.EQ, 0)));
    }
    // tail
    if (c < n) {
      DoubleVector a = DoubleVector.broadcast(DOUBLES, base);
      if (y != null) {
        a = doubles(y, j + c, n - c).mul(slope).add(a);
      }
      if (w != null) {
        a = a.mul(doubles(w, c, n - c));
      }
      DoubleVector d = vshift.sub(doubles(x, i + c, n - c)).add(logSum);
      a = a.mul(d).blend(zero, a.compare(VectorOperators.EQ, 0));
      t = t.add(a, DOUBLES.indexInRange(c, n));
    }
    return reduce(t, s);
  }

  static void gradient(
      float[] x,
      int i,
      float shift,
      int k,
      double factor,
      float[] y,
      int j,
      float slope,
      float base,
      float[] w,
      int n,
      float[] out,
      int o) {
    FloatVector rounder = FloatVector.broadcast(FLOATS, ScalarExp.rounder(k));
    FloatVector floor = FloatVector.broadcast(FLOATS, ScalarExp.floor(k));
    FloatVector hi = FloatVector.broadcast(FLOATS, (float) factor);
    FloatVector lo = FloatVector.broadcast(FLOATS, (float) (factor - (float) factor));
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector a = FloatVector.broadcast(FLOATS, base);
      if (y != null) {
        a = FloatVector.fromArray(FLOATS, y, j + c).lanewise(VectorOperators.FMA, slope, a);
      }
      if (w != null) {
        a = a.mul(FloatVector.fromArray(FLOATS, w, c));
      }
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + c).sub(shift);
      FloatVector t = VectorExp.scaled(v, rounder, floor);
      t.fma(hi, t.mul(lo)).sub(a).intoArray(out, o + c);
    }
    // tail
    if (c < n) {
      VectorMask<Float> live = FLOATS.indexInRange(c, n);
      FloatVector a = FloatVector.broadcast(FLOATS, base);
      if (y != null) {
        a = FloatVector.fromArray(FLOATS, y, j + c, live).lanewise(VectorOperators.FMA, slope, a);
      }
      if (w != null) {
        a = a.mul(FloatVector.fromArray(FLOATS, w, c, live));
      }
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + c, live).sub(shift);
      FloatVector t = VectorExp.scaled(v, rounder, floor);
      t.fma(hi, t.mul(lo)).sub(a).intoArray(out, o + c, live);
    }
  }
}
