package io.softlane.internal.loops;

/**
 * {@code cap * tanh(x / cap)}, one {@code float} at a time: the derivation, and what a cap's
 * constants are; {@link VectorTanh} has the statements on vectors.
 *
 * <p><b>Two ways</b>, either of which adds something small to a float that is exact, so that the
 * last rounding is nearly all of the error. With y = |x| / cap:
 *
 * <pre>
 *   y &lt;= 0.9:  x + x z g(z)            z = y^2, g(z) = (tanh(y) / y - 1) / z, of degree 5
 *   y &gt; 0.9:   cap - 2 cap / (E + 1)   E = exp(2 y), as {@link Exp} has it
 * </pre>
 *
 * <p><b>No quotient x / cap</b> is taken, which would round. The coefficients are those for x and
 * not for y: they have the cap's powers in them, in double, and are rounded once. So has the
 * reduction of E: x less a multiple of cap ln 2 / 2, in two parts, of which the first product is
 * exact. That cap is brought to 1 to 2 by a power of two, and x with it, so that nothing over- or
 * underflows that matters: where y^2 does, the result is x.
 *
 * <p><b>Coefficients</b> of g: minimax over y &lt;= 0.9 of the result's relative error, 0.27 *
 * 2^-24 ({@code tools/tanh_coefficients.py}).
 *
 * <p><b>Error</b>, in units of 2^-24 of the result. y &lt;= 0.9: z, its product with x's, g's first
 * coefficient, sum and remainder bring 1 each to z g(z), which is at most 0.257 / 0.796 of the
 * result: 1.5 with g's own; the last rounding is half an ULP. y &gt; 0.9: E has 2.1 (1.25 as Exp,
 * 0.35 for its first coefficient's rounding, 0.5 for the reduced argument's), E + 1 and the
 * quotient 1 each, and the quotient is at most 0.396 of the result: 1.5, and half an ULP. So the
 * whole is within 2 ULP for every cap. Over all floats it is at most 1.40 ULP for the caps of
 * {@code TanhTest}. Beyond y = 9.1 the quotient is below a quarter ULP of the cap, so x is held
 * there.
 *
 * <p>Caps that are not within 2^-100 to 2^100 have no powers in float; for them it is {@link
 * StrictMath#tanh} in double.
 */
public final class Tanh {
  private static final double[] G = {
    -0x1.55550407958f5p-2, // -0.33333212
    0x1.11017a4c69d55p-3, // 0.1333036
    -0x1.b81621466a51ap-5, // -0.05372149
    0x1.567e42367151bp-6, // 0.020904126
    -0x1.c194a05eb9bacp-8, // -0.0068600551
    0x1.55d33c6e2609dp-10 // 0.0013039594
  };

  static final float A1 = 0x1.62e42ap-1f; // 0.693147
  static final float A2 = 0x1.ebf9c2p-3f; // 0.24022247
  static final float A3 = 0x1.c6b6d8p-5f; // 0.055507109
  static final float A4 = 0x1.3ce8acp-7f; // 0.0096712913
  static final float A5 = 0x1.5bda40p-10f; // 0.0013269521

  private static final double LOG2_E = 0x1.71547652b82fep0; // 1.4426950408889634
  private static final double LN_2 = 0x1.62e42fefa39efp-1; // 0.6931471805599453
  private static final double SPLIT = 0.9;
  private static final double BEYOND = 9.1;

  /** The q that a factor's error is made good for. */
  private static final double MIDDLE = 3;

  static final float ROUNDER = Exp.ROUNDER;

  float cap;

  /** Whether the constants here serve the cap. */
  boolean isUsual;

  float split;
  int mostBits;
  float g0;
  float g1;
  float g2;
  float g3;
  float g4;
  float g5;
  float factor;
  float a0;

  /** Takes a cap. */
  public Tanh of(float cap) {
    if (this.cap != cap) {
      set(cap);
    }
    return this;
  }

  private void set(float cap) {
    this.cap = cap;
    isUsual = cap >= 0x1p-9f && cap <= 0x1p9f;
    split = (float) (SPLIT * cap);
    mostBits = Float.floatToRawIntBits((float) (BEYOND * cap));
    double u = 1 / ((double) cap * cap);
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
    double exact = 2 * LOG2_E / cap;
    factor = (float) exact;
    a0 = (float) (1 - (factor - exact) / exact * MIDDLE * LN_2);
  }

  /** {@code cap * tanh(x / cap)}. */
  public float capped(float x) {
    if (!isUsual) {
      return (float) (cap * StrictMath.tanh((double) x / cap));
    }
    float y = Math.abs(x);
    float z = y * y;
    float g = Math.fma(g5, z, g4);
    g = Math.fma(g, z, g3);
    g = Math.fma(g, z, g2);
    g = Math.fma(g, z, g1);
    g = Math.fma(g, z, g0);
    float small = Math.fma(z * g, y, y);
    float w = Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(y), mostBits));
    float t = Math.fma(w, factor, ROUNDER);
    float r = Math.fma(w, factor, ROUNDER - t);
    float p = Math.fma(A5, r, A4);
    p = Math.fma(p, r, A3);
    p = Math.fma(p, r, A2);
    p = Math.fma(p, r, A1);
    p = Math.fma(p, r, a0);
    int e = Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(t) << 23);
    float large = cap - 2 * cap / (Float.intBitsToFloat(e) + 1);
    return Math.copySign(y > split ? large : small, x);
  }
}
