package io.softlane.internal.loops;

/** What {@link Loops#turn} does in one turn: a sum of these flags. */
public final class Kind {
  /** Terms of one row, which must be plain (see {@link Exp}), from its logits. */
  public static final int TERMS = 1;

  /** With terms: of any scores, less a shift. */
  public static final int CLAMPED = 2;

  /** The sum of another row's terms. */
  public static final int SUM = 4;

  /** Results of a third row: its terms times a factor in two floats. */
  public static final int SCALE = 8;

  /** With a scale: the factor is {@link #LIFT} times as large, and the products are lowered. */
  public static final int LIFTED = 16;

  /** Results of a third row: its scores less a log-sum-exp in two floats, at most 0. */
  public static final int SUBTRACT = 32;

  /** The largest score. */
  public static final int MAX = 64;

  /** Scores are logits times a scale. */
  public static final int SCALED = 128;

  /** Scores are logits, or these times a scale, plus a mask. */
  public static final int MASKED = 256;

  /** Logits are in native memory. */
  public static final int FROM = 512;

  /** Results go to native memory. */
  public static final int TO = 1024;

  /** What belongs to a row's results alone. */
  static final int RESULTS = SCALE | LIFTED | SUBTRACT | TO;

  /** There are so many sums of flags. */
  static final int COUNT = 2048;

  /**
   * How much larger than they are results near the smallest normal float are taken, and brought
   * back, which is exact but for a result that becomes subnormal. Else a result close to the
   * smallest normal float would have a subnormal for its second product, whose rounding may be half
   * an ULP of the result.
   */
  public static final float LIFT = 0x1p64f;

  private Kind() {}
}
