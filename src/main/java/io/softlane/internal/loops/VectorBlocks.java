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
import static io.softlane.internal.loops.Lanes.STORE;
import static io.softlane.internal.loops.Lanes.STORES;
import static io.softlane.internal.loops.Lanes.WIDTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Those of the {@link VectorLoops} that take some short rows at once.
 *
 * <p>A row's last lanes run over into the next row, which is written after it, where rows follow
 * each other without a gap.
 */
abstract class VectorBlocks implements Loops {
  private static final long EVENS = 0xffffffffL;
  private static final int KEY_INFINITY = 0x7f800000;
  private static final double TWO_52 = 0x1p52;
  private static final long TWO_52_BITS = 0x4330000000000000L;

  @Override
  public void sums(float[] s, int rows, int n, double[] sums) {
    sums(s, rows, n, 0, sums, 0);
    if (PARTS > 1) {
      sums(s, rows, n, WIDTH, sums, rows);
    }
    if (PARTS > 2) {
      for (int r = 0; r < rows; r++) {
        sums[r] += sums[rows + r];
      }
      sums(s, rows, n, 2 * WIDTH, sums, rows);
      sums(s, rows, n, 3 * WIDTH, sums, 2 * rows);
      for (int r = 0; r < rows; r++) {
        sums[rows + r] += sums[2 * rows + r];
      }
    }
    for (int r = 0; r < rows; r++) {
      sums[r] = (PARTS > 1 ? sums[r] + sums[rows + r] : sums[r]) / Turn.UNIT;
    }
  }

  /** One part of each row's sum. A row's last group, the rest of it masked, is loaded first. */
  private static void sums(float[] s, int rows, int n, int part, double[] sums, int at) {
    LongVector evens = LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(EVENS);
    LongVector odds = LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~EVENS);
    int whole = (n - 1) & -GROUP;
    LongVector live =
        IntVector.fromArray(INTS, Constants.LIVE, 2 * GROUP - (n - whole) + part)
            .reinterpretAsLongs();
    for (int r = 0; r < rows; r++) {
      int b = r * n + part;
      LongVector l = FloatVector.fromArray(FLOATS, s, b + whole).reinterpretAsLongs().and(live);
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      DoubleVector tail = even.add(odd);
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
      // main loop
      for (int c = 0; c < whole; c += GROUP) {
        l = FloatVector.fromArray(FLOATS, s, b + c).reinterpretAsLongs();
        even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
        odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
        sum = even.add(odd).add(sum);
      }
      // reduce
      DoubleVector t = tail.add((DoubleVector) sum.check(DOUBLES));
      if (HALF > 2) {
        t = t.add(t.rearrange(NEIGHBOURS));
        t = t.add(t.rearrange(PAIRS));
      }
      if (HALF > 4) {
        t = t.add(t.rearrange(FOURS));
      }
      sums[at + r] = HALF > 2 ? t.lane(0) : t.lane(0) + t.lane(1);
    }
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
    if (t.n >= WIDTH) {
      for (; r < t.rows; r++) {
        int o = t.o + r * t.stride;
        scale(t.v, t.i + r * t.pitch, t.n, t.hi[r], t.lo[r], t.out, o);
      }
    } else if (t.stride == t.n) {
      r = scalesOfFew(t);
    }
    for (; r < t.rows; r++) {
      ScalarLoops.scale(t, r);
    }
  }

  /** A short loop is a method of its own, called once a row: 100 columns take 18 cycles, not 36. */
  private static void scale(float[] s, int d, int n, float hi, float lo, float[] out, int o) {
    FloatVector first = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(hi);
    FloatVector second = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(lo);
    FloatVector drop =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(1 / Kind.LIFT);
    // main loop
    for (int c = 0; c <= n - WIDTH; c += WIDTH) {
      FloatVector p = (FloatVector) FloatVector.fromArray(FLOATS, s, d + c).check(FLOATS);
      p.fma(first, p.mul(second)).mul(drop).intoArray(out, o + c);
    }
    // tail: the row's last vector
    int e = n - WIDTH;
    FloatVector p = (FloatVector) FloatVector.fromArray(FLOATS, s, d + e).check(FLOATS);
    p.fma(first, p.mul(second)).mul(drop).intoArray(out, o + e);
  }

  /** Returns how many rows are done: what would run over their end is left. */
  private static int scalesOfFew(Results t) {
    int n = t.n;
    FloatVector drop =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(1 / Kind.LIFT);
    int r = 0;
    for (; r * n + WIDTH <= t.rows * n; r++) {
      FloatVector first =
          FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(t.hi[r]);
      FloatVector second =
          FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(t.lo[r]);
      FloatVector p =
          (FloatVector) FloatVector.fromArray(FLOATS, t.v, t.i + r * t.pitch).check(FLOATS);
      p.fma(first, p.mul(second)).mul(drop).intoArray(t.out, t.o + r * n);
    }
    return r;
  }

  @Override
  public void subtracts(Results t) {
    int r = 0;
    if (t.n >= WIDTH) {
      for (; r < t.rows; r++) {
        int o = t.o + r * t.stride;
        subtract(t.v, t.i + r * t.pitch, t.n, t.hi[r], t.lo[r], t.out, o);
      }
    } else if (t.stride == t.n && t.pitch == t.n && t.v != t.out) {
      r = subtractsOfFew(t);
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
    // tail: the row's last vector, loaded before the main loop may overwrite its first lanes
    last = first.add(last).add(second);
    last.blend(zeros, last.compare(VectorOperators.GT, zeros)).intoArray(out, o + e);
  }

  private static int subtractsOfFew(Results t) {
    int n = t.n;
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    int r = 0;
    for (; r * n + WIDTH <= t.rows * n; r++) {
      FloatVector first = zeros.broadcast(-t.hi[r]);
      FloatVector second = zeros.broadcast(-t.lo[r]);
      FloatVector l = first.add(FloatVector.fromArray(FLOATS, t.v, t.i + r * n)).add(second);
      l.blend(zeros, l.compare(VectorOperators.GT, zeros)).intoArray(t.out, t.o + r * n);
    }
    return r;
  }

  @Override
  public void maxima(float[] x, int i, int stride, int rows, int n, float[] max, int at) {
    if (n < STORE || n > 2 * STORE) {
      ScalarLoops.INSTANCE.maxima(x, i, stride, rows, n, max, at);
      return;
    }
    for (int r = 0; r < rows; r++) {
      max[at + r] = max(x, i + r * stride, n);
    }
  }

  /** Two vectors that overlap; keys as in {@link Pipeline}. */
  private static float max(float[] x, int i, int n) {
    IntVector b = FloatVector.fromArray(STORES, x, i).viewAsIntegralLanes();
    IntVector b2 = FloatVector.fromArray(STORES, x, i + n - STORE).viewAsIntegralLanes();
    IntVector flip = b.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
    IntVector flip2 = b2.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
    IntVector key = flip.lanewise(VectorOperators.XOR, b);
    IntVector key2 = flip2.lanewise(VectorOperators.XOR, b2);
    // reduce
    int h = key.max(key2).reduceLanes(VectorOperators.MAX);
    int l = key.min(key2).reduceLanes(VectorOperators.MIN);
    boolean nan = h > KEY_INFINITY || l < ~KEY_INFINITY;
    return nan ? Float.NaN : Float.intBitsToFloat(h ^ (h >> 31 >>> 1));
  }
}
