package io.softlane.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** What Softlane's own calls cost over its plain one. */
record Costs(List<Group> groups) {
  /** A line each, a cell for each machine; lines that no machine has are left out. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    row(rows, "softmax in place", "out of place", Costs::inPlace);
    for (String kind : List.of("options", "segments", "entropy")) {
      for (String variant : own(kind)) {
        String what =
            switch (kind) {
              case "options" -> "softmax with " + Contestants.label(variant);
              case "segments" -> "a batch as " + Contestants.label(variant);
              default -> Contestants.label(variant);
            };
        String beside =
            switch (kind) {
              case "options" -> "plain softmax";
              case "segments" -> "the call on arrays";
              default -> "log-sum-exp";
            };
        row(rows, what, beside, g -> ratios(g.runs().get(kind), variant));
      }
    }
    for (String call : calls()) {
      String beside =
          switch (call) {
            case "greedy" -> "argmax";
            case "router" -> "max";
            case "softcap" -> "a product in a plain loop";
            default -> "log-sum-exp";
          };
      row(rows, Point.label(call), beside, g -> tokens(g.runs().get("tokens"), call));
    }
    row(rows, "`parallel()` on two threads", "one thread", g -> parallel(g.runs().get("threads")));
    for (String data : hostile()) {
      row(rows, "softmax of rows: " + Point.label(data), "ordinary rows", g -> hostile(g, data));
    }
    return rows;
  }

  private void row(
      List<List<String>> rows, String what, String beside, Function<Group, List<Double>> ratios) {
    List<String> cells =
        groups.stream().map(g -> Tables.range(ratios.apply(g), Tables::times)).toList();
    if (cells.stream().anyMatch(c -> !c.equals(Tables.MISSING))) {
      rows.add(Stream.concat(Stream.of(what, beside), cells.stream()).toList());
    }
  }

  private List<String> own(String kind) {
    return Contestants.inOrder(
        runs(kind)
            .flatMap(r -> r.variants().stream())
            .filter(v -> !Contestants.isOther(v) && !v.equals(Contestants.SOFTLANE))
            .distinct()
            .toList());
  }

  private Stream<Run> runs(String kind) {
    return groups.stream().map(g -> g.runs().get(kind)).filter(r -> r != null);
  }

  private static List<Double> ratios(Run run, String variant) {
    List<Double> ratios = new ArrayList<>();
    if (run != null) {
      for (Map<String, Sample> samples : run.points().values()) {
        if (samples.containsKey(variant) && samples.containsKey(Contestants.SOFTLANE)) {
          ratios.add(Ratio.of(samples.get(variant), samples.get(Contestants.SOFTLANE)).value());
        }
      }
    }
    return ratios;
  }

  /** Two runs, so their rounds have nothing to do with each other. */
  private static List<Double> inPlace(Group group) {
    List<Double> ratios = new ArrayList<>();
    Run run = group.runs().get("inplace");
    if (run != null) {
      for (Point point : run.points().keySet()) {
        Sample in = run.at(point, Contestants.SOFTLANE);
        Sample out = group.at("softmax", point, Contestants.SOFTLANE);
        if (in != null && out != null) {
          ratios.add(in.time() / out.time());
        }
      }
    }
    return ratios;
  }

  private List<String> calls() {
    return runs("tokens")
        .flatMap(r -> r.points().keySet().stream())
        .map(Point::data)
        .filter(d -> !d.endsWith(Point.TAIL))
        .distinct()
        .toList();
  }

  private static List<Double> tokens(Run run, String call) {
    List<Double> ratios = new ArrayList<>();
    if (run != null) {
      run.points()
          .forEach(
              (point, samples) -> {
                if (point.data().equals(call)
                    && samples.containsKey(Contestants.SOFTLANE)
                    && samples.containsKey("yardstick")) {
                  ratios.add(
                      Ratio.of(samples.get(Contestants.SOFTLANE), samples.get("yardstick"))
                          .value());
                }
              });
    }
    return ratios;
  }

  /** Where there is enough to be shared. */
  private static List<Double> parallel(Run run) {
    return run == null
        ? List.of()
        : run.points().keySet().stream()
            .filter(p -> p.elements() >= 1 << 18)
            .map(p -> 1 / Tables.speedup(run, p, "parallel"))
            .filter(r -> !r.isNaN())
            .toList();
  }

  private List<String> hostile() {
    return runs("hostile")
        .flatMap(r -> r.points().keySet().stream())
        .map(Point::data)
        .filter(d -> !d.equals(Point.FRIENDLY))
        .distinct()
        .toList();
  }

  /** Of one sort of data, or of all for an empty name. */
  static List<Double> hostile(Group group, String data) {
    Map<Point, Double> ratios = new LinkedHashMap<>();
    Run run = group.runs().get("hostile");
    if (run != null) {
      for (Point point : run.points().keySet()) {
        Sample one = run.at(point, Contestants.SOFTLANE);
        Sample friendly = run.at(new Point(point.shape(), Point.FRIENDLY), Contestants.SOFTLANE);
        boolean wanted = data.isEmpty() ? one != friendly : point.data().equals(data);
        if (wanted && one != null && friendly != null) {
          ratios.put(point, Ratio.of(one, friendly).value());
        }
      }
    }
    return List.copyOf(ratios.values());
  }
}
