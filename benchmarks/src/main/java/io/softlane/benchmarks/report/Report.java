package io.softlane.benchmarks.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the pages that have figures from the results' json alone. */
@Command(
    name = "benchmarks/run --report",
    description =
        "Writes RESULTS.md, a page for each machine, their pictures, and the figures of the README and of docs/, from the"
            + " newest json of each kind on each machine.")
public final class Report implements Callable<Integer> {
  @Option(
      names = "--results",
      defaultValue = "benchmarks/results",
      description = "Where the json is, and model.json; machines' pages and charts/ go there.")
  private Path results;

  @Option(names = "--root", defaultValue = ".", description = "Where README.md and docs/ are.")
  private Path root;

  @Option(names = "--help", usageHelp = true, description = "This text.")
  private boolean help;

  public static void main(String[] args) {
    System.exit(Commands.run(new Report(), new PrintWriter(System.err, true), args));
  }

  @Override
  public Integer call() throws IOException {
    Pages pages = Pages.of(root, results);
    pages.write(root);
    pages.files().keySet().stream()
        .filter(f -> !f.toString().endsWith(".svg"))
        .forEach(f -> System.out.println("Written: " + f));
    return 0;
  }
}
