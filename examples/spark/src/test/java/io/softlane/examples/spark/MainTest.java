package io.softlane.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.SoftmaxKernels;
import io.softlane.examples.spark.Runs.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private static final List<String> SMALL =
      List.of("--digits", "--rows=1347", "--lambda=1e-3", "--tolerance=1e-5");

  private static Result run(String... more) {
    List<String> args = new ArrayList<>(SMALL);
    args.addAll(List.of(more));
    return Runs.main(args.toArray(String[]::new));
  }

  @Test
  void oneProcessReachesTheReference() {
    Result result = run("--master=none");
    assertEquals("", result.err());
    assertEquals(0, result.status());
    assertContains(result.out(), "kernels  " + SoftmaxKernels.reason());
    assertContains(result.out(), "\nobjective       0.235612");
    assertContains(result.out(), "\ntest accuracy   0.9156  (412 of 450)");
  }

  @Test
  void checkpointsAndResumes(@TempDir Path directory) {
    String checkpoint = "--checkpoint=" + directory.resolve("run");
    Result first = run("--master=none", checkpoint, "--epochs=9");
    assertContains(first.out(), "\nstopped before the tolerance was reached: 9 epochs");
    assertContains(first.out(), "passes   0 are in " + directory.resolve("run"));
    Result second = run("--master=none", checkpoint);
    assertTrue(
        second.out().matches("(?s)passes   [1-9]\\d* are in " + directory.resolve("run") + "\n.*"),
        second.out());
    Result whole = run("--master=none");
    String objective = whole.out().lines().filter(l -> l.startsWith("objective")).findAny().get();
    assertContains(second.out(), objective);
    Result other = Runs.main("--digits", "--master=none", checkpoint, "--lambda=1e-2");
    assertEquals(2, other.status());
    assertContains(other.err(), "not a checkpoint of this run");
    refused(
        directory.resolve("no/run") + ": no checkpoint can be made there: no such directory",
        "--checkpoint=" + directory.resolve("no/run"));
    refused(
        directory + ": this checkpoint cannot be opened: Is a directory",
        "--checkpoint=" + directory);
  }

  private static void refused(String message, String... more) {
    Result result = run(more);
    assertEquals("spark: " + message + System.lineSeparator(), result.err());
    assertEquals(2, result.status());
    assertFalse(result.out().contains("epoch"), result.out());
  }

  @Test
  void tellsOfADamagedCheckpoint(@TempDir Path directory) throws IOException {
    Path checkpoint = directory.resolve("run");
    Result whole = run("--master=none", "--checkpoint=" + checkpoint, "--epochs=9");
    byte[] bytes = Files.readAllBytes(checkpoint);
    bytes[200] ^= 1; // in the first pass
    Files.write(checkpoint, bytes);
    Result again = run("--master=none", "--checkpoint=" + checkpoint, "--epochs=9");
    assertTrue(
        again
            .err()
            .matches("spark: .*run: pass 1 of (\\d+) is damaged: it and the \\d+ after it .*\\R"),
        again.err());
    assertEquals(0, again.status());
    assertContains(again.out(), "passes   0 are in " + checkpoint);
    String objective = whole.out().lines().filter(l -> l.startsWith("objective")).findAny().get();
    assertContains(again.out(), objective);
    assertEquals("", run("--master=none", "--checkpoint=" + checkpoint, "--epochs=9").err());
  }

  /** Which are read last: a run may take minutes until then. */
  @Test
  void refusesBadTestFilesBeforeItTrains(@TempDir Path directory) throws IOException {
    for (boolean test : new boolean[] {false, true}) {
      int rows = test ? Idx.TEST : 5;
      byte[] pixels = new byte[rows * Idx.PIXELS];
      Runs.idx(directory.resolve(Idx.images(test)), pixels, 0x803, rows, 28, 28);
    }
    Runs.idx(directory.resolve(Idx.labels(false)), new byte[5], 0x801, 5);
    Path labels = directory.resolve(Idx.labels(true));
    refusedFashion(directory, labels + ": no such file");
    Runs.idx(labels, new byte[60_000], 0x801, 60_000);
    refusedFashion(
        directory,
        labels + ": 60000 labels for the 10000 images of " + directory.resolve(Idx.images(true)));
  }

  private static void refusedFashion(Path directory, String message) {
    Result result = Runs.main("--data=" + directory, "--rows=5", "--master=none");
    assertEquals("spark: " + message + System.lineSeparator(), result.err());
    assertEquals(2, result.status());
    assertEquals("", result.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--lambda=x",
        "--lambda=-1",
        "--lambda=NaN",
        "--epochs=0",
        "--rows=0",
        "--rows=60001",
        "--partitions=0",
        "--tolerance=-1",
        "--tolerance=NaN",
        "--masters=local",
        "--master=elsewhere",
        "--master=local-cluster[2]",
        "more"
      })
  void refusesABadOptionInOneLine(String option) {
    Result result = Runs.main("--digits", option);
    assertEquals(2, result.status(), result.err());
    assertTrue(result.err().matches("spark: [^\n]+ \\(see --help\\)\\R"), result.err());
    assertFalse(result.out().contains("objective"), result.out());
    assertContains(result.err(), option.replaceFirst("=.*", ""));
  }

  @Test
  void refusesMissingDataInOneLine(@TempDir Path empty) {
    Result result = Runs.main("--data=" + empty);
    assertEquals(2, result.status());
    String file = empty.resolve("train-images-idx3-ubyte.gz").toString();
    assertEquals("spark: " + file + ": no such file" + System.lineSeparator(), result.err());
  }

  @Test
  void helps() {
    Result result = run("--help");
    assertEquals(0, result.status());
    assertEquals("", result.err());
    for (String option : List.of("--master", "--data", "--checkpoint", "--partitions")) {
      assertContains(result.out(), option);
    }
  }

  /** The driver is started with the options that Spark's launcher gives to executors. */
  @Test
  void jvmOptionsAreSparks() throws IOException {
    String file = Files.readString(Path.of("jvm.options"));
    Arrays.stream(JavaModuleOptions.defaultModuleOptionArray())
        .filter(option -> !option.contains("sun.security.action")) // not in JDK 25: a warning
        .forEach(option -> assertContains(file, option));
  }

  /** The optimiser is that of the example digits, to the letter. */
  @Test
  void optimiserIsThatOfDigits() throws IOException {
    String path = "src/main/java/io/softlane/examples/%s/Lbfgs.java";
    Path digits = Path.of("../digits", path.formatted("digits"));
    if (!Files.exists(digits)) {
      System.err.println("** NOT TESTED: that Lbfgs is that of examples/digits, which is not here");
    }
    Assumptions.assumeTrue(Files.exists(digits));
    assertEquals(
        Files.readString(digits).replace("examples.digits;", "examples.spark;"),
        Files.readString(Path.of(path.formatted("spark"))));
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), () -> "no " + part + " in: " + text);
  }
}
