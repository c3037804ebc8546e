package io.softlane.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A measured figure that stands somewhere without its machine grows old there unseen. Bounds of the
 * contract, in ULP and powers of two, are no such figures.
 */
class FiguresTest {
  private static final Pattern FIGURE =
      Pattern.compile(
          "(?<!\\^-?)\\b\\d[\\d.,]*( times(?! as)| ?x\\b(?! \\d)|×| ns\\b| us\\b| µs| ms\\b| s\\b| ?%| seconds?\\b| minutes?\\b| GB/s| Gflop)");
  private static final Pattern MACHINE =
      Pattern.compile("Zen \\d|EPYC|Xeon|Neoverse|Core i\\d|Ryzen|Graviton|Apple M\\d");

  /** A page without a word of anybody's, and one that measures nothing. */
  private static final Set<String> DERIVED = Set.of("RESULTS.md", "accuracy.md");

  /** What the README has was written by the report; its own words have none. */
  @Test
  void theReadmesWordsHaveNone() throws IOException {
    assertEquals(List.of(), figures(words(Path.of("../README.md"))));
  }

  /** Each section that has one names its machine, or the page's first section does. */
  @Test
  void everySectionWithAFigureNamesItsMachine() throws IOException {
    List<String> nameless = new ArrayList<>();
    for (Path page : pages()) {
      String[] sections = words(page).split("(?m)^(?=#{1,3} )");
      boolean named =
          MACHINE.matcher(sections[0] + (sections.length > 1 ? sections[1] : "")).find();
      for (String section : sections) {
        if (!named && !MACHINE.matcher(section).find()) {
          figures(section).forEach(f -> nameless.add(page + ": " + f));
        }
      }
    }
    assertEquals("", String.join("\n", nameless));
  }

  /** Of comments in the public package; and they say what is so, not what its authors do. */
  @Test
  void javadocNamesTheMachineToo() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("../src/main/java/io/softlane"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        Pattern.compile("(?s)/\\*\\*.*?\\*/")
            .matcher(Files.readString(file))
            .results()
            .map(comment -> comment.group().replaceAll("\\n\\s*\\*", " "))
            .forEach(
                comment -> {
                  if (!MACHINE.matcher(comment).find()) {
                    figures(comment).forEach(f -> found.add(file.getFileName() + ": " + f));
                  }
                  if (Pattern.compile("\\b([Ww]e|[Oo]ur)\\b").matcher(comment).find()) {
                    found.add(file.getFileName() + " says we: " + comment);
                  }
                });
      }
    }
    assertEquals("", String.join("\n", found));
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String directory : List.of("..", "../docs", ".", "../examples")) {
      try (Stream<Path> files =
          Files.walk(Path.of(directory), directory.endsWith("examples") ? 2 : 1)) {
        files
            .filter(
                f -> f.toString().endsWith(".md") && !DERIVED.contains(f.getFileName().toString()))
            .sorted()
            .forEach(pages::add);
      }
    }
    return pages;
  }

  /** What the report did not write. */
  private static String words(Path page) throws IOException {
    return Blocks.BLOCK.matcher(Files.readString(page)).replaceAll("");
  }

  private static List<String> figures(String text) {
    return FIGURE
        .matcher(text)
        .results()
        .map(
            m ->
                text.substring(Math.max(0, m.start() - 40), Math.min(text.length(), m.end() + 30))
                    .replace('\n', ' '))
        .toList();
  }
}
