package io.softlane.benchmarks.report;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.commons.statistics.descriptive.Median;

/**
 * One variant at one point.
 *
 * @param rounds ns per element of each iteration, by round: one fork of every contestant, run one
 *     after the other
 * @param bytesPerCall where JMH ran with -prof gc
 */
record Sample(NavigableMap<Integer, List<Double>> rounds, OptionalDouble bytesPerCall) {
  Sample {
    rounds = new TreeMap<>(rounds);
  }

  /**
   * Ns per element of the fastest iteration: whoever else uses the machine can only make others
   * slower.
   */
  double time() {
    return Collections.min(fastest().values());
  }

  /** Half the range of the rounds' fastest iterations, relative; NaN where there was one round. */
  double spread() {
    Collection<Double> all = fastest().values();
    double range =
        all.stream().mapToDouble(v -> v).max().orElseThrow()
            - all.stream().mapToDouble(v -> v).min().orElseThrow();
    return all.size() == 1 ? Double.NaN : range / 2 / time();
  }

  /** The fastest iteration of each round. */
  NavigableMap<Integer, Double> fastest() {
    NavigableMap<Integer, Double> fastest = new TreeMap<>();
    rounds.forEach((round, times) -> fastest.put(round, Collections.min(times)));
    return fastest;
  }

  /** The median iteration of each round, for comparisons that are statistics. */
  NavigableMap<Integer, Double> medians() {
    NavigableMap<Integer, Double> medians = new TreeMap<>();
    rounds.forEach((round, times) -> medians.put(round, median(times)));
    return medians;
  }

  /** Ns per element, for comparisons: the median over rounds of the rounds' medians. */
  double median() {
    return median(medians().values());
  }

  static double median(Collection<Double> values) {
    return Median.withDefaults().evaluate(values.stream().mapToDouble(v -> v).toArray());
  }
}
