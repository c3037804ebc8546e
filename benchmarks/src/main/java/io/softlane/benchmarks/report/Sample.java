package io.softlane.benchmarks.report;

import java.util.Collection;
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

  /** Ns per element: the median over rounds of the rounds' medians. */
  double median() {
    return median(medians().values());
  }

  /** Half the range of the rounds' medians, relative; NaN where there was one round. */
  double spread() {
    Collection<Double> all = medians().values();
    double range =
        all.stream().mapToDouble(v -> v).max().orElseThrow()
            - all.stream().mapToDouble(v -> v).min().orElseThrow();
    return all.size() == 1 ? Double.NaN : range / 2 / median();
  }

  NavigableMap<Integer, Double> medians() {
    NavigableMap<Integer, Double> medians = new TreeMap<>();
    rounds.forEach((round, times) -> medians.put(round, median(times)));
    return medians;
  }

  static double median(Collection<Double> values) {
    return Median.withDefaults().evaluate(values.stream().mapToDouble(v -> v).toArray());
  }
}
