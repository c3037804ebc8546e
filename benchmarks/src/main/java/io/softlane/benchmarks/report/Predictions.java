package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the model says of loops and cores, as tables for docs/engineering.md. */
record Predictions(Model model, List<Group> groups) {
  private static final Point POINT = new Point("64x1000");

  String counts() {
    Text text = new Text();
    Set<String> classes = new LinkedHashSet<>();
    model.loops().values().forEach(c -> classes.addAll(c.keySet()));
    text.table(
        Text.header("instructions a vector", List.copyOf(classes)),
        model.loops().entrySet().stream()
            .map(
                e ->
                    Stream.concat(
                            Stream.of(e.getKey()),
                            classes.stream()
                                .map(c -> e.getValue().get(c))
                                .map(n -> n == null ? "" : number(n, 0)))
                        .toList())
            .toList());
    return text.toString();
  }

  String times() {
    Text text = new Text();
    List<String> operations = List.copyOf(model.operations().keySet());
    List<String> loops = List.copyOf(model.loops().keySet());
    List<List<String>> limits = new ArrayList<>();
    List<List<String>> times = new ArrayList<>();
    for (Model.Core core : model.cores()) {
      List<String> row = new ArrayList<>(List.of(core.name(), core.bits() + ""));
      loops.forEach(loop -> row.add(number(model.cycles(loop, core), 1)));
      limits.add(row);
      List<String> expected =
          new ArrayList<>(List.of(core.name(), core.bits() + "", number(core.clock(), 2)));
      operations.forEach(operation -> expected.add(expected(operation, core)));
      times.add(expected);
    }
    text.table(
        Stream.of(List.of("cycles a vector, at least", "bits"), loops)
            .flatMap(List::stream)
            .toList(),
        limits);
    text.table(
        Stream.of(
                List.of("ns per element, predicted (measured at 64x1000)", "bits", "GHz"),
                operations.stream().map(Kinds::title).toList())
            .flatMap(List::stream)
            .toList(),
        times);
    return text.toString();
  }

  private String expected(String operation, Model.Core core) {
    String prediction = number(model.limit(operation, core) * model.overhead(), 2);
    return groups.stream()
        .filter(g -> core.equals(model.core(g)))
        .map(g -> g.at(operation, POINT, Contestants.SOFTLANE))
        .filter(s -> s != null)
        .findFirst()
        .map(s -> prediction + " (" + number(s.time(), 2) + ")")
        .orElse(prediction);
  }
}
