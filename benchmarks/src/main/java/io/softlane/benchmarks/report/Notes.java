package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The hand-written part of the page, with the model's tables in it. */
record Notes(Text text, Model model, List<Group> groups) {
  /** As they are, but for two places that are computed. */
  void write(String notes) {
    for (String paragraph : notes.strip().split("\n\n")) {
      switch (paragraph.strip()) {
        case "<!-- counts -->" -> counts();
        case "<!-- predictions -->" -> predictions();
        default -> {
          if (!paragraph.startsWith("<!--")) {
            text.paragraph(paragraph);
          }
        }
      }
    }
  }

  private void counts() {
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
  }

  private void predictions() {
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
      for (String operation : operations) {
        String prediction = number(model.limit(operation, core) * model.overhead(), 2);
        double measured =
            groups.stream()
                .filter(g -> core.equals(model.core(g)))
                .map(g -> g.at(operation, new Point("64x1000"), "vector"))
                .filter(s -> s != null)
                .mapToDouble(Sample::median)
                .findFirst()
                .orElse(Double.NaN);
        expected.add(
            Double.isNaN(measured) ? prediction : prediction + " (" + number(measured, 2) + ")");
      }
      times.add(expected);
    }
    text.table(
        Stream.of(List.of("cycles a vector, at least", "bits"), loops)
            .flatMap(List::stream)
            .toList(),
        limits);
    text.table(
        Stream.of(List.of("ns per element, predicted (measured)", "bits", "GHz"), operations)
            .flatMap(List::stream)
            .toList(),
        times);
  }
}
