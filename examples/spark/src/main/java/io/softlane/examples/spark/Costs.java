package io.softlane.examples.spark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.commons.lang3.SerializationUtils;

/** What a pass costs: time, the processor's share of it, and what travels. */
final class Costs {
  private static final int ROUNDS = 500;

  private Costs() {}

  static void print(List<Objective.Time> times, Source source, int cores, Output output) {
    if (times.isEmpty()) {
      return;
    }
    // The first passes run code that is not compiled yet.
    List<Objective.Time> warm = times.subList(times.size() / 2, times.size());
    double wall = median(warm.stream().mapToLong(Objective.Time::nanos));
    double work = median(warm.stream().mapToLong(Objective.Time::coreNanos));
    double flops = 4.0 * source.rows() * source.weights();
    output.print(
        "a pass          %.1f ms on %d cores; kernels and products %.1f ms of processor time",
        wall * 1e-6, cores, work * 1e-6);
    output.print(
        "                %.2f us a row (%.1f Gflop/s of one core); medians of the last %d of %d",
        work * 1e-3 / source.rows(), flops / work, warm.size(), times.size());
    partial(source, output);
  }

  /** What each partition sends, and what becomes of it where it arrives. */
  private static void partial(Source source, Output output) {
    Sums total = new Sums(source);
    Sums sums = new Sums(source);
    int size = 0;
    long[] nanos = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      byte[] bytes = SerializationUtils.serialize(sums);
      total.add((Sums) SerializationUtils.deserialize(bytes));
      nanos[i] = System.nanoTime() - start;
      size = bytes.length;
    }
    output.print(
        "a partition     sends %,d bytes (%.0f us to write, read and add); weights: %,d bytes",
        size, median(Arrays.stream(nanos)) * 1e-3, source.weights() * Float.BYTES);
  }

  private static double median(LongStream values) {
    long[] sorted = values.sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
