package io.softlane.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
  @TempDir Path directory;

  /** Rounds of both; the second file is 20 % faster at vector, within a noise of 1 %. */
  private Run run(String name, double vector, double machine) throws IOException {
    StringBuilder json = new StringBuilder("[");
    double[] noise = {1, 1.01, 0.99};
    for (int round = 0; round < noise.length; round++) {
      double state = machine * (1 + round);
      json.append(entry(round, "copy", 10 * state)).append(',');
      json.append(entry(round, "vector", vector * state * noise[round])).append(',');
    }
    json.setCharAt(json.length() - 1, ']');
    return Run.read(Files.writeString(directory.resolve(name), json.toString()));
  }

  private static String entry(int round, String variant, double time) {
    return String.format(
        Locale.ROOT,
        """
        {"benchmark": "a.b.softmax", "mode": "avgt", "round": %d,
         "params": {"shape": "2x5", "variant": "%s"},
         "primaryMetric": {"scoreUnit": "ns/op", "rawData": [[%f, %f, %f]]}}
        """,
        round,
        variant,
        time,
        time * 0.9,
        time * 1.1);
  }

  @Test
  void welchsInterval() {
    double[] before = {Math.log(100), Math.log(102), Math.log(98)};
    double[] after = {Math.log(80), Math.log(82), Math.log(78), Math.log(80)};
    Compare.Change change = Compare.Change.of(before, after);
    // By scipy 1.17.1: ttest_ind(after, before, equal_var=False).confidence_interval(), exp of it.
    assertEquals(0.799982, change.ratio(), 1e-6);
    assertEquals(0.767883, change.from(), 1e-6);
    assertEquals(0.833422, change.to(), 1e-6);
    assertTrue(change.isSignificant());
  }

  @Test
  void whatHasNoSpreadHasNoWidth() {
    double[] same = {1, 1, 1};
    Compare.Change change = Compare.Change.of(same, same);
    assertEquals(new Compare.Change(1, 1, 1), change);
    assertFalse(change.isSignificant());
    assertFalse(Compare.Change.of(new double[] {1}, new double[] {2}).isSignificant());
  }

  @Test
  void aReferenceTakesTheMachineOut() throws IOException {
    Run before = run("a.json", 20, 1);
    Run after = run("b.json", 16, 1.5);
    String text = Compare.table(before, after, null);
    // Each round is slower than the one before it by as much as all of the first: no interval of
    // plain times excludes 1, that of times over copy's does.
    String line = text.lines().filter(l -> l.contains(" vector ")).findFirst().orElseThrow();
    String[] cells = line.split("\\|");
    assertTrue(cells[6].strip().startsWith("1.200 [") && !cells[6].contains("*"), line);
    assertTrue(cells[7].strip().startsWith("0.800 [0.78") && cells[7].contains("*"), line);
    assertTrue(
        text.lines().toList().getLast().matches("\\| geomean .* 1.342 \\| +0.800 \\|"), text);
  }

  @Test
  void badInputIsOneLine() throws IOException {
    Path good = directory.resolve("good.json");
    Path empty = Files.writeString(directory.resolve("empty.json"), "[]");
    run("good.json", 20, 1);
    Path other =
        Files.writeString(
            directory.resolve("other.json"), Files.readString(good).replace("2x5", "5x2"));
    assertEquals("none.json: no such file", fails(good.toString(), "none.json"));
    assertEquals(empty + ": holds no results", fails(empty.toString(), good.toString()));
    assertEquals(
        "The files have no shape and variant in common", fails(good.toString(), other.toString()));
    assertEquals(
        "The reference c3 is not in both files",
        fails("--reference", "c3", good.toString(), good.toString()));
    assertEquals("Missing required parameter: 'B.json'; see --help", fails(good.toString()));
  }

  private static String fails(String... args) {
    StringWriter err = new StringWriter();
    assertEquals(2, Commands.run(new Compare(), new PrintWriter(err, true), args));
    assertEquals(1, err.toString().lines().count(), err.toString());
    return err.toString().strip();
  }
}
