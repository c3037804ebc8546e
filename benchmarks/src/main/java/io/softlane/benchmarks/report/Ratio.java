package io.softlane.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.descriptive.GeometricMean;

/**
 * A time over another, and the least and the largest that a round alone would have given.
 *
 * @param value of the times of all rounds
 */
record Ratio(double value, double min, double max, int rounds) {
  static Ratio of(Sample over, Sample under) {
    Map<Integer, Double> unders = under.fastest();
    double value = over.time() / under.time();
    List<Double> ratios = new ArrayList<>();
    over.fastest()
        .forEach(
            (round, time) -> {
              if (unders.containsKey(round)) {
                ratios.add(time / unders.get(round));
              }
            });
    if (ratios.isEmpty()) {
      ratios.add(value);
    }
    return new Ratio(value, Collections.min(ratios), Collections.max(ratios), ratios.size());
  }

  static double geomean(Collection<Double> ratios) {
    return GeometricMean.of(ratios.stream().mapToDouble(v -> v).toArray()).getAsDouble();
  }
}
