package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.DOUBLES;
import static io.softlane.internal.loops.Lanes.FLOATS;
import static io.softlane.internal.loops.Lanes.FOURS;
import static io.softlane.internal.loops.Lanes.HALF;
import static io.softlane.internal.loops.Lanes.INTS;
import static io.softlane.internal.loops.Lanes.LONGS;
import static io.softlane.internal.loops.Lanes.NEIGHBOURS;
import static io.softlane.internal.loops.Lanes.PAIRS;
import static io.softlane.internal.loops.Lanes.PARTS;
import static io.softlane.internal.loops.Lanes.WIDTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Those of the {@link VectorLoops} that take some short rows at once; and a row's largest.
 *
 * <p>A row's last lanes run over into the next row, which is written after it, where rows follow
 * each other without a gap.
 */
abstract class VectorBlocks implements Loops {
  /**
   * Results of rows of fewer columns are made a vector of each row at a time, of others row by row
   * (Zen 4, rows of 16, 32, 64 and 100 columns: 0.07 to 0.08 ns an element, row by row 0.32, 0.18,
   * 0.12 and 0.10; of 200 columns 0.09, row by row 0.08. With UseAVX=2 softmax of 8192 x 100 row by
   * row takes 0.92 of the time, of 4096 x 64 as long); but see {@link Results#isByRow}.
   */
  static final int LONG = 10 * WIDTH;

  /**
   * Rows of so many columns are added up one by one (Zen 4, beyond the cache, softmax of 41000 x
   * 100 and 32768 x 128 1.1 times as fast as two at a time; in it level). Not below 512 bits
   * (UseAVX=2, 8192 x 100: 0.72 of the speed).
   */
  static final int ONE_BY_ONE = 96;

  /** Lanes of odd numbers, and the upper pair of each four. */
  private static final VectorMask<Double> ODD = VectorMask.fromLong(DOUBLES, 0xaa);

  private static final VectorMask<Double> UPPER = VectorMask.fromLong(DOUBLES, 0xcc);
  private static final double TWO_52 = 0x1p52;
  private static final long TWO_52_BITS = 0x4330000000000000L;

  @Override
  public void sums(float[] s, int i, int rows, int n, double[] sums) {
    if (PARTS == 1 && n >= ONE_BY_ONE) {
      for (int r = 0; r < rows; r++) {
        sums[r] = sumOfOne(s, i + r * n, n) * (1 / Turn.UNIT);
      }
      return;
    }
    sums(s, i, rows, n, 0, sums, 0);
    if (PARTS > 1) {
      sums(s, i, rows, n, WIDTH, sums, rows);
    }
    if (PARTS > 2) {
      for (int r = 0; r < rows; r++) {
        sums[r] += sums[rows + r];
      }
      sums(s, i, rows, n, 2 * WIDTH, sums, rows);
      sums(s, i, rows, n, 3 * WIDTH, sums, 2 * rows);
      for (int r = 0; r < rows; r++) {
        sums[rows + r] += sums[2 * rows + r];
      }
    }
    for (int r = 0; r < rows; r++) {
      sums[r] = (PARTS > 1 ? sums[r] + sums[rows + r] : sums[r]) / Turn.UNIT;
    }
  }

  /**
   * Part of the sums of rows of one group at the most, four at a time; returns of how many. Half of
   * the lanes that are added up at once are another row's (Zen 4: rows of 10 columns take 0.18 ns
   * an element, one by one 0.26).
   */
  private static int sumsOfFew(
      float[] s, int first, int rows, int n, int part, double[] sums, int at) {
    LongVector evens =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(Constants.EVENS);
    LongVector odds =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~Constants.EVENS);
    LongVector live =
        IntVector.fromArray(INTS, Constants.LIVE, 2 * GROUP - n + part).reinterpretAsLongs();
    int r = 0;
    for (; r <= rows - 4; r += 4) {
      int i = first + r * n + part;
      LongVector l = FloatVector.fromArray(FLOATS, s, i).reinterpretAsLongs().and(live);
      DoubleVector t0 = pairs(l, evens, odds);
      l = FloatVector.fromArray(FLOATS, s, i + n).reinterpretAsLongs().and(live);
      DoubleVector t1 = pairs(l, evens, odds);
      l = FloatVector.fromArray(FLOATS, s, i + 2 * n).reinterpretAsLongs().and(live);
      DoubleVector t2 = pairs(l, evens, odds);
      l = FloatVector.fromArray(FLOATS, s, i + 3 * n).reinterpretAsLongs().and(live);
      DoubleVector t3 = pairs(l, evens, odds);
      // reduce
      t0 = t0.blend(t1, ODD).add(t1.blend(t0, ODD).rearrange(NEIGHBOURS));
      t2 = t2.blend(t3, ODD).add(t3.blend(t2, ODD).rearrange(NEIGHBOURS));
      if (HALF > 2) {
        t0 = t0.blend(t2, UPPER).add(t2.blend(t0, UPPER).rearrange(PAIRS));
      } else {
        t2.intoArray(sums, at + r + HALF);
      }
      if (HALF > 4) {
        t0 = t0.add(t0.rearrange(FOURS));
      }
      t0.intoArray(sums, at + r);
    }
    return r;
  }

  /** Neighbours' sums. (C2 boxes vectors where it does not inline this; it is small, and does.) */
  private static DoubleVector pairs(LongVector l, LongVector evens, LongVector odds) {
    DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
    DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
    return even.add(odd);
  }

  /**
   * One part of each row's sum, two rows at a time (Zen 4: of 32 columns 0.12 ns, singly 0.15; with
   * masks in the main loop, and no tail, 8192 x 100 takes 1.05 times as long).
   */
  private static void sums(float[] s, int i, int rows, int n, int part, double[] sums, int at) {
    LongVector evens =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(Constants.EVENS);
    LongVector odds =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~Constants.EVENS);
    int whole = (n - 1) & -GROUP;
    LongVector live =
        IntVector.fromArray(INTS, Constants.LIVE, 2 * GROUP - (n - whole) + part)
            .reinterpretAsLongs();
    int r = n <= GROUP ? sumsOfFew(s, i, rows, n, part, sums, at) : 0;
    for (; r < rows; r += 2) {
      int q = Math.min(r + 1, rows - 1);
      int a = i + r * n + part;
      int b = i + q * n + part;
      DoubleVector t0 = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
      DoubleVector t1 = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
      // main loop
      for (int c = 0; c < whole; c += GROUP) {
        LongVector l = FloatVector.fromArray(FLOATS, s, a + c).reinterpretAsLongs();
        t0 = pairs(l, evens, odds).add(t0);
        l = FloatVector.fromArray(FLOATS, s, b + c).reinterpretAsLongs();
        t1 = pairs(l, evens, odds).add(t1);
      }
      // tail
      LongVector l = FloatVector.fromArray(FLOATS, s, a + whole).reinterpretAsLongs().and(live);
      t0 = pairs(l, evens, odds).add((DoubleVector) t0.check(DOUBLES));
      l = FloatVector.fromArray(FLOATS, s, b + whole).reinterpretAsLongs().and(live);
      t1 = pairs(l, evens, odds).add((DoubleVector) t1.check(DOUBLES));
      // reduce: half of the lanes are the other row's
      t0 = t0.blend(t1, ODD).add(t1.blend(t0, ODD).rearrange(NEIGHBOURS));
      if (HALF > 2) {
        t0 = t0.add(t0.rearrange(PAIRS));
      }
      if (HALF > 4) {
        t0 = t0.add(t0.rearrange(FOURS));
      }
      sums[at + r] = t0.lane(0);
      sums[at + q] = t0.lane(1);
    }
  }

  /** The same of one row. */
  private static double sumOfOne(float[] s, int i, int n) {
    LongVector evens =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(Constants.EVENS);
    LongVector odds =
        LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~Constants.EVENS);
    DoubleVector t = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
    int whole = (n - 1) & -GROUP;
    // main loop
    for (int c = 0; c < whole; c += GROUP) {
      LongVector l = FloatVector.fromArray(FLOATS, s, i + c).reinterpretAsLongs();
      t = pairs(l, evens, odds).add(t);
    }
    // tail
    LongVector live =
        IntVector.fromArray(INTS, Constants.LIVE, 2 * GROUP - (n - whole)).reinterpretAsLongs();
    LongVector l = FloatVector.fromArray(FLOATS, s, i + whole).reinterpretAsLongs().and(live);
    t = pairs(l, evens, odds).add((DoubleVector) t.check(DOUBLES));
    // reduce
    t = t.add(t.rearrange(NEIGHBOURS));
    t = t.add(t.rearrange(PAIRS));
    t = t.add(t.rearrange(FOURS));
    return t.lane(0);
  }

  @Override
  public void logSums(double[] sums, int rows, int k, double[] logSums) {
    int r = 0;
    // main loop: the statements of Logs
    for (; r <= rows - HALF; r += HALF) {
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, sums, r);
      LongVector exponent =
          sum.reinterpretAsLongs().sub(Logs.SQRT_HALF_BITS).lanewise(VectorOperators.LSHR, 52);
      LongVector power = exponent.neg().add(1023).lanewise(VectorOperators.LSHL, 52);
      DoubleVector x = sum.mul(power.reinterpretAsDoubles());
      DoubleVector q = x.sub(1).div(x.add(1));
      DoubleVector z = q.mul(q);
      DoubleVector zz = z.mul(z);
      DoubleVector a = z.fma(1.0 / 5, 1.0 / 3);
      DoubleVector b = z.fma(1.0 / 9, 1.0 / 7);
      DoubleVector c = z.fma(1.0 / 13, 1.0 / 11);
      DoubleVector d = z.fma(1.0 / 17, 1.0 / 15);
      DoubleVector p = zz.mul(zz).fma(zz.fma(d, c), zz.fma(b, a));
      DoubleVector log = q.mul(z).fma(p, q);
      log = log.add(log);
      // A small integer, put into the low bits of 2^52, becomes a double.
      DoubleVector e = exponent.or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52 + k);
      log.add(e.mul(Logs.LN_2)).intoArray(logSums, r);
    }
    // tail
    for (; r < rows; r++) {
      logSums[r] = Logs.logSum(sums[r], k);
    }
  }

  @Override
  public void scales(Results t) {
    int r = 0;
    if (t.n >= (t.isByRow ? 2 * GROUP : LONG)) {
      for (; r < t.rows; r++) {
        scale(t.v, t.i + r * t.pitch, t.n, t.hi[r], t.lo[r], t.out, t.o + r * t.stride);
      }
    } else {
      r = whole(t);
      if (r > 0) {
        scaleColumns(t, r);
      }
    }
    for (; r < t.rows; r++) {
      ScalarLoops.scale(t, r);
    }
  }

  /** How many rows have whole vectors, or a last one that runs over into rows of the block. */
  private static int whole(Results t) {
    if (t.n >= WIDTH) {
      return t.rows;
    }
    return t.stride == t.n ? Math.max(0, t.rows - (WIDTH - 1) / t.n) : 0;
  }

  /** A short loop is a method of its own, called once a row. */
  private static void scale(float[] s, int d, int n, float hi, float lo, float[] out, int o) {
    FloatVector first = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(hi);
    FloatVector second = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(lo);
    FloatVector drop =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(1 / Kind.LIFT);
    int e = n - WIDTH;
    FloatVector last = (FloatVector) FloatVector.fromArray(FLOATS, s, d + e).check(FLOATS);
    // main loop
    for (int c = 0; c <= n - WIDTH; c += WIDTH) {
      FloatVector p = (FloatVector) FloatVector.fromArray(FLOATS, s, d + c).check(FLOATS);
      p.fma(first, p.mul(second)).mul(drop).intoArray(out, o + c);
    }
    // tail: the row's last vector, loaded before the main loop may overwrite its first lanes
    last.fma(first, last.mul(second)).mul(drop).intoArray(out, o + e);
  }

  /** One vector of each row, then the next of each. With fields, not locals, 1.2 times as long. */
  private static void scaleColumns(Results t, int rows) {
    int n = t.n;
    int pitch = t.pitch;
    int stride = t.stride;
    float[] v = t.v;
    float[] hi = t.hi;
    float[] lo = t.lo;
    float[] out = t.out;
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    FloatVector drop = zeros.broadcast(1 / Kind.LIFT);
    for (int c = 0; c < n; c += WIDTH) {
      int e = Math.max(0, Math.min(c, n - WIDTH));
      int i = t.i + e;
      int o = t.o + e;
      for (int r = 0; r < rows; r++) {
        FloatVector first = zeros.broadcast(hi[r]);
        FloatVector second = zeros.broadcast(lo[r]);
        FloatVector p = (FloatVector) FloatVector.fromArray(FLOATS, v, i + r * pitch).check(FLOATS);
        p.fma(first, p.mul(second)).mul(drop).intoArray(out, o + r * stride);
      }
    }
  }

  @Override
  public void subtracts(Results t) {
    int r = 0;
    boolean isOver = t.v == t.out && t.n % WIDTH != 0; // what a last vector needs is overwritten
    if (t.n >= (isOver ? WIDTH : t.isByRow ? 2 * GROUP : LONG)) {
      for (; r < t.rows; r++) {
        subtract(t.v, t.i + r * t.pitch, t.n, t.hi[r], t.lo[r], t.out, t.o + r * t.stride);
      }
    } else if (!isOver) {
      r = whole(t);
      if (r > 0) {
        subtractColumns(t, r);
      }
    }
    for (; r < t.rows; r++) {
      ScalarLoops.subtract(t, r);
    }
  }

  private static void subtract(float[] x, int i, int n, float hi, float lo, float[] out, int o) {
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    FloatVector first = zeros.broadcast(-hi);
    FloatVector second = zeros.broadcast(-lo);
    int e = n - WIDTH;
    FloatVector last = FloatVector.fromArray(FLOATS, x, i + e);
    // main loop: sums with what is negated, whose class C2 knows, not differences
    for (int c = 0; c <= n - WIDTH; c += WIDTH) {
      FloatVector l = first.add(FloatVector.fromArray(FLOATS, x, i + c)).add(second);
      l.blend(zeros, l.compare(VectorOperators.GT, zeros)).intoArray(out, o + c);
    }
    // tail: as in scale
    last = first.add(last).add(second);
    last.blend(zeros, last.compare(VectorOperators.GT, zeros)).intoArray(out, o + e);
  }

  private static void subtractColumns(Results t, int rows) {
    int n = t.n;
    int pitch = t.pitch;
    int stride = t.stride;
    float[] v = t.v;
    float[] hi = t.hi;
    float[] lo = t.lo;
    float[] out = t.out;
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    for (int c = 0; c < n; c += WIDTH) {
      int e = Math.max(0, Math.min(c, n - WIDTH));
      int i = t.i + e;
      int o = t.o + e;
      for (int r = 0; r < rows; r++) {
        FloatVector first = zeros.broadcast(-hi[r]);
        FloatVector second = zeros.broadcast(-lo[r]);
        FloatVector l = first.add(FloatVector.fromArray(FLOATS, v, i + r * pitch)).add(second);
        l.blend(zeros, l.compare(VectorOperators.GT, zeros)).intoArray(out, o + r * stride);
      }
    }
  }

  @Override
  public void topK(Top t) {
    if (t.n < GROUP) {
      ScalarLoops.INSTANCE.topK(t);
    } else {
      VectorTopK.run(t);
    }
  }

  @Override
  public float max(float[] x, int i, int n) {
    if (n >= WIDTH) {
      return maxOfVectors(x, i, n);
    }
    return i <= x.length - WIDTH ? maxOfPart(x, i, n) : ScalarLoops.INSTANCE.max(x, i, n);
  }

  /** Of less than a vector: its other lanes take the first. Keys are in the order of floats. */
  private static float maxOfPart(float[] x, int i, int n) {
    IntVector lanes = (IntVector) IntVector.fromArray(INTS, Constants.NUMBERS, 0).check(INTS);
    lanes = lanes.and(IntVector.fromArray(INTS, Constants.LIVE, 2 * GROUP - n));
    FloatVector v = (FloatVector) FloatVector.fromArray(FLOATS, x, i).check(FLOATS);
    IntVector b = lanes.selectFrom(v.viewAsIntegralLanes());
    IntVector flip = b.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
    IntVector key = flip.lanewise(VectorOperators.XOR, b);
    // reduce
    long nan = v.compare(VectorOperators.NE, v).toLong() << -n;
    int most = key.reduceLanes(VectorOperators.MAX);
    return nan != 0 ? Float.NaN : Key.score(most);
  }

  /** The statements of {@link Pipeline}, of one vector or more: the last one first. */
  private static float maxOfVectors(float[] x, int i, int n) {
    int e = n - WIDTH;
    FloatVector v = (FloatVector) FloatVector.fromArray(FLOATS, x, i + e).check(FLOATS);
    IntVector most = (IntVector) v.viewAsIntegralLanes().check(INTS);
    IntVector least = most;
    IntVector far = most;
    // main loop
    for (int c = 0; c < e; c += WIDTH) {
      v = (FloatVector) FloatVector.fromArray(FLOATS, x, i + c).check(FLOATS);
      IntVector b = (IntVector) v.viewAsIntegralLanes().check(INTS);
      most = b.max(most);
      least = b.min(least);
      far = b.lanewise(VectorOperators.UMAX, far);
    }
    // reduce
    int h1 = ((IntVector) most.check(INTS)).reduceLanes(VectorOperators.MAX);
    int l1 = ((IntVector) least.check(INTS)).reduceLanes(VectorOperators.MIN);
    far = (IntVector) far.check(INTS);
    boolean isNan = far.compare(VectorOperators.UGT, Key.MINUS_INFINITY).anyTrue();
    return Key.max(h1, l1, isNan);
  }
}
