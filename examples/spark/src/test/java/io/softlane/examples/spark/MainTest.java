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
    Result second = run("--master=none", checkpoint);
    assertContains(second.out(), " passes were in " + directory.resolve("run"));
    Result whole = run("--master=none");
    String objective = whole.out().lines().filter(l -> l.startsWith("objective")).findAny().get();
    assertContains(second.out(), objective);
    Result other = Runs.main("--digits", "--master=none", checkpoint, "--lambda=1e-2");
    assertEquals(2, other.status());
    assertContains(other.err(), "not a checkpoint of this run");
    Result nowhere = run("--master=none", "--checkpoint=" + directory.resolve("no/run"));
    assertEquals(2, nowhere.status());
    assertEquals(1, nowhere.err().lines().count(), nowhere.err());
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
