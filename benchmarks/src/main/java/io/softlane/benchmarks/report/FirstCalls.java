package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * First calls of a JVM one by one: medians over JVMs.
 *
 * @param measured entries as the benchmark wrote them; a figure that one has not counts as missing
 */
record FirstCalls(Text text, List<Map<?, ?>> measured) {
  void write() {
    calls();
    rate();
    warmUp();
  }

  private void calls() {
    Map<String, List<Map<?, ?>>> entries = new LinkedHashMap<>();
    measured.stream()
        .filter(e -> e.get("calls") instanceof List<?>)
        .forEach(
            e ->
                entries
                    .computeIfAbsent(
                        shape(e) + (what(e).startsWith("scalar") ? ", scalar kernels" : ", best()"),
                        k -> new ArrayList<>())
                    .add(e));
    if (entries.isEmpty()) {
      return;
    }
    text.paragraph("First calls of softmax, one by one: the thread's CPU, ms.");
    Map<Integer, String> header = new TreeMap<>();
    entries.values().stream()
        .flatMap(List::stream)
        .flatMap(e -> ((List<?>) e.get("calls")).stream())
        .forEach(c -> header.put((int) value(c, "call"), "call " + (int) value(c, "call")));
    List<List<String>> rows = new ArrayList<>();
    entries.forEach(
        (name, of) -> {
          List<String> row = new ArrayList<>(List.of(name));
          for (int call : header.keySet()) {
            row.add(
                millis(
                    of.stream()
                        .flatMap(e -> ((List<?>) e.get("calls")).stream())
                        .filter(c -> value(c, "call") == call)
                        .map(c -> value(c, "cpuNanos"))
                        .toList()));
          }
          row.add(millis(of.stream().map(e -> value(e, "longestCpuNanos")).toList()));
          row.add(millis(of.stream().map(e -> value(e, "allCpuNanos")).toList()));
          row.add(millis(of.stream().map(e -> value(e, "processCpuNanos")).toList()));
          rows.add(row);
        });
    List<String> columns = new ArrayList<>(header.values());
    columns.addAll(List.of("the longest", "all", "all, with the compilers' threads"));
    text.table(Text.header("rows x cols", columns), rows);
  }

  private void rate() {
    List<List<String>> rows = new ArrayList<>();
    byShape("vectorNanosPerCall")
        .forEach(
            (shape, of) ->
                rows.add(
                    List.of(
                        shape,
                        number(median(of, "vectorNanosPerCall"), 0),
                        number(median(of, "lastNanosPerCall"), 0),
                        of.stream().filter(e -> e.get("nanosTo110Percent") != null).count()
                            + " of "
                            + of.size(),
                        number(median(of, "nanosTo110Percent") / 1e9, 1))));
    if (!rows.isEmpty()) {
      text.paragraph("Softmax of one short row a call, a thousand calls a second for six seconds.");
      text.table(
          List.of(
              "rows x cols",
              "ns a call, compiled, at the same rate",
              "ns a call, at the end",
              "JVMs that came within 1.1 of it",
              "after, s"),
          rows);
    }
  }

  private void warmUp() {
    byShape("warmUpNanos")
        .forEach(
            (shape, of) -> {
              text.paragraph(
                  "`SoftmaxKernels.warmUp()` takes %s ms. The first call of each operation after it, at %s:"
                      .formatted(number(median(of, "warmUpNanos") / 1e6, 0), shape));
              Map<String, List<Map<?, ?>>> operations = new LinkedHashMap<>();
              for (Map<?, ?> entry : of) {
                if (entry.get("operations") instanceof Map<?, ?> all) {
                  all.forEach(
                      (name, figures) -> {
                        if (figures instanceof Map<?, ?> f) {
                          operations.computeIfAbsent(name + "", n -> new ArrayList<>()).add(f);
                        }
                      });
                }
              }
              List<List<String>> rows = new ArrayList<>();
              operations.forEach(
                  (name, figures) ->
                      rows.add(
                          List.of(
                              name,
                              number(median(figures, "firstNanos") / 1e3, 1),
                              number(median(figures, "steadyNanos") / 1e3, 1))));
              text.table(List.of("operation", "first call, us", "soon after, us"), rows);
            });
  }

  private Map<String, List<Map<?, ?>>> byShape(String figure) {
    Map<String, List<Map<?, ?>>> entries = new LinkedHashMap<>();
    measured.stream()
        .filter(e -> e.containsKey(figure))
        .forEach(e -> entries.computeIfAbsent(shape(e), s -> new ArrayList<>()).add(e));
    return entries;
  }

  private static String shape(Map<?, ?> entry) {
    return entry.get("params") instanceof Map<?, ?> params ? params.get("shape") + "" : "";
  }

  private static String what(Map<?, ?> entry) {
    return entry.get("params") instanceof Map<?, ?> params ? params.get("measured") + "" : "";
  }

  private static double median(List<Map<?, ?>> entries, String figure) {
    return median(entries.stream().map(e -> value(e, figure)).toList());
  }

  private static double median(List<Double> values) {
    List<Double> known = values.stream().filter(v -> !v.isNaN()).toList();
    return known.isEmpty() ? Double.NaN : Sample.median(known);
  }

  private static String millis(List<Double> nanos) {
    return number(median(nanos) / 1e6, 2);
  }

  private static double value(Object entry, String figure) {
    return entry instanceof Map<?, ?> map && map.get(figure) instanceof Number n
        ? n.doubleValue()
        : Double.NaN;
  }
}
