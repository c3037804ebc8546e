package io.softlane.benchmarks;

/**
 * Warm-up until the speed no longer changes. Interpreted, the Vector API is a thousand times slower
 * than compiled, and C2 needs 0.4 to 3.5 s until it is through: a fixed time is too short on a busy
 * machine, or doubles the hours that a full run takes.
 */
final class Steady {
  /** For at most so many seconds; where it is not set, not at all. */
  static final String SECONDS = "softlane.benchmarks.steady";

  private static final long WINDOW_NANOS = 100_000_000;

  /** Steady is what has not become faster by 3 % for so many windows. */
  private static final int WINDOWS = 6;

  private static final double FASTER = 0.97;

  private Steady() {}

  /** Whether there is a limit, so that {@link #await} waits at all. */
  static boolean isAwaited() {
    return Integer.getInteger(SECONDS, 0) > 0;
  }

  /**
   * @param compiled nanoseconds that no compiled call takes: what is slower waits for C2, however
   *     steadily
   */
  static void await(Runnable call, long compiled) {
    long end = System.nanoTime() + Integer.getInteger(SECONDS, 0) * 1_000_000_000L;
    double best = Double.POSITIVE_INFINITY;
    int same = 0;
    for (long now = System.nanoTime(); now < end && same < WINDOWS; ) {
      long start = now;
      long calls = 0;
      while (now - start < WINDOW_NANOS) {
        call.run();
        calls++;
        now = System.nanoTime();
      }
      double each = (double) (now - start) / calls;
      same = each < FASTER * best || each > compiled ? 0 : same + 1;
      best = Math.min(best, each);
    }
  }
}
