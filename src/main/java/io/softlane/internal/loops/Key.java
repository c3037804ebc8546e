package io.softlane.internal.loops;

/**
 * A column's place among the largest: its score, as an integer in the order of the floats, before
 * its index, negated. The larger of two keys is the one that comes first, and no two are equal. -0
 * counts as +0, NaN as more than anything.
 */
public final class Key {
  /** The pattern of -inf; above it, as an unsigned integer, are the NaNs whose sign is set. */
  static final int MINUS_INFINITY = 0xff800000;

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
   * The largest of floats whose patterns' largest and least these are, as integers, and whether one
   * is a NaN whose sign is set: of the other patterns NaN's is the largest. Where all are below 0,
   * the least pattern is the largest float's: chosen without a branch, which C2 would leave out
   * where it has not seen it taken.
   */
  static float max(int most, int least, boolean isNan) {
    int pattern = most + (least - most & most >> 31);
    return isNan ? Float.NaN : Float.intBitsToFloat(pattern);
  }

  public static int column(long key) {
    return ~(int) key;
  }
}
