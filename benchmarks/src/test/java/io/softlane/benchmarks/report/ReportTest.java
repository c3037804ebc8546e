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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  /** Maven's tests run in the project's directory. */
  static final Path COMMITTED = Path.of("results");

  static final Path SMALL = Path.of("src/test/resources/io/softlane/benchmarks/report/results");

  @TempDir Path directory;

  /**
   * Text and names of charts; not the charts' bytes, which also depend on the fonts of the machine
   * that drew them.
   */
  @Test
  void theCommittedPageIsWhatTheCommittedResultsGive() throws IOException {
    Results results = Results.read(COMMITTED, Path.of(".."));
    Page page = Page.of(results);
    assertEquals(
        Files.readString(Path.of("../RESULTS.md")),
        page.text(),
        "RESULTS.md is not what benchmarks/run --report writes: run it, and commit what it wrote");
    TreeSet<String> charts = new TreeSet<>(page.charts().keySet());
    charts.addAll(FrontPage.of(results).charts().keySet());
    assertEquals(charts, names(COMMITTED.resolve("charts")));
  }

  @Test
  void regeneratingGivesTheSameBytes() throws IOException {
    Map<String, String> first = generate(directory.resolve("one"));
    assertTrue(first.size() > 8, first.keySet().toString());
    assertEquals(first, generate(directory.resolve("two")));
    // Over what is there, too.
    assertEquals(first, generate(directory.resolve("one")));
  }

  @Test
  void theLocaleChangesNothing() throws IOException {
    String text = small() + front();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals(text, small() + front());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void targets() throws IOException {
    List<Group> groups = Group.readAll(SMALL);
    assertEquals(List.of(512, 256), groups.stream().map(Group::bits).toList());
    List<String> lines =
        Targets.of(groups.get(0), Model.read(SMALL.resolve("model.json"))).stream()
            .map(
                t ->
                    t.name()
                        + " | "
                        + (t.met() == null ? "not measured" : t.reached() + " | " + t.met()))
            .toList();
    assertEquals(
        List.of(
            "Softmax against the fastest of onednn, onnxruntime, pytorch"
                + " | geomean 2.26 over 5 shapes, worst 1.80 at 4096x1000 (onednn) | true",
            "Log-softmax against the fastest of onednn, onnxruntime, pytorch | not measured",
            "Cross-entropy + gradient against the fastest of pytorch-pieces, pytorch-autograd"
                + " | geomean 4.45 over 2 shapes, worst 4.40 at 4096x1000 (pytorch-pieces) | true",
            "Log-sum-exp against pytorch | not measured",
            "Cross-entropy loss alone against the fastest of pytorch, pytorch-pieces"
                + " | not measured",
            "Softmax against the fastest of c3, c2"
                + " | geomean 1.52 over 5 shapes, worst 0.96 at 4096x1000 (c3); without c2 | false",
            // vector's median is 0.275, copy's 0.165 and the limit 6 * 2 / 2 / 16 / 2 = 0.1875.
            "Softmax, rows of 1000 and more, against max(copy, exp's port limit)"
                + " | 1.47 at 4096x1000; port limit 0.188 ns | false",
            "Softmax at 65536x10, its time over that of the faster C | 0.40 (c3) | true",
            "1x1000 against a row of 64x1000 | 1.05 | true",
            "What one row costs a call beyond its share of a batch | 11 ns at 1x1000 | true",
            "Hostile data against friendly data"
                + " | 1.80 times at 4096x1000, masked, the worst | false",
            "Hostile data against the fastest of the peers and C on the same"
                + " | 1.13 times at 4096x1000, masked, the worst | false",
            "Two threads over slices, against one"
                + " | 1.92 at 64x1000; beyond: 1.56 at 4096x1000 (copy 1.07) | true",
            "In place against out of place | 1.04 times at 4096x1000, the worst | false",
            "Scalar kernels against the naive loop"
                + " | 2.67 at softmax 65536x10, the worst | true",
            "Bytes allocated by a call | 0.002 at most, softmax 65536x10 scalar | true",
            "Speed after other shapes and operations ran, against nothing"
                + " | 1.09 times at 64x1000, the worst | true",
            "DEFAULT options against the plain call | 1.00 at 4096x1000 (default) | true",
            "Scale against the plain call | 1.04 at 4096x1000 (scale) | true",
            "Mask against the plain call"
                + " | 1.44 at 4096x1000 (softmask), the worst of 2 | false",
            "Causal lengths against the full batch | 0.60 at 4096x1000 (causal) | true",
            "PyTorch's add and softmax against ours"
                + " | 2.25 at 4096x1000 (pytorch-softmask), the worst of 2 | false",
            "ONNX Runtime's masked softmax against ours"
                + " | 0.90 at 4096x1000 (onnxruntime-where) | false",
            "Segments against arrays, out of cache"
                + " | 1.30 at 4096x1000, softmax (native), the worst of 3 | false",
            "Segments against arrays, in cache"
                + " | 1.30 at 64x1000, softmax (native), the worst of 3 | true"),
        lines);
  }

  @Test
  void narrowMachinesHaveTargetsOfTheirOwn() throws IOException {
    Targets.Target c = Targets.of(Group.readAll(SMALL).get(1), Model.NONE).get(5);
    assertEquals("geomean ≥ 1.25, every shape ≥ 1.05", c.required());
    assertTrue(c.met());
  }

  @Test
  void tables() throws IOException {
    List<String> lines = small().lines().toList();
    assertAll(
        // Round 2 was twice as slow for all, which shows in the spread and not in the ratios.
        () ->
            assertTrue(
                lines.contains(
                    "| 1x1000 | 0.033 ±46% | 6.600 ±46%, 21 | 2.200 ±46%, 2.4 | 0.231 ±46%, 2.4"
                        + " | **0.330 ±46%**, 22 | 0.660 ±46%, 33 | 3.740 ±46%, 220 | - |")),
        () ->
            assertTrue(
                lines.contains(
                    "| 1x1000 | 0.14 [0.14, 0.14] | 28.57 [28.57, 28.57] | 9.52 [9.52, 9.52]"
                        + " | **1.43 [1.43, 1.43]** | 2.86 [2.86, 2.86] | 16.19 [16.19, 16.19]"
                        + " | - |")),
        () ->
            assertTrue(
                lines.contains("| 4096x1000, masked | 0.450 ±0%, 0.0 | **0.400 ±0%**, 7.0 |")),
        () -> assertTrue(lines.contains("| 64x1000 | 1.67 | 1.92 |"), "threads"),
        () ->
            assertTrue(
                lines.contains(
                    "| 64x1000 | 50.00 | 800 | 2000 | 0.203 | 0.222 (1.09 [1.08, 1.10]) |")),
        () ->
            assertTrue(
                lines.contains(
                    "| 4096x1000 | 0.375 ±34% | 0.375 ±34% | 0.390 ±34% | 0.450 ±34%, 0.0"
                        + " | 0.540 ±34% | 0.225 ±34% | 0.450 ±34% | 1.350 ±34%, 30"
                        + " | 1.215 ±34% | **0.405 ±34%** |")),
        () ->
            assertTrue(
                lines.contains(
                    "| 4096x1000 | 3.00 [3.00, 3.00] | 2.25 [2.25, 2.25] | 0.90 [0.90, 0.90] |")),
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
  void whatLostIsNamed() throws IOException {
    String text = small();
    String lost =
        text.substring(text.indexOf("## What lost"), text.indexOf("\n## Test CPU (family"));
    assertEquals(
        """
        ### Test CPU (family 1, model 2), 512 bits

        - **Softmax**: 4096x1000: c3 0.96 [0.96, 0.96].
        - **Softmax of hostile data**: 4096x1000, masked: pytorch 0.89 [0.89, 0.89].
        - **Softmax with options**: 4096x1000: onnxruntime-where 0.90 [0.90, 0.90].

        ### Test CPU (family 1, model 2), 256 bits

        - Nothing here.
        """,
        lost.substring(lost.indexOf("###")));
  }

  @Test
  void notesAreCopiedAndCompleted() throws IOException {
    String text = small();
    assertFalse(text.contains("Not shown"));
    assertTrue(text.contains("A note, with a | table:\n\n| a | b |\n"));
    assertTrue(text.contains("| all | 6 | 6 |\n"));
    // 12 instructions for 3 pipes, but then 12 add on two of them: 6 cycles, and 3 for exp.
    assertTrue(text.contains("| Narrow | 128 | 3.0 | 6.0 |\n"), text);
    // 9 cycles, 4 lanes, 1 GHz, and half of it more.
    assertTrue(text.contains("| Narrow | 128 | 1.00 | 3.38 |\n"), text);
  }

  @Test
  void chartsAreSvg() throws Exception {
    Map<String, String> files = generate(directory);
    List<String> charts = files.keySet().stream().filter(f -> f.endsWith(".svg")).toList();
    for (String kind :
        List.of(
            "softmax-time", "softmax-error-4096x1000", "roofline", "rows", "columns", "threads")) {
      assertTrue(charts.contains("test-cpu-1-2-512-" + kind + ".svg"), kind + ": " + charts);
    }
    for (String chart : charts) {
      String svg = files.get(chart);
      var parser = DocumentBuilderFactory.newInstance();
      // Its DTD is on a server.
      parser.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      var root =
          parser
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
              .getDocumentElement();
      assertEquals("svg", root.getTagName());
      String page = files.get(chart.equals(FrontPage.CHART) ? "README.md" : "RESULTS.md");
      assertTrue(page.contains("(results/charts/" + chart + ")"), chart);
    }
  }

  @Test
  void badInputIsOneLine() throws IOException {
    assertEquals("none: no such directory", fails("--results", "none"));
    assertTrue(fails("--unknown").startsWith("Unknown option: '--unknown'"));
    Path file = directory.resolve("softmax-20260101-000000.json");
    assertTrue(
        fails("--results", directory.toString()).endsWith("no results, as <kind>-<date>.json"));
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
      String said = fails("--results", directory.toString());
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

  private static String small() throws IOException {
    return Page.of(Results.read(SMALL, SMALL.getParent())).text();
  }

  private static String front() throws IOException {
    FrontPage front = FrontPage.of(Results.read(SMALL, SMALL.getParent()));
    return front.fill(FrontPageTest.README) + front.charts().get(FrontPage.CHART).svg().get();
  }

  /** All files that the command writes for a copy of the small results, by name. */
  private static Map<String, String> generate(Path target) throws IOException {
    Path results = Files.createDirectories(target.resolve("results"));
    try (Stream<Path> files = Files.list(SMALL)) {
      for (Path file : files.toList()) {
        Files.writeString(results.resolve(file.getFileName()), Files.readString(file));
      }
    }
    Path page = target.resolve("RESULTS.md");
    Path readme = Files.writeString(target.resolve("README.md"), FrontPageTest.README);
    StringWriter err = new StringWriter();
    int status =
        Commands.run(
            new Report(),
            new PrintWriter(err, true),
            "--results",
            results.toString(),
            "--out",
            page.toString(),
            "--readme",
            readme.toString());
    assertEquals(0, status, err.toString());
    Map<String, String> written = new TreeMap<>();
    written.put("RESULTS.md", Files.readString(page));
    written.put("README.md", Files.readString(readme));
    for (String name : names(results.resolve("charts"))) {
      written.put(name, Files.readString(results.resolve("charts").resolve(name)));
    }
    return written;
  }

  private static TreeSet<String> names(Path charts) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(charts)) {
      files.forEach(f -> names.add(f.getFileName().toString()));
    }
    return names;
  }
}
