package io.softlane;

/**
 * Which rows of one operation the scalar kernels take while the vector kernels are not compiled.
 * Until C2 has compiled them, which takes a second or two of calls, a vector is an object on the
 * heap and a row takes hundreds of times as long; the scalar kernels give the same bits at once. So
 * both take turns, for about as long a time each, until the vector kernels' turns are no longer so
 * much slower.
 *
 * <p>Threads may race for the figures here: they decide about speed alone.
 */
final class Pace {
  /** The most elements of a turn of the vector kernels: about a millisecond, interpreted. */
  private static final int FEW = 1 << 9;

  /** The most elements of a turn of the scalar kernels. */
  private static final int MANY = 1 << 15;

  /** A turn that takes less than so many times as long as the other kernels' is compiled code. */
  private static final double CLOSE = 4;

  /** How many such turns in a row it takes. */
  private static final int TURNS = 3;

  /** What one turn counts for at the most, in nanoseconds: the first loads the Vector API. */
  private static final long LONGEST = 20_000_000;

  private boolean compiled;
  private int close;
  private long scalarNanos;
  private long vectorNanos;
  private double scalarNanosPerUnit = Double.MAX_VALUE;

  /** Whether the vector kernels take all rows from now on. */
  boolean compiled() {
    return compiled;
  }

  /** Whether the next turn is the vector kernels'. */
  boolean vectors() {
    return vectorNanos < scalarNanos;
  }

  /** What a turn took. The scalar kernels' best counts: a busy core must not excuse the others. */
  void took(boolean vectors, int rows, int cols, long nanos) {
    // A turn and a row cost as much as some elements do.
    double perUnit = nanos / (64 + 32.0 * rows + (double) rows * cols);
    if (vectors) {
      vectorNanos += Math.min(nanos, LONGEST);
      close = perUnit < CLOSE * scalarNanosPerUnit ? close + 1 : 0;
      if (close >= TURNS) {
        compiled = true;
      }
    } else {
      scalarNanos += Math.min(nanos, LONGEST);
      scalarNanosPerUnit = Math.min(scalarNanosPerUnit, perUnit);
    }
  }

  /** How many of the rows left the next turn takes, of whose it is. */
  static int rows(boolean vectors, int left, int cols) {
    return Math.min(left, Math.max(1, (vectors ? FEW : MANY) / cols));
  }
}
