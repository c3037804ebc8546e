package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The README's limits that were measured, on the machine whose figures the page shows. */
record Limits(Results results, Group group) {
  String text() {
    List<String> items = new ArrayList<>();
    Map<String, String> cpus = new LinkedHashMap<>();
    results.groups().forEach(g -> cpus.putIfAbsent(g.machine(), FrontPage.cpu(results, g)));
    items.add(
        "**Measured on %s of CPU** alone: %s."
            .formatted(Text.count(cpus.size(), "kind"), String.join(", ", cpus.values())));
    Run softmax = group.runs().get("softmax");
    Point tiny = new Point("1x10");
    if (softmax.at(tiny, "vector") != null) {
      items.add(
          "**One short row a call** gains little: at %s the naive loop takes %s times Softlane's time, C written by hand %s."
              .formatted(
                  FrontPage.spaced(tiny),
                  FrontPage.range(softmax, tiny::equals, List.of("naive")),
                  FrontPage.range(softmax, tiny::equals, Targets.C)));
    }
    Run hostile = group.runs().get("hostile");
    if (hostile != null) {
      List<Double> costs = new ArrayList<>();
      hostile
          .points()
          .forEach(
              (point, samples) -> {
                Sample friendly = hostile.at(new Point(point.shape(), Point.FRIENDLY), "vector");
                if (isHostile(point) && friendly != null && samples.containsKey("vector")) {
                  costs.add(Ratio.of(samples.get("vector"), friendly).median());
                }
              });
      String c = FrontPage.range(hostile, Limits::isHostile, Targets.C);
      items.add(
          ("**Rows with -inf, huge or far-off logits** take %s times as long as others; the fastest of oneDNN, ONNX Runtime"
                  + " and PyTorch then takes %s times Softlane's time%s.")
              .formatted(
                  FrontPage.range(costs, FrontPage::times),
                  FrontPage.range(hostile, Limits::isHostile, Targets.RUNTIMES),
                  c.equals(Tables.MISSING) ? "" : ", C " + c));
    }
    Run warmup = group.runs().get("warmup");
    if (warmup != null) {
      items.add(
          ("**Warm-up.** A JVM's first call takes %s ms; 90 %% of the steady speed is reached after %s s. Until"
                  + " then calls allocate: what C2 has not compiled makes an object of each vector.")
              .formatted(
                  starts(warmup, Warmup.Start::firstCall, 1e6, 0),
                  starts(warmup, Warmup.Start::nanos, 1e9, 1)));
    }
    return items.stream()
        .map(i -> Text.wrap("- " + i).replace("\n", "\n  "))
        .collect(Collectors.joining("\n"));
  }

  private static boolean isHostile(Point point) {
    return !point.data().equals(Point.FRIENDLY);
  }

  private static String starts(
      Run run, ToDoubleFunction<Warmup.Start> value, double unit, int digits) {
    List<Double> all =
        run.warmup().steady().keySet().stream()
            .map(p -> run.warmup().start(p, value) / unit)
            .filter(v -> !v.isNaN())
            .toList();
    return FrontPage.range(all, v -> number(v, digits));
  }
}
