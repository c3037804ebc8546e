package io.softlane.examples.dropin;

import java.util.Arrays;

/**
 * Paired rounds: each measures before and after at once, so that whatever else the machine does
 * meets both. A quick look on one thread.
 */
final class Timing {
  /** Times one shape; the progress of it is counted elsewhere, by shapes. */
  static final int ROUNDS = 51;

  private static final long WARM_UP_NANOS = 300_000_000;
  private static final long SAMPLE_NANOS = 1_000_000;

  /**
   * Medians.
   *
   * @param before nanoseconds per call
   * @param after nanoseconds per call
   * @param ratio of the two of one round, not of the medians
   */
  record Result(double before, double after, double ratio) {}

  private Timing() {}

  static Result of(Shape shape) {
    int beforeCalls = warmUp(shape.before());
    int afterCalls = warmUp(shape.after());
    double[] before = new double[ROUNDS];
    double[] after = new double[ROUNDS];
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      // Turn and turn about: what a call leaves behind (caches, garbage) meets both as well.
      if (round % 2 == 0) {
        before[round] = time(shape.before(), beforeCalls);
        after[round] = time(shape.after(), afterCalls);
      } else {
        after[round] = time(shape.after(), afterCalls);
        before[round] = time(shape.before(), beforeCalls);
      }
      ratios[round] = before[round] / after[round];
    }
    return new Result(median(before), median(after), median(ratios));
  }

  /** Runs for a while; how many calls make a sample. */
  private static int warmUp(Runnable operation) {
    int calls = 1;
    double nanos = 1;
    for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP_NANOS; ) {
      nanos = time(operation, calls);
      calls = (int) Math.max(1, SAMPLE_NANOS / nanos);
    }
    return calls;
  }

  private static double time(Runnable operation, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      operation.run();
    }
    return (double) (System.nanoTime() - start) / calls;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
