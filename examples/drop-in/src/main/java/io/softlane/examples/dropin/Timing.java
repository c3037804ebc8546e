package io.softlane.examples.dropin;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Paired rounds: each measures before and after at once, so that whatever else the machine does
 * meets both. A quick look on one thread.
 */
final class Timing {
  static final int ROUNDS = 151;

  /** The most passes over all shapes before the rounds begin. */
  static final int WARM_UPS = 24;

  private static final int FEWEST_WARM_UPS = 4;
  private static final long WARM_UP_NANOS = 40_000_000;

  /** Short, so that few samples are those in which another process had the core. */
  private static final long SAMPLE_NANOS = 200_000;

  /** The compilers count as idle where they take less than this part of a pass. */
  private static final double IDLE = 0.02;

  /**
   * Medians.
   *
   * @param before nanoseconds per call
   * @param after nanoseconds per call
   * @param ratio of the two of one round, not of the medians
   */
  record Result(double before, double after, double ratio) {}

  private final Shape shape;
  private final double[] before = new double[ROUNDS];
  private final double[] after = new double[ROUNDS];
  private int beforeCalls;
  private int afterCalls;

  private Timing(Shape shape) {
    this.shape = shape;
  }

  /** Times all of them; one result each. There are WARM_UPS steps, and one per shape. */
  static List<Result> of(List<Shape> shapes, Runnable step) {
    List<Timing> timings = new ArrayList<>();
    shapes.forEach(shape -> timings.add(new Timing(shape)));
    boolean warm = false;
    for (int pass = 0; pass < WARM_UPS; pass++) {
      if (!warm) {
        long start = System.nanoTime();
        long compilation = compilation();
        timings.forEach(Timing::warmUp);
        double part = (compilation() - compilation) * 1e6 / (System.nanoTime() - start);
        warm = pass + 1 >= FEWEST_WARM_UPS && part <= IDLE;
      }
      step.run();
    }
    // All rounds of a shape in a row: in turn with the others, each would find the caches cold.
    for (Timing timing : timings) {
      for (int round = 0; round < ROUNDS; round++) {
        timing.measure(round);
      }
      step.run();
    }
    return timings.stream().map(Timing::result).toList();
  }

  /** Milliseconds that the compilers have worked so far. */
  private static long compilation() {
    return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
  }

  private void warmUp() {
    beforeCalls = warmUp(shape.before());
    afterCalls = warmUp(shape.after());
  }

  /** Runs for a while; how many calls make a sample. */
  private static int warmUp(Runnable operation) {
    int calls = 1;
    for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP_NANOS; ) {
      calls = (int) Math.max(1, SAMPLE_NANOS / time(operation, calls));
    }
    return calls;
  }

  private void measure(int round) {
    // Turn and turn about: what a call leaves behind (caches, garbage) meets both as well.
    if (round % 2 == 0) {
      before[round] = time(shape.before(), beforeCalls);
      after[round] = time(shape.after(), afterCalls);
    } else {
      after[round] = time(shape.after(), afterCalls);
      before[round] = time(shape.before(), beforeCalls);
    }
  }

  private static double time(Runnable operation, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      operation.run();
    }
    return Math.max(1, System.nanoTime() - start) / (double) calls;
  }

  private Result result() {
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      ratios[round] = before[round] / after[round];
    }
    return new Result(median(before), median(after), median(ratios));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
