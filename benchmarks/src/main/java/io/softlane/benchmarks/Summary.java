package io.softlane.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Prints JMH's json as Markdown tables: ns per element, and the ratios to the naive loop and to the
 * copy. A figure is the median of all iterations of all forks; behind it, half the range of the
 * forks' own medians, in percent: what differs less was not measured.
 */
public final class Summary {
  private static final String MISSING = "-";

  /** So many JVMs say what a slow one is. */
  private static final int JVMS = 5;

  /**
   * One variant at one shape. The spread is NaN where one fork ran.
   *
   * @param slowest the slowest fork's time over the median fork's; NaN where few ran
   */
  record Figure(double nanosPerElement, double spread, double slowest, Double bytesPerCall) {}

  /** All figures of one benchmark method, by shape, then variant, in the order of the file. */
  record Table(String name, Map<String, Map<String, Figure>> shapes) {
    List<String> variants() {
      return shapes.values().stream().flatMap(m -> m.keySet().stream()).distinct().toList();
    }
  }

  private Summary() {}

  public static void main(String[] files) {
    System.exit(run(System.out, System.err, files));
  }

  /** All are read before the first is printed. Returns 2 where one cannot be, else 0. */
  static int run(PrintStream out, PrintStream err, String... files) {
    List<Table> tables = new ArrayList<>();
    for (String file : files) {
      try {
        tables.addAll(read(Files.readString(Path.of(file))));
      } catch (NoSuchFileException e) {
        err.println(file + ": no such file");
        return 2;
      } catch (IOException | RuntimeException e) {
        err.println(file + ": no results of JMH");
        return 2;
      }
    }
    tables.forEach(table -> out.println(markdown(table)));
    return 0;
  }

  static List<Table> read(String json) throws IOException {
    Map<String, Table> tables = new LinkedHashMap<>();
    // Entries that agree in their parameters are rounds: more forks of one figure.
    Map<List<String>, Map<String, Object>> merged = new LinkedHashMap<>();
    for (Object o : JSON.std.listFrom(json)) {
      Map<?, ?> entry = (Map<?, ?>) o;
      String name = (String) entry.get("benchmark");
      Map<?, ?> params = (Map<?, ?>) entry.get("params");
      String variant = (String) params.get("variant");
      merged.merge(List.of(name, row(params), variant), copy(entry), Summary::addForks);
    }
    merged.forEach(
        (key, entry) ->
            tables
                .computeIfAbsent(key.get(0), n -> new Table(shortName(n), new LinkedHashMap<>()))
                .shapes()
                .computeIfAbsent(key.get(1), s -> new LinkedHashMap<>())
                .put(key.get(2), figure(entry)));
    return List.copyOf(tables.values());
  }

  /** The parameters but the variant: what a row of a table is about. */
  private static String row(Map<?, ?> params) {
    List<String> values = new ArrayList<>();
    values.add((String) params.get("shape"));
    params.forEach(
        (name, value) -> {
          if (!name.equals("shape") && !name.equals("variant")) {
            values.add(name.equals("threads") ? value + " threads" : (String) value);
          }
        });
    return String.join(" ", values);
  }

  private static Map<String, Object> copy(Map<?, ?> entry) {
    Map<String, Object> copy = new LinkedHashMap<>();
    entry.forEach((key, value) -> copy.put((String) key, value));
    return copy;
  }

  private static Map<String, Object> addForks(
      Map<String, Object> entry, Map<String, Object> round) {
    Map<String, Object> metric = copy((Map<?, ?>) entry.get("primaryMetric"));
    List<Object> forks = new ArrayList<>((List<?>) metric.get("rawData"));
    forks.addAll((List<?>) ((Map<?, ?>) round.get("primaryMetric")).get("rawData"));
    metric.put("rawData", forks);
    entry.put("primaryMetric", metric);
    Double most = bytesPerCall((Map<?, ?>) entry.get("secondaryMetrics"));
    Double other = bytesPerCall((Map<?, ?>) round.get("secondaryMetrics"));
    if (most != null && other != null && other > most) {
      entry.put("secondaryMetrics", round.get("secondaryMetrics"));
    }
    return entry;
  }

  private static String shortName(String benchmark) {
    return benchmark.substring(benchmark.lastIndexOf('.') + 1);
  }

  private static Figure figure(Map<?, ?> entry) {
    Map<?, ?> primary = (Map<?, ?>) entry.get("primaryMetric");
    if (!"avgt".equals(entry.get("mode")) || !"ns/op".equals(primary.get("scoreUnit"))) {
      throw new IllegalArgumentException(
          entry.get("benchmark") + " is not an average time in ns/op");
    }
    List<Double> all = new ArrayList<>();
    List<Double> forks = new ArrayList<>();
    for (Object fork : (List<?>) primary.get("rawData")) {
      List<Double> iterations =
          ((List<?>) fork).stream().map(v -> ((Number) v).doubleValue()).toList();
      all.addAll(iterations);
      forks.add(median(iterations));
    }
    double median = median(all);
    return new Figure(
        median / elements((String) ((Map<?, ?>) entry.get("params")).get("shape")),
        forks.size() == 1
            ? Double.NaN
            : (Collections.max(forks) - Collections.min(forks)) / 2 / median,
        forks.size() < JVMS ? Double.NaN : Collections.max(forks) / median(forks),
        bytesPerCall((Map<?, ?>) entry.get("secondaryMetrics")));
  }

  /** Present where JMH ran with -prof gc. */
  private static Double bytesPerCall(Map<?, ?> metrics) {
    return metrics != null && metrics.get("gc.alloc.rate.norm") instanceof Map<?, ?> allocated
        ? ((Number) allocated.get("score")).doubleValue()
        : null;
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  static long elements(String shape) {
    return Arrays.stream(shape.split("x"))
        .mapToLong(Long::parseLong)
        .reduce(1, Math::multiplyExact);
  }

  static String markdown(Table table) {
    StringBuilder text = new StringBuilder();
    List<String> variants = table.variants();
    section(text, table, table.name() + ", ns per element", variants, Summary::nanos);
    if (variants.contains("naive")) {
      List<String> others =
          variants.stream().filter(c -> !c.equals("naive") && !c.equals("copy")).toList();
      section(
          text,
          table,
          table.name() + ", how many times as fast as naive",
          others,
          (figures, c) -> ratio(figures.get("naive"), figures.get(c)));
    }
    if (variants.contains("copy")) {
      List<String> others = variants.stream().filter(c -> !c.equals("copy")).toList();
      section(
          text,
          table,
          table.name() + ", times the copy's time",
          others,
          (figures, c) -> ratio(figures.get(c), figures.get("copy")));
    }
    boolean many =
        table.shapes().values().stream()
            .flatMap(m -> m.values().stream())
            .anyMatch(f -> !Double.isNaN(f.slowest()));
    if (many) {
      section(
          text,
          table,
          table.name() + ", the slowest JVM, times the median one",
          variants,
          Summary::slowest);
    }
    boolean profiled =
        table.shapes().values().stream()
            .flatMap(m -> m.values().stream())
            .anyMatch(f -> f.bytesPerCall() != null);
    if (profiled) {
      section(text, table, table.name() + ", bytes allocated per call", variants, Summary::bytes);
    }
    return text.toString();
  }

  private static void section(
      StringBuilder text,
      Table table,
      String title,
      List<String> variants,
      BiFunction<Map<String, Figure>, String, String> cell) {
    text.append(title).append("\n\n");
    int width = table.shapes().keySet().stream().mapToInt(String::length).max().orElse(0);
    width = Math.max(width, "65536x1000".length());
    row(text, width, "shape", variants);
    text.append('|').append("-".repeat(width + 2)).append('|');
    variants.forEach(c -> text.append("-".repeat(13)).append(":|"));
    text.append('\n');
    for (Map.Entry<String, Map<String, Figure>> row : table.shapes().entrySet()) {
      row(
          text,
          width,
          row.getKey(),
          variants.stream().map(c -> cell.apply(row.getValue(), c)).toList());
    }
    text.append('\n');
  }

  private static void row(StringBuilder text, int width, String first, List<String> cells) {
    text.append(String.format("| %-" + width + "s |", first));
    cells.forEach(c -> text.append(String.format(" %12s |", c)));
    text.append('\n');
  }

  private static String nanos(Map<String, Figure> figures, String variant) {
    Figure f = figures.get(variant);
    if (f == null) {
      return MISSING;
    }
    String nanos = String.format(Locale.ROOT, "%.3f", f.nanosPerElement());
    return Double.isNaN(f.spread())
        ? nanos
        : nanos + String.format(Locale.ROOT, " ±%.0f%%", Math.ceil(100 * f.spread()));
  }

  private static String ratio(Figure time, Figure unit) {
    return time == null || unit == null
        ? MISSING
        : String.format(Locale.ROOT, "%.2f", time.nanosPerElement() / unit.nanosPerElement());
  }

  private static String slowest(Map<String, Figure> figures, String variant) {
    Figure f = figures.get(variant);
    return f == null || Double.isNaN(f.slowest())
        ? MISSING
        : String.format(Locale.ROOT, "%.2f", f.slowest());
  }

  private static String bytes(Map<String, Figure> figures, String variant) {
    Figure f = figures.get(variant);
    return f == null || f.bytesPerCall() == null
        ? MISSING
        : String.format(Locale.ROOT, "%.1f", f.bytesPerCall());
  }
}
