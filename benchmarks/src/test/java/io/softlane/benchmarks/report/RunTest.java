package io.softlane.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
  @TempDir Path directory;

  private Run run(String... entries) throws IOException {
    Path file = directory.resolve("softmax-avx2-quick-20260304-050607.json");
    return Run.read(Files.writeString(file, "[" + String.join(",", entries) + "]"));
  }

  private static String entry(String round, String variant, String forks, String gc) {
    return """
        {"benchmark": "a.b.softmax", "mode": "avgt", %s
         "params": {"shape": "2x5", "variant": "%s"},
         "primaryMetric": {"scoreUnit": "ns/op", "rawData": %s}, "secondaryMetrics": {%s}}
        """
        .formatted(round, variant, forks, gc);
  }

  @Test
  void theNameSaysWhatItIs() throws IOException {
    Run run = run(entry("", "vector", "[[1]]", ""));
    assertEquals("softmax", run.kind());
    assertEquals("avx2", run.label());
    assertTrue(run.quick());
    assertEquals("20260304-050607", run.stamp());
    assertEquals(Map.of(), run.environment());
  }

  @Test
  void roundsAreAsNumberedOrForks() throws IOException {
    Run run =
        run(
            entry("\"round\": 3,", "vector", "[[30, 10, 20]]", ""),
            entry("\"round\": 1,", "vector", "[[40]]", ""),
            entry("", "c3", "[[10], [20, 40]]", ""));
    Point point = new Point("2x5");
    assertEquals(Map.of(1, 4.0, 3, 2.0), run.at(point, "vector").medians());
    assertEquals(Map.of(0, 1.0, 1, 3.0), run.at(point, "c3").medians());
    assertEquals(Map.of(1, 4.0, 3, 1.0), run.at(point, "vector").fastest());
    assertEquals(Map.of(0, 1.0, 1, 2.0), run.at(point, "c3").fastest());
    assertEquals(1.0, run.at(point, "vector").time());
    assertEquals(1.5, run.at(point, "vector").spread(), 1e-12);
    // The range is of the one round that both have.
    assertEquals(
        new Ratio(1.0, 0.5, 0.5, 1), Ratio.of(run.at(point, "c3"), run.at(point, "vector")));
  }

  @Test
  void bytesAreTheMostOfAllRounds() throws IOException {
    String gc = "\"gc.alloc.rate.norm\": {\"score\": %s}";
    Run run =
        run(
            entry("\"round\": 0,", "vector", "[[1]]", gc.formatted("16.5")),
            entry("\"round\": 1,", "vector", "[[1]]", gc.formatted("0.5")));
    assertEquals(16.5, run.at(new Point("2x5"), "vector").bytesPerCall().getAsDouble());
  }

  @Test
  void variantsHaveOneOrder() {
    assertEquals(
        List.of("copy-1", "copy-2", "vector-1", "vector-2", "c3", "pytorch", "another"),
        Contestants.inOrder(
            List.of("pytorch", "another", "vector-2", "c3", "vector-1", "copy-2", "copy-1")));
  }

  @Test
  void pipesLimitALoop() {
    Model.Core core =
        new Model.Core("", "", 256, 2, 1, Map.of("any", "abc", "some", "ab", "one", "a"), Map.of());
    assertEquals(3, cycles(Map.of("any", 9.0), core));
    assertEquals(4, cycles(Map.of("any", 1.0, "some", 8.0), core));
    // a and b together hold 9, which is more than a third of all 12 and than the 4 of a alone.
    assertEquals(4.5, cycles(Map.of("any", 3.0, "some", 5.0, "one", 4.0), core));
    assertEquals(6, cycles(Map.of("any", 3.0, "some", 1.0, "one", 6.0), core));
  }

  private static double cycles(Map<String, Double> counts, Model.Core core) {
    return new Model(Map.of("loop", counts), Map.of(), 1, 1, List.of()).cycles("loop", core);
  }
}
