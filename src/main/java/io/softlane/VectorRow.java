package io.softlane;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The stages of {@link VectorKernels} on one row: those of {@link ScalarRow}, which explains them,
 * under the same names.
 *
 * <p>The eight lanes of a sum are one vector of 512 bits, two of 256 or four of 128. A narrower
 * width goes over the row once for each of its vectors ({@code part}), in strides of what all eight
 * lanes take: so there is one loop, with one accumulator, for every width.
 */
final class VectorRow {
  static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
  static final VectorSpecies<Float> HALVES = Lanes.HALVES;
  static final VectorSpecies<Double> DOUBLES = Lanes.DOUBLES;
  static final int WIDTH = FLOATS.length();
  static final int HALF = DOUBLES.length();
  static final int LANES = ScalarRow.LANES;
  static final int PARTS = LANES / HALF;
  private static final int GROUP = ScalarRow.GROUP;

  private VectorRow() {}

  static float max(float[] x, int i, int n) {
    FloatVector m = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      m = m.max(FloatVector.fromArray(FLOATS, x, i + c));
    }
    // tail
    if (c < n) {
      VectorMask<Float> live = FLOATS.indexInRange(c, n);
      m = m.lanewise(VectorOperators.MAX, FloatVector.fromArray(FLOATS, x, i + c, live), live);
    }
    // reduce: the maximum does not depend on the order
    return m.reduceLanes(VectorOperators.MAX);
  }

  static int argmax(float[] x, int i, int n) {
    float m = max(x, i, n);
    if (Float.isNaN(m)) {
      return ScalarRow.firstNaN(x, i);
    }
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      VectorMask<Float> found =
          FloatVector.fromArray(FLOATS, x, i + c).compare(VectorOperators.EQ, m);
      if (found.anyTrue()) {
        return c + found.firstTrue();
      }
    }
    // tail
    VectorMask<Float> live = FLOATS.indexInRange(c, n);
    FloatVector t = FloatVector.fromArray(FLOATS, x, i + c, live);
    return c + t.compare(VectorOperators.EQ, m, live).firstTrue();
  }

  static double scaledExpSum(float[] x, int i, int n, float anchor, float[] e, int o) {
    if (!Float.isFinite(anchor)) {
      return Double.NaN;
    }
    double s = 0;
    for (int part = 0; part < PARTS; part++) {
      s = scaledExpSum(x, i, n, part, anchor, e, o, s);
    }
    return s * VectorExp.PAIRS_SCALE;
  }

  private static double scaledExpSum(
      float[] x, int i, int n, int part, float anchor, float[] e, int o, double s) {
    float shift = Window.shift(anchor);
    FloatVector rounder = FloatVector.broadcast(FLOATS, ScalarExp.rounder(Window.k(anchor)));
    FloatVector floor = FloatVector.broadcast(FLOATS, ScalarExp.floor(Window.k(anchor)));
    DoubleVector t = DoubleVector.zero(DOUBLES);
    int c = part * WIDTH;
    // main loop
    for (; c <= n - WIDTH; c += GROUP) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + c).sub(shift);
      FloatVector p = VectorExp.scaled(v, rounder, floor);
      if (e != null) {
        p.intoArray(e, o + c);
      }
      t = t.add(VectorExp.pairs(p));
    }
    // tail: what is not live is masked, so its term is +0
    if (c < n) {
      VectorMask<Float> live = FLOATS.indexInRange(c, n);
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + c, live).sub(shift);
      FloatVector p = VectorExp.scaled(floor.blend(v, live), rounder, floor);
      if (e != null) {
        p.intoArray(e, o + c, live);
      }
      t = t.add(VectorExp.pairs(p));
    }
    return reduce(t, s);
  }

  static void exps(float[] x, int i, int n, float shift, float[] e, int o) {
    FloatVector vshift = FloatVector.broadcast(FLOATS, shift);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      VectorExp.exp(FloatVector.fromArray(FLOATS, x, i + c), vshift).intoArray(e, o + c);
    }
    // tail
    if (c < n) {
      VectorMask<Float> live = FLOATS.indexInRange(c, n);
      FloatVector t = FloatVector.fromArray(FLOATS, x, i + c, live);
      VectorExp.exp(t, vshift).intoArray(e, o + c, live);
    }
  }

  static void scale(float[] v, int i, int n, double factor) {
    if (ScalarRow.isTiny(factor)) {
      scale(v, i, n, factor * ScalarRow.TINY_INVERSE);
      scale(v, i, n, ScalarRow.TINY);
      return;
    }
    FloatVector hi = FloatVector.broadcast(FLOATS, (float) factor);
    FloatVector lo = FloatVector.broadcast(FLOATS, (float) (factor - (float) factor));
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector t = FloatVector.fromArray(FLOATS, v, i + c);
      t.fma(hi, t.mul(lo)).intoArray(v, i + c);
    }
    // tail
    if (c < n) {
      VectorMask<Float> live = FLOATS.indexInRange(c, n);
      FloatVector t = FloatVector.fromArray(FLOATS, v, i + c, live);
      t.fma(hi, t.mul(lo)).intoArray(v, i + c, live);
    }
  }

  static void divide(float[] v, int i, int n, float s, float[] out, int o) {
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector.fromArray(FLOATS, v, i + c).div(s).intoArray(out, o + c);
    }
    // tail
    if (c < n) {
      VectorMask<Float> live = FLOATS.indexInRange(c, n);
      FloatVector.fromArray(FLOATS, v, i + c, live).div(s).intoArray(out, o + c, live);
    }
  }

  static void subtract(float[] p, int i, float[] y, int j, int n, float[] out, int o) {
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector t = FloatVector.fromArray(FLOATS, y, j + c);
      FloatVector.fromArray(FLOATS, p, i + c).sub(t).intoArray(out, o + c);
    }
    // tail
    if (c < n) {
      VectorMask<Float> live = FLOATS.indexInRange(c, n);
      FloatVector t = FloatVector.fromArray(FLOATS, y, j + c, live);
      FloatVector.fromArray(FLOATS, p, i + c, live).sub(t).intoArray(out, o + c, live);
    }
  }

  static void subtractTwice(float[] x, int i, int n, float hi, float lo, float[] out, int o) {
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector.fromArray(FLOATS, x, i + c).sub(hi).sub(lo).intoArray(out, o + c);
    }
    // tail
    if (c < n) {
      VectorMask<Float> live = FLOATS.indexInRange(c, n);
      FloatVector t = FloatVector.fromArray(FLOATS, x, i + c, live);
      t.sub(hi).sub(lo).intoArray(out, o + c, live);
    }
  }

  static double sum(float[] v, int i, int n) {
    double s = 0;
    for (int part = 0; part < PARTS; part++) {
      s = sum(v, i, n, part, s);
    }
    return s;
  }

  private static double sum(float[] v, int i, int n, int part, double s) {
    DoubleVector t = DoubleVector.zero(DOUBLES);
    int c = part * HALF;
    // main loop
    for (; c <= n - HALF; c += LANES) {
      t = t.add(doubles(v, i + c));
    }
    // tail
    if (c < n) {
      t = t.add(doubles(v, i + c, n - c));
    }
    return reduce(t, s);
  }

  static double dot(float[] p, int i, float[] u, int j, int n) {
    double s = 0;
    for (int part = 0; part < PARTS; part++) {
      s = dot(p, i, u, j, n, part, s);
    }
    return s;
  }

  private static double dot(float[] p, int i, float[] u, int j, int n, int part, double s) {
    DoubleVector t = DoubleVector.zero(DOUBLES);
    int c = part * HALF;
    // main loop
    for (; c <= n - HALF; c += LANES) {
      t = t.add(doubles(p, i + c).mul(doubles(u, j + c)));
    }
    // tail
    if (c < n) {
      t = t.add(doubles(p, i + c, n - c).mul(doubles(u, j + c, n - c)));
    }
    return reduce(t, s);
  }

  static void softmaxBackward(
      float[] p, int i, float[] u, int j, int n, double dot, float[] out, int o) {
    int c = 0;
    // main loop
    for (; c <= n - HALF; c += HALF) {
      DoubleVector t = doubles(u, j + c).sub(dot);
      floats(doubles(p, i + c).mul(t)).intoArray(out, o + c);
    }
    // tail
    if (c < n) {
      DoubleVector t = doubles(u, j + c, n - c).sub(dot);
      floats(doubles(p, i + c, n - c).mul(t)).intoArray(out, o + c, HALVES.indexInRange(c, n));
    }
  }

  static void logSoftmaxBackward(
      float[] l, int i, float[] u, int j, int n, double sum, float[] out, int o) {
    FloatVector zero = FloatVector.zero(FLOATS);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector t = VectorExp.exp(FloatVector.fromArray(FLOATS, l, i + c), zero);
      DoubleVector a = doubles(u, j + c).sub(doubles(t, 0).mul(sum));
      DoubleVector b = doubles(u, j + c + HALF).sub(doubles(t, 1).mul(sum));
      floats(a).intoArray(out, o + c);
      floats(b).intoArray(out, o + c + HALF);
    }
    // tail
    if (c < n) {
      FloatVector t = FloatVector.fromArray(FLOATS, l, i + c, FLOATS.indexInRange(c, n));
      t = VectorExp.exp(t, zero);
      DoubleVector a = doubles(u, j + c, n - c).sub(doubles(t, 0).mul(sum));
      DoubleVector b = doubles(u, j + c + HALF, n - c - HALF).sub(doubles(t, 1).mul(sum));
      floats(a).intoArray(out, o + c, HALVES.indexInRange(c, n));
      floats(b).intoArray(out, o + c + HALF, HALVES.indexInRange(c + HALF, n));
    }
  }

  /** The lanes, added to s one after the other. */
  static double reduce(DoubleVector t, double s) {
    for (int lane = 0; lane < HALF; lane++) {
      s += t.lane(lane);
    }
    return s;
  }

  /** Floats from index i on, as doubles. */
  static DoubleVector doubles(float[] v, int i) {
    return doubles(FloatVector.fromArray(HALVES, v, i), 0);
  }

  /** The first few floats from index i on, as doubles; the rest of the vector is 0. */
  static DoubleVector doubles(float[] v, int i, int few) {
    return doubles(FloatVector.fromArray(HALVES, v, i, HALVES.indexInRange(0, few)), 0);
  }

  private static DoubleVector doubles(FloatVector t, int part) {
    return (DoubleVector) t.convertShape(VectorOperators.F2D, DOUBLES, part);
  }

  private static FloatVector floats(DoubleVector t) {
    return (FloatVector) t.convertShape(VectorOperators.D2F, HALVES, 0);
  }
}
