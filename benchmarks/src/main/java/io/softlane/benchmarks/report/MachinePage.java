package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that was measured on one machine at one width: for who wants to know more than RESULTS.md
 * says.
 */
final class MachinePage {
  private final Text text = new Text();
  private final Tables tables = new Tables(text);
  private final Results results;
  private final Group group;
  private final List<Figure> figures = new ArrayList<>();

  private MachinePage(Results results, Group group) {
    this.results = results;
    this.group = group;
  }

  static MachinePage of(Results results, Group group) {
    MachinePage page = new MachinePage(results, group);
    page.write();
    return page;
  }

  static String name(Group group) {
    return group.slug() + ".md";
  }

  String text() {
    return text.toString();
  }

  List<Figure> figures() {
    return figures;
  }

  private void write() {
    text.paragraph(Pages.GENERATED);
    text.heading(1, "All results: " + results.shortName(group));
    text.paragraph(
        """
        [RESULTS.md](%s/RESULTS.md) has what matters on one page, and says how it was measured and who the others are. Here is
        everything. Times are ns per element (lower is better) in the fastest tenth of a second of all JVMs, ± half the range of the
        JVMs' fastest ones. A ratio is a time over Softlane's, above 1 where Softlane is faster, and [the least, the largest of a
        round alone]. *Copy* moves the same bytes and computes nothing."""
            .formatted(results.back()));
    environment();
    group.runs().values().forEach(this::run);
    allocations();
  }

  private void run(Run run) {
    text.heading(2, Kinds.title(run.kind()));
    String note = Kinds.of(run.kind()).note();
    if (!note.isEmpty()) {
      text.paragraph(note);
    }
    if (run.warmup() != null) {
      if (!run.warmup().steady().isEmpty()) {
        tables.warmup(run.warmup());
      }
      new FirstCalls(text, run.warmup().measured()).write();
    } else if (run.kind().equals("jvms")) {
      tables.jvms(run);
    } else {
      figure(new Pictures(results, group).ratios(run));
      tables.times(run);
      tables.ratios(run);
      tables.speedups(run);
      if (run.kind().equals("softmax")) {
        Stream.of("65536x10", "4096x1000", "16x262144")
            .map(shape -> new Pictures(results, group).errors(new Point(shape)))
            .forEach(this::figure);
      }
    }
    source(run);
  }

  private void figure(Figure figure) {
    if (figure != null) {
      figures.add(figure);
      text.paragraph("![" + figure.alt() + "](charts/" + figure.name() + ")");
    }
  }

  private void allocations() {
    if (group.allocations().isEmpty()) {
      return;
    }
    text.heading(2, "Allocation");
    text.paragraph(
        "Bytes a call by JMH's `-prof gc`, in the iteration with the fewest: the JVM still compiles in the first ones. Parts of a byte are"
            + " JMH's own and grow with a call's time; 32 are the `Loss` that"
            + " cross-entropy returns, where the caller's JIT does not take it apart.");
    for (Run run : group.allocations().values()) {
      tables.allocation(run);
      source(run);
    }
  }

  /** What all runs agree on, once; where they differ, all that there were. */
  private void environment() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("cpu", "CPU");
    names.put("cpu family, model", "family, model");
    names.put("machine", "machine");
    names.put("cpu flags", "CPU flags");
    names.put("processors", "processors");
    names.put("os", "OS");
    names.put("jdk", "JDK");
    names.put("jvm flags", "JVM flags");
    names.put("vector", "kernels");
    names.put("c3", "C with intrinsics");
    names.put("peers", "others");
    names.put("commit", "commit");
    List<List<String>> rows = new ArrayList<>();
    names.forEach(
        (key, name) -> {
          Set<String> values = new LinkedHashSet<>();
          group.runs().values().stream()
              .map(r -> r.text(key))
              .filter(v -> !v.isEmpty())
              .forEach(values::add);
          if (!values.isEmpty()) {
            rows.add(List.of(name, String.join("; ", values)));
          }
        });
    text.table(List.of("", ""), rows);
  }

  private void source(Run run) {
    String json = run.file().getFileName().toString();
    boolean inside = run.file().getParent().getFileName().toString().equals("allocation");
    String path = (inside ? "allocation/" : "") + json;
    String from =
        "[json]("
            + path
            + "), [environment]("
            + path.replaceFirst("\\.json$", ".environment.json")
            + ")";
    String quick = run.quick() ? "A quick run, no figures to publish: " : "";
    String command = run.text("command").isEmpty() ? "" : ", `" + run.text("command") + "`";
    String commit = run.text("commit").isEmpty() ? "" : ", commit " + run.text("commit");
    String load = Double.isNaN(run.load()) ? "" : ", load " + number(run.load(), 1) + " before it";
    text.paragraph(quick + from + commit + load + command + ".");
    if (run.environment().get("notices") instanceof List<?> notices && !notices.isEmpty()) {
      notices.forEach(n -> text.item("Notice: " + n));
      text.end();
    }
  }
}
