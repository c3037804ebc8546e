package io.softlane.benchmarks.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * How a JVM comes to its speed: no result of JMH's, which leaves that out.
 *
 * @param steady ns per element by shape, then by what ran before in the same JVM
 * @param starts of JVMs where nothing ran before
 */
record Warmup(SortedMap<Point, Map<String, Sample>> steady, Map<Point, List<Start>> starts) {
  /** What {@link #steady} is compared with. */
  static final String NOTHING = "nothing";

  /**
   * @param nanos until 90 % of the steady speed
   * @param calls until then
   */
  record Start(double firstCall, double nanos, double calls) {}

  static Warmup read(Path file, List<?> entries) {
    SortedMap<Point, Map<String, Sample>> steady = new TreeMap<>();
    Map<Point, List<Start>> starts = new TreeMap<>();
    for (Object o : entries) {
      Map<?, ?> entry = Json.map(file, o, "an entry");
      Map<?, ?> params = Json.map(file, entry.get("params"), "params");
      if (params.containsKey("measured")) {
        continue; // call by call: no speed that the page compares
      }
      Point point = Run.point(file, params);
      String before = Json.string(file, params.get("before"), "before");
      double nanos = Json.number(file, entry.get("steadyNanosPerCall"), "steadyNanosPerCall");
      Sample sample =
          steady
              .computeIfAbsent(point, p -> new LinkedHashMap<>())
              .computeIfAbsent(before, b -> new Sample(new TreeMap<>(), OptionalDouble.empty()));
      int round = entry.get("round") instanceof Number n ? n.intValue() : sample.rounds().size();
      sample.rounds().put(round, List.of(nanos / point.elements()));
      if (before.equals(NOTHING)) {
        starts
            .computeIfAbsent(point, p -> new ArrayList<>())
            .add(
                new Start(
                    Json.number(file, entry.get("firstCallNanos"), "firstCallNanos"),
                    Json.number(file, entry.get("nanosTo90Percent"), "nanosTo90Percent"),
                    Json.number(file, entry.get("callsTo90Percent"), "callsTo90Percent")));
      }
    }
    return new Warmup(steady, starts);
  }

  /** The median of the JVMs; NaN where there was none. */
  double start(Point point, ToDoubleFunction<Start> value) {
    List<Double> values =
        starts.getOrDefault(point, List.of()).stream().map(value::applyAsDouble).toList();
    return values.isEmpty() ? Double.NaN : Sample.median(values);
  }

  List<String> others() {
    return steady.values().stream()
        .flatMap(m -> m.keySet().stream())
        .filter(b -> !b.equals(NOTHING))
        .distinct()
        .sorted()
        .toList();
  }

  /** Steady time after others over that after nothing; null where either is missing. */
  Ratio slowdown(Point point, String before) {
    Map<String, Sample> samples = steady.get(point);
    return samples.containsKey(NOTHING) && samples.containsKey(before)
        ? Ratio.of(samples.get(before), samples.get(NOTHING))
        : null;
  }
}
