package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.DOUBLES;
import static io.softlane.internal.loops.Lanes.FLOATS;
import static io.softlane.internal.loops.Lanes.FOURS;
import static io.softlane.internal.loops.Lanes.HALF;
import static io.softlane.internal.loops.Lanes.HALVES;
import static io.softlane.internal.loops.Lanes.INTS;
import static io.softlane.internal.loops.Lanes.LANES;
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
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops on vectors. {@link ScalarLoops} explains them, under the same names; the bits are the
 * same. {@link #turn} is in {@link Pipeline}.
 *
 * <p>The eight lanes of a sum are one vector of 512 bits, two of 256 or four of 128: a narrower
 * width goes over the columns once for each of its vectors ({@code part}).
 */
public final class VectorLoops implements Loops {
  public static final VectorLoops INSTANCE = new VectorLoops();

  private static final ScalarLoops SCALAR = ScalarLoops.INSTANCE;
  private static final long EVENS = 0xffffffffL;

  /** A bit for each float of a vector. */
  private static final long EVERY = (1L << WIDTH) - 1;

  /** Columns that are summed in floats. */
  private static final int MASS = 512;

  private static final int KEY_INFINITY = 0x7f800000;
  private static final double TWO_52 = 0x1p52;
  private static final long TWO_52_BITS = 0x4330000000000000L;

  private VectorLoops() {}

  @Override
  public void turn(int kind, Turn t) {
    if (t.n < WIDTH) {
      SCALAR.turn(kind, t);
    } else {
      Copies.get(kind).run(t);
    }
  }

  @Override
  public boolean fuses() {
    return PARTS == 1;
  }

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

  /** One part of each row's sum. A row's last group, of which the rest is masked, comes first. */
  private static void sums(float[] s, int rows, int n, int part, double[] sums, int at) {
    LongVector evens = LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(EVENS);
    LongVector odds = LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).broadcast(~EVENS);
    int whole = n & -GROUP;
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
  public void scales(
      float[] s,
      int d,
      int pitch,
      int rows,
      int n,
      float[] hi,
      float[] lo,
      float[] out,
      int o,
      int stride) {
    int r = 0;
    if (n >= WIDTH) {
      for (; r < rows; r++) {
        scale(s, d + r * pitch, n, hi[r], lo[r], out, o + r * stride);
      }
    } else if (stride == n) {
      r = scalesOfFew(s, d, pitch, rows, n, hi, lo, out, o);
    }
    for (; r < rows; r++) {
      ScalarLoops.scale(s, d + r * pitch, n, hi[r], lo[r], out, o + r * stride);
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

  /**
   * A row's last lanes run over into the next row, which is written after it.
   *
   * @return rows done; what would run over their end is left
   */
  private static int scalesOfFew(
      float[] s, int d, int pitch, int rows, int n, float[] hi, float[] lo, float[] out, int o) {
    FloatVector drop =
        FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(1 / Kind.LIFT);
    int r = 0;
    for (; r * n + WIDTH <= rows * n; r++) {
      FloatVector first = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(hi[r]);
      FloatVector second = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(lo[r]);
      FloatVector p = (FloatVector) FloatVector.fromArray(FLOATS, s, d + r * pitch).check(FLOATS);
      p.fma(first, p.mul(second)).mul(drop).intoArray(out, o + r * n);
    }
    return r;
  }

  @Override
  public void subtracts(
      float[] x,
      int i,
      int xStride,
      int rows,
      int n,
      float[] hi,
      float[] lo,
      float[] out,
      int o,
      int stride) {
    int r = 0;
    if (n >= WIDTH) {
      for (; r < rows; r++) {
        subtract(x, i + r * xStride, n, hi[r], lo[r], out, o + r * stride);
      }
    } else if (stride == n && xStride == n && x != out) {
      r = subtractsOfFew(x, i, rows, n, hi, lo, out, o);
    }
    for (; r < rows; r++) {
      ScalarLoops.subtract(x, i + r * xStride, n, hi[r], lo[r], out, o + r * stride);
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

  /** As of {@link #scalesOfFew}. */
  private static int subtractsOfFew(
      float[] x, int i, int rows, int n, float[] hi, float[] lo, float[] out, int o) {
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    int r = 0;
    for (; r * n + WIDTH <= rows * n; r++) {
      FloatVector first = zeros.broadcast(-hi[r]);
      FloatVector second = zeros.broadcast(-lo[r]);
      FloatVector l = first.add(FloatVector.fromArray(FLOATS, x, i + r * n)).add(second);
      l.blend(zeros, l.compare(VectorOperators.GT, zeros)).intoArray(out, o + r * n);
    }
    return r;
  }

  @Override
  public void maxima(float[] x, int i, int stride, int rows, int n, float[] max, int at) {
    if (n < STORE || n > 2 * STORE) {
      SCALAR.maxima(x, i, stride, rows, n, max, at);
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

  @Override
  public int find(float[] x, int i, int n, float value) {
    FloatVector v = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(value);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      VectorMask<Float> found =
          FloatVector.fromArray(FLOATS, x, i + c).compare(VectorOperators.EQ, v);
      if (found.anyTrue()) {
        return c + found.firstTrue();
      }
    }
    // tail
    while (x[i + c] != value) {
      c++;
    }
    return c;
  }

  @Override
  public int above(float[] x, int i, int n, float bound, int[] columns, int at) {
    FloatVector v = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(bound);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      long most = FloatVector.fromArray(FLOATS, x, i + c).compare(VectorOperators.LE, v).toLong();
      for (long some = ~most & EVERY; some != 0; some &= some - 1) {
        columns[at++] = c + Long.numberOfTrailingZeros(some);
      }
    }
    // tail
    for (; c < n; c++) {
      columns[at] = c;
      at += x[i + c] <= bound ? 0 : 1;
    }
    return at;
  }

  @Override
  public void topK(
      float[] x,
      int i,
      int stride,
      int rows,
      int n,
      int k,
      float[] values,
      int[] indices,
      int o,
      Top top) {
    if (n < GROUP) {
      SCALAR.topK(x, i, stride, rows, n, k, values, indices, o, top);
    } else {
      VectorTopK.run(x, i, stride, rows, n, k, values, indices, o, top);
    }
  }

  @Override
  public void masses(float[] s, int b, int n, float[] bounds, double[] masses) {
    SCALAR.masses(s, b + n - n % MASS, n % MASS, bounds, masses);
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    FloatVector b0 = zeros.broadcast(bounds[0]);
    FloatVector b1 = zeros.broadcast(bounds[1]);
    FloatVector b2 = zeros.broadcast(bounds[2]);
    FloatVector b3 = zeros.broadcast(bounds[3]);
    for (int part = 0; part <= n - MASS; part += MASS) {
      FloatVector m0 = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
      FloatVector m1 = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
      FloatVector m2 = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
      FloatVector m3 = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
      for (int c = part; c < part + MASS; c += WIDTH) {
        FloatVector v = FloatVector.fromArray(FLOATS, s, b + c);
        m0 = v.blend(zeros, v.compare(VectorOperators.LT, b0)).add(m0);
        m1 = v.blend(zeros, v.compare(VectorOperators.LT, b1)).add(m1);
        m2 = v.blend(zeros, v.compare(VectorOperators.LT, b2)).add(m2);
        m3 = v.blend(zeros, v.compare(VectorOperators.LT, b3)).add(m3);
      }
      masses[0] += ((FloatVector) m0.check(FLOATS)).reduceLanes(VectorOperators.ADD);
      masses[1] += ((FloatVector) m1.check(FLOATS)).reduceLanes(VectorOperators.ADD);
      masses[2] += ((FloatVector) m2.check(FLOATS)).reduceLanes(VectorOperators.ADD);
      masses[3] += ((FloatVector) m3.check(FLOATS)).reduceLanes(VectorOperators.ADD);
    }
  }

  @Override
  public void scores(float[] x, int i, int n, float scale, float[] y, int j, float[] out, int o) {
    FloatVector v = FloatVector.fromArray(STORES, Constants.FLOAT_ZEROS, 0).broadcast(scale);
    int c = 0;
    // main loop
    if (y == null) {
      for (; c <= n - STORE; c += STORE) {
        v.mul(FloatVector.fromArray(STORES, x, i + c)).intoArray(out, o + c);
      }
    } else {
      for (; c <= n - STORE; c += STORE) {
        FloatVector u = FloatVector.fromArray(STORES, y, j + c);
        v.mul(FloatVector.fromArray(STORES, x, i + c)).add(u).intoArray(out, o + c);
      }
    }
    // tail: the same bits
    SCALAR.scores(x, i + c, n - c, scale, y, j + c, out, o + c);
  }

  @Override
  public void softcap(float[] x, int i, int n, float scale, float cap, float[] out, int o) {
    SCALAR.softcap(x, i, n, scale, cap, out, o);
  }

  @Override
  public void clamp(float[] x, int i, int n, float shift, float floor, float[] out, int o) {
    FloatVector vshift = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(shift);
    FloatVector vfloor = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(floor);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector v = (FloatVector) FloatVector.fromArray(FLOATS, x, i + c).check(FLOATS);
      v = v.sub(vshift);
      v.blend(vfloor, v.compare(VectorOperators.LT, vfloor)).intoArray(out, o + c);
    }
    // tail: the same bits
    SCALAR.clamp(x, i + c, n - c, shift, floor, out, o + c);
  }

  @Override
  public double sum(float[] v, int i, int n) {
    int whole = n - n % LANES;
    double s = 0;
    for (int part = 0; part < LANES; part += HALF) {
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
      // main loop
      for (int c = part; c < whole; c += LANES) {
        FloatVector a = FloatVector.fromArray(HALVES, v, i + c);
        sum = ((DoubleVector) a.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(sum);
      }
      s = addLanes(s, (DoubleVector) sum.check(DOUBLES));
    }
    // tail
    for (int c = whole; c < n; c++) {
      s += v[i + c];
    }
    return s;
  }

  @Override
  public double dot(float[] p, int i, float[] u, int j, int n) {
    int whole = n - n % LANES;
    double s = 0;
    for (int part = 0; part < LANES; part += HALF) {
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
      // main loop
      for (int c = part; c < whole; c += LANES) {
        FloatVector a = FloatVector.fromArray(HALVES, p, i + c);
        FloatVector b = FloatVector.fromArray(HALVES, u, j + c);
        DoubleVector ab = (DoubleVector) a.convertShape(VectorOperators.F2D, DOUBLES, 0);
        sum = ab.mul(b.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(sum);
      }
      s = addLanes(s, (DoubleVector) sum.check(DOUBLES));
    }
    // tail
    for (int c = whole; c < n; c++) {
      s += (double) p[i + c] * u[j + c];
    }
    return s;
  }

  /** One lane after the other. */
  private static double addLanes(double s, DoubleVector t) {
    s = s + t.lane(0) + t.lane(1);
    if (HALF > 2) {
      s = s + t.lane(2) + t.lane(3);
    }
    if (HALF > 4) {
      s = s + t.lane(4) + t.lane(5) + t.lane(6) + t.lane(7);
    }
    return s;
  }

  @Override
  public void exps(float[] x, int i, int n, float shift, float[] e, int o) {
    FloatVector vshift = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(shift);
    FloatVector zero = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    FloatVector least = zero.broadcast(Exp.EXP_ZERO);
    FloatVector most = zero.broadcast(Exp.EXP_INFINITE);
    FloatVector rounder = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ROUNDER);
    FloatVector log2e = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.LOG2_E);
    FloatVector hi = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_HI);
    FloatVector lo = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.MINUS_LN2_LO);
    FloatVector c6 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C6);
    FloatVector c5 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C5);
    FloatVector c4 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C4);
    FloatVector c3 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C3);
    FloatVector c2 = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.C2);
    FloatVector one = FloatVector.fromArray(FLOATS, Constants.ANY, Constants.ONE);
    IntVector zeroBits = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    IntVector rounderBits = zeroBits.broadcast(Exp.ROUNDER_BITS);
    IntVector bias = zeroBits.broadcast(Exp.BIAS);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i + c);
      FloatVector d = v.sub(vshift);
      FloatVector y = d.add(vshift);
      FloatVector lost = v.sub(y).add(y.sub(d).sub(vshift));
      FloatVector u = d.blend(least, d.compare(VectorOperators.LT, least));
      u = u.blend(most, d.compare(VectorOperators.GT, most));
      lost = zero.blend(lost, u.compare(VectorOperators.EQ, d));
      FloatVector t = u.fma(log2e, rounder);
      FloatVector q = t.sub(rounder);
      FloatVector r = q.fma(hi, u);
      FloatVector h = r.fma(c6, c5);
      r = r.add(q.fma(lo, lost));
      h = h.fma(r, c4);
      h = h.fma(r, c3);
      h = h.fma(r, c2);
      h = h.fma(r, one);
      FloatVector p = h.fma(r, one);
      IntVector m = t.viewAsIntegralLanes().sub(rounderBits);
      IntVector half = m.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = m.sub(half);
      half = half.add(bias).lanewise(VectorOperators.LSHL, 23);
      rest = rest.add(bias).lanewise(VectorOperators.LSHL, 23);
      p.mul(half.viewAsFloatingLanes()).mul(rest.viewAsFloatingLanes()).intoArray(e, o + c);
    }
    // tail: the same bits
    SCALAR.exps(x, i + c, n - c, shift, e, o + c);
  }

  @Override
  public void divide(float[] v, int i, int n, float s, float[] out, int o) {
    FloatVector vs = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(s);
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector t = (FloatVector) FloatVector.fromArray(FLOATS, v, i + c).check(FLOATS);
      t.div(vs).intoArray(out, o + c);
    }
    // tail: the same bits
    SCALAR.divide(v, i + c, n - c, s, out, o + c);
  }

  @Override
  public void subtract(float[] p, int i, float[] y, int j, int n, float[] out, int o) {
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      FloatVector t = FloatVector.fromArray(FLOATS, y, j + c);
      FloatVector u = (FloatVector) FloatVector.fromArray(FLOATS, p, i + c).check(FLOATS);
      u.sub(t).intoArray(out, o + c);
    }
    // tail: the same bits
    SCALAR.subtract(p, i + c, y, j + c, n - c, out, o + c);
  }

  @Override
  public void backward(float[] p, int i, float[] u, int j, int n, double dot, float[] out, int o) {
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
    SCALAR.backward(p, i + c, u, j + c, n - c, dot, out, o + c);
  }

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
    int c = part;
    // main loop
    for (; c <= n - HALF; c += LANES) {
      Vector<Double> t = base;
      if (y != null) {
        FloatVector f = FloatVector.fromArray(HALVES, y, j + c);
        t = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(slope).add(base);
      }
      if (w != null) {
        FloatVector f = FloatVector.fromArray(HALVES, w, c);
        t = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(t);
      }
      sum = ((DoubleVector) t.check(DOUBLES)).add(sum);
    }
    // reduce, with the tail's column where a lane has one
    sum.intoArray(a.lanes, 0);
    for (int lane = 0; lane < HALF; lane++) {
      s += c + lane < n ? a.lanes[lane] + a.at(c + lane) : a.lanes[lane];
    }
    return s;
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
    int c = part;
    // main loop
    for (; c <= n - HALF; c += LANES) {
      Vector<Double> t = base;
      if (y != null) {
        FloatVector f = FloatVector.fromArray(HALVES, y, j + c);
        t = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(slope).add(base);
      }
      if (w != null) {
        FloatVector f = FloatVector.fromArray(HALVES, w, c);
        t = f.convertShape(VectorOperators.F2D, DOUBLES, 0).mul(t);
      }
      FloatVector f = FloatVector.fromArray(HALVES, x, i + c);
      Vector<Double> l = vshift.sub(f.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vlogSum);
      l = l.mul(t).blend(zero, zero.compare(VectorOperators.EQ, t));
      sum = ((DoubleVector) l).add(sum);
    }
    // reduce, with the tail's column where a lane has one
    sum.intoArray(a.lanes, 0);
    for (int lane = 0; lane < HALF; lane++) {
      int q = c + lane;
      double t = a.lanes[lane];
      s += q < n ? t + ScalarLoops.loss(a.at(q), x[i + q], shift, logSum) : t;
    }
    return s;
  }

  @Override
  public void gradient(
      Targets a, float[] s, int d, int n, double factor, float lift, float[] out, int o) {
    float[] y = a.y;
    int j = a.j;
    float[] w = a.w;
    FloatVector zero = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    FloatVector first = zero.broadcast(Factor.first(factor * lift));
    FloatVector second = zero.broadcast(Factor.second(factor * lift));
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

  @Override
  public String toString() {
    return "vector, " + Lanes.BITS + " bits";
  }
}
