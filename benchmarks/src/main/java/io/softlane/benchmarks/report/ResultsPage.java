package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** RESULTS.md: one page that a person reads. */
final class ResultsPage {
  /** Few columns and many, in cache and out of it, batches and single rows. */
  private static final List<String> SHAPES =
      List.of(
          "65536x10",
          "8192x100",
          "64x1000",
          "4096x1000",
          "64x128256",
          "1x10",
          "1x1000",
          "1x128256");

  private final Text text = new Text();
  private final Results results;
  private final List<Group> groups;
  private final List<Figure> figures;

  private ResultsPage(Results results, List<Figure> figures) {
    this.results = results;
    this.groups = results.groups();
    this.figures = figures;
  }

  /**
   * @param figures of the machines' pages, of which this one shows three
   */
  static String of(Results results, List<Figure> figures) {
    ResultsPage page = new ResultsPage(results, figures);
    page.write();
    return page.text.toString();
  }

  private void write() {
    text.paragraph(Pages.GENERATED);
    text.heading(1, "Results");
    text.paragraph(
        """
        How fast Softlane is beside what a Java program could use instead, and where it is slower. A figure without a unit is the
        other's time over Softlane's: 2 means that the other takes twice as long, below 1 it is the faster one.""");
    text.heading(2, "In short");
    text.paragraph("Batches only: the median over shapes, then from the worst shape to the best.");
    text.paragraph(new Faster(results).text());
    slower();
    pictures();
    machines();
    text.heading(2, "How it was measured");
    text.item(
        "One thread. Every contestant runs at every shape in a JVM of its own (JMH), until its speed no longer changes, for 6 s at most.");
    text.item(
        "Then a second is measured, in tenths. Each figure is the fastest tenth of any round, for everyone: other users of the machine can"
            + " only make one slower.");
    text.item(
        "Logits are N(0, 3) with a fixed seed. Each result is compared with double precision before it is timed.");
    text.item(
        "Each contestant has the logits in the form it likes best, made before: no copy is timed that its users would not make.");
    text.item(
        "Virtual machines with neighbours: compare within a row. `benchmarks/run` measures again; [benchmarks/README.md](benchmarks/README.md) has the details.");
    text.end();
    contestants();
    text.heading(2, "Operations");
    text.paragraph(
        "Rows x columns; Softlane's time in ns per element, then the others' ratios, bold where below 1. More shapes, spreads and errors are on the machines' pages.");
    Kinds.of(Kinds.Part.OPERATION).forEach(kind -> operation(kind.name()));
    Kinds.of(Kinds.Part.LIBRARY).forEach(kind -> operation(kind.name()));
    costs();
    text.heading(2, "More");
    text.paragraph(
        "What limits the kernels, what was tried and lost, and what other machines are expected to do: [docs/engineering.md](docs/engineering.md).");
  }

  private void machines() {
    text.heading(2, "Machines");
    List<List<String>> rows = new ArrayList<>();
    for (Group group : groups) {
      List<Double> loads =
          group.runs().values().stream().map(Run::load).filter(l -> !l.isNaN()).toList();
      List<Double> rounds =
          group.runs().values().stream()
              .filter(r -> !r.kind().equals("jvms")) // whose rounds are JVMs of all operations
              .map(r -> (double) r.rounds())
              .toList();
      boolean quick = group.runs().values().stream().allMatch(Run::quick);
      rows.add(
          List.of(
              results.shortName(group),
              group.machine() + cores(group),
              all(group, "jdk"),
              Tables.range(rounds, l -> number(l, 0)) + (quick ? ", quick look" : ""),
              Tables.range(loads, l -> number(l, 1)),
              dates(group),
              all(group, "commit"),
              "[all results](" + results.link() + "/" + MachinePage.name(group) + ")"));
    }
    text.table(
        List.of(
            "machine",
            "CPU",
            "JDK",
            "rounds",
            "load before a run",
            "measured",
            "commit",
            "everything"),
        rows);
  }

  private static String dates(Group group) {
    Set<String> dates = new TreeSet<>();
    group.runs().values().forEach(r -> dates.add(r.date()));
    return String.join(", ", dates);
  }

  private static String cores(Group group) {
    String processors = all(group, "processors");
    return processors.matches("\\d+") ? ", " + processors + " processors" : "";
  }

  private static String all(Group group, String key) {
    Set<String> values = new LinkedHashSet<>();
    group.runs().values().stream()
        .map(r -> r.text(key))
        .filter(v -> !v.isEmpty())
        .forEach(values::add);
    return values.isEmpty() ? Tables.MISSING : String.join(", ", values);
  }

  private void contestants() {
    text.heading(2, "Who is compared");
    List<String> variants =
        groups.stream()
            .flatMap(g -> g.runs().values().stream())
            .flatMap(r -> r.variants().stream())
            .distinct()
            .toList();
    List<List<String>> rows = new ArrayList<>();
    for (Contestants.Column column : Contestants.columns(variants).keySet()) {
      Set<String> versions = new TreeSet<>();
      for (Group group : groups) {
        group.runs().values().forEach(r -> versions.add(r.version(column.environment())));
      }
      versions.remove("");
      rows.add(List.of(column.label(), column.what(), String.join("; ", versions)));
    }
    text.table(List.of("name", "what it is", "version"), rows);
  }

  /** Of all machines in one table, where there are any figures. */
  private void operation(String kind) {
    List<Group> having = groups.stream().filter(g -> g.runs().containsKey(kind)).toList();
    if (having.isEmpty()) {
      return;
    }
    List<String> variants =
        having.stream().flatMap(g -> g.runs().get(kind).variants().stream()).distinct().toList();
    Map<Contestants.Column, List<String>> columns = Contestants.columns(variants);
    List<List<String>> rows = new ArrayList<>();
    for (Group group : having) {
      Run run = group.runs().get(kind);
      boolean usual =
          run.points().keySet().stream().allMatch(p -> p.data().isEmpty())
              && run.points().keySet().stream().anyMatch(p -> SHAPES.contains(p.shape()));
      for (Point point : run.points().keySet()) {
        // Of calls on two sorts of rows, the ordinary ones.
        if (usual && !SHAPES.contains(point.shape()) || point.data().endsWith(Point.TAIL)) {
          continue;
        }
        List<String> row = new ArrayList<>();
        if (groups.size() > 1) {
          row.add(results.shortName(group));
        }
        row.add(point.toString());
        Sample ours = run.at(point, Contestants.SOFTLANE);
        row.add(ours == null ? Tables.MISSING : number(ours.time(), 3));
        columns.values().forEach(c -> row.add(Tables.ratio(run, point, c)));
        rows.add(row);
      }
    }
    if (rows.isEmpty()) {
      return;
    }
    text.heading(3, Kinds.title(kind));
    text.table(
        Stream.of(
                groups.size() > 1 ? List.of("machine") : List.<String>of(),
                List.of(Tables.point(having.getFirst().runs().get(kind)), "Softlane, ns"),
                columns.keySet().stream().map(Contestants.Column::label).toList())
            .flatMap(List::stream)
            .toList(),
        rows);
  }

  private void slower() {
    text.heading(2, "Where Softlane is slower");
    text.paragraph(
        "Operations in which another was faster at one shape or more: at how many, and the worst. *no*: nowhere. -: not measured.");
    Map<String, Map<String, List<String>>> rows = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      for (Run run : groups.get(i).runs().values()) {
        for (Map.Entry<Contestants.Column, List<String>> column :
            Contestants.columns(run.variants()).entrySet()) {
          String cell = slower(run, column.getValue());
          if (!cell.isEmpty()) {
            List<String> cells =
                rows.computeIfAbsent(Kinds.title(run.kind()), k -> new LinkedHashMap<>())
                    .computeIfAbsent(
                        column.getKey().label(), c -> new ArrayList<>(nowhere(run.kind(), c)));
            cells.set(i, cell);
          }
        }
      }
    }
    List<List<String>> lines = new ArrayList<>();
    rows.forEach(
        (kind, columns) ->
            columns.forEach(
                (column, cells) ->
                    lines.add(Stream.concat(Stream.of(kind, column), cells.stream()).toList())));
    if (lines.isEmpty()) {
      text.paragraph("Nowhere, of what was measured.");
      return;
    }
    text.table(header("operation", "faster"), lines);
  }

  /** Of each machine, where nothing was slower: whether it was measured. */
  private List<String> nowhere(String kind, String contestant) {
    return groups.stream()
        .map(g -> g.runs().get(kind))
        .map(
            run ->
                run != null
                        && Contestants.columns(run.variants()).keySet().stream()
                            .anyMatch(c -> c.label().equals(contestant))
                    ? "no"
                    : Tables.MISSING)
        .toList();
  }

  private List<String> header(String... first) {
    return Stream.concat(Stream.of(first), groups.stream().map(results::shortName)).toList();
  }

  /** Empty where it was faster nowhere. */
  private static String slower(Run run, List<String> variants) {
    int all = 0;
    int faster = 0;
    double worst = Tables.SLOWER;
    Point where = null;
    for (Map.Entry<Point, Map<String, Sample>> entry : run.points().entrySet()) {
      Fastest fastest = Fastest.of(entry.getValue(), variants);
      if (fastest == null || entry.getKey().data().equals(Point.FRIENDLY)) {
        continue;
      }
      all++;
      faster += fastest.ratio().value() < Tables.SLOWER ? 1 : 0;
      if (fastest.ratio().value() < worst) {
        worst = fastest.ratio().value();
        where = entry.getKey();
      }
    }
    return where == null ? "" : faster + " of " + all + ", " + Tables.times(worst) + " at " + where;
  }

  private void costs() {
    Costs costs = new Costs(groups);
    List<List<String>> rows = costs.rows();
    if (!rows.isEmpty()) {
      text.heading(2, "What things cost");
      text.paragraph(
          "Softlane's own time over that of what it is compared with: from the cheapest shape to the dearest. The same call varies by a tenth from JVM to JVM.");
      text.table(header("what", "compared with"), rows);
    }
  }

  private void pictures() {
    String slug = results.main().slug();
    List<Figure> shown =
        Stream.of("softmax", "crossentropygradient", "error-4096x1000")
            .flatMap(
                name -> figures.stream().filter(f -> f.name().equals(slug + "-" + name + ".svg")))
            .toList();
    if (shown.isEmpty()) {
      return;
    }
    text.heading(2, "Pictures");
    text.paragraph(
        shown.stream()
            .map(f -> "![%s](%s/charts/%s)".formatted(f.alt(), results.link(), f.name()))
            .collect(Collectors.joining("\n\n")));
  }
}
