package io.softlane.internal.loops;

/**
 * A column's place among the largest: its score, as an integer in the order of the floats, before
 * its index, negated. The larger of two keys is the one that comes first, and no two are equal. -0
 * counts as +0, NaN as more than anything.
 */
public final class Key {
  /** The key of +inf, its pattern; that of -inf is its complement. */
  private static final int INFINITY = 0x7f800000;

  private Key() {}

  public static long of(float x, int column) {
    return (long) ofScore(x) << 32 | ~column & 0xffffffffL;
  }

  static int ofScore(float x) {
    int bits = Float.floatToIntBits(x + 0f);
    return bits ^ (bits >> 31 >>> 1);
  }

  public static float score(long key) {
    return score((int) (key >> 32));
  }

  static float score(int key) {
    return Float.intBitsToFloat(key ^ (key >> 31 >>> 1));
  }

  /**
   * The largest of what has these as its largest key and its least: NaN's are beyond infinities'.
   */
  static float max(int most, int least) {
    return Math.max(most, ~least) > INFINITY ? Float.NaN : score(most);
  }

  public static int column(long key) {
    return ~(int) key;
  }
}
