package io.softlane;

/**
 * Choices read from bytes, so that a property, a fuzzer and a file can all name the same call. Past
 * the last byte every choice is 0, which is the plainest: fewer and smaller bytes are simpler
 * calls.
 */
final class Choices {
  private final byte[] bytes;
  private int next;

  Choices(byte[] bytes) {
    this.bytes = bytes;
  }

  private int octet() {
    return next < bytes.length ? bytes[next++] & 0xff : 0;
  }

  /** 0 to n - 1, for an n of at most 256. */
  int below(int n) {
    return octet() % n;
  }

  int between(int least, int most) {
    return least + below(most - least + 1);
  }

  /** Once in n times; never past the last byte. */
  boolean once(int n) {
    return below(n) == n - 1;
  }

  @SafeVarargs
  final <T> T of(T... values) {
    return values[below(values.length)];
  }

  int bits() {
    return octet() | octet() << 8 | octet() << 16 | octet() << 24;
  }

  /** A number that breaks, overflows or wraps around something. */
  long hostile() {
    int d = between(0, 4) - 2;
    return switch (below(10)) {
      case 0 -> d;
      case 1 -> Integer.MAX_VALUE + (long) d;
      case 2 -> (1L << 32) + d;
      case 3 -> Long.MAX_VALUE - 40 + 10L * d;
      case 4 -> Long.MAX_VALUE / 2 + d;
      case 5 -> Long.MAX_VALUE - Math.abs(d);
      case 6 -> Long.MIN_VALUE + Math.abs(d);
      case 7 -> (1L << 62) + d;
      case 8 -> (1L << between(0, 62)) + d;
      default -> (long) bits() << 32 ^ bits();
    };
  }

  int hostileInt() {
    int d = between(0, 4) - 2;
    return switch (below(4)) {
      case 0 -> d;
      case 1 -> Integer.MAX_VALUE - Math.abs(d);
      case 2 -> Integer.MIN_VALUE + Math.abs(d);
      default -> bits();
    };
  }

  /** A float of any kind. */
  float hostileFloat() {
    return switch (below(8)) {
      case 0 -> Float.NaN;
      case 1 -> -Float.MIN_VALUE;
      case 2 -> Float.POSITIVE_INFINITY;
      case 3 -> Float.NEGATIVE_INFINITY;
      case 4 -> Math.nextUp(1f);
      case 5 -> -0f;
      case 6 -> Float.MAX_VALUE;
      default -> Float.intBitsToFloat(bits());
    };
  }
}
