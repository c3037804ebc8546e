package io.softlane.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** How much faster, in one table: for README.md and RESULTS.md. */
record Faster(Results results) {
  /** What most readers come for; RESULTS.md has all others. */
  private static final Map<String, String> OPERATIONS =
      new TreeMap<>(Map.of("softmax", "softmax", "crossentropygradient", "loss and gradient"));

  /** Of fewer no figure should be quoted alone. */
  private static final int ROUNDS = 3;

  private static final Map<String, String> LIBRARIES =
      Map.of("softmax", "libraries", "crossentropygradient", "librariesgradient");

  String text() {
    Text text = new Text();
    List<List<String>> rows = new ArrayList<>();
    for (Contestants.Column column : columns()) {
      for (String kind : OPERATIONS.keySet().stream().sorted((a, b) -> b.compareTo(a)).toList()) {
        List<String> row = new ArrayList<>(List.of(column.label(), OPERATIONS.get(kind)));
        results.groups().forEach(g -> row.add(cell(g, kind, column)));
        if (row.stream().skip(2).anyMatch(c -> !c.equals(Tables.MISSING))) {
          rows.add(row);
        }
      }
    }
    List<String> header = new ArrayList<>(List.of("instead of", "operation"));
    results.groups().forEach(g -> header.add(results.shortName(g)));
    text.table(header, rows);
    List<String> remarks = remarks();
    if (!remarks.isEmpty()) {
      text.paragraph(Text.wrap(String.join(" ", remarks)));
    }
    return text.toString().strip();
  }

  /** What a figure must not be quoted without. */
  private List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    boolean onnx =
        results.groups().stream()
            .filter(g -> !g.label().isEmpty())
            .anyMatch(
                g ->
                    g.runs().values().stream().anyMatch(r -> r.variants().contains("onnxruntime")));
    if (onnx) {
      remarks.add(
          "*Held to 256 bits*: AVX-512 is off for all but ONNX Runtime, which has no switch for it.");
    }
    String few =
        results.groups().stream()
            .filter(g -> rounds(g) < ROUNDS)
            .map(g -> results.shortName(g) + " (" + rounds(g) + ")")
            .collect(Collectors.joining("; "));
    if (!few.isEmpty()) {
      remarks.add("Fewer than three JVMs a figure: " + few + "; so take 0.9 to 1.1 for level.");
    }
    OptionalInt libraries =
        results.groups().stream()
            .flatMapToInt(g -> rounds(g, LIBRARIES::containsValue).stream())
            .min();
    if (libraries.isPresent()) {
      int jvms = libraries.getAsInt();
      remarks.add(
          ("Smile, Tribuo, ND4J and DJL are of runs of their own, with fewer batches and %s a figure,"
                  + " over Softlane's time in them.")
              .formatted(jvms == 1 ? "one JVM" : jvms + " JVMs"));
    }
    return remarks;
  }

  /** The least of the table's runs, without the libraries'. */
  private static int rounds(Group group) {
    return rounds(group, OPERATIONS::containsKey).orElse(ROUNDS);
  }

  private static OptionalInt rounds(Group group, Predicate<String> isKind) {
    return group.runs().values().stream()
        .filter(r -> isKind.test(r.kind()))
        .mapToInt(Run::rounds)
        .min();
  }

  private List<Contestants.Column> columns() {
    List<String> variants =
        results.groups().stream()
            .flatMap(g -> g.runs().values().stream())
            .filter(r -> OPERATIONS.containsKey(r.kind()) || LIBRARIES.containsValue(r.kind()))
            .flatMap(r -> r.variants().stream())
            .distinct()
            .toList();
    return List.copyOf(Contestants.columns(variants).keySet());
  }

  /** The median over batches, and the least and the largest. */
  private static String cell(Group group, String kind, Contestants.Column column) {
    List<Double> ratios = new ArrayList<>();
    for (String of : List.of(kind, LIBRARIES.get(kind))) {
      Run run = group.runs().get(of);
      if (run != null && ratios.isEmpty()) {
        List<String> variants = Contestants.columns(run.variants()).getOrDefault(column, List.of());
        run.points()
            .forEach(
                (point, samples) -> {
                  Fastest fastest = Fastest.of(samples, variants);
                  if (fastest != null && point.rows() > 1) {
                    ratios.add(fastest.ratio().value());
                  }
                });
      }
    }
    if (ratios.isEmpty()) {
      return Tables.MISSING;
    }
    String median = "**" + Tables.times(Sample.median(ratios)) + "**";
    return ratios.size() == 1 ? median : median + " (" + Tables.range(ratios, Tables::times) + ")";
  }
}
