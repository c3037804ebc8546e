package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Figures within pages that are written by hand. Each stands between two comments, of which the
 * first names it; the words around them are the page's own.
 */
final class Blocks {
  static final Pattern BLOCK =
      Pattern.compile("(?s)(<!-- figures: ([a-z-]+),[^>]*-->\n).*?(<!-- end of figures -->\n)");

  /** The shape of the front page's picture. */
  private static final Point SHAPE = new Point("4096x1000");

  private static final String UNKNOWN = "Not measured.";

  private final Results results;
  private final Group group;
  private final Map<String, String> blocks = new TreeMap<>();
  private Figure picture;

  private Blocks(Results results) {
    this.results = results;
    this.group = results.main();
  }

  static Blocks of(Results results) {
    Blocks blocks = new Blocks(results);
    blocks.blocks.put("picture", blocks.picture());
    blocks.blocks.put("faster", new Faster(results).text());
    blocks.blocks.put("limits", blocks.limits());
    blocks.blocks.put("libraries", blocks.libraries());
    Predictions predictions = new Predictions(results.model(), results.groups());
    blocks.blocks.put("counts", predictions.counts());
    blocks.blocks.put("predictions", predictions.times());
    return blocks;
  }

  Set<String> names() {
    return blocks.keySet();
  }

  /** Of the block "picture"; null where softmax was not measured at that shape. */
  Figure figure() {
    return picture;
  }

  /**
   * The page with its figures replaced.
   *
   * @param found to which the names of its blocks are added
   */
  String fill(String page, Set<String> found) {
    return BLOCK
        .matcher(page)
        .replaceAll(
            block -> {
              String text = blocks.get(block.group(2));
              if (text == null) {
                throw new BadInput("There are no figures named " + block.group(2));
              }
              found.add(block.group(2));
              return Matcher.quoteReplacement(
                  block.group(1) + text.stripTrailing() + "\n" + block.group(3));
            });
  }

  private String picture() {
    if (group.at("softmax", SHAPE, Contestants.SOFTLANE) == null) {
      return UNKNOWN;
    }
    picture = new Pictures(results, group).front(SHAPE);
    return "![%s](%s/charts/%s)".formatted(picture.alt(), results.link(), picture.name());
  }

  private String limits() {
    Map<String, Group> cpus = new LinkedHashMap<>();
    results.groups().forEach(g -> cpus.putIfAbsent(results.cpu(g), g));
    List<String> items = new ArrayList<>();
    items.add(
        "**Measured on %s of CPU** only: %s. What follows is of %s."
            .formatted(
                Text.count(cpus.size(), "kind"),
                String.join(", ", cpus.keySet()),
                results.shortName(group)));
    Point tiny = new Point("1x10");
    Run softmax = group.runs().get("softmax");
    if (softmax != null && softmax.at(tiny, Contestants.SOFTLANE) != null) {
      Map<String, Sample> samples = softmax.points().get(tiny);
      String others =
          Contestants.columns(List.copyOf(samples.keySet())).entrySet().stream()
              .filter(e -> Fastest.of(samples, e.getValue()).ratio().value() < 1.5)
              .map(
                  e ->
                      e.getKey().label()
                          + " "
                          + Tables.times(Fastest.of(samples, e.getValue()).ratio().value()))
              .collect(Collectors.joining(", "));
      if (!others.isEmpty()) {
        items.add(
            "**One row of ten columns a call** is hardly faster, or slower. Others' time over Softlane's: "
                + others
                + ".");
      }
    }
    List<Double> hostile = Costs.hostile(group, "");
    if (!hostile.isEmpty()) {
      items.add(
          "**Difficult rows** (half of them -inf, huge logits, logits far from the row before's, subnormal results) take %s times as long as others."
              .formatted(Tables.range(hostile, Tables::times)));
    }
    Run warmup = group.runs().get("warmup");
    if (warmup != null) {
      items.add(
          ("**Warm-up.** A JVM's first call takes %s ms. Called without a pause, for one shape, `best()` has 90 %% of"
                  + " its speed after %s s; at a thousand calls a second it may take more than six.")
              .formatted(
                  starts(warmup, Warmup.Start::firstCall, 1e6, 0),
                  starts(warmup, Warmup.Start::nanos, 1e9, 1)));
    }
    return items.stream()
        .map(i -> Text.wrap("- " + i).replace("\n", "\n  "))
        .collect(Collectors.joining("\n"));
  }

  private static String starts(
      Run run, ToDoubleFunction<Warmup.Start> value, double unit, int digits) {
    List<Double> all =
        run.warmup().steady().keySet().stream()
            .map(p -> run.warmup().start(p, value) / unit)
            .filter(v -> !v.isNaN())
            .toList();
    return Tables.range(all, v -> number(v, digits));
  }

  /** Times and errors of what a Java program can call, at a few shapes. */
  private String libraries() {
    List<List<String>> rows = new ArrayList<>();
    Map<String, String> calls = new LinkedHashMap<>();
    calls.put("softmax", "libraries");
    calls.put("crossentropygradient", "librariesgradient");
    List<Contestants.Column> columns =
        List.copyOf(
            Contestants.columns(
                    group.runs().values().stream()
                        .filter(r -> calls.containsKey(r.kind()) || calls.containsValue(r.kind()))
                        .flatMap(r -> r.variants().stream())
                        .distinct()
                        .toList())
                .keySet());
    calls.forEach(
        (kind, more) -> {
          Run run = group.runs().get(kind);
          for (String shape : List.of("65536x10", "4096x1000", "64x128256", "1x1000")) {
            Point point = new Point(shape);
            if (run == null || run.at(point, Contestants.SOFTLANE) == null) {
              continue;
            }
            List<String> row =
                new ArrayList<>(
                    List.of(
                        Kinds.title(kind) + ", " + point.spaced(),
                        number(run.at(point, Contestants.SOFTLANE).time(), 2)
                            + " ns"
                            + error(run, point, Contestants.SOFTLANE)));
            for (Contestants.Column column : columns) {
              row.add(
                  Stream.of(run, group.runs().get(more))
                      .map(r -> cell(r, point, column))
                      .filter(c -> !c.equals(Tables.MISSING))
                      .findFirst()
                      .orElse(Tables.MISSING));
            }
            rows.add(row);
          }
        });
    if (rows.isEmpty()) {
      return UNKNOWN;
    }
    Text text = new Text();
    text.paragraph("One thread, " + results.shortName(group) + ":");
    text.table(
        Stream.concat(Stream.of("", "Softlane"), columns.stream().map(Contestants.Column::label))
            .toList(),
        rows);
    return text.toString();
  }

  private static String cell(Run run, Point point, Contestants.Column column) {
    if (run == null || !run.points().containsKey(point)) {
      return Tables.MISSING;
    }
    Fastest fastest =
        Fastest.of(
            run.points().get(point),
            Contestants.columns(run.variants()).getOrDefault(column, List.of()));
    return fastest == null
        ? Tables.MISSING
        : Tables.times(fastest.ratio().value()) + "×" + error(run, point, fastest.variant());
  }

  private static String error(Run run, Point point, String variant) {
    double error = run.error(point, variant);
    return Double.isNaN(error) ? "" : ", " + Tables.error(error) + " ULP";
  }
}
