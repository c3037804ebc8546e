package io.softlane.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The contestant that took least time at a point.
 *
 * @param ratio its time over that of what it is compared with
 */
record Fastest(String variant, Ratio ratio) {
  /** Null where none was there, or nothing to compare it with. */
  static Fastest of(Map<String, Sample> samples, List<String> contestants) {
    return contestants.stream()
        .filter(c -> samples.containsKey(c) && samples.containsKey(Contestants.against(c)))
        .min(Comparator.comparingDouble(c -> samples.get(c).time()))
        .map(c -> new Fastest(c, Ratio.of(samples.get(c), samples.get(Contestants.against(c)))))
        .orElse(null);
  }

  /** Of all that are not Softlane's own. */
  static Fastest of(Map<String, Sample> samples) {
    return of(samples, samples.keySet().stream().filter(Contestants::isOther).toList());
  }
}
