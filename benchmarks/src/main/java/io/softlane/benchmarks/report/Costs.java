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
          ratios.add(Ratio.of(samples.get(variant), samples.get(Contestants.SOFTLANE)).median());
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
          ratios.add(in.median() / out.median());
        }
      }
    }
    return ratios;
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
          ratios.put(point, Ratio.of(one, friendly).median());
        }
      }
    }
    return List.copyOf(ratios.values());
  }
}
