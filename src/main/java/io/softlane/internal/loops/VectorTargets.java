package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.DOUBLES;
import static io.softlane.internal.loops.Lanes.FLOATS;
import static io.softlane.internal.loops.Lanes.HALF;
import static io.softlane.internal.loops.Lanes.LANES;
import static io.softlane.internal.loops.Lanes.WIDTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;

/** Those of the {@link VectorLoops} that have target terms. */
abstract class VectorTargets extends VectorBlocks {
  @Override
  public double targetSum(Targets a, int n) {
    double s = 0;
    for (int part = 0; part < LANES; part += HALF) {
      s = targetSum(a, n, part, s);
    }
    return s;
  }

  private static double targetSum(Targets a, int n, int part, double s) {
    float[] y = a.y;
    int j = a.j;
    float[] w = a.w;
    DoubleVector zero = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    DoubleVector base = zero.broadcast(a.base);
    DoubleVector slope = zero.broadcast(a.slope);
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    int end = end(a, n, Integer.MAX_VALUE);
    int c = part;
    // main loop
    for (; c < end; c += LANES) {
      Vector<Double> t = base;
      if (y != null) {
        FloatVector f = (FloatVector) FloatVector.fromArray(FLOATS, y, j + c).check(FLOATS);
        t = f.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES).mul(slope).add(base);
      }
      if (w != null) {
        FloatVector f = (FloatVector) FloatVector.fromArray(FLOATS, w, c).check(FLOATS);
        t = f.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES).mul(t);
      }
      sum = ((DoubleVector) t.check(DOUBLES)).add(sum);
    }
    // reduce, with what is left of each lane
    ((DoubleVector) sum.check(DOUBLES)).intoArray(a.lanes, 0);
    for (int lane = 0; lane < HALF; lane++) {
      double t = a.lanes[lane];
      for (int q = c + lane; q < n; q += LANES) {
        t += a.at(q);
      }
      s += t;
    }
    return s;
  }

  /** Behind the last column to begin at: vectors are whole, though only their first half counts. */
  private static int end(Targets a, int n, int room) {
    int least = a.y == null ? room : Math.min(room, a.y.length - a.j);
    least = a.w == null ? least : Math.min(least, a.w.length);
    return Math.min(n - HALF, least - WIDTH) + 1;
  }

  @Override
  public double targetLoss(Targets a, float[] x, int i, int n, double shift, double logSum) {
    double s = 0;
    for (int part = 0; part < LANES; part += HALF) {
      s = targetLoss(a, x, i, n, shift, logSum, part, s);
    }
    return s;
  }

  private static double targetLoss(
      Targets a, float[] x, int i, int n, double shift, double logSum, int part, double s) {
    float[] y = a.y;
    int j = a.j;
    float[] w = a.w;
    DoubleVector zero = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    DoubleVector vshift = zero.broadcast(shift);
    DoubleVector vlogSum = zero.broadcast(logSum);
    DoubleVector base = zero.broadcast(a.base);
    DoubleVector slope = zero.broadcast(a.slope);
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    int end = end(a, n, x.length - i);
    int c = part;
    // main loop
    for (; c < end; c += LANES) {
      Vector<Double> t = base;
      if (y != null) {
        FloatVector f = (FloatVector) FloatVector.fromArray(FLOATS, y, j + c).check(FLOATS);
        t = f.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES).mul(slope).add(base);
      }
      if (w != null) {
        FloatVector f = (FloatVector) FloatVector.fromArray(FLOATS, w, c).check(FLOATS);
        t = f.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES).mul(t);
      }
      FloatVector f = (FloatVector) FloatVector.fromArray(FLOATS, x, i + c).check(FLOATS);
      Vector<Double> l = vshift.sub(f.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vlogSum);
      l = l.mul(t).blend(zero, zero.compare(VectorOperators.EQ, t));
      sum = ((DoubleVector) l).add(sum);
    }
    // reduce, with what is left of each lane
    ((DoubleVector) sum.check(DOUBLES)).intoArray(a.lanes, 0);
    for (int lane = 0; lane < HALF; lane++) {
      double t = a.lanes[lane];
      for (int q = c + lane; q < n; q += LANES) {
        t += Targets.loss(a.at(q), shift, logSum, x[i + q]);
      }
      s += t;
    }
    return s;
  }

  @Override
  public void gradient(
      Targets a, float[] s, int d, int n, double factor, float lift, float[] out, int o) {
    if (n < WIDTH) {
      // A loop without a round is a bet that C2 loses later.
      ScalarLoops.INSTANCE.gradient(a, s, d, n, factor, lift, out, o);
      return;
    }
    float[] y = a.y;
    int j = a.j;
    float[] w = a.w;
    FloatVector zero = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    FloatVector first = zero.broadcast(Targets.first(factor * lift));
    FloatVector second = zero.broadcast(Targets.second(factor * lift));
    FloatVector drop = zero.broadcast(1 / lift);
    FloatVector slope = zero.broadcast(a.scaledSlope);
    FloatVector base = zero.broadcast(a.scaledBase);
    FloatVector unit = zero.broadcast(a.unit);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector t = base;
      if (y != null) {
        t = FloatVector.fromArray(FLOATS, y, j + c).fma(slope, base);
      }
      if (w != null) {
        t = FloatVector.fromArray(FLOATS, w, c).mul(unit).mul(t);
      }
      FloatVector p = FloatVector.fromArray(FLOATS, s, d + c);
      p.fma(first, p.mul(second)).mul(drop).sub(t).intoArray(out, o + c);
    }
    // tail: the same bits
    ScalarLoops.gradient(a, s, d, c, n, factor * lift, 1 / lift, out, o);
  }
}
