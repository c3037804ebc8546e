package io.softlane.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures within pages that are written by hand. */
class BlocksTest {
  @TempDir Path directory;

  @BeforeEach
  void site() throws IOException {
    ReportTest.site(directory);
  }

  private Map<Path, String> pages() throws IOException {
    return Pages.of(directory, directory.resolve("results")).files();
  }

  @Test
  void frontPage() throws IOException {
    assertEquals(
        """
        Words.

        <!-- figures: picture, a test -->
        ![Softmax of 4096 x 1000 logits, one thread, Test CPU (Tested), 512 bits: time per element and largest error:\
         plain Java loop 5.94 ns, 21 ULP; C with intrinsics 0.24 ns, 22 ULP; oneDNN 0.45 ns, 33 ULP; ONNX Runtime 0.50 ns,\
         220 ULP; PyTorch 0.59 ns, 270 ULP; Softlane 0.25 ns, 2.4 ULP](results/charts/front.svg)
        <!-- end of figures -->
        <!-- figures: faster, a test -->
        | instead of | operation | Test CPU (Tested), 512 bits | Test CPU (Tested), held to 256 bits |
        | ---------- | --------- | --------------------------- | ----------------------------------- |
        | plain Java loop | softmax | **24** (16 to 30) | - |
        | C with intrinsics | softmax | **1.55** (0.96 to 2.50) | **1.25** |
        | oneDNN | softmax | **1.96** (1.80 to 4.0) | - |
        | ONNX Runtime | softmax | **2.25** (2.00 to 3.0) | - |
        | PyTorch | softmax | **2.70** (2.40 to 30) | - |
        | PyTorch | loss and gradient | **4.5** (4.4 to 4.5) | - |
        | Smile | softmax | **10** | - |
        | Tribuo | softmax | **20** | - |
        | ND4J | softmax | **5.0** | - |

        Fewer than three JVMs a figure: Test CPU (Tested), 512 bits (2); Test CPU (Tested), held to 256 bits (2); so take 0.9 to
        1.1 for level. Smile, Tribuo, ND4J and DJL are of runs of their own, with fewer batches and 2 JVMs a figure, over Softlane's
        time in them.
        <!-- end of figures -->
        <!-- figures: limits, a test -->
        - **Measured on 1 kind of CPU** only: Test CPU (Tested). What follows is of Test CPU (Tested), 512 bits.
        - **Difficult rows** (half of them -inf, huge logits, logits far from the row before's, subnormal results) take 1.40 to
          1.80 times as long as others.
        - **Warm-up.** A JVM's first call takes 50 ms. Called without a pause, for one shape, `best()` has 90 % of its speed after
          0.8 s; at a thousand calls a second it may take more than six.
        <!-- end of figures -->
        More words.
        """,
        pages().get(Path.of("README.md")));
  }

  @Test
  void libraries() throws IOException {
    assertEquals(
        """
        Words.

        <!-- figures: libraries, a test -->
        One thread, Test CPU (Tested), 512 bits:

        |  | Softlane | plain Java loop | C with intrinsics | oneDNN | ONNX Runtime | PyTorch | Smile | Tribuo | ND4J |
        | --- | -------- | --------------- | ----------------- | ------ | ------------ | ------- | ----- | ------ | ---- |
        | Softmax, 65536 x 10 | 0.50 ns, 2.4 ULP | 16×, 21 ULP | 2.50×, 22 ULP | 4.0×, 33 ULP | 3.0×, 220 ULP | 30×, 270 ULP | - | - | - |
        | Softmax, 4096 x 1000 | 0.25 ns, 2.4 ULP | 24×, 21 ULP | 0.96×, 22 ULP | 1.80×, 33 ULP | 2.00×, 220 ULP | 2.40×, 270 ULP | 10×, 18 ULP | 20×, 0.5 ULP | 5.0× |
        | Softmax, 64 x 128256 | 0.25 ns, 2.4 ULP | 24×, 21 ULP | 1.60×, 22 ULP | 1.92×, 33 ULP | 2.00×, 220 ULP | 2.40×, 270 ULP | - | - | - |
        | Softmax, 1 x 1000 | 0.21 ns, 2.4 ULP | 29×, 21 ULP | 1.43×, 22 ULP | 2.86×, 33 ULP | 16×, 220 ULP | - | - | - | - |
        | Cross-entropy with its gradient, 4096 x 1000 | 0.25 ns | - | - | - | - | 4.4× | - | - | - |
        <!-- end of figures -->
        More words.
        """,
        pages().get(Path.of("docs/beside-others.md")));
  }

  @Test
  void pagesWithoutTheirPlacesAreRefused() throws IOException {
    ReportTest.page(directory.resolve("README.md"), "picture", "limits");
    assertEquals(
        "The pages have places for the figures [counts, libraries, limits, picture, predictions], where"
            + " [counts, faster, libraries, limits, picture, predictions] should be",
        assertThrows(BadInput.class, this::pages).getMessage());
    ReportTest.page(directory.resolve("README.md"), "unknown");
    assertEquals(
        "There are no figures named unknown",
        assertThrows(BadInput.class, this::pages).getMessage());
    Files.delete(directory.resolve("README.md"));
    assertTrue(
        assertThrows(BadInput.class, this::pages).getMessage().endsWith("README.md: no such page"));
  }

  /** Of another machine there is softmax alone: it has a column, and the pictures stay. */
  @Test
  void otherMachinesHaveColumns() throws IOException {
    for (String end : new String[] {".json", ".environment.json"}) {
      Path results = directory.resolve("results");
      // A name before the others': what is shown does not depend on it.
      Files.writeString(
          results.resolve("softmax-20260103-000000" + end),
          Files.readString(results.resolve("softmax-20260102-000000" + end))
              .replace("Test CPU", "Another CPU"));
    }
    String page = pages().get(Path.of("README.md"));
    assertTrue(page.contains("one thread, Test CPU (Tested), 512 bits: time"), page);
    assertTrue(
        page.contains(
            "| instead of | operation | Another CPU (family 1, model 2), 512 bits | Test CPU (Tested), 512 bits | "),
        page);
    assertTrue(page.contains("- **Measured on 2 kinds of CPU** only: "), page);
  }
}
