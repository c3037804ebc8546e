package io.softlane;

import static io.softlane.Lanes.DOUBLES;
import static io.softlane.Lanes.FLOATS;
import static io.softlane.Lanes.FOURS;
import static io.softlane.Lanes.HALF;
import static io.softlane.Lanes.HALVES;
import static io.softlane.Lanes.INTS;
import static io.softlane.Lanes.LONGS;
import static io.softlane.Lanes.NEIGHBOURS;
import static io.softlane.Lanes.PAIRS;
import static io.softlane.Lanes.PARTS;
import static io.softlane.Lanes.STORE;
import static io.softlane.Lanes.STORES;
import static io.softlane.Lanes.WIDTH;
import static io.softlane.ScalarRow.GROUP;
import static io.softlane.ScalarRow.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The stages of {@link VectorKernels} on one row: those of {@link ScalarRow}, which explains them,
 * under the same names.
 *
 * <p>The eight lanes of a sum are one vector of 512 bits, two of 256 or four of 128. Where sums are
 * taken, a narrower width goes over the columns once for each of its vectors ({@code part}), in
 * strides of what all eight lanes take: so there is one loop, with one accumulator, for every
 * width. (Stored terms are so fast to add that two accumulators are needed.)
 *
 * <p>Terms are stored in one loop and added in the next, or far behind them: {@link VectorPlain}.
 * Where an addition follows its own term, its six instructions wait behind a chain of 60 cycles,
 * and the waiting fills the core's scheduler (Zen 4: 1.1 times as long at 512 bits, 1.15 at 256).
 */
final class VectorRow {
  /** The key of +inf, its pattern; that of -inf is its complement. */
  static final int KEY_INFINITY = 0x7f800000;

  /** The even ones of the floats in a vector of longs. */
  static final long EVENS = 0xffffffffL;

  /** What brings a sum of terms to size, which was taken in units of 2^-896. */
  static final double SUM_SCALE = 0x1p896;

  private VectorRow() {}

  /**
   * On keys, integers in the order of the floats: FloatVector.max is five instructions in a chain
   * (6 times the time at 1000 columns). A NaN's key is above that of +inf or, with a sign, below
   * that of -inf; -0 is just below +0.
   */
  static float max(float[] x, int i, int n) {
    if (n < WIDTH) {
      return VectorShort.max(x, i, n);
    }
    IntVector hi = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(Integer.MIN_VALUE);
    IntVector lo = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(Integer.MAX_VALUE);
    // main loop; tail: the last whole vector, some of it for the second time
    for (int c = 0; c < n; c += WIDTH) {
      int j = i + Math.min(c, n - WIDTH);
      IntVector b = FloatVector.fromArray(FLOATS, x, j).viewAsIntegralLanes();
      IntVector flip = b.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
      IntVector key = b.lanewise(VectorOperators.XOR, flip);
      hi = key.max(hi);
      lo = key.min(lo);
    }
    // reduce
    int h = ((IntVector) hi.check(INTS)).reduceLanes(VectorOperators.MAX);
    int l = ((IntVector) lo.check(INTS)).reduceLanes(VectorOperators.MIN);
    boolean nan = h > KEY_INFINITY || l < ~KEY_INFINITY;
    return nan ? Float.NaN : Float.intBitsToFloat(h ^ (h >> 31 >>> 1));
  }

  static int argmax(float[] x, int i, int n) {
    float m = max(x, i, n);
    if (Float.isNaN(m)) {
      return ScalarRow.firstNaN(x, i);
    }
    FloatVector vm = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(m);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      VectorMask<Float> found =
          FloatVector.fromArray(FLOATS, x, i + c).compare(VectorOperators.EQ, vm);
      if (found.anyTrue()) {
        return c + found.firstTrue();
      }
    }
    // tail
    while (x[i + c] != m) {
      c++;
    }
    return c;
  }

  /**
   * Whether rows are plain and the anchor 0 serves them all, to be known before their logits are
   * overwritten: where all elements are at most {@link Window#SURE} in magnitude; false where there
   * is a NaN.
   */
  static boolean within(float[] x, int i, int n) {
    if (n < WIDTH) {
      return ScalarRow.within(x, i, n);
    }
    IntVector top = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    IntVector magnitude = top.broadcast(Integer.MAX_VALUE);
    // main loop and tail, as in max
    for (int c = 0; c < n; c += WIDTH) {
      int j = i + Math.min(c, n - WIDTH);
      IntVector b = FloatVector.fromArray(FLOATS, x, j).viewAsIntegralLanes();
      top = b.and(magnitude).max(top);
    }
    // reduce
    int most = ((IntVector) top.check(INTS)).reduceLanes(VectorOperators.MAX);
    return most <= Float.floatToRawIntBits(Window.SURE) && n <= Window.SURE_COLS;
  }

  /** {@link #scaledExpSum} for plain logits; NaN, with rubbish among the terms, if one is not. */
  static double plainExpSum(float[] x, int i, int n, int k, float[] e, int o) {
    double s = 0;
    for (int c = 0; c < n; c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      double t;
      if (e == null) {
        t = plainSumOfTerms(x, i + c, few, k);
      } else if (VectorPlain.lags(few)) {
        t = VectorPlain.termsAndSum(x, i + c, few, k, e, o + c);
      } else if (VectorPlain.terms(x, i + c, few, k, e, o + c)) {
        t = sumOfStored(e, o + c, few);
      } else {
        t = Double.NaN;
      }
      s += t;
      if (Double.isNaN(s)) {
        return s;
      }
    }
    return s;
  }

  private static double plainSumOfTerms(float[] x, int i, int n, int k) {
    if (n < GROUP && i > x.length - GROUP) {
      return ScalarRow.plainSumOfTerms(x, i, n, k);
    }
    double s = VectorPlain.sumOfTerms(x, i, 0, n, k);
    if (PARTS > 1) {
      s += VectorPlain.sumOfTerms(x, i, WIDTH, n, k);
    }
    if (PARTS > 2) {
      s +=
          VectorPlain.sumOfTerms(x, i, 2 * WIDTH, n, k)
              + VectorPlain.sumOfTerms(x, i, 3 * WIDTH, n, k);
    }
    return s * SUM_SCALE;
  }

  /** An anchor that serves a row: 0 where its maximum says so, else the maximum itself. */
  static float anchor(float[] x, int i, int n) {
    float m = max(x, i, n);
    return Math.abs(m) <= Window.SURE && n <= Window.SURE_COLS ? 0 : m;
  }

  static double scaledExpSum(float[] x, int i, int n, float shift, int k, float[] e, int o) {
    if (!Float.isFinite(shift)) {
      return Double.NaN;
    }
    double s = 0;
    for (int c = 0; c < n; c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      if (e == null) {
        s += sumOfTerms(x, i + c, few, shift, k);
      } else if (shift == 0 && VectorPlain.lags(few)) {
        s += VectorExp.termsAndSum(x, i + c, few, k, e, o + c);
      } else {
        terms(x, i + c, few, shift, k, e, o + c);
        s += sumOfStored(e, o + c, few);
      }
    }
    return s;
  }

  /** The rare shift is taken in a pass of its own. */
  static void terms(float[] x, int i, int n, float shift, int k, float[] e, int o) {
    if (shift == 0) {
      VectorExp.terms(x, i, n, k, e, o);
    } else {
      subtractTwice(x, i, n, shift, 0, e, o);
      VectorExp.terms(e, o, n, k, e, o);
    }
  }

  static double sumOfStored(float[] e, int o, int n) {
    if (n <= GROUP) {
      return VectorShort.sumOfStored(e, o, n);
    }
    double s = sumOfStored(e, o, 0, n);
    if (PARTS > 2) {
      s += sumOfStored(e, o, 2 * WIDTH, n);
    }
    return s * SUM_SCALE;
  }

  /**
   * Two parts at a time, where there are two: each addition waits three cycles for the one before,
   * which is longer than a narrower vector's other work takes (256 bits: 1.4 times as long).
   */
  private static double sumOfStored(float[] e, int o, int from, int n) {
    LongVector evens = LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(EVENS);
    LongVector odds = LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~EVENS);
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    DoubleVector sum2 = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    int whole = n & -GROUP;
    // main loop
    for (int c = from; c < whole; c += GROUP) {
      LongVector l = FloatVector.fromArray(FLOATS, e, o + c).reinterpretAsLongs();
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
      if (PARTS > 1) {
        l = FloatVector.fromArray(FLOATS, e, o + c + WIDTH).reinterpretAsLongs();
        even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
        odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
        sum2 = even.add(odd).add(sum2);
      }
    }
    // tail
    if (whole < n) {
      int c = n - GROUP + from;
      int at = Constants.live(n) + from;
      LongVector l = FloatVector.fromArray(FLOATS, e, o + c).reinterpretAsLongs();
      l = l.and(IntVector.fromArray(INTS, Constants.LIVE, at).reinterpretAsLongs());
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = even.add(odd).add(sum);
      if (PARTS > 1) {
        l = FloatVector.fromArray(FLOATS, e, o + c + WIDTH).reinterpretAsLongs();
        l = l.and(IntVector.fromArray(INTS, Constants.LIVE, at + WIDTH).reinterpretAsLongs());
        even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
        odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
        sum2 = even.add(odd).add(sum2);
      }
    }
    // reduce
    DoubleVector t = (DoubleVector) sum.check(DOUBLES);
    DoubleVector t2 = (DoubleVector) sum2.check(DOUBLES);
    if (HALF == 2) {
      return (t.lane(0) + t.lane(1)) + (t2.lane(0) + t2.lane(1));
    }
    t = t.add(t.rearrange(NEIGHBOURS));
    t2 = t2.add(t2.rearrange(NEIGHBOURS));
    t = t.add(t.rearrange(PAIRS));
    t2 = t2.add(t2.rearrange(PAIRS));
    if (HALF > 4) {
      t = t.add(t.rearrange(FOURS));
    }
    return PARTS > 1 ? t.lane(0) + t2.lane(0) : t.lane(0);
  }

  static double sumOfTerms(float[] x, int i, int n, float shift, int k) {
    if (n < GROUP && i > x.length - GROUP) {
      return ScalarRow.sumOfTerms(x, i, n, shift, k);
    }
    double s = VectorExp.sumOfTerms(x, i, 0, n, shift, k);
    if (PARTS > 1) {
      s += VectorExp.sumOfTerms(x, i, WIDTH, n, shift, k);
    }
    if (PARTS > 2) {
      s +=
          VectorExp.sumOfTerms(x, i, 2 * WIDTH, n, shift, k)
              + VectorExp.sumOfTerms(x, i, 3 * WIDTH, n, shift, k);
    }
    return s * SUM_SCALE;
  }

  static void scores(float[] x, int i, int n, float scale, float[] y, int j, float[] out, int o) {
    FloatVector vscale = FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(scale);
    int c = 0;
    // main loop
    if (y == null) {
      for (; c <= n - STORE; c += STORE) {
        vscale.mul(FloatVector.fromArray(STORES, x, i + c)).intoArray(out, o + c);
      }
    } else {
      for (; c <= n - STORE; c += STORE) {
        FloatVector u = FloatVector.fromArray(STORES, y, j + c);
        vscale.mul(FloatVector.fromArray(STORES, x, i + c)).add(u).intoArray(out, o + c);
      }
    }
    // tail: the same bits
    ScalarRow.scores(x, i + c, n - c, scale, y, j + c, out, o + c);
  }

  static void exps(float[] x, int i, int n, float shift, float[] e, int o) {
    VectorExp.exps(x, i, n, shift, e, o);
  }

  /** From the end, which is still in the cache (64 x 128256: 1.1 times as fast). */
  static void scale(float[] v, int i, int n, double factor) {
    float hi = LossTerms.first(factor * LossTerms.LIFT);
    float lo = LossTerms.second(factor * LossTerms.LIFT);
    if (VectorShort.serves(n)) {
      VectorShort.scale(v, i, n, hi, lo);
      return;
    }
    for (int c = n - 1 & -ScalarRow.BLOCK; c >= 0; c -= ScalarRow.BLOCK) {
      scaleBlock(v, i + c, Math.min(ScalarRow.BLOCK, n - c), hi, lo);
    }
  }

  /**
   * Whole vectors: a Zen 5 core does 16 columns in 1.8 cycles instead of 3.1 with {@link
   * Lanes#STORES}, which is 7 % of a softmax of 64 x 1000; on Zen 4 the three multiplies take about
   * as long as a store that is not aligned. The tail is the block's last vector, loaded before the
   * main loop overwrites its first lanes. A masked store there would hold up the next row's loads
   * beside it (1.7 times as long at 10 columns).
   */
  private static void scaleBlock(float[] v, int i, int n, float hi, float lo) {
    if (VectorShort.serves(n)) {
      VectorShort.scale(v, i, n, hi, lo);
      return;
    }
    FloatVector vhi = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(hi);
    FloatVector vlo = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(lo);
    FloatVector drop =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(LossTerms.DROP);
    int tail = i + n - WIDTH;
    FloatVector last = (FloatVector) FloatVector.fromArray(FLOATS, v, tail).check(FLOATS);
    // main loop
    for (int c = 0; c <= n - WIDTH; c += WIDTH) {
      FloatVector t = (FloatVector) FloatVector.fromArray(FLOATS, v, i + c).check(FLOATS);
      t.fma(vhi, t.mul(vlo)).mul(drop).intoArray(v, i + c);
    }
    // tail
    last.fma(vhi, last.mul(vlo)).mul(drop).intoArray(v, tail);
  }

  static void divide(float[] v, int i, int n, float s, float[] out, int o) {
    FloatVector vs = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(s);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector t = (FloatVector) FloatVector.fromArray(FLOATS, v, i + c).check(FLOATS);
      t.div(vs).intoArray(out, o + c);
    }
    // tail: the same bits
    ScalarRow.divide(v, i + c, n - c, s, out, o + c);
  }

  static void subtract(float[] p, int i, float[] y, int j, int n, float[] out, int o) {
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector t = FloatVector.fromArray(FLOATS, y, j + c);
      FloatVector u = (FloatVector) FloatVector.fromArray(FLOATS, p, i + c).check(FLOATS);
      u.sub(t).intoArray(out, o + c);
    }
    // tail: the same bits
    ScalarRow.subtract(p, i + c, y, j + c, n - c, out, o + c);
  }

  static void subtractTwice(float[] x, int i, int n, float hi, float lo, float[] out, int o) {
    if (n < STORE) {
      ScalarRow.subtractTwice(x, i, n, hi, lo, out, o);
      return;
    }
    FloatVector vhi = FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(-hi);
    FloatVector vlo = FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(-lo);
    int tail = n - STORE;
    FloatVector last = FloatVector.fromArray(STORES, x, i + tail);
    // main loop: sums with what is negated, whose class C2 knows, not differences
    for (int c = 0; c <= n - STORE; c += STORE) {
      vhi.add(FloatVector.fromArray(STORES, x, i + c)).add(vlo).intoArray(out, o + c);
    }
    // tail: as in scale
    vhi.add(last).add(vlo).intoArray(out, o + tail);
  }

  static double sum(float[] v, int i, int n) {
    int whole = n - n % LANES;
    double s = 0;
    for (int part = 0; part < PARTS; part++) {
      s = sum(v, i, part * HALF, whole, s);
    }
    // tail
    for (int c = whole; c < n; c++) {
      s += v[i + c];
    }
    return s;
  }

  private static double sum(float[] v, int i, int from, int whole, double s) {
    DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    // main loop
    for (int c = from; c < whole; c += LANES) {
      FloatVector a = FloatVector.fromArray(HALVES, v, i + c);
      sum = ((DoubleVector) a.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(sum);
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
}
