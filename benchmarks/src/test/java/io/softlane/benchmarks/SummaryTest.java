package io.softlane.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
  private static String entry(String variant, String rawData, String more) {
    return """
        {"benchmark": "io.softlane.benchmarks.SoftmaxBenchmark.softmax", "mode": "avgt",
         "params": {"shape": "4x25", "variant": "%s"},
         "primaryMetric": {"score": 7, "scoreError": "NaN", "scoreUnit": "ns/op", "rawData": %s},
         "secondaryMetrics": {%s}}"""
        .formatted(variant, rawData, more);
  }

  private static final String COPY = entry("copy", "[[10.0]]", "");
  private static final String NAIVE = entry("naive", "[[1000.0, 1002.0], [1040.0, 998.0]]", "");
  private static final String VECTOR = entry("vector", "[[30, 20, 10], [20.0, 22.0, 18.0]]", "");

  @Test
  void aFigureIsTheMedianPerElement() throws IOException {
    List<Summary.Table> tables = Summary.read("[" + NAIVE + "]");
    assertEquals(1, tables.size());
    Summary.Figure figure = tables.get(0).shapes().get("4x25").get("naive");
    assertEquals(10.01, figure.nanosPerElement(), 1e-12);
    // The forks' medians are 1001 and 1019.
    assertEquals(9 / 1001.0, figure.spread(), 1e-12);
  }

  @Test
  void aFileWithoutResultsIsOneLine(@TempDir Path directory) throws IOException {
    Path good = Files.writeString(directory.resolve("good.json"), "[" + NAIVE + "]");
    assertEquals("", said(0, good.toString()));
    assertEquals("none.json: no such file\n", said(2, good.toString(), "none.json"));
    for (String bad : List.of("{", "{}", "[1]", "[{}]", "root:x:0:0")) {
      Path file = Files.writeString(directory.resolve("bad.json"), bad);
      assertEquals(file + ": no results of JMH\n", said(2, good.toString(), file.toString()));
    }
  }

  /** What goes to standard error; where that is something, there are no tables. */
  private static String said(int status, String... files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertEquals(status, Summary.run(new PrintStream(out), new PrintStream(err), files));
    assertEquals(status == 0, out.size() > 0);
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void tables() throws IOException {
    String text = markdown(COPY, NAIVE, VECTOR);
    assertEquals(
        """
        softmax, ns per element

        | shape      |         copy |        naive |       vector |
        |------------|-------------:|-------------:|-------------:|
        | 4x25       |        0.100 |   10.010 ±1% |    0.200 ±0% |

        softmax, how many times as fast as naive

        | shape      |       vector |
        |------------|-------------:|
        | 4x25       |        50.05 |

        softmax, times the copy's time

        | shape      |        naive |       vector |
        |------------|-------------:|-------------:|
        | 4x25       |       100.10 |         2.00 |

        """,
        text);
  }

  @Test
  void whatWasNotRunIsLeftOut() throws IOException {
    String text = markdown(VECTOR);
    assertFalse(text.contains("naive"));
    assertFalse(text.contains("copy"));
    String other = COPY.replace("4x25", "1x1");
    assertEquals(
        "| 4x25       |            - |    0.200 ±0% |",
        markdown(other, VECTOR).lines().toList().get(5));
  }

  @Test
  void allocationIsShownWhereItWasMeasured() throws IOException {
    String gc = "\"gc.alloc.rate.norm\": {\"score\": 23.96, \"scoreUnit\": \"B/op\"}";
    List<String> lines = markdown(COPY, entry("vector", "[[1.0]]", gc)).lines().toList();
    assertEquals("softmax, bytes allocated per call", lines.get(lines.size() - 6));
    assertEquals("| 4x25       |            - |         24.0 |", lines.get(lines.size() - 2));
  }

  /** Rounds of entries are JVMs; the most bytes of any count. */
  @Test
  void manyJvmsShowTheSlowest() throws IOException {
    String[] jvms = new String[5];
    for (int i = 0; i < jvms.length; i++) {
      String bytes = "\"gc.alloc.rate.norm\": {\"score\": %d}".formatted(i == 2 ? 16 : 0);
      jvms[i] = entry("vector", "[[%d.0]]".formatted(i == 1 ? 130 : 100), bytes);
    }
    List<String> lines = markdown(jvms).lines().toList();
    assertEquals("softmax, the slowest JVM, times the median one", lines.get(6));
    assertEquals("| 4x25       |         1.30 |", lines.get(10));
    assertEquals("| 4x25       |         16.0 |", lines.get(lines.size() - 2));
    assertFalse(markdown(jvms[0], jvms[1]).contains("slowest"));
  }

  @Test
  void anotherUnitIsRefused() {
    String micros = NAIVE.replace("ns/op", "us/op");
    assertThrows(IllegalArgumentException.class, () -> Summary.read("[" + micros + "]"));
  }

  @Test
  void elements() {
    assertEquals(65536L * 65536, Summary.elements("65536x65536"));
  }

  private static String markdown(String... entries) throws IOException {
    return Summary.markdown(Summary.read("[" + String.join(",", entries) + "]").get(0));
  }
}
