package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where figures come from: the machine, and the files of each run with their command and commit.
 */
record Origin(Text text, String link) {
  /** What all runs agree on, once; where they differ, all that there were. */
  void environment(Group group) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("cpu", "CPU");
    names.put("cpu family, model", "family, model");
    names.put("machine", "machine");
    names.put("cpu flags", "CPU flags");
    names.put("processors", "processors");
    names.put("os", "OS");
    names.put("jdk", "JDK");
    names.put("jvm flags", "JVM flags");
    names.put("vector", "vector");
    names.put("c3", "C references");
    names.put("peers", "peers");
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

  void source(Run run) {
    String json = run.file().getFileName().toString();
    String path = link + "/" + run.file().getParent().getFileName() + "/" + json;
    path =
        run.file().getParent().getFileName().toString().equals("allocation")
            ? path
            : link + "/" + json;
    String from =
        "[json]("
            + path
            + "), [environment]("
            + path.replaceFirst("\\.json$", ".environment.json")
            + ")";
    String quick = run.quick() ? "A quick run, no figures to publish: " : "";
    String command = run.text("command").isEmpty() ? "" : ", `" + run.text("command") + "`";
    String commit = run.text("commit").isEmpty() ? "" : ", commit " + run.text("commit");
    String load = run.text("load").isEmpty() ? "" : ", load " + number(load(run), 1) + " before it";
    text.paragraph(quick + from + commit + load + command + ".");
    if (run.environment().get("notices") instanceof List<?> notices && !notices.isEmpty()) {
      notices.forEach(n -> text.item("Notice: " + n));
      text.end();
    }
  }

  private static double load(Run run) {
    return run.environment().get("load") instanceof Number load ? load.doubleValue() : Double.NaN;
  }
}
