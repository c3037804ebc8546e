package io.softlane.internal.loops;

/**
 * The exponential function, one {@code float} at a time: the constants, the derivation and the
 * error bound, which hold for vectors too: {@link Pipeline} has the statements of {@link #plain}
 * and {@link #scaled} on them, {@link VectorFew} those of plain, {@link VectorLoops} of {@link
 * #exp}.
 *
 * <p><b>Method</b> (Cody and Waite, Software Manual for the Elementary Functions, 1980, with fused
 * multiply-adds):
 *
 * <pre>
 *   q = round(x log2 e)      exp(x) = 2^q exp(r)
 *   r = x - q ln 2           ln 2 in two parts; |r| &lt;= 0.3466
 *   p = exp(r)               1 + r + r^2 w(r), w of degree 4
 * </pre>
 *
 * <p><b>Rounding to an integer</b> is an addition: {@code t = x log2 e + 1.5 * 2^23 + b} has its
 * last bit at the units, so t - 1.5 * 2^23 - b is q, and the low nine bits of t's own pattern are q
 * + b. With b = 127 + k they are the exponent field of 2^(q + k), which needs only a shift.
 *
 * <p><b>Plain logits</b> are those with q + k + 13 in 0 to 127, which t's pattern shows. Their
 * terms cannot under- or overflow, so they need no clamp; and with the polynomial scaled by 2^-13,
 * adding q + k + 13 to its exponent field multiplies by 2^(q + k), exactly. The same bits as with a
 * clamp and a product, for fewer instructions.
 *
 * <p><b>Reduction.</b> q LN2_HI is a multiple of 2^-24 and lies next to x, so the first fused
 * multiply-add is exact (|x| &lt; 512); the second rounds once, to 2^-26 at the most.
 *
 * <p><b>Coefficients</b>: minimax over |r| &lt;= ln 2 / 2 of the relative error, weighted by what
 * the roundings leave of 1.24 * 2^-24 at r; the first two are fixed at 1, the others rounded to
 * float one after the other. {@code tools/exp_coefficients.py} finds them again. The weight is
 * worth one degree: without it, terms of degree 6 are 2.54 apart (see below), which breaks the
 * bound.
 *
 * <p><b>Error</b> over all floats from -640 to 640, in units of 2^-24 relative: -1.238 to +1.252.
 * The last rounding brings 1 at the most, that of r a quarter, that of the last but one step a
 * quarter, never all at one r. Two terms of opposite error are 2.490 apart, so a quotient of them,
 * rounded, is within 2.99 ULP. The general {@link #exp} is within 0.908 ULP over all 2^32 floats
 * (0.874 for subnormal results).
 */
public final class Exp {
  public static final float LOG2_E = 0x1.715476p0f; // 1.442695
  public static final float LN2_HI = 0x1.62e430p-1f; // 0.6931472
  public static final float LN2_LO = -0x1.05c610p-29f; // ln 2 - LN2_HI = -1.9046543e-9
  public static final float C2 = 0x1.000008p-1f; // 0.50000024
  public static final float C3 = 0x1.555458p-3f; // 0.16666478
  public static final float C4 = 0x1.554b8ap-5f; // 0.041661996
  public static final float C5 = 0x1.125a8ap-7f; // 0.0083726095
  public static final float C6 = 0x1.72a74p-10f; // 0.0014139302

  /** Adding this rounds a float below 2^22 to an integer, which then stands in the low bits. */
  public static final float ROUNDER = 0x1.8p23f;

  /** The exponent field of 1. */
  public static final int BIAS = 127;

  /** The bit pattern of t whose exponent field is 255: what is higher is held there. */
  public static final int TOP = 0x4b4000ff;

  /**
   * What the coefficients for plain logits are multiplied by: a power of two, so nothing rounds.
   */
  public static final float PLAIN = 0x1p-13f;

  /** How far above {@link #ROUNDER_BITS} the pattern of t may be for plain logits. */
  public static final int PLAIN_RANGE = 127;

  public static final float EXP_ZERO = -104; // exp of it is 2^-150.04, which rounds to +0
  public static final float EXP_INFINITE = 89; // exp of it is 2^128.4
  public static final int ROUNDER_BITS = 0x4b400000;

  private Exp() {}

  /** The rounder for terms scaled by 2^k. */
  public static float rounder(int k) {
    return ROUNDER + (BIAS + k);
  }

  /** The same for plain logits, whose exponent field lacks that of {@link #PLAIN}'s reciprocal. */
  public static float plainRounder(int k) {
    return ROUNDER + (13 + k);
  }

  /** Below this the term scaled by 2^k is +0: its exponent field is 0. */
  public static float floor(int k) {
    return (-BIAS - k) * (LN2_HI + LN2_LO);
  }

  /**
   * {@code exp(x) * 2^k}, exactly +0 from floor(k) down, also for -inf. What is 2^127 or more comes
   * out as an infinity or a NaN, or at least as 2^127; NaN as NaN.
   */
  public static float scaled(float x, float rounder, float floor) {
    float c = x < floor ? floor : x;
    float t = Math.fma(c, LOG2_E, rounder);
    float q = t - rounder;
    float r = Math.fma(q, -LN2_HI, c);
    float p = polynomial(r, Math.fma(q, -LN2_LO, r));
    int b = Math.min(Float.floatToRawIntBits(t), TOP);
    float s = Float.intBitsToFloat(b << 23);
    return p * s;
  }

  /**
   * {@link #scaled} for a plain logit, one whose pattern of t is at most {@link #PLAIN_RANGE} above
   * {@link #ROUNDER_BITS}, with less work: no clamp, and the scale is added to the exponent. What
   * would be 2^127 or more comes out as an infinity, a NaN or negative.
   *
   * @param t {@code fma(x, LOG2_E, rounder)} with the rounder for plain logits
   */
  public static float plain(float x, float t, float rounder) {
    float q = t - rounder;
    float r = Math.fma(q, -LN2_HI, x);
    float h = Math.fma(PLAIN * C6, r, PLAIN * C5);
    r = Math.fma(q, -LN2_LO, r);
    h = Math.fma(h, r, PLAIN * C4);
    h = Math.fma(h, r, PLAIN * C3);
    h = Math.fma(h, r, PLAIN * C2);
    h = Math.fma(h, r, PLAIN);
    float p = Math.fma(h, r, PLAIN);
    int b = Float.floatToRawIntBits(t);
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (b << 23));
  }

  /**
   * {@code exp(x - shift)}, the difference taken exactly; gradual underflow, overflow to +inf, NaN
   * for NaN. At most 1 ULP from the exact value.
   */
  public static float exp(float x, float shift) {
    float d = x - shift;
    // What the difference lost in rounding (Knuth's TwoSum). Beyond the range it plays no part, and
    // there it may be NaN.
    float y = d + shift;
    float lost = (x - y) + ((y - d) - shift);
    float c = d < EXP_ZERO ? EXP_ZERO : d > EXP_INFINITE ? EXP_INFINITE : d;
    lost = c == d ? lost : 0;
    float t = Math.fma(c, LOG2_E, ROUNDER);
    float q = t - ROUNDER;
    float r = Math.fma(q, -LN2_HI, c);
    float p = polynomial(r, r + Math.fma(q, -LN2_LO, lost));
    // 2^q in two factors: q goes from -150 to 128. The first product is exact.
    int m = Float.floatToRawIntBits(t) - ROUNDER_BITS;
    int half = m >> 1;
    float s = Float.intBitsToFloat((half + BIAS) << 23);
    float u = Float.intBitsToFloat((m - half + BIAS) << 23);
    return p * s * u;
  }

  /**
   * The first step may take r before its last correction, which the core works on meanwhile: it is
   * below 2^-19, and C6 times it, at the fifth power of r, is nothing.
   */
  private static float polynomial(float uncorrected, float r) {
    float h = Math.fma(C6, uncorrected, C5);
    h = Math.fma(h, r, C4);
    h = Math.fma(h, r, C3);
    h = Math.fma(h, r, C2);
    h = Math.fma(h, r, 1);
    return Math.fma(h, r, 1);
  }
}
