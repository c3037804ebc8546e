package io.softlane.internal.loops;

/**
 * {@code cap * tanh(x / cap)}, one {@code float} at a time: the derivation, and what a cap's
 * constants are; {@link VectorTanh} has the statements on vectors.
 *
 * <p><b>Two ways</b>, either of which adds to a float that is exact a part of it, so that the last
 * rounding is the largest error. With y = |x| / cap:
 *
 * <pre>
 *   y &lt;= 0.9:  x + x f      f = z g(z), z = y^2, g(z) = (tanh(y) / y - 1) / z, of degree 5
 *   y &gt; 0.9:   cap + cap f  f = -2 / (E + 1), E = exp(2 y) = 2^q 2^r
 * </pre>
 *
 * <p><b>No quotient x / cap</b> is taken, which would round. The coefficients of g are those for x
 * and not for y: they have the cap's powers in them, in double, and are rounded once. So has the
 * reduction of E: q is the integer next to x times 2 log2(e) / cap, and r the rest of that product,
 * with the factor in two parts. Rounding to an integer is an addition, as in {@link Exp}, and 2^q
 * stands in its low bits. Beyond y = 9.1, f is below a quarter ULP, so x is held there.
 *
 * <p><b>Caps</b> of 2^-9 to 2^9 have their powers in float. For any other one, x and the cap are
 * multiplied by the power of two that brings the cap to 1 to 2, in two factors, since one of them
 * might not be a float. Only f is made of that, so it does not matter that small x underflow.
 *
 * <p><b>Coefficients</b>: of g, minimax over y &lt;= 0.9 of the result's relative error, 0.27 *
 * 2^-24; of 2^r, minimax over |r| &lt;= 1/2 of the relative error, 1.56 * 2^-24, the first fixed at
 * 1, the others rounded to float one after the other. {@code tools/tanh_coefficients.py} finds them
 * again.
 *
 * <p><b>Error</b>, whatever the cap: at most 1.87 ULP up to y = 0.9 and 1.94 beyond, with every
 * rounding at its worst ({@code docs/accuracy.md}, section 9; the same script adds it up). What
 * {@code TanhTest} finds over all floats is less.
 */
public final class Tanh {
  private static final double[] G = {
    -0x1.5555040765a18p-2, // -0.33333212
    0x1.11017a474d92ap-3, // 0.1333036
    -0x1.b81620e63c1c5p-5, // -0.05372149
    0x1.567e409f09201p-6, // 0.020904124
    -0x1.c1949a12521afp-8, // -0.0068600537
    0x1.55d332e6d43dcp-10 // 0.0013039589
  };

  static final float A1 = 0x1.62e42ap-1f; // 0.693147
  static final float A2 = 0x1.ebf9c2p-3f; // 0.24022247
  static final float A3 = 0x1.c6b6d8p-5f; // 0.055507109
  static final float A4 = 0x1.3ce8acp-7f; // 0.0096712913
  static final float A5 = 0x1.5bda40p-10f; // 0.0013269521

  private static final double LOG2_E = 0x1.71547652b82fep0; // 1.4426950408889634
  private static final double SPLIT = 0.9;
  private static final double BEYOND = 9.1;

  /** The least and the largest exponent of caps whose powers are floats. */
  private static final int LEAST = -9;

  private static final int LARGEST = 8;

  static final float ROUNDER = Exp.rounder(0);

  float cap;

  /** Whether x is multiplied by the two factors below: what follows is for the cap times them. */
  boolean isFar;

  float unit;
  float unit2;
  float split;
  int mostBits;
  float g0;
  float g1;
  float g2;
  float g3;
  float g4;
  float g5;
  float factor;
  float factorLo;

  /** Refuses a cap that is not finite or not above 0. */
  public static void requireCap(float cap) {
    if (!(cap > 0 && cap <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("the cap must be finite and above 0, not " + cap);
    }
  }

  /** Takes a cap. */
  public Tanh of(float cap) {
    if (this.cap != cap) {
      set(cap);
    }
    return this;
  }

  private void set(float cap) {
    this.cap = cap;
    int e = Math.getExponent((double) cap);
    isFar = e < LEAST || e > LARGEST;
    int k = isFar ? -e : 0;
    unit = Math.scalb(1f, k / 2);
    unit2 = Math.scalb(1f, k - k / 2);
    double c = Math.scalb((double) cap, k);
    split = (float) (SPLIT * c);
    mostBits = Float.floatToRawIntBits((float) (BEYOND * c));
    double u = 1 / (c * c);
    double v = u;
    g0 = (float) (G[0] * v);
    v *= u;
    g1 = (float) (G[1] * v);
    v *= u;
    g2 = (float) (G[2] * v);
    v *= u;
    g3 = (float) (G[3] * v);
    v *= u;
    g4 = (float) (G[4] * v);
    v *= u;
    g5 = (float) (G[5] * v);
    double exact = 2 * LOG2_E / c;
    factor = (float) exact;
    factorLo = (float) (exact - factor);
  }

  /** {@code cap * tanh(x / cap)}. */
  public float capped(float x) {
    float y = Math.abs(x);
    y = isFar ? y * unit * unit2 : y;
    if (y > split) {
      float w = Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(y), mostBits));
      float t = Math.fma(w, factor, ROUNDER);
      float r = Math.fma(w, factor, ROUNDER - t);
      r = Math.fma(w, factorLo, r);
      float p = Math.fma(A5, r, A4);
      p = Math.fma(p, r, A3);
      p = Math.fma(p, r, A2);
      p = Math.fma(p, r, A1);
      p = Math.fma(p, r, 1);
      float s = Float.intBitsToFloat(Float.floatToRawIntBits(t) << 23);
      float f = -2 / Math.fma(p, s, 1);
      float b = Math.copySign(cap, x);
      return Math.fma(f, b, b);
    }
    float z = y * y;
    float g = Math.fma(g5, z, g4);
    g = Math.fma(g, z, g3);
    g = Math.fma(g, z, g2);
    g = Math.fma(g, z, g1);
    g = Math.fma(g, z, g0);
    // The sum with +0 is +0 where x is zero, so that -0 stays as it is.
    float f = Math.fma(g, z, 0f);
    return Math.fma(f, x, x);
  }
}
