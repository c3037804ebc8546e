package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.DOUBLES;
import static io.softlane.internal.loops.Lanes.FLOATS;
import static io.softlane.internal.loops.Lanes.HALF;
import static io.softlane.internal.loops.Lanes.INTS;
import static io.softlane.internal.loops.Lanes.LONGS;
import static io.softlane.internal.loops.Lanes.ORDER;
import static io.softlane.internal.loops.Lanes.PARTS;
import static io.softlane.internal.loops.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Loops#turn} on vectors: one loop for every stage of a row. {@link ScalarLoops} has the
 * stages one by one, {@link Exp} derives the exponential.
 *
 * <p><b>Why one loop.</b> The stages of a turn belong to three different rows, so that none waits
 * for another: 8 cycles a vector of 512 bits, where terms, sum and results one after the other take
 * 10 and more (Zen 5). All loads of a turn stand before its first store; behind one, a turn took
 * 12. (Below 512 bits a turn is two loops, see {@link VectorLoops#turn}.)
 *
 * <p><b>Copies.</b> What a copy of this class does is decided by the flags of {@link Kind}, which
 * C2 takes for constants: each copy is a hidden class whose class data are its flags ({@link
 * Copies}). So a loop has no test in it, and each is compiled for what it does, whatever else the
 * JVM has done. (With one class for all, native memory took 20 times as long.)
 *
 * <p><b>Written out</b>, twice: C2 boxes a vector where it does not inline a method of ours that
 * takes or returns it, past 18000 nodes or where it compiled that before. As a second turn of one
 * loop, or at an index of {@code min(c, n - WIDTH)}, the last vector of a row keeps range checks in
 * the loop: 1.5 to 2 times as long.
 *
 * <p><b>Whatever a method is called on</b> has a class that C2 knows while it parses: it is the
 * result of arithmetic, or was checked. Else it may be boxed (docs/engineering.md says why).
 *
 * <p><b>What a kind does not use</b> is null or 0 in it: a local that the bytecode may still read
 * is kept in a register or on the stack (256 columns: 15 ns a row).
 *
 * <p><b>The last vector</b> of a row that no whole vectors fill is its last columns, some of them
 * done twice. Its due results are loaded first, since they may be overwritten where they lie.
 */
final class Pipeline extends Copies.Loop {
  private static final int KIND = kind();
  private static final boolean TERMS = is(Kind.TERMS);
  private static final boolean CLAMPED = is(Kind.CLAMPED);
  private static final boolean SUM = is(Kind.SUM);
  private static final boolean SCALE = is(Kind.SCALE);
  private static final boolean LIFTED = is(Kind.LIFTED);
  private static final boolean SUBTRACT = is(Kind.SUBTRACT);
  private static final boolean MAX = is(Kind.MAX);
  private static final boolean SCALED = is(Kind.SCALED);
  private static final boolean MASKED = is(Kind.MASKED);
  private static final boolean FROM = is(Kind.FROM);
  private static final boolean TO = is(Kind.TO);
  private static final boolean READS = TERMS || MAX || SUBTRACT;
  private static final boolean WRITES = SCALE || SUBTRACT;

  Pipeline() {}

  private static int kind() {
    try {
      return MethodHandles.classData(MethodHandles.lookup(), "_", Integer.class);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static boolean is(int flag) {
    return (KIND & flag) != 0;
  }

  /**
   * Reads a byte, for what that tells the JVM: the code around it may touch memory that is gone.
   * Only then is the end of a mapped file that was cut short an {@link InternalError}, as it is for
   * all other segments, and not the end of the JVM: vector loads alone do not tell. (A float buffer
   * over a mapped file is a native segment that does not say that it is mapped.) And {@code
   * isNative}, which only native segments reach, tells C2 their class; its answer does not matter.
   * One byte does for all of the code: reading it is 700 nodes of C2's 18000.
   */
  private static void expect(MemorySegment segment, long at) {
    segment.get(ValueLayout.JAVA_BYTE, at);
    segment.isNative();
  }

  @Override
  void run(Turn turn) {
    for (int q = turn.idle; q > 0; q--) {
      continue;
    }
    int n = turn.n;
    float[] x = READS && !FROM ? turn.x : null;
    int i = READS ? turn.i : 0;
    MemorySegment g = FROM ? turn.g : null;
    long at = FROM ? turn.at : 0;
    float[] mask = MASKED ? turn.mask : null;
    int m = MASKED ? turn.m : 0;
    float[] s = TERMS || SUM || SCALE ? turn.s : null;
    int a = TERMS ? turn.a : 0;
    int b = SUM ? turn.b : 0;
    int d = SCALE ? turn.d : 0;
    double[] lanes = SUM ? turn.lanes : null;
    int j = SUBTRACT ? turn.j : 0;
    long from = SUBTRACT && FROM ? turn.from : 0;
    int mj = SUBTRACT && MASKED ? turn.mj : 0;
    float[] out = WRITES && !TO ? turn.out : null;
    int o = WRITES ? turn.o : 0;
    MemorySegment w = TO ? turn.w : null;
    long to = TO ? turn.to : 0;
    if (FROM) {
      expect(g, TERMS || MAX ? at : from);
    }
    if (TO && FROM) {
      w.isNative();
    } else if (TO) {
      expect(w, to);
    }
    float[] constants = CLAMPED ? Constants.ANY : Constants.PLAIN;
    FloatVector zeros =
        (FloatVector) FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).check(FLOATS);
    IntVector noBits = (IntVector) IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).check(INTS);
    FloatVector rounder = null;
    FloatVector log2e = null;
    FloatVector hi = null;
    FloatVector lo = null;
    FloatVector c6 = null;
    FloatVector c5 = null;
    FloatVector c4 = null;
    FloatVector c3 = null;
    FloatVector c2 = null;
    FloatVector one = null;
    if (TERMS) {
      rounder = zeros.broadcast(CLAMPED ? Exp.rounder(turn.k) : Exp.plainRounder(turn.k));
      log2e = FloatVector.fromArray(FLOATS, constants, Constants.LOG2_E);
      hi = FloatVector.fromArray(FLOATS, constants, Constants.MINUS_LN2_HI);
      lo = FloatVector.fromArray(FLOATS, constants, Constants.MINUS_LN2_LO);
      c6 = FloatVector.fromArray(FLOATS, constants, Constants.C6);
      c5 = FloatVector.fromArray(FLOATS, constants, Constants.C5);
      c4 = FloatVector.fromArray(FLOATS, constants, Constants.C4);
      c3 = FloatVector.fromArray(FLOATS, constants, Constants.C3);
      c2 = FloatVector.fromArray(FLOATS, constants, Constants.C2);
      one = FloatVector.fromArray(FLOATS, constants, Constants.ONE);
    }
    FloatVector floor = CLAMPED ? zeros.broadcast(Exp.floor(turn.k)) : null;
    FloatVector shift = CLAMPED ? zeros.broadcast(-turn.shift) : null;
    IntVector top = CLAMPED ? noBits.broadcast(Exp.TOP) : null;
    IntVector base = TERMS && !CLAMPED ? noBits.broadcast(-Exp.ROUNDER_BITS) : null;
    IntVector seen = TERMS && !CLAMPED ? IntVector.fromArray(INTS, Constants.INT_ZEROS, 0) : null;
    FloatVector scale = SCALED ? zeros.broadcast(turn.scale) : null;
    FloatVector first = WRITES ? zeros.broadcast(SUBTRACT ? -turn.hi : turn.hi) : null;
    FloatVector second = WRITES ? zeros.broadcast(SUBTRACT ? -turn.lo : turn.lo) : null;
    FloatVector drop = LIFTED ? zeros.broadcast(1 / Kind.LIFT) : null;
    IntVector most = MAX ? noBits.broadcast(Integer.MIN_VALUE) : null;
    IntVector least = MAX ? noBits.broadcast(Integer.MAX_VALUE) : null;
    IntVector far = MAX ? noBits.broadcast(0) : null;
    LongVector evens = null;
    LongVector odds = null;
    DoubleVector sum = null;
    DoubleVector sum2 = null;
    DoubleVector sum3 = null;
    DoubleVector sum4 = null;
    if (SUM) {
      evens = (LongVector) LongVector.fromArray(LONGS, Constants.LONG_ZEROS, 0).check(LONGS);
      odds = evens.broadcast(~Constants.EVENS);
      evens = evens.broadcast(Constants.EVENS);
      double[] start = turn.isFirst ? Constants.DOUBLE_ZEROS : lanes;
      sum = DoubleVector.fromArray(DOUBLES, start, 0);
      sum2 = PARTS < 2 ? null : DoubleVector.fromArray(DOUBLES, start, HALF);
      sum3 = PARTS < 4 ? null : DoubleVector.fromArray(DOUBLES, start, 2 * HALF);
      sum4 = PARTS < 4 ? null : DoubleVector.fromArray(DOUBLES, start, 3 * HALF);
    }
    int e = n - WIDTH;
    FloatVector last = null;
    if (SCALE) {
      last = (FloatVector) FloatVector.fromArray(FLOATS, s, d + e).check(FLOATS);
    } else if (SUBTRACT) {
      last =
          FROM
              ? FloatVector.fromMemorySegment(FLOATS, g, from + 4L * e, ORDER)
              : FloatVector.fromArray(FLOATS, x, j + e);
      last = (FloatVector) last.check(FLOATS);
      if (SCALED) {
        last = scale.mul(last);
      }
      if (MASKED) {
        last = last.add(FloatVector.fromArray(FLOATS, mask, mj + e));
      }
    }
    int c = 0;
    // main loop
    for (; c <= n - WIDTH; c += WIDTH) {
      // loads
      FloatVector v = null;
      LongVector l = null;
      FloatVector u = null;
      if (TERMS || MAX) {
        v =
            FROM
                ? FloatVector.fromMemorySegment(FLOATS, g, at + 4L * c, ORDER)
                : FloatVector.fromArray(FLOATS, x, i + c);
        v = (FloatVector) v.check(FLOATS);
        if (SCALED) {
          v = scale.mul(v);
        }
        if (MASKED) {
          v = v.add(FloatVector.fromArray(FLOATS, mask, m + c));
        }
      }
      if (SUM) {
        FloatVector terms = (FloatVector) FloatVector.fromArray(FLOATS, s, b + c).check(FLOATS);
        l = terms.reinterpretAsLongs();
      }
      if (SCALE) {
        u = (FloatVector) FloatVector.fromArray(FLOATS, s, d + c).check(FLOATS);
      }
      if (SUBTRACT) {
        u =
            FROM
                ? FloatVector.fromMemorySegment(FLOATS, g, from + 4L * c, ORDER)
                : FloatVector.fromArray(FLOATS, x, j + c);
        u = (FloatVector) u.check(FLOATS);
        if (SCALED) {
          u = scale.mul(u);
        }
        if (MASKED) {
          u = u.add(FloatVector.fromArray(FLOATS, mask, mj + c));
        }
      }
      if (MAX) {
        // Of patterns, as integers (Key.max): FloatVector.max is five instructions in a chain.
        IntVector bits = (IntVector) v.viewAsIntegralLanes().check(INTS);
        most = bits.max(most);
        least = bits.min(least);
        far = bits.lanewise(VectorOperators.UMAX, far);
      }
      if (TERMS) {
        if (CLAMPED) {
          v = shift.add(v);
        }
        FloatVector t = v.fma(log2e, rounder);
        FloatVector q = t.sub(rounder);
        FloatVector r = q.fma(hi, v);
        FloatVector f = r.fma(c6, c5);
        r = q.fma(lo, r);
        f = f.fma(r, c4);
        f = f.fma(r, c3);
        f = f.fma(r, c2);
        f = f.fma(r, one);
        FloatVector p = f.fma(r, one);
        IntVector bits = t.viewAsIntegralLanes();
        if (CLAMPED) {
          p = p.mul(top.min(bits).lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes());
          // Below the floor is 0, as in Exp.scaled, but here last: nothing waits for the comparison
          // (half of the logits -inf, 64 x 1000: 1.06 times as fast on a Zen 5).
          p = p.blend(zeros, v.compare(VectorOperators.LT, floor));
        } else {
          // No xor: C2 makes one instruction of that and the or, on a pipe that multiplies (Zen 4,
          // softmax of 1024 x 256 0.89 of the time).
          bits = base.add(bits);
          seen = bits.or(seen);
          bits = bits.lanewise(VectorOperators.LSHL, 23).add(p.viewAsIntegralLanes());
          p = (FloatVector) bits.viewAsFloatingLanes().check(FLOATS);
        }
        p.intoArray(s, a + c);
      }
      if (SUM) {
        // A float's pattern, moved to the top of a double, is that float times UNIT, +0 included.
        // What is no finite float of at least +0 comes out far above any sum of such.
        DoubleVector even = evens.and(l).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
        DoubleVector odd = odds.and(l).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
        // The lanes' parts take turns in registers: in memory each waits for its store (Zen 4,
        // UseAVX=2: softmax of 64 x 1000 takes 1.1 times as long, sums at 128 bits 1.8 times).
        DoubleVector added = ((DoubleVector) even.check(DOUBLES)).add(odd).add(sum);
        if (PARTS == 1) {
          sum = added;
        } else if (PARTS == 2) {
          sum = sum2;
          sum2 = added;
        } else {
          sum = sum2;
          sum2 = sum3;
          sum3 = sum4;
          sum4 = added;
        }
      }
      if (SCALE) {
        u = u.fma(first, u.mul(second));
        if (LIFTED) {
          u = u.mul(drop);
        }
      }
      if (SUBTRACT) {
        u = first.add(u).add(second);
        u = u.blend(zeros, u.compare(VectorOperators.GT, zeros));
      }
      if (WRITES && TO) {
        u.intoMemorySegment(w, to + 4L * c, ORDER);
      } else if (WRITES) {
        u.intoArray(out, o + c);
      }
    }
    // The loop's vectors end here: where a branch behind it may change one, C2 may keep a box of it
    // each time round (native rows of 1000: 312 kB a batch of 64 in 8 of 28 JVMs).
    if (SUM) {
      ((DoubleVector) sum.check(DOUBLES)).intoArray(lanes, c / 2 % Lanes.LANES);
    }
    if (SUM && PARTS >= 2) {
      ((DoubleVector) sum2.check(DOUBLES)).intoArray(lanes, (c / 2 + HALF) % Lanes.LANES);
    }
    if (SUM && PARTS == 4) {
      ((DoubleVector) sum3.check(DOUBLES)).intoArray(lanes, (c / 2 + 2 * HALF) % Lanes.LANES);
      ((DoubleVector) sum4.check(DOUBLES)).intoArray(lanes, (c / 2 + 3 * HALF) % Lanes.LANES);
    }
    if (TERMS && !CLAMPED) {
      // No branch: one that C2 has not seen taken makes it give up the loop when it is.
      turn.plain =
          ((IntVector) seen.check(INTS)).compare(VectorOperators.ULE, Exp.PLAIN_RANGE).allTrue();
    }
    // tail
    if (c < n) {
      if (MAX || TERMS) {
        FloatVector v =
            FROM
                ? FloatVector.fromMemorySegment(FLOATS, g, at + 4L * e, ORDER)
                : FloatVector.fromArray(FLOATS, x, i + e);
        v = (FloatVector) v.check(FLOATS);
        if (SCALED) {
          v = scale.mul(v);
        }
        if (MASKED) {
          v = v.add(FloatVector.fromArray(FLOATS, mask, m + e));
        }
        if (MAX) {
          IntVector bits = (IntVector) v.viewAsIntegralLanes().check(INTS);
          most = bits.max(most);
          least = bits.min(least);
          far = bits.lanewise(VectorOperators.UMAX, far);
        }
        if (TERMS) {
          if (CLAMPED) {
            v = shift.add(v);
          }
          FloatVector t = v.fma(log2e, rounder);
          FloatVector q = t.sub(rounder);
          FloatVector r = q.fma(hi, v);
          FloatVector f = r.fma(c6, c5);
          r = q.fma(lo, r);
          f = f.fma(r, c4);
          f = f.fma(r, c3);
          f = f.fma(r, c2);
          f = f.fma(r, one);
          FloatVector p = f.fma(r, one);
          IntVector bits = t.viewAsIntegralLanes();
          if (CLAMPED) {
            p = p.mul(top.min(bits).lanewise(VectorOperators.LSHL, 23).viewAsFloatingLanes());
            p = p.blend(zeros, v.compare(VectorOperators.LT, floor));
          } else {
            bits = base.add(bits);
            turn.plain &= bits.compare(VectorOperators.ULE, Exp.PLAIN_RANGE).allTrue();
            bits = bits.lanewise(VectorOperators.LSHL, 23).add(p.viewAsIntegralLanes());
            p = (FloatVector) bits.viewAsFloatingLanes().check(FLOATS);
          }
          p.intoArray(s, a + e);
        }
      }
      if (SCALE) {
        last = last.fma(first, last.mul(second));
        if (LIFTED) {
          last = last.mul(drop);
        }
      }
      if (SUBTRACT) {
        last = first.add(last).add(second);
        last = last.blend(zeros, last.compare(VectorOperators.GT, zeros));
      }
      if (WRITES && TO) {
        last.intoMemorySegment(w, to + 4L * e, ORDER);
      } else if (WRITES) {
        last.intoArray(out, o + e);
      }
    }
    // reduce
    if (SUM) {
      int left = turn.all - c;
      if (PARTS == 1) {
        // If any are left: with that test softmax of 1024 x 256 is 1.1 times as fast (Zen 4).
        if (left > 0 && b + c + WIDTH <= s.length) {
          IntVector live = IntVector.fromArray(INTS, Constants.LIVE, 2 * WIDTH - left);
          FloatVector terms = (FloatVector) FloatVector.fromArray(FLOATS, s, b + c).check(FLOATS);
          IntVector bits = (IntVector) terms.viewAsIntegralLanes().check(INTS);
          LongVector l = bits.and(live).reinterpretAsLongs();
          DoubleVector even =
              evens.and(l).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
          DoubleVector odd = odds.and(l).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
          even = ((DoubleVector) even.check(DOUBLES)).add(odd);
          even.add(DoubleVector.fromArray(DOUBLES, lanes, 0)).intoArray(lanes, 0);
          left = 0;
        }
      }
      ScalarLoops.addTerms(s, b + c, left, c / 2 % Lanes.LANES, lanes);
    }
    if (MAX) {
      int h1 = ((IntVector) most.check(INTS)).reduceLanes(VectorOperators.MAX);
      int l1 = ((IntVector) least.check(INTS)).reduceLanes(VectorOperators.MIN);
      far = (IntVector) far.check(INTS);
      boolean isNan = far.compare(VectorOperators.UGT, Key.MINUS_INFINITY).anyTrue();
      turn.max = Key.max(h1, l1, isNan);
    }
  }
}
