package io.softlane.benchmarks.sidebyside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SideBySideTest {
  /** The directory benchmarks, where its tests run. */
  private static final Path HOME = Path.of("").toAbsolutePath();

  private record Printed(int status, String out, String err) {}

  private static Printed run(String... args) throws IOException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        SideBySide.run(
            HOME,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            args);
    return new Printed(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "--foo, Unknown option '--foo'; see --help",
    "--jvms, --jvms needs a value; see --help",
    "--jvms 0, '--jvms needs a number from 1 on, not ''0''; see --help'",
    "--rounds 1e3, '--rounds needs a number from 1 on, not ''1e3''; see --help'",
    "--warmup -1, '--warmup needs seconds, not ''-1''; see --help'",
    "--only (, --only needs a regular expression: Unclosed group in '('",
    "--only nothing, No line is found by --only 'nothing'; see --list",
    "--within --only ^max, No line is found by --only '^max'; see --list",
    "--tree none, No src/main/java in none",
    "a b c, 'At most 2 commits, not a b c; see --help'",
    "--within a b, 'At most 1 commit, not a b; see --help'",
    "a -- foo, 'A JVM''s flag starts with -, not ''foo''; see --help'",
    "-- -XX:+Foo, The JVM does not start: Unrecognized VM option 'Foo'"
  })
  void badArgumentsAreOneLine(String args, String message) throws Exception {
    Printed printed = run(args.split(" "));
    assertEquals(2, printed.status);
    assertEquals(message, printed.err.strip());
    assertEquals("", printed.out);
  }

  @Test
  void helpSaysWhatItIs() throws Exception {
    Printed printed = run("--jvms", "2", "--help");
    assertEquals(new Printed(0, Arguments.HELP, ""), printed);
    assertTrue(printed.out.lines().allMatch(line -> line.length() <= 120));
  }

  @Test
  void linesAreChosen() throws Exception {
    assertEquals(
        "softmax 64x512\nsoftmax 64x1000\n", run("--list", "--only", "^softmax 64x\\d{3,4}$").out);
    assertEquals(
        "inplace / copied 64x1000\ninplace / copied 4096x1000\n",
        run("--list", "--within", "--only", "inplace").out);
    for (String within : List.of("--list", "--within")) {
      List<String> lines = run("--list", within).out.lines().toList();
      assertEquals(lines.stream().distinct().toList(), lines);
    }
  }

  @Test
  void anOutcomeIsALine() {
    Rounds.Outcome outcome = new Rounds.Outcome(0.25, 0.5, 0.501, 3, 640, null);
    assertEquals(outcome, Rounds.Outcome.parse(outcome.toString()));
    Rounds.Outcome failed = Rounds.Outcome.failed("old: a\n\tb");
    assertEquals("old: a b", Rounds.Outcome.parse(failed.toString()).failure());
    assertEquals(2.5, Rounds.median(4, 1, 2, 3));
  }

  @Test
  void resultsThatNobodyWroteAreNotCounted() {
    Batch batch = new Batch(Case.of("max", "2x3"));
    int[] one = batch.results(calls -> (long) (batch.perRow[1] = 1));
    int[] other = batch.results(calls -> (long) (batch.perRow[1] = batch.perRow[0] = 2));
    assertArrayEquals(new long[] {0, 1}, Batch.differing(one, one));
    assertArrayEquals(new long[] {2, 2}, Batch.differing(one, other));
  }

  @Test
  void aLineHasTheMedianOfTheJvms() {
    Case.Pair pair = Case.versions().getFirst();
    Table table = new Table(false, List.of(pair));
    List<Rounds.Outcome> jvms = new ArrayList<>();
    for (double ratio : new double[] {1.25, 0.75, 1}) {
      jvms.add(new Rounds.Outcome(ratio, 1, ratio, 7, 100, null));
    }
    assertEquals(
        "softmax 65536x10 0.7500 1.0000 1.000 0.750 1.250 7 of 100", line(table, pair, jvms));
    jvms.add(Rounds.Outcome.failed("new: no"));
    assertEquals("softmax 65536x10 FAILED in new: no", line(table, pair, jvms));
  }

  private static String line(Table table, Case.Pair pair, List<Rounds.Outcome> jvms) {
    return table.line(pair, jvms).replaceAll(" +", " ");
  }

  /** A commit with the library as it is, in a repository of its own, and a working tree. */
  @Test
  void aCommitBesideTheWorkingTree(@TempDir Path tree) throws Exception {
    copy(HOME.resolve("../src/main/java").normalize(), tree.resolve("src/main/java"));
    git(tree, "init", "-q");
    git(tree, "add", ".");
    git(tree, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "The library");
    Path rows = tree.resolve("src/main/java/io/softlane/Rows.java");
    String text = Files.readString(rows);
    Files.writeString(rows, text + "// changed\n");
    String[] quick = {
      "--tree",
      tree.toString(),
      "--only",
      "^(max 64x1000|softmax 1x16)$",
      "--jvms",
      "1",
      "--rounds",
      "3",
      "--warmup",
      "0.1"
    };

    Printed printed = run(quick);
    assertEquals(0, printed.status, printed.err);
    List<String> lines = printed.out.lines().toList();
    assertTrue(lines.get(0).matches("old  [0-9a-f]+ The library"), printed.out);
    assertTrue(
        lines.get(1).matches("new  working tree, changed since [0-9a-f]+ The library"),
        printed.out);
    String figures = "( +[0-9.]+){5} +none";
    assertTrue(lines.get(5).matches("softmax 1x16" + figures), printed.out);
    assertTrue(lines.get(6).matches("max 64x1000" + figures), printed.out);
    assertEquals(7, lines.size());

    // Without AVX there is no fused multiply-add, and without that no vector kernels.
    printed =
        run(Stream.concat(Stream.of(quick), Stream.of("--", "-XX:-UseFMA")).toArray(String[]::new));
    assertEquals(1, printed.status);
    assertTrue(printed.out.contains("FAILED in old: java.lang.IllegalStateException"), printed.out);

    Files.writeString(rows, text + "}\n");
    printed = run(quick);
    assertEquals(1, printed.status);
    assertTrue(printed.err.strip().endsWith("src/main/java does not compile"), printed.err);
    assertEquals(
        new Printed(2, "", "No commit 'none' in " + tree + System.lineSeparator()),
        run("--tree", tree.toString(), "none"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.forEach(
          file -> {
            try {
              Path copy = to.resolve(from.relativize(file));
              Files.createDirectories(copy.getParent());
              Files.copy(file, copy);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private static void git(Path tree, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", tree.toString()));
    command.addAll(List.of(args));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
