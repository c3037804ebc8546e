package io.softlane.internal.loops;

/**
 * Where a row's exponentials are kept, and what their sum says.
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
 * <p>A row is tried in up to three ways, the rungs of a ladder, each of which serves more rows than
 * the one before:
 *
 * <ol>
 *   <li>with the <b>anchor</b> 0, which is k = 52, and as if all its logits were {@linkplain
 *       Exp#plain plain}: rows whose log-sum-exp lies in -18 to 31, with no logit below -45;
 *   <li>with the anchor 0, its logits clamped: rows with -inf, too;
 *   <li>its maximum m decides: the anchor is 0 if m allows it ({@link #SURE}) and else m, in one of
 *       two ways, both exact. |m| &lt; 512: k = 52 - m log2 e, to an even integer. |m| &gt;= 512: k
 *       = 52 and the logits shifted by m. The difference x - m is exact where it matters: every x
 *       within 104 of such an m is within a factor 2 of it (Sterbenz), and terms further away are
 *       zero.
 * </ol>
 */
public final class Window {
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

  /** The exponent that goes with the anchor 0. */
  public static final int K = 52;

  private static final float SHIFT_FROM = 512;
  private static final double LOG2_E = 0x1.71547652b82fep0; // 1.4426950408889634

  private Window() {}

  /** Whether every term of this sum was right; false for NaN. */
  public static boolean holds(double sum) {
    return sum >= LOW && sum <= HIGH;
  }

  /** The anchor of a row of so many columns whose maximum is m. */
  public static float anchor(float m, int cols) {
    return Math.abs(m) <= SURE && cols <= SURE_COLS ? 0 : m;
  }

  /** What to subtract from the logits of a row with this finite anchor. */
  public static float shift(float anchor) {
    return Math.abs(anchor) < SHIFT_FROM ? 0 : anchor;
  }

  /** The exponent k of a row with this finite anchor. */
  public static int k(float anchor) {
    return Math.abs(anchor) < SHIFT_FROM ? K - 2 * (int) Math.rint(anchor * (LOG2_E / 2)) : K;
  }
}
