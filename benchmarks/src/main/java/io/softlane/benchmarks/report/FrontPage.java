package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parts of the README that have figures. Each stands between two comments, of which the first
 * names it; the words around them are the README's own, those of the table are in features.md.
 */
final class FrontPage {
  static final String CHART = "front.svg";

  static final Pattern BLOCK =
      Pattern.compile("(?s)(<!-- figures: ([a-z-]+),[^>]*-->\n).*?(<!-- end of figures -->\n)");

  private static final String UNKNOWN = "Not measured.";
  private static final String SOFTLANE = "Softlane";
  private static final Point SHAPE = new Point("4096x1000");

  /**
   * One row of the table: what was called, and at which shape.
   *
   * @param libraries the kind of run that has the JVM libraries' version of it
   */
  private record Call(String kind, String libraries, String name, Point point) {
    static Call softmax(Point point) {
      return new Call("softmax", "libraries", "softmax", point);
    }

    static Call gradient(Point point) {
      return new Call("crossentropygradient", "librariesgradient", "loss and gradient", point);
    }

    String title() {
      return name + ", " + spaced(point);
    }
  }

  private static final List<Call> CALLS =
      List.of(
          Call.softmax(new Point("65536x10")),
          Call.softmax(SHAPE),
          Call.softmax(new Point("64x128256")),
          Call.softmax(new Point("1x1000")),
          Call.gradient(SHAPE));

  /** Of fewer no figure should be quoted. */
  private static final int ROUNDS = 3;

  /** What the page has figures of. */
  private static final List<String> KINDS =
      List.of(
          "softmax", "crossentropygradient", "libraries", "librariesgradient", "hostile", "warmup");

  private static final Set<String> LIBRARIES = Set.of("Smile", "Tribuo", "ND4J", "DJL");

  /** By the table's columns; where there are several, the fastest counts. */
  private static final Map<String, List<String>> VARIANTS =
      Map.of(
          SOFTLANE,
          List.of("vector"),
          "naive loop",
          List.of("naive"),
          "Smile",
          List.of("smile-base"),
          "Tribuo",
          List.of("tribuo"),
          "ND4J",
          List.of("nd4j"),
          "DJL",
          List.of("djl"),
          "ONNX Runtime",
          List.of("onnxruntime"),
          "PyTorch (JavaCPP)",
          List.of("pytorch", "pytorch-pieces", "pytorch-autograd"));

  private final Results results;

  /** Those that softmax was measured in, and the one whose figures the page shows. */
  private final List<Group> groups;

  private final Group group;

  private final Map<String, String> blocks = new TreeMap<>();
  private final Map<String, Charts.Figure> charts = new TreeMap<>();

  private FrontPage(Results results) {
    this.results = results;
    this.groups =
        results.groups().stream()
            .filter(g -> g.at("softmax", SHAPE, "vector") != null)
            .filter(g -> !g.runs().get("softmax").quick())
            .toList();
    // Machines come and go, and not all was measured on each: the first of those with most of it.
    this.group =
        groups.stream()
            .min(
                Comparator.comparingLong(
                    g -> -KINDS.stream().filter(g.runs()::containsKey).count()))
            .orElse(null);
  }

  static FrontPage of(Results results) throws IOException {
    FrontPage page = new FrontPage(results);
    page.blocks.put("chart", page.group == null ? UNKNOWN : page.chart());
    page.blocks.put("table", page.table());
    page.blocks.put(
        "limits", page.group == null ? UNKNOWN : new Limits(results, page.group).text());
    return page;
  }

  Map<String, Charts.Figure> charts() {
    return charts;
  }

  /** The page with its figures replaced. */
  String fill(String readme) {
    Set<String> found = new HashSet<>();
    String filled =
        BLOCK
            .matcher(readme)
            .replaceAll(
                block -> {
                  found.add(block.group(2));
                  String text = blocks.getOrDefault(block.group(2), UNKNOWN);
                  return Matcher.quoteReplacement(
                      block.group(1) + text.stripTrailing() + "\n" + block.group(3));
                });
    if (!found.equals(blocks.keySet())) {
      throw new BadInput(
          "The README's figures are %s, where %s should be"
              .formatted(
                  found.isEmpty() ? "none" : String.join(", ", found.stream().sorted().toList()),
                  String.join(", ", blocks.keySet())));
    }
    return filled;
  }

  private String chart() {
    Run run = group.runs().get("softmax");
    Map<String, String> names = new LinkedHashMap<>();
    names.put("naive", "naive loop");
    names.put("smile", "Smile's loop");
    names.put("pytorch", "PyTorch");
    names.put("onednn", "oneDNN");
    names.put("onnxruntime", "ONNX Runtime");
    Targets.Fastest c = Targets.Fastest.of(run.points().get(SHAPE), Targets.C, "vector");
    if (c != null) {
      names.put(c.variant(), "C, by hand");
    }
    names.put("vector", SOFTLANE);
    List<Bars.Bar> bars =
        names.keySet().stream()
            .filter(v -> run.at(SHAPE, v) != null)
            .map(
                v ->
                    new Bars.Bar(
                        names.get(v),
                        run.at(SHAPE, v).median(),
                        run.error(SHAPE, v),
                        v.equals("vector")))
            .toList();
    String caption = "Softmax, " + spaced(SHAPE) + ": ns per element, and largest error in ULP";
    charts.put(CHART, new Charts.Figure(CHART, caption, () -> Bars.svg(caption, bars)));
    String alt =
        caption
            + ": "
            + bars.stream()
                .map(b -> b.name() + " " + b.time() + ", " + b.error())
                .collect(Collectors.joining("; "));
    List<String> wide = beside(group);
    return "![%s](%s/charts/%s)\n\n".formatted(alt, results.link(), CHART)
        + Text.wrap(
            ("*Softmax of %s logits in one thread, %s; shorter is better.* For batches the naive loop takes %s times"
                    + " Softlane's time, the fastest of oneDNN, ONNX Runtime and PyTorch %s times, C written by hand %s times%s.")
                .formatted(
                    spaced(SHAPE),
                    machine(group),
                    wide.get(0),
                    wide.get(1),
                    wide.get(2),
                    others()));
  }

  private String machine(Group group) {
    return cpu(results, group) + (group.bits() == 0 ? "" : " at " + group.bits() + " bits");
  }

  /** "AMD EPYC" alone is any of many cores. */
  static String cpu(Results results, Group group) {
    Model.Core core = results.model().core(group);
    return core == null
        ? group.machine()
        : group.machine().replaceFirst(" \\(.*", "")
            + " ("
            + core.name().replaceFirst("^AMD ", "")
            + ")";
  }

  /** The same with narrower vectors, and on other machines. */
  private String others() {
    return groups.stream()
        .filter(g -> g != group)
        .map(
            g -> {
              List<String> beside = beside(g);
              return "%s they take %s, %s and %s"
                  .formatted(
                      (g.machine().equals(group.machine())
                              ? "held to " + g.bits() + " bits"
                              : "on " + machine(g))
                          + remark(g),
                      beside.get(0),
                      beside.get(1),
                      beside.get(2));
            })
        .collect(Collectors.joining("; ", groups.size() > 1 ? "; " : "", ""));
  }

  /** What a figure there must not be quoted without. */
  private static String remark(Group group) {
    List<String> remarks = new ArrayList<>();
    int rounds = group.at("softmax", SHAPE, "vector").rounds().size();
    if (rounds < ROUNDS) {
      remarks.add(Text.count(rounds, "round"));
    }
    if (group.label().equals("avx2") && group.at("softmax", SHAPE, "onnxruntime") != null) {
      remarks.add("ONNX Runtime keeps AVX-512");
    }
    return remarks.isEmpty() ? "" : " (" + String.join("; ", remarks) + ")";
  }

  /** Of batches: what the naive loop, the runtimes and C take, over our time. */
  private static List<String> beside(Group group) {
    Run run = group.runs().get("softmax");
    return Stream.of(List.of("naive"), Targets.RUNTIMES, Targets.C)
        .map(contestants -> range(run, p -> p.rows() > 1, contestants))
        .toList();
  }

  /** The least and the largest ratio of the fastest of some, over points. */
  static String range(Run run, Predicate<Point> which, List<String> contestants) {
    return range(
        run.points().keySet().stream()
            .filter(which)
            .map(p -> Targets.Fastest.of(run.points().get(p), contestants, "vector"))
            .filter(f -> f != null)
            .map(f -> f.ratio().median())
            .toList(),
        FrontPage::times);
  }

  static String range(Collection<Double> values, DoubleFunction<String> format) {
    if (values.isEmpty()) {
      return Tables.MISSING;
    }
    String least = format.apply(Collections.min(values));
    String most = format.apply(Collections.max(values));
    return least.equals(most) ? least : least + " to " + most;
  }

  static String times(double ratio) {
    return number(ratio, ratio < 2.995 ? 2 : ratio < 9.95 ? 1 : 0);
  }

  private String table() throws IOException {
    Path features = results.directory().resolve("features.md");
    if (!Files.exists(features)) {
      return UNKNOWN;
    }
    List<String> lines = new ArrayList<>();
    List<String> columns = List.of();
    for (String line : Files.readString(features, StandardCharsets.UTF_8).lines().toList()) {
      if (line.equals("<!-- figures -->")) {
        lines.addAll(figures(columns));
      } else if (!line.startsWith("<!--")) {
        lines.add(line.replace("<!-- machine -->", group == null ? UNKNOWN : machine(group)));
        if (columns.isEmpty() && line.startsWith("|")) {
          columns = columns(line);
        }
      }
    }
    return String.join("\n", lines).strip();
  }

  /** Without the first, and without the marks of footnotes. */
  private static List<String> columns(String header) {
    List<String> columns =
        Arrays.stream(header.split("\\|"))
            .skip(2)
            .map(c -> c.replaceAll("[¹²³⁴⁵⁶⁷⁸⁹]", "").strip())
            .toList();
    for (String column : columns) {
      if (!VARIANTS.containsKey(column)) {
        throw new BadInput("features.md: no contestant is called " + column);
      }
    }
    return columns;
  }

  private List<String> figures(List<String> columns) {
    List<String> rows = new ArrayList<>();
    for (Call call : CALLS) {
      Run run = group == null ? null : group.runs().get(call.kind());
      if (run != null && run.at(call.point(), "vector") != null) {
        rows.add(
            Stream.concat(Stream.of(call.title()), columns.stream().map(c -> cell(call, c)))
                .collect(Collectors.joining(" | ", "| ", " |")));
      }
    }
    return rows;
  }

  private String cell(Call call, String column) {
    Point point = call.point();
    Run run = group.runs().get(LIBRARIES.contains(column) ? call.libraries() : call.kind());
    Map<String, Sample> samples =
        run == null ? Map.of() : run.points().getOrDefault(point, Map.of());
    Targets.Fastest fastest = Targets.Fastest.of(samples, VARIANTS.get(column), "vector");
    if (fastest == null) {
      return Tables.MISSING;
    }
    String time =
        column.equals(SOFTLANE)
            ? number(run.at(point, "vector").median(), 2) + " ns"
            : times(fastest.ratio().median()) + "×";
    double error = run.error(point, fastest.variant());
    return Double.isNaN(error) ? time : time + ", " + Tables.error(error) + " ULP";
  }

  static String spaced(Point point) {
    return point.rows() + " x " + point.cols();
  }
}
