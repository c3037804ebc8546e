package io.softlane.internal.loops;

/** A factor in two floats, which are right to 2^-47 of it; so products with it round once. */
public final class Factor {
  private Factor() {}

  /** The first; finite where the factor is. */
  public static float first(double factor) {
    float first = (float) factor;
    if (Float.isInfinite(first) && Double.isFinite(factor)) {
      return Math.copySign(Float.MAX_VALUE, first);
    }
    return first;
  }

  /** The second. */
  public static float second(double factor) {
    return Math.abs(factor) < Float.MAX_VALUE ? (float) (factor - (float) factor) : 0;
  }
}
