package io.softlane;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
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
  static final VectorSpecies<Integer> INTS = Lanes.INTS;
  static final VectorSpecies<Long> LONGS = Lanes.LONGS;
  static final int WIDTH = FLOATS.length();
  static final int HALF = DOUBLES.length();
  static final int LANES = ScalarRow.LANES;
  static final int PARTS = LANES / HALF;
  private static final int GROUP = ScalarRow.GROUP;

  /** What brings a sum of pairs back to size: see the reduction in lanes. */
  private static final double PAIRS_SCALE = 0x1p896;

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

  static double scaledExpSum(float[] x, int i, int n, float shift, int k, float[] e, int o) {
    if (!Float.isFinite(shift)) {
      return Double.NaN;
    }
    int whole = n - n % GROUP;
    double s = 0;
    for (int part = 0; part < PARTS; part++) {
      s = lanes(x, i, part * WIDTH, whole, shift, k, e, o, s);
    }
    for (int c = whole; c < n; c += WIDTH) {
      s = tail(x, i + c, n - c, shift, k, e, o + c, s);
    }
    return s * PAIRS_SCALE;
  }

  /**
   * The lanes of one part, which starts at column c.
   *
   * <p>This loop and the tail below write {@link VectorExp#scaled} out, the only ones that do. A
   * vector in a loop's accumulator is boxed as soon as C2 refuses to inline one method of ours, and
   * it does refuse: past 18000 nodes (NodeCountInliningCutoff), or where it compiled the method on
   * its own before (InlineSmallCode). The Vector API's methods are exempt. Written out, both also
   * pass the 325 bytecodes (FreqInlineSize) above which C2 never inlines them into a caller's
   * budget. With a shared method for both the rows of 1000 took 1.4 times as long and allocated 96
   * to 576 bytes each.
   */
  private static double lanes(
      float[] x, int i, int c, int whole, float shift, int k, float[] e, int o, double s) {
    FloatVector vshift = FloatVector.broadcast(FLOATS, shift);
    FloatVector rounder = FloatVector.broadcast(FLOATS, ScalarExp.rounder(k));
    FloatVector floor = FloatVector.broadcast(FLOATS, ScalarExp.floor(k));
    FloatVector log2e = FloatVector.broadcast(FLOATS, ScalarExp.LOG2_E);
    FloatVector hi = FloatVector.broadcast(FLOATS, -ScalarExp.LN2_HI);
    FloatVector lo = FloatVector.broadcast(FLOATS, -ScalarExp.LN2_LO);
    FloatVector c7 = FloatVector.broadcast(FLOATS, ScalarExp.C7);
    FloatVector c6 = FloatVector.broadcast(FLOATS, ScalarExp.C6);
    FloatVector c5 = FloatVector.broadcast(FLOATS, ScalarExp.C5);
    FloatVector c4 = FloatVector.broadcast(FLOATS, ScalarExp.C4);
    FloatVector c3 = FloatVector.broadcast(FLOATS, ScalarExp.C3);
    FloatVector c2 = FloatVector.broadcast(FLOATS, ScalarExp.C2);
    FloatVector one = FloatVector.broadcast(FLOATS, 1);
    IntVector top = IntVector.broadcast(INTS, ScalarExp.TOP);
    LongVector evens = LongVector.broadcast(LONGS, 0xffffffffL);
    LongVector odds = LongVector.broadcast(LONGS, ~0xffffffffL);
    DoubleVector sum = DoubleVector.zero(DOUBLES);
    // main loop
    for (; c < whole; c += GROUP) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + c).sub(vshift);
      v = v.blend(floor, v.compare(VectorOperators.LT, floor));
      FloatVector t = v.fma(log2e, rounder);
      FloatVector m = t.sub(rounder);
      FloatVector r = m.fma(hi, v);
      r = m.fma(lo, r);
      FloatVector h = c7.fma(r, c6);
      h = h.fma(r, c5);
      h = h.fma(r, c4);
      h = h.fma(r, c3);
      h = h.fma(r, c2);
      h = h.fma(r, one);
      FloatVector p = h.fma(r, one);
      IntVector b = t.viewAsIntegralLanes().min(top);
      p = p.mul(b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes());
      if (e != null) {
        p.intoArray(e, o + c);
      }
      // As doubles, neighbours added, times 2^-896: a float's pattern moved to the top of a double
      // is
      // that, +0 included. What is no finite float of at least +0 comes out far above any sum of
      // them.
      LongVector l = p.reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = sum.add(even.add(odd));
    }
    // reduce
    s = s + sum.lane(0) + sum.lane(1);
    if (HALF > 2) {
      s = s + sum.lane(2) + sum.lane(3);
    }
    if (HALF > 4) {
      s = s + sum.lane(4) + sum.lane(5) + sum.lane(6) + sum.lane(7);
    }
    return s;
  }

  /**
   * Up to a vector of what the lanes leave; what is not live there is masked, so its term is +0.
   */
  private static double tail(
      float[] x, int i, int few, float shift, int k, float[] e, int o, double s) {
    FloatVector rounder = FloatVector.broadcast(FLOATS, ScalarExp.rounder(k));
    FloatVector floor = FloatVector.broadcast(FLOATS, ScalarExp.floor(k));
    FloatVector log2e = FloatVector.broadcast(FLOATS, ScalarExp.LOG2_E);
    FloatVector hi = FloatVector.broadcast(FLOATS, -ScalarExp.LN2_HI);
    FloatVector lo = FloatVector.broadcast(FLOATS, -ScalarExp.LN2_LO);
    FloatVector c7 = FloatVector.broadcast(FLOATS, ScalarExp.C7);
    FloatVector c6 = FloatVector.broadcast(FLOATS, ScalarExp.C6);
    FloatVector c5 = FloatVector.broadcast(FLOATS, ScalarExp.C5);
    FloatVector c4 = FloatVector.broadcast(FLOATS, ScalarExp.C4);
    FloatVector c3 = FloatVector.broadcast(FLOATS, ScalarExp.C3);
    FloatVector c2 = FloatVector.broadcast(FLOATS, ScalarExp.C2);
    FloatVector one = FloatVector.broadcast(FLOATS, 1);
    IntVector top = IntVector.broadcast(INTS, ScalarExp.TOP);
    LongVector evens = LongVector.broadcast(LONGS, 0xffffffffL);
    LongVector odds = LongVector.broadcast(LONGS, ~0xffffffffL);
    VectorMask<Float> live = FLOATS.indexInRange(0, few);
    FloatVector v = floor.blend(FloatVector.fromArray(FLOATS, x, i, live).sub(shift), live);
    v = v.blend(floor, v.compare(VectorOperators.LT, floor));
    FloatVector t = v.fma(log2e, rounder);
    FloatVector m = t.sub(rounder);
    FloatVector r = m.fma(hi, v);
    r = m.fma(lo, r);
    FloatVector h = c7.fma(r, c6);
    h = h.fma(r, c5);
    h = h.fma(r, c4);
    h = h.fma(r, c3);
    h = h.fma(r, c2);
    h = h.fma(r, one);
    FloatVector p = h.fma(r, one);
    IntVector b = t.viewAsIntegralLanes().min(top);
    p = p.mul(b.lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes());
    if (e != null) {
      p.intoArray(e, o, live);
    }
    LongVector l = p.reinterpretAsLongs();
    DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
    DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
    DoubleVector sum = even.add(odd);
    // reduce
    s = s + sum.lane(0) + sum.lane(1);
    if (HALF > 2) {
      s = s + sum.lane(2) + sum.lane(3);
    }
    if (HALF > 4) {
      s = s + sum.lane(4) + sum.lane(5) + sum.lane(6) + sum.lane(7);
    }
    return s;
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

  /** The lanes, added to s one after the other. Constant lane numbers fold to one extract each. */
  static double reduce(DoubleVector t, double s) {
    s = s + t.lane(0) + t.lane(1);
    if (HALF > 2) {
      s = s + t.lane(2) + t.lane(3);
    }
    if (HALF > 4) {
      s = s + t.lane(4) + t.lane(5) + t.lane(6) + t.lane(7);
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
