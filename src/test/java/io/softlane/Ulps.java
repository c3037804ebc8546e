package io.softlane;

import static org.junit.jupiter.api.Assertions.fail;

/** Distances between a {@code float} result and the exact value, and assertions on them. */
final class Ulps {
  /** Half of the smallest float: what is above it does not round to zero. */
  private static final double ROUNDS_TO_ZERO = 0x1p-150;

  /** The first value that rounding would call infinite, had the exponent one more bit. */
  private static final double TOP = 0x1p128;

  private Ulps() {}

  /** The float ULP of a finite value: gradual underflow makes it 2^-149 at the least. */
  static double of(double exact) {
    return Math.scalb(1.0, Math.max(Math.getExponent(exact), Float.MIN_EXPONENT) - 23);
  }

  /** Distance in ULP of the exact value; an infinite result counts as 2^128. */
  static double between(float actual, double exact) {
    if (Double.isNaN(exact)) {
      return Float.isNaN(actual) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Math.abs(exact) >= TOP) {
      return actual == (float) exact ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(finite(actual) - exact) / of(exact);
  }

  /**
   * Absolute distance; a finite exact value beyond the floats counts as 2^128, as infinity does.
   */
  static double error(float actual, double exact) {
    if (Double.isNaN(exact)) {
      return Float.isNaN(actual) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Double.isInfinite(exact)) {
      return actual == exact ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(finite(actual) - Math.max(-TOP, Math.min(TOP, exact)));
  }

  private static double finite(float actual) {
    return Float.isInfinite(actual) ? Math.copySign(TOP, actual) : actual;
  }

  static void assertUlps(float actual, double exact, double bound, String what, int r, int c) {
    double ulps = between(actual, exact);
    if (!(ulps <= bound)) {
      fail(at(what, r, c, actual, exact) + ": " + ulps + " ULP, not at most " + bound);
    }
  }

  /** The contract's bound of log-sum-exp, log-softmax and losses: 2^-22 * max(1, |exact|). */
  static void assertLog(float actual, double exact, String what, int r, int c) {
    assertError(actual, exact, 0x1p-22 * Math.max(1, Math.abs(exact)), what, r, c);
  }

  static void assertError(float actual, double exact, double bound, String what, int r, int c) {
    double error = error(actual, exact);
    // An infinite or NaN bound goes with an infinite or NaN value, which must be met.
    if (error != 0 && !(error <= bound)) {
      fail(at(what, r, c, actual, exact) + ": error " + error + ", not at most " + bound);
    }
  }

  /**
   * A probability: 3 ULP, and zero only where it rounds to zero. A value that close to 2^-150 has
   * the 3 ULP that it would have as a normal number (3 * 2^-23) before it is rounded away.
   */
  static void assertProbability(float actual, double exact, String what, int r, int c) {
    assertUlps(actual, exact, 3, what, r, c);
    if (actual == 0 && exact * (1 - 3 * 0x1p-23) > ROUNDS_TO_ZERO) {
      fail(at(what, r, c, actual, exact) + " does not round to zero");
    }
    if (Float.floatToRawIntBits(actual) == 0x80000000) {
      fail(at(what, r, c, actual, exact) + " is -0");
    }
  }

  static void assertBits(float actual, float expected, String what, int r, int c) {
    // floatToIntBits: any NaN equals any other.
    if (Float.floatToIntBits(actual) != Float.floatToIntBits(expected)) {
      fail(at(what, r, c, actual, expected) + ": not the same bits");
    }
  }

  private static String at(String what, int r, int c, float actual, double exact) {
    return "%s[%d, %d] = %s (%s), exact %s (%s)"
        .formatted(what, r, c, actual, Float.toHexString(actual), exact, Double.toHexString(exact));
  }
}
