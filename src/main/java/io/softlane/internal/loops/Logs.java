package io.softlane.internal.loops;

/** Logarithms of sums of terms, in double. */
public final class Logs {
  static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL; // 0.7071067811865476
  static final double LN_2 = 0x1.62e42fefa39efp-1; // 0.6931471805599453

  private Logs() {}

  /** log-sum-exp less the shift, from the sum of the terms scaled by 2^k; NaN for NaN. */
  public static double logSum(double sum, int k) {
    // The logarithms of significand and power of two apart: k cannot show. No branch for the side
    // of sqrt 2 that the significand is on: it would be mispredicted every other row.
    int exponent = (int) (Double.doubleToRawLongBits(sum) - SQRT_HALF_BITS >> 52);
    double significand = sum * Double.longBitsToDouble((1023L - exponent) << 52);
    return log(significand) + (exponent - k) * LN_2;
  }

  /**
   * Logarithm of 1 / sqrt 2 to sqrt 2, to 2^-50: the series of 2 artanh s, whose first term left
   * out is below 2^-55. Not StrictMath.log, and no Horner scheme: a row of 10 would wait for either
   * as long as for its terms.
   */
  private static double log(double x) {
    double s = (x - 1) / (x + 1);
    double z = s * s;
    double zz = z * z;
    double a = Math.fma(z, 1.0 / 5, 1.0 / 3);
    double b = Math.fma(z, 1.0 / 9, 1.0 / 7);
    double c = Math.fma(z, 1.0 / 13, 1.0 / 11);
    double d = Math.fma(z, 1.0 / 17, 1.0 / 15);
    double p = Math.fma(zz * zz, Math.fma(zz, d, c), Math.fma(zz, b, a));
    return 2 * Math.fma(s * z, p, s);
  }
}
