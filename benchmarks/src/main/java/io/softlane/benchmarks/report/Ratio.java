package io.softlane.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.descriptive.GeometricMean;

/**
 * A time over another, of one round each, since only what ran within seconds of each other shares
 * the state of a machine that has other users.
 */
record Ratio(double median, double min, double max, int rounds) {
  static Ratio of(Sample over, Sample under) {
    Map<Integer, Double> unders = under.medians();
    List<Double> ratios = new ArrayList<>();
    over.medians()
        .forEach(
            (round, time) -> {
              if (unders.containsKey(round)) {
                ratios.add(time / unders.get(round));
              }
            });
    if (ratios.isEmpty()) {
      ratios.add(over.median() / under.median());
    }
    return new Ratio(
        Sample.median(ratios), Collections.min(ratios), Collections.max(ratios), ratios.size());
  }

  static double geomean(Collection<Double> ratios) {
    return GeometricMean.of(ratios.stream().mapToDouble(v -> v).toArray()).getAsDouble();
  }
}
