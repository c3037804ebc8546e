package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.ReportTest.COMMITTED;
import static io.softlane.benchmarks.report.ReportTest.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's figures. */
class FrontPageTest {
  static final String README =
      """
      Words.

      <!-- figures: chart, a test -->
      Old
      <!-- end of figures -->
      <!-- figures: limits, a test -->
      <!-- end of figures -->
      More words.

      <!-- figures: table, a test -->
      <!-- end of figures -->
      """;

  /** Its chart has no font of the machine in it, so that its bytes count too. */
  @Test
  void theReadmesFiguresAreWhatTheCommittedResultsGive() throws IOException {
    FrontPage front = FrontPage.of(Results.read(COMMITTED, Path.of("..")));
    String readme = Files.readString(Path.of("../README.md"));
    assertEquals(
        front.fill(readme),
        readme,
        "README.md's figures are not what benchmarks/run --report writes: run it, and commit what it wrote");
    for (Map.Entry<String, Charts.Figure> chart : front.charts().entrySet()) {
      assertEquals(
          chart.getValue().svg().get(),
          Files.readString(COMMITTED.resolve("charts").resolve(chart.getKey())),
          chart.getKey());
    }
  }

  /** What is measured would grow old there unseen; bounds of the contract, in ULP, do not. */
  @Test
  void theReadmesWordsHaveNoMeasuredFigures() throws IOException {
    String words =
        FrontPage.BLOCK.matcher(Files.readString(Path.of("../README.md"))).replaceAll("");
    List<String> figures =
        Pattern.compile("\\d[\\d.]*( times|x |×| ns| us| µs| ms| s\\b| %|%| seconds)[^\\n]*")
            .matcher(words)
            .results()
            .map(MatchResult::group)
            .toList();
    assertEquals(List.of(), figures);
  }

  @Test
  void frontPage() throws IOException {
    FrontPage front = FrontPage.of(Results.read(SMALL, SMALL.getParent()));
    String filled = front.fill(README);
    assertEquals(
        """
        Words.

        <!-- figures: chart, a test -->
        ![Softmax, 4096 x 1000: ns per element, and largest error in ULP: naive loop 6.60 ns, 21 ULP; PyTorch 0.66 ns, 270 ULP;\
         oneDNN 0.50 ns, 33 ULP; ONNX Runtime 0.55 ns, 220 ULP; C, by hand 0.26 ns, 22 ULP; Softlane 0.28 ns, 2.4 ULP]\
        (results/charts/front.svg)

        *Softmax of 4096 x 1000 logits in one thread, Test CPU (Tested) at 512 bits; shorter is better.* For batches the naive loop
        takes 16 to 30 times Softlane's time, the fastest of oneDNN, ONNX Runtime and PyTorch 1.80 to 3.0 times, C written by hand
        0.96 to 2.50 times.
        <!-- end of figures -->
        <!-- figures: limits, a test -->
        - **Measured on 1 kind of CPU** alone: Test CPU (Tested).
        - **Rows with -inf, huge or far-off logits** take 1.40 to 1.80 times as long as others; the fastest of oneDNN, ONNX Runtime
          and PyTorch then takes 0.89 to 1.43 times Softlane's time.
        - **Warm-up.** A JVM's first call takes 50 ms; 90 % of the steady speed is reached after 0.8 s. Until then calls allocate:
          what C2 has not compiled makes an object of each vector.
        <!-- end of figures -->
        More words.

        <!-- figures: table, a test -->
        On Test CPU (Tested) at 512 bits:

        | | Softlane | naive loop¹ | Smile | Tribuo | ND4J | DJL | ONNX Runtime | PyTorch (JavaCPP) |
        |---|---|---|---|---|---|---|---|---|
        | softmax, 65536 x 10 | 0.55 ns, 2.4 ULP | 16×, 21 ULP | - | - | - | - | 3.0×, 220 ULP | 30×, 270 ULP |
        | softmax, 4096 x 1000 | 0.28 ns, 2.4 ULP | 24×, 21 ULP | 10×, 18 ULP | 20×, 0.5 ULP | 5.0× | - | 2.00×, 220 ULP | 2.40×, 270 ULP |
        | softmax, 64 x 128256 | 0.28 ns, 2.4 ULP | 24×, 21 ULP | - | - | - | - | 2.00×, 220 ULP | 2.40×, 270 ULP |
        | softmax, 1 x 1000 | 0.23 ns, 2.4 ULP | 29×, 21 ULP | - | - | - | - | 16×, 220 ULP | - |
        | loss and gradient, 4096 x 1000 | 0.25 ns | - | - | - | - | - | - | 4.4× |
        | a feature | yes | no | | | | | | |
        <!-- end of figures -->
        """,
        filled);
    assertEquals(filled, front.fill(filled));
  }

  @Test
  void aReadmeWithoutItsPlacesIsRefused() throws IOException {
    FrontPage front = FrontPage.of(Results.read(SMALL, SMALL.getParent()));
    BadInput none = assertThrows(BadInput.class, () -> front.fill("# Nothing\n"));
    assertEquals(
        "The README's figures are none, where chart, limits, table should be", none.getMessage());
    String one = README.substring(0, README.indexOf("<!-- figures: table"));
    BadInput missing = assertThrows(BadInput.class, () -> front.fill(one));
    assertEquals(
        "The README's figures are chart, limits, where chart, limits, table should be",
        missing.getMessage());
  }

  /** Of another machine there is softmax alone: what it took stands behind the first one's. */
  @Test
  void otherMachinesAreNamed(@TempDir Path directory) throws IOException {
    try (Stream<Path> files = Files.list(SMALL)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    for (String name :
        List.of("softmax-20260102-000000.json", "softmax-20260102-000000.environment.json")) {
      // A name before the others': what is shown does not depend on it.
      Files.writeString(
          directory.resolve(name.replace("0102", "0103")),
          Files.readString(SMALL.resolve(name)).replace("Test CPU", "Another CPU"));
    }
    String page = FrontPage.of(Results.read(directory, directory)).fill(README);
    assertTrue(page.contains("one thread, Test CPU (Tested) at 512 bits; shorter"), page);
    assertTrue(
        page.replace('\n', ' ')
            .contains(
                "0.96 to 2.50 times; on Another CPU (family 1, model 2) at 512 bits they take 16 to 30, 1.80 to 3.0 and 0.96 to 2.50."),
        page);
    assertTrue(page.contains("- **Measured on 2 kinds of CPU** alone: "), page);
  }
}
