package io.softlane.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * What a directory of results holds, for pages in another.
 *
 * @param link from the pages to the directory
 * @param back from the directory to the pages
 */
record Results(Path directory, String link, String back, List<Group> groups, Model model) {
  static Results read(Path directory, Path pages) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new BadInput(directory + ": no such directory");
    }
    List<Group> groups = Group.readAll(directory);
    if (groups.isEmpty()) {
      throw new BadInput(directory + ": no results, as <kind>-<date>.json");
    }
    Path model = directory.resolve("model.json");
    Path to = directory.toAbsolutePath().normalize();
    Path from = pages.toAbsolutePath().normalize();
    return new Results(
        directory,
        from.relativize(to).toString().replace('\\', '/'),
        to.relativize(from).toString().replace('\\', '/'),
        groups,
        Files.exists(model) ? Model.read(model) : Model.NONE);
  }

  /** The one that pictures and single figures are of: most kinds, then the most rounds. */
  Group main() {
    return groups.stream()
        .max(
            Comparator.comparingLong(
                    (Group g) -> g.runs().values().stream().filter(r -> !r.quick()).count())
                .thenComparingInt(Group::rounds)
                // The first of equals.
                .thenComparing(Comparator.comparingInt(groups::indexOf).reversed()))
        .orElseThrow();
  }

  /** "AMD EPYC" alone is any of many cores. */
  String cpu(Group group) {
    return model.cores().stream()
        .filter(core -> core.machine().equals(group.machine()))
        .findFirst()
        .map(
            core ->
                group.machine().replaceFirst(" \\(.*", "")
                    + " ("
                    + core.name().replaceFirst("^AMD ", "")
                    + ")")
        .orElse(group.machine());
  }

  String shortName(Group group) {
    return cpu(group)
        + (group.bits() == 0
            ? ""
            : ", " + (group.label().isEmpty() ? "" : "held to ") + group.bits() + " bits");
  }
}
