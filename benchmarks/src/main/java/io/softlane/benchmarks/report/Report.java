package io.softlane.benchmarks.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes RESULTS.md, its charts and the README's figures from the results' json and the
 * hand-written notes alone.
 */
@Command(
    name = "benchmarks/run --report",
    description =
        "Writes RESULTS.md, its charts and the README's figures from the newest json of each kind, on each"
            + " kind of machine.")
public final class Report implements Callable<Integer> {
  @Option(
      names = "--results",
      defaultValue = "benchmarks/results",
      description = "Where the json is, model.json and notes.md; charts go into its charts/.")
  private Path results;

  @Option(names = "--out", defaultValue = "RESULTS.md", description = "The page to write.")
  private Path out;

  @Option(names = "--readme", description = "A page beside it whose figures to replace.")
  private Path readme;

  @Option(names = "--help", usageHelp = true, description = "This text.")
  private boolean help;

  public static void main(String[] args) {
    System.exit(Commands.run(new Report(), new PrintWriter(System.err, true), args));
  }

  @Override
  public Integer call() throws IOException {
    Results all = Results.read(results, out.toAbsolutePath().getParent());
    Page page = Page.of(all);
    FrontPage front = FrontPage.of(all);
    String filled = readme == null ? "" : front.fill(Files.readString(readme));
    // All are drawn before the first is written: without fonts, nothing changes.
    Map<String, String> drawn = new TreeMap<>();
    Drawing.requireFonts();
    front.charts().forEach((name, figure) -> drawn.put(name, figure.svg().get()));
    page.charts().forEach((name, figure) -> drawn.put(name, figure.svg().get()));
    Path charts = results.resolve("charts");
    Files.createDirectories(charts);
    try (Stream<Path> old = Files.list(charts)) {
      for (Path file : old.filter(f -> f.toString().endsWith(".svg")).toList()) {
        Files.delete(file);
      }
    }
    for (Map.Entry<String, String> chart : drawn.entrySet()) {
      Files.writeString(charts.resolve(chart.getKey()), chart.getValue(), StandardCharsets.UTF_8);
    }
    Files.writeString(out, page.text(), StandardCharsets.UTF_8);
    if (readme != null) {
      Files.writeString(readme, filled, StandardCharsets.UTF_8);
    }
    System.out.println(
        "Written: "
            + out
            + (readme == null ? "" : ", " + readme)
            + ", "
            + Text.count(drawn.size(), "chart"));
    return 0;
  }
}
