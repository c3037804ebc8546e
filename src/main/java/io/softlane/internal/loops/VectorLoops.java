package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.DOUBLES;
import static io.softlane.internal.loops.Lanes.FLOATS;
import static io.softlane.internal.loops.Lanes.HALF;
import static io.softlane.internal.loops.Lanes.INTS;
import static io.softlane.internal.loops.Lanes.LANES;
import static io.softlane.internal.loops.Lanes.PARTS;
import static io.softlane.internal.loops.Lanes.WIDTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * The loops on vectors. {@link ScalarLoops} explains them, under the same names; the bits are the
 * same. {@link #turn} is in {@link Pipeline}; what they extend has those of short rows, and of
 * target terms.
 *
 * <p>The eight lanes of a sum are one vector of 512 bits, two of 256 or four of 128: a narrower
 * width goes over the columns once for each of its vectors ({@code part}).
 *
 * <p>A loop up to the least of several ends is {@code c < end}, not {@code c <= end}, and sums are
 * not begun on an array shorter than a vector: C2 bets on more, and its code is slow for good once
 * that was lost (docs/engineering.md, "When is it given up again?").
 */
public final class VectorLoops extends VectorTargets {
  public static final VectorLoops INSTANCE = new VectorLoops();

  private static final ScalarLoops SCALAR = ScalarLoops.INSTANCE;

  /** Columns that are summed in floats. */
  private static final int MASS = 2048;

  /** Exchanges the halves of a vector; and the upper one. */
  private static final VectorShuffle<Float> SWAP =
      FLOATS.shuffleFromOp(lane -> (lane + HALF) % WIDTH);

  private static final VectorMask<Float> UPPER = VectorMask.fromLong(FLOATS, -1L << HALF);

  private VectorLoops() {}

  @Override
  public double few(float[] x, int i, int n, float[] s, float[] out, int o) {
    if (n < VectorFew.LEAST) {
      return SCALAR.few(x, i, n, s, out, o);
    }
    if (n < WIDTH) {
      return VectorFew.part(x, i, n, s, out, o);
    }
    return n > VectorFew.MOST * WIDTH ? Double.NaN : VectorFew.run(x, i, n, s, out, o);
  }

  @Override
  public void turn(int kind, Turn t) {
    if (t.n < WIDTH) {
      SCALAR.turn(kind, t);
      return;
    }
    int apart = apart(kind);
    if (apart == 0) {
      Copies.get(kind).run(t);
      return;
    }
    int reads = (kind & Kind.SUBTRACT) == 0 ? 0 : Kind.SCALED | Kind.MASKED | Kind.FROM;
    Copies.Loop terms = Copies.get(kind & ~apart);
    Copies.Loop others = Copies.get(apart | kind & reads);
    boolean areFirst = (kind & Kind.RESULTS) != 0;
    (areFirst ? others : terms).run(t);
    (areFirst ? terms : others).run(t);
  }

  /** None where a turn of both is two loops; 128 columns behind, a sum waits for no term. */
  @Override
  public int lag(int n) {
    return PARTS > 1 ? n : 128 + n % GROUP;
  }

  /**
   * What a turn has in a loop of its own, before the terms', or behind them without results. At 512
   * bits, results that may be below a float's normal range: each takes 10 cycles, which would hold
   * up all stages (logits N(0, 30): 0.97 ns an element, so 0.44). Else everything but terms, whose
   * constants take twelve of sixteen registers (Zen 4, UseAVX=2, rows of 1000, ns an element: terms
   * 0.20, sum and results 0.10, all in one loop 0.40; at 128 bits 0.39, 0.16, 0.83).
   */
  private static int apart(int kind) {
    if ((kind & Kind.TERMS) == 0) {
      return 0;
    }
    if (PARTS > 1) {
      return kind & (Kind.SUM | Kind.RESULTS);
    }
    return (kind & (Kind.CLAMPED | Kind.LIFTED)) == 0 ? 0 : kind & Kind.RESULTS;
  }

  @Override
  public int find(float[] x, int i, int n, float value) {
    if (n < WIDTH && i > x.length - WIDTH) {
      return SCALAR.find(x, i, n, value);
    }
    FloatVector v = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(value);
    if (n <= WIDTH) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, i);
      return Long.numberOfTrailingZeros(a.compare(VectorOperators.EQ, v).toLong());
    }
    long found = 0;
    int c = 0;
    // main loop: one branch for 64 columns, since each that ends the loop is mispredicted
    for (; c <= n - Long.SIZE; c += Long.SIZE) {
      for (int j = 0; j < Long.SIZE; j += WIDTH) {
        FloatVector a = FloatVector.fromArray(FLOATS, x, i + c + j);
        found |= a.compare(VectorOperators.EQ, v).toLong() << j;
      }
      if (found != 0) {
        return c + Long.numberOfTrailingZeros(found);
      }
    }
    int start = c;
    for (; c < n - WIDTH; c += WIDTH) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, i + c);
      found |= a.compare(VectorOperators.EQ, v).toLong() << c - start;
    }
    // tail: the last vector, without lanes before this part, where nothing was found
    FloatVector a = FloatVector.fromArray(FLOATS, x, i + n - WIDTH);
    found |= Long.rotateLeft(a.compare(VectorOperators.EQ, v).toLong(), n - WIDTH - start);
    return start + Long.numberOfTrailingZeros(found);
  }

  @Override
  public int above(float[] x, int i, int n, float bound, int[] columns, int at) {
    return VectorTopK.above(x, i, n, bound, columns, at);
  }

  @Override
  public void masses(float[] s, int b, int n, float[] bounds, double[] masses) {
    int whole = n - n % WIDTH;
    // tail
    SCALAR.masses(s, b + whole, n % WIDTH, bounds, masses);
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    FloatVector b0 = zeros.broadcast(bounds[0]);
    FloatVector b1 = zeros.broadcast(bounds[1]);
    FloatVector b2 = zeros.broadcast(bounds[2]);
    FloatVector b3 = zeros.broadcast(bounds[3]);
    // main loop
    for (int part = 0; part < whole; part += MASS) {
      int end = Math.min(part + MASS, whole);
      FloatVector m0 = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
      FloatVector m1 = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
      FloatVector m2 = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
      FloatVector m3 = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
      for (int c = part; c < end; c += WIDTH) {
        FloatVector v = FloatVector.fromArray(FLOATS, s, b + c);
        m0 = m0.add(v, v.compare(VectorOperators.GE, b0));
        m1 = m1.add(v, v.compare(VectorOperators.GE, b1));
        m2 = m2.add(v, v.compare(VectorOperators.GE, b2));
        m3 = m3.add(v, v.compare(VectorOperators.GE, b3));
      }
      masses[0] += ((FloatVector) m0.check(FLOATS)).reduceLanes(VectorOperators.ADD);
      masses[1] += ((FloatVector) m1.check(FLOATS)).reduceLanes(VectorOperators.ADD);
      masses[2] += ((FloatVector) m2.check(FLOATS)).reduceLanes(VectorOperators.ADD);
      masses[3] += ((FloatVector) m3.check(FLOATS)).reduceLanes(VectorOperators.ADD);
    }
  }

  @Override
  public void scores(float[] x, int i, int n, float scale, float[] y, int j, float[] out, int o) {
    FloatVector v = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(scale);
    int c = 0;
    // main loop
    if (y == null) {
      for (; c <= n - WIDTH; c += WIDTH) {
        v.mul(FloatVector.fromArray(FLOATS, x, i + c)).intoArray(out, o + c);
      }
    } else {
      for (; c <= n - WIDTH; c += WIDTH) {
        FloatVector u = FloatVector.fromArray(FLOATS, y, j + c);
        v.mul(FloatVector.fromArray(FLOATS, x, i + c)).add(u).intoArray(out, o + c);
      }
    }
    // tail: the same bits
    SCALAR.scores(x, i + c, n - c, scale, y, j + c, out, o + c);
  }

  @Override
  public void softcap(float[] x, int i, int n, float scale, Tanh tanh, float[] out, int o) {
    int c = VectorTanh.softcap(x, i, n, scale, tanh, out, o);
    // tail: the same bits
    SCALAR.softcap(x, i + c, n - c, scale, tanh, out, o + c);
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
  public double sum(float[] v, int i, int n, double[] lanes) {
    if (v.length < WIDTH) {
      return SCALAR.sum(v, i, n, lanes);
    }
    int whole = n - n % LANES;
    int end = Math.min(whole - HALF, v.length - i - WIDTH) + 1;
    double s = 0;
    for (int part = 0; part < LANES; part += HALF) {
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
      int c = part;
      // main loop: both halves, where they go to the same lanes (Zen 4, expSum of 20 columns 1.17)
      for (; PARTS == 1 && c <= whole - WIDTH; c += WIDTH) {
        FloatVector a = (FloatVector) FloatVector.fromArray(FLOATS, v, i + c).check(FLOATS);
        Vector<Double> t = a.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES);
        a = a.rearrange(SWAP);
        Vector<Double> t2 = a.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES);
        sum = ((DoubleVector) t2).add(((DoubleVector) t).add(sum));
      }
      for (; c < end; c += LANES) {
        FloatVector a = (FloatVector) FloatVector.fromArray(FLOATS, v, i + c).check(FLOATS);
        Vector<Double> t = a.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES);
        sum = ((DoubleVector) t).add(sum);
      }
      if (c >= whole) {
        s = addLanes(s, (DoubleVector) sum.check(DOUBLES));
      } else { // no whole vector is left in the array
        ((DoubleVector) sum.check(DOUBLES)).intoArray(lanes, 0);
        for (int lane = 0; lane < HALF; lane++) {
          s += lanes[lane] + v[i + c + lane];
        }
      }
    }
    // tail
    for (int c = whole; c < n; c++) {
      s += v[i + c];
    }
    return s;
  }

  @Override
  public double dot(float[] p, int i, float[] u, int j, int n, double[] lanes) {
    if (Math.min(p.length, u.length) < WIDTH) {
      return SCALAR.dot(p, i, u, j, n, lanes);
    }
    int whole = n - n % LANES;
    int end = Math.min(whole - HALF, Math.min(p.length - i, u.length - j) - WIDTH) + 1;
    double s = 0;
    for (int part = 0; part < LANES; part += HALF) {
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, Constants.DOUBLE_ZEROS, 0);
      int c = part;
      // main loop: as in a sum (softmaxBackward of 64 x 1000 on a Zen 4 1.17)
      for (; PARTS == 1 && c <= whole - WIDTH; c += WIDTH) {
        FloatVector a = (FloatVector) FloatVector.fromArray(FLOATS, p, i + c).check(FLOATS);
        FloatVector b = (FloatVector) FloatVector.fromArray(FLOATS, u, j + c).check(FLOATS);
        Vector<Double> t = a.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES);
        t = t.mul(b.convertShape(VectorOperators.F2D, DOUBLES, 0));
        a = a.rearrange(SWAP);
        b = b.rearrange(SWAP);
        Vector<Double> t2 = a.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES);
        t2 = t2.mul(b.convertShape(VectorOperators.F2D, DOUBLES, 0));
        sum = ((DoubleVector) t2).add(((DoubleVector) t).add(sum));
      }
      for (; c < end; c += LANES) {
        FloatVector a = (FloatVector) FloatVector.fromArray(FLOATS, p, i + c).check(FLOATS);
        FloatVector b = (FloatVector) FloatVector.fromArray(FLOATS, u, j + c).check(FLOATS);
        Vector<Double> t = a.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES);
        t = t.mul(b.convertShape(VectorOperators.F2D, DOUBLES, 0));
        sum = ((DoubleVector) t).add(sum);
      }
      if (c >= whole) {
        s = addLanes(s, (DoubleVector) sum.check(DOUBLES));
      } else { // no whole vector is left in an array
        ((DoubleVector) sum.check(DOUBLES)).intoArray(lanes, 0);
        for (int lane = 0; lane < HALF; lane++) {
          s += lanes[lane] + (double) p[i + c + lane] * u[j + c + lane];
        }
      }
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
    int end = Math.min(n, Math.min(p.length - i, u.length - j) - HALF) - WIDTH + 1;
    int c = 0;
    // main loop: of each vector the first half counts
    for (; c < end; c += WIDTH) {
      FloatVector a = (FloatVector) FloatVector.fromArray(FLOATS, p, i + c).check(FLOATS);
      FloatVector b = (FloatVector) FloatVector.fromArray(FLOATS, u, j + c).check(FLOATS);
      Vector<Double> t = b.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES).sub(vdot);
      t = t.mul(a.convertShape(VectorOperators.F2D, DOUBLES, 0));
      a = (FloatVector) FloatVector.fromArray(FLOATS, p, i + c + HALF).check(FLOATS);
      b = (FloatVector) FloatVector.fromArray(FLOATS, u, j + c + HALF).check(FLOATS);
      Vector<Double> t2 = b.convertShape(VectorOperators.F2D, DOUBLES, 0).check(DOUBLES).sub(vdot);
      t2 = t2.mul(a.convertShape(VectorOperators.F2D, DOUBLES, 0));
      Vector<Float> g = t.convertShape(VectorOperators.D2F, FLOATS, 0).check(FLOATS);
      Vector<Float> g2 = t2.convertShape(VectorOperators.D2F, FLOATS, 0).check(FLOATS);
      ((FloatVector) g).blend(((FloatVector) g2).rearrange(SWAP), UPPER).intoArray(out, o + c);
    }
    // tail: the same bits
    SCALAR.backward(p, i + c, u, j + c, n - c, dot, out, o + c);
  }

  @Override
  public String toString() {
    return "vector, " + Lanes.BITS + " bits";
  }
}
