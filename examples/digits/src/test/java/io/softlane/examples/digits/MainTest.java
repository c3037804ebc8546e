package io.softlane.examples.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.SoftmaxKernels;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private record Result(int status, String out, String err) {}

  private static Result run(Charset charset, boolean terminal, String... options) {
    List<String> args = new ArrayList<>(List.of("--data", DigitsTest.DATA.toString()));
    args.addAll(List.of(options));
    return runBare(charset, terminal, args.toArray(String[]::new));
  }

  private static Result runBare(Charset charset, boolean terminal, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new PrintStream(out, true, charset),
            new PrintStream(err, true, charset),
            terminal,
            args);
    return new Result(status, out.toString(charset), err.toString(charset));
  }

  @Test
  void printsWhatItReached() {
    Result result = run(StandardCharsets.UTF_8, false);
    assertEquals("", result.err);
    assertEquals(0, result.status);
    assertContains(result.out, "kernels  " + SoftmaxKernels.reason());
    assertContains(result.out, "\nobjective       0.235612");
    assertContains(result.out, "\ntrain accuracy  0.9874  (1330 of 1347)");
    assertContains(result.out, "\ntest accuracy   0.9156  (412 of 450)");
    assertContains(result.out, "surest mistake: row ");
    for (String row : List.of("softmax", "loss", "gradient")) {
      assertTrue(
          result.out.lines().anyMatch(l -> l.matches(row + "( +[0-9.]+ us +[0-9.]+x){3}")),
          result.out);
    }
  }

  @Test
  void printsPlainLinesWhereThereIsNoTerminal() {
    Result result = run(StandardCharsets.UTF_8, false, "--no-timing");
    assertFalse(result.out.matches("(?s).*[\r\u001b].*"), result.out);
    assertTrue(
        result.out.lines().filter(l -> l.matches("epoch.* loss [0-9.]+ .* rows/s")).count() >= 5,
        result.out);
  }

  @Test
  void drawsAProgressBarForTheTimingOnATerminal() {
    Result result = run(StandardCharsets.UTF_8, true);
    assertTrue(result.out.matches("(?s).*\rTiming +\\d+% \\|█.*"), result.out);
  }

  @Test
  void keepsToAsciiWhereTheCharsetIs() {
    Result result = run(StandardCharsets.US_ASCII, true);
    assertTrue(result.out.matches("(?s).*\rTiming +\\d+% \\[=.*"), result.out);
    assertFalse(result.out.contains("?"), result.out);
  }

  @Test
  void takesItsOptions() {
    Result result =
        run(StandardCharsets.UTF_8, false, "--lambda=0.01", "--kernels=scalar", "--no-timing");
    assertContains(result.out, "kernels  scalar: the option --kernels asks for scalar");
    assertContains(result.out, "\nobjective       0.712416");
    assertContains(result.out, "\ntest accuracy   0.8889");

    result = run(StandardCharsets.UTF_8, false, "--epochs=3", "--no-bias", "--no-timing");
    assertContains(result.out, "\nstopped before the tolerance was reached: 3 epochs");
    result = run(StandardCharsets.UTF_8, false, "--tolerance=0.1", "--no-timing");
    assertContains(result.out, "\nconverged: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--lambda=x",
        "--lambda=-1",
        "--lambda=NaN",
        "--lambda=Infinity",
        "--lambda",
        "--epochs=0",
        "--epochs=1.5",
        "--epochs=99999999999",
        "--tolerance=-1",
        "--tolerance=NaN",
        "--kernels=simd",
        "--lamda=1",
        "--data=a.gz",
        "more"
      })
  void refusesABadOptionInOneLine(String option) {
    Result result = run(StandardCharsets.UTF_8, false, option);
    assertEquals(2, result.status);
    assertEquals("", result.out);
    assertTrue(result.err.matches("digits: [^\n]+ \\(see --help\\)\\R"), result.err);
    String name = option.replaceFirst("=.*", "");
    assertContains(result.err, name);
  }

  @Test
  void refusesAMissingDataFileInOneLine() {
    Result result = runBare(StandardCharsets.UTF_8, false, "--data", "none.csv.gz");
    assertEquals(2, result.status);
    assertEquals("", result.out);
    assertEquals("digits: none.csv.gz: no such file" + System.lineSeparator(), result.err);
  }

  @Test
  void helps() {
    Result result = run(StandardCharsets.UTF_8, false, "--help");
    assertEquals(0, result.status);
    assertEquals("", result.err);
    for (String option : List.of("--lambda", "--epochs", "--tolerance", "--kernels", "--help")) {
      assertContains(result.out, option);
    }
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), () -> "no " + part + " in: " + text);
  }
}
