package io.softlane.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One file of results, and what stands beside it.
 *
 * @param stamp date and time of the run, as in the file's name
 * @param environment empty where there is no such file
 * @param warmup what stands instead of points in a file of that kind; else null
 */
record Run(
    Path file,
    String kind,
    String label,
    boolean quick,
    String stamp,
    Map<?, ?> environment,
    SortedMap<Point, Map<String, Sample>> points,
    Warmup warmup) {
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9]+)(-avx2)?(-quick)?-(\\d{8}-\\d{6})\\.json");
  private static final Pattern SHAPE = Pattern.compile("[1-9]\\d{0,8}x[1-9]\\d{0,8}");

  static List<Run> readAll(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(f -> NAME.matcher(f.getFileName().toString()).matches()).sorted().toList();
    }
    return files.stream().map(Run::read).toList();
  }

  /** Of any name: what does not follow the pattern is its own kind, without a label. */
  static Run read(Path file) {
    String name = file.getFileName().toString();
    Path beside = file.resolveSibling(name.replaceFirst("\\.json$", "") + ".environment.json");
    Map<?, ?> environment =
        Files.exists(beside) ? Json.map(beside, Json.read(beside), "the whole") : Map.of();
    Object content = Json.read(file);
    Matcher m = NAME.matcher(name);
    boolean named = m.matches();
    boolean warmup = named && m.group(1).equals("warmup");
    if (!(content instanceof List<?> entries)
        || !warmup && !entries.stream().allMatch(Run::isEntry)) {
      throw new BadInput(file + ": no results of JMH");
    }
    return new Run(
        file,
        named ? m.group(1) : kind(file, entries),
        named && m.group(2) != null ? m.group(2).substring(1) : "",
        named && m.group(3) != null,
        named ? m.group(4) : "",
        environment,
        warmup ? new TreeMap<>() : points(file, entries),
        warmup ? Warmup.read(file, entries) : null);
  }

  private static boolean isEntry(Object o) {
    return o instanceof Map<?, ?> entry && entry.containsKey("primaryMetric");
  }

  private static String kind(Path file, List<?> entries) {
    if (entries.isEmpty()) {
      throw new BadInput(file + ": holds no results");
    }
    String benchmark =
        Json.string(file, ((Map<?, ?>) entries.get(0)).get("benchmark"), "benchmark");
    return benchmark.substring(benchmark.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static SortedMap<Point, Map<String, Sample>> points(Path file, List<?> entries) {
    SortedMap<Point, Map<String, NavigableMap<Integer, List<Double>>>> times = new TreeMap<>();
    Map<String, OptionalDouble> bytes = new LinkedHashMap<>();
    for (Object o : entries) {
      Map<?, ?> entry = (Map<?, ?>) o;
      Map<?, ?> params = Json.map(file, entry.get("params"), "params");
      Point point = point(file, params);
      String variant = Json.string(file, params.get("variant"), "variant");
      if (params.get("threads") instanceof String threads) {
        variant += "-" + threads;
      }
      Map<?, ?> primary = Json.map(file, entry.get("primaryMetric"), "primaryMetric");
      if (!"avgt".equals(entry.get("mode")) || !"ns/op".equals(primary.get("scoreUnit"))) {
        throw new BadInput(file + ": " + variant + " at " + point + " is no average in ns/op");
      }
      NavigableMap<Integer, List<Double>> rounds =
          times
              .computeIfAbsent(point, p -> new LinkedHashMap<>())
              .computeIfAbsent(variant, v -> new TreeMap<>());
      // An entry is one fork of one round; JMH alone writes all forks into one, which stand for
      // rounds then.
      int round = entry.get("round") instanceof Number n ? n.intValue() : 0;
      for (Object fork : Json.list(file, primary.get("rawData"), "rawData")) {
        List<Double> iterations = new ArrayList<>();
        for (Object time : Json.list(file, fork, "a fork of rawData")) {
          double nanos = Json.number(file, time, "a time of rawData");
          if (!(nanos > 0)) {
            throw new BadInput(file + ": a time that is not positive, " + variant + " at " + point);
          }
          iterations.add(nanos / point.elements());
        }
        if (iterations.isEmpty()) {
          throw new BadInput(file + ": no times, " + variant + " at " + point);
        }
        while (rounds.containsKey(round)) {
          round++;
        }
        rounds.put(round, iterations);
      }
      if (rounds.isEmpty()) {
        throw new BadInput(file + ": no forks, " + variant + " at " + point);
      }
      bytes.merge(
          point + " " + variant,
          bytesPerCall(file, entry.get("secondaryMetrics")),
          (a, b) -> a.isEmpty() || b.isPresent() && b.getAsDouble() > a.getAsDouble() ? b : a);
    }
    SortedMap<Point, Map<String, Sample>> points = new TreeMap<>();
    times.forEach(
        (point, variants) -> {
          Map<String, Sample> samples = new LinkedHashMap<>();
          variants.forEach(
              (variant, rounds) ->
                  samples.put(variant, new Sample(rounds, bytes.get(point + " " + variant))));
          points.put(point, samples);
        });
    return points;
  }

  static Point point(Path file, Map<?, ?> params) {
    String shape = Json.string(file, params.get("shape"), "shape");
    if (!SHAPE.matcher(shape).matches()) {
      throw new BadInput(file + ": no shape: " + shape);
    }
    Object more = params.get(params.containsKey("data") ? "data" : "call");
    return new Point(shape, more instanceof String data ? data : "");
  }

  /** The least of the iterations: in the first ones the JVM still compiles. */
  private static OptionalDouble bytesPerCall(Path file, Object metrics) {
    if (!(metrics instanceof Map<?, ?> map)
        || !(map.get("gc.alloc.rate.norm") instanceof Map<?, ?> allocated)) {
      return OptionalDouble.empty();
    }
    double bytes = Json.number(file, allocated.get("score"), "gc.alloc.rate.norm");
    if (allocated.get("rawData") instanceof List<?> forks) {
      for (Object fork : forks) {
        for (Object iteration : fork instanceof List<?> all ? all : List.of()) {
          bytes = Math.min(bytes, Json.number(file, iteration, "gc.alloc.rate.norm"));
        }
      }
    }
    return OptionalDouble.of(bytes);
  }

  /** In the order of the file. */
  List<String> variants() {
    return points.values().stream().flatMap(m -> m.keySet().stream()).distinct().toList();
  }

  /** Null where it was not measured. */
  Sample at(Point point, String variant) {
    return points.getOrDefault(point, Map.of()).get(variant);
  }

  /** The largest error of a variant's results, as they were checked; NaN where it is not known. */
  double error(Point point, String variant) {
    boolean friendly = point.data().isEmpty() || point.data().equals(Point.FRIENDLY);
    String key = friendly ? point.shape() : point.shape() + " " + point.data();
    return environment.get("errors") instanceof Map<?, ?> errors
            && errors.get(key) instanceof Map<?, ?> variants
            && variants.get(variant) instanceof Number error
        ? error.doubleValue()
        : Double.NaN;
  }

  /** Lists and objects on one line; empty where there is none. */
  String text(String key) {
    return switch (environment.get(key)) {
      case null -> "";
      case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(", "));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> e.getKey() + " " + e.getValue())
              .collect(Collectors.joining(", "));
      case Object value -> value.toString();
    };
  }

  /** Not where everything failed. */
  boolean hasAny() {
    return !points.isEmpty()
        || warmup != null && !(warmup.steady().isEmpty() && warmup.measured().isEmpty());
  }

  /** The least of all contestants; of warm-up, of JVMs where nothing ran before. */
  int rounds() {
    return warmup == null
        ? points.values().stream()
            .flatMap(m -> m.values().stream())
            .mapToInt(s -> s.rounds().size())
            .min()
            .orElse(0)
        : warmup.starts().values().stream().mapToInt(List::size).min().orElse(0);
  }

  /** As 2026-11-28; empty where the name has none. */
  String date() {
    return stamp.isEmpty()
        ? ""
        : stamp.substring(0, 4) + "-" + stamp.substring(4, 6) + "-" + stamp.substring(6, 8);
  }

  /** What the environment says of a contestant; empty where it says nothing. */
  String version(String contestant) {
    Object known = environment.get(contestant);
    if (known == null && environment.get("peers") instanceof Map<?, ?> peers) {
      known = peers.get(contestant);
    }
    return known instanceof String version ? version : "";
  }

  /** The machine's before the run; NaN where it is not known. */
  double load() {
    return environment.get("load") instanceof Number load ? load.doubleValue() : Double.NaN;
  }

  /** Of the vectors of the JVM; 0 where it is not known. */
  int bits() {
    Matcher m = Pattern.compile("(\\d+) bits").matcher(text("width") + " bits " + text("vector"));
    return m.find() ? Integer.parseInt(m.group(1)) : 0;
  }

  /**
   * Names the kind of machine; hypervisors hide the rest of the name, so model numbers are in it.
   */
  String machine() {
    String cpu = text("cpu").isEmpty() ? "unknown CPU" : text("cpu");
    String[] model = text("cpu family, model").split(", ");
    return model.length == 2 ? cpu + " (family " + model[0] + ", model " + model[1] + ")" : cpu;
  }
}
