package io.softlane;

/**
 * Where a row's exponentials are kept, and what their sum says; shared by both kinds of kernels.
 *
 * <p>The textbook softmax subtracts the row's maximum before it exponentiates, for which it reads
 * the row twice and rounds every difference. Here the terms are {@code exp(x) * 2^k} instead: exp
 * splits into {@code p(r) * 2^n} anyway, and adding an integer k to the exponent n is exact. So any
 * even k (odd ones would turn ties in the rounding to n the other way) gives the same bits after
 * normalisation, as long as nothing that matters over- or underflows, and the sum itself tells
 * whether something did:
 *
 * <ul>
 *   <li>sum &lt;= {@link #HIGH} = 2^97: no term overflowed (that would be 2^127 or more), and the
 *       reciprocal keeps 47 bits in two floats, the last of which is worth 2^-149;
 *   <li>sum &gt;= {@link #LOW} = 2^26: a term that fell below the smallest normal float, 2^-126,
 *       has a probability below 2^-152, which rounds to zero and is lost in a sum of doubles.
 * </ul>
 *
 * <p>A row is first tried with the <b>anchor</b> 0, which is k = 52, and as if all its logits were
 * {@linkplain ScalarExp#plain plain}: that serves rows whose log-sum-exp lies in -18 to 31, with no
 * logit below -45. Any other row is done again, its logits clamped, with the anchor 0 too: that
 * serves rows with -inf. Where the sum is outside the window once more, and in place, where a row
 * can be tried only once, its maximum m decides: the anchor is 0 if m allows it ({@link #SURE}) and
 * else m, in one of two ways, both exact:
 *
 * <ul>
 *   <li>|m| &lt; 512: k = 52 - m log2 e, to an even integer;
 *   <li>|m| &gt;= 512: k = 52 and the logits shifted by m. The difference x - m is exact where it
 *       matters: every x within 104 of such an m is within a factor 2 of it (Sterbenz), and terms
 *       further away are zero.
 * </ul>
 */
final class Window {
  /** A sum below this may have lost a probability that is not zero. */
  static final double LOW = 0x1p26;

  /** A sum above this may hold a term that overflowed, or has a reciprocal that underflows. */
  static final double HIGH = 0x1p97;

  /**
   * A row whose largest logit is at most this, and at least minus this, has its sum inside the
   * window under the anchor 0: between 2^52 e^-17 = 2^27.4 and SURE_COLS 2^52 e^17 = 2^96.6.
   */
  static final float SURE = 17;

  /** The most columns of such a row. */
  static final int SURE_COLS = 1 << 20;

  private static final int WARY = 16;
  private static final int K = 52;
  private static final float SHIFT_FROM = 512;
  private static final double LOG2_E = 0x1.71547652b82fep0; // 1.4426950408889634
  static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL; // 0.7071067811865476
  static final double LN_2 = 0x1.62e42fefa39efp-1; // 0.6931471805599453

  private Window() {}

  /** Whether every term of this sum was right; false for NaN. */
  static boolean holds(double sum) {
    return sum >= LOW && sum <= HIGH;
  }

  /**
   * How many rows to come are not to be taken for plain, after one more row: as many as WARY after
   * one that was and was not. So rows that are not cost their second try rarely.
   */
  static int wary(int wary, boolean missed) {
    return missed && wary == 0 ? WARY : Math.max(0, wary - 1);
  }

  /** What to subtract from the logits of a row with this finite anchor. */
  static float shift(float anchor) {
    return Math.abs(anchor) < SHIFT_FROM ? 0 : anchor;
  }

  /** The exponent k of a row with this finite anchor. */
  static int k(float anchor) {
    return Math.abs(anchor) < SHIFT_FROM ? K - 2 * (int) Math.rint(anchor * (LOG2_E / 2)) : K;
  }

  /** log-sum-exp less the shift, from the sum of the terms scaled by 2^k; NaN for NaN. */
  static double logSum(double sum, int k) {
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
