package io.softlane.examples.spark;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** What a pass costs: its time, and how much of it the cores worked. */
final class Costs {
  private Costs() {}

  static void print(List<Objective.Time> times, Source source, int cores, Output output) {
    if (times.isEmpty()) {
      return;
    }
    // The first passes run code that is not compiled yet.
    List<Objective.Time> warm = times.subList(times.size() / 2, times.size());
    double wall = median(warm, Objective.Time::nanos);
    double work = median(warm, Objective.Time::coreNanos);
    double flops = 4.0 * source.rows() * source.weights();
    output.print(
        "a pass          %.1f ms on %d cores, of which kernels and products %.1f ms",
        wall * 1e-6, cores, work * 1e-6 / cores);
    output.print(
        "                %.2f us per row and core (%.1f Gflop/s); median of the last %d of %d",
        work * 1e-3 / source.rows(), flops / work, warm.size(), times.size());
  }

  private static double median(List<Objective.Time> times, ToLongFunction<Objective.Time> field) {
    long[] sorted = times.stream().mapToLong(field).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
