package io.softlane;

import static io.softlane.Lanes.FLOATS;
import static io.softlane.Lanes.HALF;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Window#logSum} of many rows at a time. The rows' doubles lie in an array of floats, which
 * is what there is to keep them in without allocation: two floats each, low half first.
 */
final class VectorLog {
  private static final double TWO_52 = 0x1p52;
  private static final long TWO_52_BITS = 0x4330000000000000L;

  private VectorLog() {}

  static void put(float[] e, int i, double d) {
    long bits = Double.doubleToRawLongBits(d);
    e[i] = Float.intBitsToFloat((int) bits);
    e[i + 1] = Float.intBitsToFloat((int) (bits >>> 32));
  }

  static double get(float[] e, int i) {
    long low = Float.floatToRawIntBits(e[i]) & 0xffffffffL;
    return Double.longBitsToDouble((long) Float.floatToRawIntBits(e[i + 1]) << 32 | low);
  }

  /**
   * Sums of plain logits from o on become their logSum; returns how many hold before the first that
   * misses the window. Of terms that are kept {@code lower} below the window's exponent.
   */
  static int logSums(float[] e, int o, int rows, int k, int lower) {
    double low = Math.scalb(Window.LOW, -lower);
    double high = Math.scalb(Window.HIGH, -lower);
    int q = 0;
    // main loop: the statements of Window.logSum and of its log
    for (; q <= rows - HALF; q += HALF) {
      DoubleVector sum = FloatVector.fromArray(FLOATS, e, o + 2 * q).reinterpretAsDoubles();
      LongVector exponent =
          sum.reinterpretAsLongs().sub(Window.SQRT_HALF_BITS).lanewise(VectorOperators.LSHR, 52);
      LongVector power = exponent.neg().add(1023).lanewise(VectorOperators.LSHL, 52);
      DoubleVector x = sum.mul(power.reinterpretAsDoubles());
      DoubleVector s = x.sub(1).div(x.add(1));
      DoubleVector z = s.mul(s);
      DoubleVector zz = z.mul(z);
      DoubleVector a = z.fma(1.0 / 5, 1.0 / 3);
      DoubleVector b = z.fma(1.0 / 9, 1.0 / 7);
      DoubleVector c = z.fma(1.0 / 13, 1.0 / 11);
      DoubleVector d = z.fma(1.0 / 17, 1.0 / 15);
      DoubleVector p = zz.mul(zz).fma(zz.fma(d, c), zz.fma(b, a));
      DoubleVector log = s.mul(z).fma(p, s);
      log = log.add(log);
      // A small integer, put into the low bits of 2^52, becomes a double.
      DoubleVector n = exponent.or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52 + k);
      log = log.add(n.mul(Window.LN_2));
      VectorMask<Double> held =
          sum.compare(VectorOperators.GE, low).and(sum.compare(VectorOperators.LE, high));
      if (!held.allTrue()) {
        break;
      }
      log.reinterpretAsFloats().intoArray(e, o + 2 * q);
    }
    // tail
    for (; q < rows; q++) {
      double sum = get(e, o + 2 * q);
      if (!Window.holds(Math.scalb(sum, lower))) {
        return q;
      }
      put(e, o + 2 * q, Window.logSum(sum, k));
    }
    return rows;
  }
}
