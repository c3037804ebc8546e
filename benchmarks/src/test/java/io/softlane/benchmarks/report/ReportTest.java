package io.softlane.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  /** Maven's tests run in the project's directory. */
  static final Path ROOT = Path.of("..");

  static final Path SMALL = Path.of("src/test/resources/io/softlane/benchmarks/report/results");

  @TempDir Path directory;

  @BeforeEach
  void site() throws IOException {
    site(directory);
  }

  /** Pages with a place for each block, and a copy of the small results. */
  static void site(Path root) throws IOException {
    Files.createDirectories(root.resolve("docs"));
    page(root.resolve("README.md"), "picture", "faster", "limits");
    page(root.resolve("docs/beside-others.md"), "libraries");
    page(root.resolve("docs/engineering.md"), "counts", "predictions");
    Path results = Files.createDirectories(root.resolve("results"));
    try (Stream<Path> files = Files.list(SMALL)) {
      for (Path file : files.toList()) {
        Files.writeString(results.resolve(file.getFileName()), Files.readString(file));
      }
    }
  }

  static void page(Path page, String... blocks) throws IOException {
    StringBuilder text = new StringBuilder("Words.\n\n");
    for (String block : blocks) {
      text.append("<!-- figures: " + block + ", a test -->\nOld\n<!-- end of figures -->\n");
    }
    Files.writeString(page, text.append("More words.\n"));
  }

  /** Every page and picture, to the byte: each figure is what the committed json gives. */
  @Test
  void theCommittedPagesAreWhatTheCommittedResultsGive() throws IOException {
    Pages pages = Pages.of(ROOT, Path.of("results"));
    for (Map.Entry<Path, String> file : pages.files().entrySet()) {
      Path committed = ROOT.resolve(file.getKey());
      assertEquals(
          Files.exists(committed) ? Files.readString(committed) : "",
          file.getValue(),
          committed
              + " is not what benchmarks/run --report writes: run it, and commit what it wrote");
    }
    assertEquals(Set.of(), pages.old(), "benchmarks/run --report would delete these");
  }

  @Test
  void regeneratingGivesTheSameBytes() throws IOException {
    Map<Path, String> first = generate();
    assertTrue(first.size() > 8, first.keySet().toString());
    assertEquals(first, generate());
    Files.writeString(directory.resolve("results/charts/old.svg"), "");
    Files.writeString(directory.resolve("results/old.md"), Pages.GENERATED);
    Files.writeString(directory.resolve("results/written.md"), "by hand");
    assertEquals(Set.of("old.svg", "old.md"), names(Pages.of(directory, results()).old()));
    assertEquals(first, generate());
    assertTrue(Files.exists(directory.resolve("results/written.md")));
    assertFalse(Files.exists(directory.resolve("results/old.md")));
  }

  @Test
  void theLocaleChangesNothing() throws IOException {
    Map<Path, String> files = Pages.of(directory, results()).files();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals(files, Pages.of(directory, results()).files());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void tables() throws IOException {
    List<String> lines = small("results/test-cpu-1-2-512.md").lines().toList();
    assertAll(
        // Round 2 was twice as slow for all, which shows in the spread alone.
        () ->
            assertTrue(
                lines.contains(
                    "| 1x1000 | 0.030 ±50% | 5.940 ±50%, 21 | 1.980 ±50%, 2.4 | 0.208 ±50%, 2.4"
                        + " | **0.297 ±50%**, 22 | 0.594 ±50%, 33 | 3.366 ±50%, 220 | - |")),
        () ->
            assertTrue(
                lines.contains(
                    "| 1x1000 | 0.14 [0.14, 0.14] | 28.57 [28.57, 28.57] | 9.52 [9.52, 9.52]"
                        + " | **1.43 [1.43, 1.43]** | 2.86 [2.86, 2.86] | 16.19 [16.19, 16.19]"
                        + " | - |")),
        () ->
            assertTrue(
                lines.contains(
                    "| 4096x1000, half of them -inf | 0.450 ±0%, 0.0 | **0.400 ±0%**, 7.0 |")),
        () -> assertTrue(lines.contains("| 64x1000 | 1.67 | 1.92 |"), "threads"),
        () ->
            assertTrue(
                lines.contains(
                    "| 64x1000 | 50.00 | 800 | 2000 | 0.203 | 0.220 (1.08 [1.08, 1.10]) |")),
        () ->
            assertTrue(
                lines.contains(
                    "| 4096x1000 | 0.250 ±50% | 0.250 ±50% | 0.260 ±50% | 0.300 ±50%, 0.0"
                        + " | 0.360 ±50% | 0.150 ±50% | 0.300 ±50% | 0.900 ±50%, 30"
                        + " | 0.810 ±50% | **0.270 ±50%** |")),
        () ->
            assertTrue(
                lines.contains(
                    "| 4096x1000 | 1.00 [1.00, 1.00] | 1.04 [1.04, 1.04] | 1.20 [1.20, 1.20]"
                        + " | 1.44 [1.44, 1.44] | 0.60 [0.60, 0.60] | 1.20 [1.20, 1.20]"
                        + " | 3.00 [3.00, 3.00] | 2.25 [2.25, 2.25] | **0.90 [0.90, 0.90]** |")),
        () ->
            assertTrue(
                lines.contains(
                    "| 64x1000, softmax | 1.00 [1.00, 1.00] | 1.00 [1.00, 1.00]"
                        + " | 1.30 [1.30, 1.30] | 1.25 [1.25, 1.25] |")),
        () -> assertTrue(lines.contains("| 4096x1000 | 1.50 [1.50, 1.50] |"), "entropy"),
        () ->
            assertTrue(
                lines.contains(
                    "| 4096x1000 | 10.00 [10.00, 10.00] | 20.00 [20.00, 20.00]"
                        + " | **5.00 [5.00, 5.00]** |"),
                "libraries"),
        () -> assertTrue(lines.contains("- Notice: c2 is left out: a test")));
  }

  @Test
  void thePageForReaders() throws IOException {
    String text = small("RESULTS.md");
    assertTrue(
        text.contains(
            """
            | operation | faster | Test CPU (Tested), 512 bits | Test CPU (Tested), held to 256 bits |
            """),
        text);
    assertTrue(
        text.contains(
            """
            | Softmax | C with intrinsics | 1 of 5, 0.96 at 4096x1000 | no |
            | Softmax of difficult rows | PyTorch | 1 of 2, 0.89 at 4096x1000, half of them -inf | - |
            | Softmax with options | ONNX Runtime | 1 of 1, 0.90 at 4096x1000 | - |

            """),
        text);
    for (String line :
        List.of(
            "| C with intrinsics | softmax | **1.55** (0.96 to 2.50) | **1.25** |",
            "| Test CPU (Tested), 512 bits | 4096x1000 | 0.248 | 24 | **0.96** | 1.80 | 2.00 | 2.40 |",
            "| softmax with mask of numbers | plain softmax | 1.44 | - |",
            "| softmax of rows: half of them -inf | ordinary rows | 1.80 | - |")) {
      assertTrue(text.contains(line + "\n"), line);
    }
  }

  /** A kind that this version knows nothing of, and a contestant. */
  @Test
  void whatIsNewIsShownUnderItsOwnName() throws IOException {
    for (String end : List.of(".json", ".environment.json")) {
      String text = Files.readString(SMALL.resolve("entropy-20260102-000000" + end));
      Files.writeString(
          results().resolve("novelty-20260102-000000" + end),
          text.replace("\"entropy\"", "\"rivalry\""));
    }
    String page = small("results/test-cpu-1-2-512.md");
    assertTrue(page.contains("## novelty\n"), page);
    assertTrue(page.contains("| rows x cols | Softlane | rivalry |\n"), page);
  }

  /** Of one kind alone, the pages have what there is. */
  @Test
  void fewResultsMakeFewTables() throws IOException {
    delete(file -> file.endsWith(".json") && !file.startsWith("entropy-"));
    String text = small("RESULTS.md");
    assertTrue(text.contains("Nowhere, of what was measured."), text);
    assertTrue(text.contains("| entropy | log-sum-exp | 1.50 |"), text);
    assertTrue(small("README.md").contains("-->\nNot measured.\n<!--"));
  }

  @Test
  void predictionsAreComputed() throws IOException {
    String text = small("docs/engineering.md");
    assertTrue(text.contains("| all | 6 | 6 |\n"), text);
    // 12 instructions for 3 pipes, but then 12 add on two of them: 6 cycles, and 3 for exp.
    assertTrue(text.contains("| Narrow | 128 | 3.0 | 6.0 |\n"), text);
    // 9 cycles, 4 lanes, 1 GHz, and half of it more.
    assertTrue(text.contains("| Narrow | 128 | 1.00 | 3.38 |\n"), text);
  }

  /** Kilobytes, and well-formed. */
  @Test
  void picturesAreSvg() throws Exception {
    Map<Path, String> files = Pages.of(directory, results()).files();
    List<Path> pictures =
        files.keySet().stream().filter(f -> f.toString().endsWith(".svg")).toList();
    Set<String> names = names(Set.copyOf(pictures));
    for (String name : List.of("softmax", "hostile", "options", "error-4096x1000")) {
      assertTrue(names.contains("test-cpu-1-2-512-" + name + ".svg"), name + ": " + names);
    }
    for (Path picture : pictures) {
      byte[] svg = files.get(picture).getBytes(StandardCharsets.UTF_8);
      assertTrue(svg.length < 16_000, picture + ": " + svg.length);
      assertTrue(files.get(picture).contains("prefers-color-scheme:dark"), picture.toString());
      var root =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(svg))
              .getDocumentElement();
      assertEquals("svg", root.getTagName());
      String shown = "charts/" + picture.getFileName() + ")";
      assertTrue(files.values().stream().anyMatch(page -> page.contains(shown)), shown);
    }
  }

  @Test
  void badInputIsOneLine() throws IOException {
    assertEquals("none: no such directory", fails("--results", "none"));
    assertTrue(fails("--unknown").startsWith("Unknown option: '--unknown'"));
    Path file = directory.resolve("softmax-20260101-000000.json");
    assertTrue(
        fails("--root", directory.toString(), "--results", directory.toString())
            .endsWith("no results, as <kind>-<date>.json"));
    for (Map.Entry<String, String> bad :
        Map.of(
                "[{]",
                "no json, line 1: ",
                "{}",
                "no results of JMH",
                "[{\"primaryMetric\": 1}]",
                "params is missing or no object",
                "[{\"primaryMetric\": {}, \"params\": {\"shape\": \"1\", \"variant\": \"a\"}}]",
                "no shape: 1",
                "[{\"primaryMetric\": {\"scoreUnit\": \"us/op\"}, \"mode\": \"avgt\","
                    + " \"params\": {\"shape\": \"1x1\", \"variant\": \"a\"}}]",
                "a at 1x1 is no average in ns/op",
                "[{\"primaryMetric\": {\"scoreUnit\": \"ns/op\", \"rawData\": []}, \"mode\": \"avgt\","
                    + " \"params\": {\"shape\": \"1x1\", \"variant\": \"a\"}}]",
                "no forks, a at 1x1")
            .entrySet()) {
      Files.writeString(file, bad.getKey());
      String said = fails("--root", directory.toString(), "--results", directory.toString());
      assertTrue(said.startsWith(file + ": " + bad.getValue()), said);
    }
    assertFalse(Files.exists(directory.resolve("charts")));
  }

  private String fails(String... args) {
    StringWriter err = new StringWriter();
    assertEquals(2, Commands.run(new Report(), new PrintWriter(err, true), args));
    assertEquals(1, err.toString().lines().count(), err.toString());
    return err.toString().strip();
  }

  private Path results() {
    return directory.resolve("results");
  }

  private void delete(Predicate<String> which) throws IOException {
    try (Stream<Path> files = Files.list(results())) {
      for (Path file : files.filter(f -> which.test(f.getFileName().toString())).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A page made of the small results. */
  private String small(String page) throws IOException {
    return Pages.of(directory, results()).files().get(Path.of(page));
  }

  /** By the command, as it is called; all that it wrote. */
  private Map<Path, String> generate() throws IOException {
    StringWriter err = new StringWriter();
    int status =
        Commands.run(
            new Report(),
            new PrintWriter(err, true),
            "--results",
            results().toString(),
            "--root",
            directory.toString());
    assertEquals(0, status, err.toString());
    Map<Path, String> written = new TreeMap<>();
    for (Path file : Pages.of(directory, results()).files().keySet()) {
      written.put(file, Files.readString(directory.resolve(file)));
    }
    return written;
  }

  private static Set<String> names(Set<Path> files) {
    return Set.copyOf(files.stream().map(f -> f.getFileName().toString()).toList());
  }
}
