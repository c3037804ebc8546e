package io.softlane.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured on one kind of machine at one width, which are never compared with another.
 *
 * @param runs the newest of each kind; a quick one only where there is no other
 * @param allocations runs with -prof gc, newest of each kind, which may be among the others too
 */
record Group(
    String machine, String label, int bits, Map<String, Run> runs, Map<String, Run> allocations) {
  /** Widest first. */
  static List<Group> readAll(Path directory) throws IOException {
    List<Run> runs = Run.readAll(directory).stream().filter(Run::hasAny).toList();
    Path allocation = directory.resolve("allocation");
    List<Run> profiled =
        new ArrayList<>(Files.isDirectory(allocation) ? Run.readAll(allocation) : List.of());
    // What all JVMs allocate is in the table of JVMs.
    runs.stream()
        .filter(run -> !run.kind().equals("jvms"))
        .filter(Group::isProfiled)
        .forEach(profiled::add);
    // Later ones replace earlier ones, so the best come last.
    Comparator<Run> byWorth = Comparator.comparing((Run r) -> !r.quick()).thenComparing(Run::stamp);
    Map<String, Group> groups = new LinkedHashMap<>();
    runs.stream().sorted(byWorth).forEach(run -> group(groups, run).runs.put(run.kind(), run));
    profiled.stream()
        .sorted(byWorth)
        .forEach(run -> group(groups, run).allocations.put(run.kind(), run));
    return groups.values().stream()
        // Bytes of a call alone make no page.
        .filter(group -> !group.runs.isEmpty())
        .sorted(
            Comparator.comparing(Group::machine)
                .thenComparing(Comparator.comparingInt(Group::bits).reversed())
                .thenComparing(Group::label))
        .map(Group::sorted)
        .toList();
  }

  private static boolean isProfiled(Run run) {
    return run.points().values().stream()
        .flatMap(m -> m.values().stream())
        .anyMatch(s -> s.bytesPerCall().isPresent());
  }

  private static Group group(Map<String, Group> groups, Run run) {
    return groups.computeIfAbsent(
        run.machine() + "|" + run.label() + "|" + run.bits(),
        key ->
            new Group(
                run.machine(),
                run.label(),
                run.bits(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>()));
  }

  private Group sorted() {
    return new Group(machine, label, bits, sorted(runs), sorted(allocations));
  }

  private static Map<String, Run> sorted(Map<String, Run> runs) {
    Map<String, Run> sorted = new LinkedHashMap<>();
    Kinds.inOrder(runs.keySet()).forEach(kind -> sorted.put(kind, runs.get(kind)));
    return sorted;
  }

  /** Null where it was not measured. */
  Sample at(String kind, Point point, String variant) {
    Run run = runs.get(kind);
    return run == null ? null : run.at(point, variant);
  }

  /** The least of all runs. */
  int rounds() {
    return runs.values().stream().mapToInt(Run::rounds).min().orElse(0);
  }

  String title() {
    return machine + (bits == 0 ? "" : ", " + bits + " bits");
  }

  /** For names of files and of links. */
  String slug() {
    String text = machine.replaceAll("family |model ", "") + " " + bits;
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }
}
