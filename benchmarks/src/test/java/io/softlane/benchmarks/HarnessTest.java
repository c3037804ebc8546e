package io.softlane.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.runner.options.CommandLineOptionException;

/** The files' form, on which reports rely. */
class HarnessTest {
  private static final String ENTRY =
      """
      [{"jmhVersion": "1.37", "benchmark": "io.softlane.benchmarks.SoftmaxBenchmark.softmax",
        "mode": "avgt", "forks": 1, "jvm": "java",
        "jvmArgs": ["-XX:UseAVX=2", "-Dsoftlane.benchmarks.errors=/tmp/x", "-XX:UseAVX=2",
                    "-Dorg.bytedeco.javacpp.cachedir=/home/x",
                    "-DDJL_CACHE_DIR=/home/x", "--enable-native-access=ALL-UNNAMED"],
        "params": {"shape": "4x25", "variant": "vector"},
        "primaryMetric": {"score": 20.5, "scoreError": "NaN", "scoreUnit": "ns/op",
                          "rawData": [[20.0, 21.0]]},
        "secondaryMetrics": {}}]
      """;

  @ParameterizedTest
  @CsvSource({
    "shape=foo, 'A shape is rows x cols, say 64x1000, not foo'",
    "shape=0x10, 'A shape is rows x cols, say 64x1000, not 0x10'",
    "variant=foo, 'No variant is named foo; variants are vector entropy'",
    "nope=1, 'No parameter is named nope; parameters are variant shape threads data call'"
  })
  void badParametersAreNamed(String parameter, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Harness.of("entropy", "--", "-p", parameter));
    assertEquals(message, e.getMessage());
  }

  @Test
  void goodParametersAreTaken() throws CommandLineOptionException {
    assertNotNull(Harness.of("mode=quick", "softmax", "--", "-p", "shape=3x7", "-i", "6"));
  }

  @Test
  void anEntryIsJmhsWithItsRoundAndWithoutPaths() throws IOException {
    Map<String, Object> entry = Harness.entry(ENTRY, 2);
    assertEquals(2, entry.get("round"));
    assertEquals(
        List.of("-XX:UseAVX=2", "--enable-native-access=ALL-UNNAMED"), entry.get("jvmArgs"));
    Map<String, Object> same = JSON.std.mapFrom(ENTRY.strip().replaceAll("^\\[|\\]$", ""));
    entry.remove("round");
    entry.remove("jvmArgs");
    same.remove("jvmArgs");
    assertEquals(same, entry);
    assertThrows(IllegalArgumentException.class, () -> Harness.entry("[]", 1));
  }

  @Test
  void aFileIsAnArrayWithAnEntryALine() throws IOException {
    String text = Harness.lines(List.of(Harness.entry(ENTRY, 1), Harness.entry(ENTRY, 2)));
    assertEquals(4, text.lines().count());
    List<Object> entries = JSON.std.listFrom(text);
    assertEquals(Harness.entry(ENTRY, 2), entries.get(1));
    // Rounds are forks of one figure: medians 20.5, no spread.
    Summary.Figure figure = Summary.read(text).get(0).shapes().get("4x25").get("vector");
    assertEquals(0.205, figure.nanosPerElement(), 1e-12);
    assertEquals(0, figure.spread());
  }

  @Test
  void theNoteStandsBesideTheResults() throws IOException {
    assertEquals(
        Path.of("results/softmax-1.environment.json"),
        Harness.environmentOf(Path.of("results/softmax-1.json")));
    Map<String, Object> note = Environment.describe("abc", "benchmarks/run softmax");
    note.put("errors", Map.of("4x25", Map.of("vector", 1.5)));
    note.put("notices", List.of("none"));
    Map<String, Object> read = JSON.std.mapFrom(Harness.pretty(note));
    assertEquals("abc", read.get("commit"));
    assertEquals(Map.of("4x25", Map.of("vector", 1.5)), read.get("errors"));
    assertEquals(List.of("none"), read.get("notices"));
  }

  @Test
  void errorsOfAllForksAreMerged(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("errors");
    List<String> notices = new ArrayList<>();
    assertEquals(Map.of(), Errors.read(file, notices));
    Files.writeString(
        file,
        """
        4x25\tvector\t1.23456
        4x25 masked\tc3\tInfinity
        4x25\tvector\t1.1
        4x25 masked\tc3\tInfinity
        4x25\tc3\t20.0
        """);
    assertEquals(Map.of("4x25", Map.of("vector", 1.23, "c3", 20.0)), Errors.read(file, notices));
    assertEquals(List.of("4x25 masked: c3 returns NaN or infinity for a number."), notices);
  }

  @Test
  void steadySpeedIsTheLastQuartersAndIsKept() {
    List<WarmupRun.Window> windows = new ArrayList<>();
    long start = 100;
    long calls = 1;
    // One fast window by luck, then slow ones, then 90 % of 10 ns a call, then 10.
    for (long nanos : new long[] {90, 10, 90, 50, 11, 11, 11, 10, 10, 10, 10, 10, 10, 10, 10, 10}) {
      windows.add(new WarmupRun.Window(start, 10 * nanos, 10, calls));
      start += 10 * nanos;
      calls += 10;
    }
    assertEquals(
        Map.of("nanosTo90Percent", 2500L, "callsTo90Percent", 41L, "steadyNanosPerCall", 10.0),
        WarmupRun.steady(windows));
  }
}
