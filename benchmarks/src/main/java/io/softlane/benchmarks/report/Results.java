package io.softlane.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a directory of results holds, for pages in another.
 *
 * @param link from the pages to the directory
 */
record Results(Path directory, String link, List<Group> groups, Model model) {
  static Results read(Path directory, Path pages) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new BadInput(directory + ": no such directory");
    }
    List<Group> groups = Group.readAll(directory);
    if (groups.isEmpty()) {
      throw new BadInput(directory + ": no results, as <kind>-<date>.json");
    }
    Path model = directory.resolve("model.json");
    Path from = pages.toAbsolutePath().normalize();
    return new Results(
        directory,
        from.relativize(directory.toAbsolutePath().normalize()).toString().replace('\\', '/'),
        groups,
        Files.exists(model) ? Model.read(model) : Model.NONE);
  }
}
