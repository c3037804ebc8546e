package io.softlane.examples.dropin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.SoftmaxKernels;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private record Result(int status, String out, String err) {}

  private static Result run(boolean terminal, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            args);
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void printsATableOfAllLibraries() {
    Result result = run(false, "--no-timing");
    Assumptions.assumeFalse(
        result.err.startsWith("drop-in: DJL is left out: no PyTorch for this machine"), result.err);
    assertEquals("", result.err);
    assertEquals(0, result.status);
    assertTrue(result.out.contains("kernels  " + SoftmaxKernels.reason()), result.out);
    for (String library : List.of("Smile", "Tribuo", "OpenNLP", "sampler", "DJL")) {
      assertTrue(result.out.contains("\n| " + library + " "), result.out);
    }
    assertEquals(16, result.out.lines().filter(l -> l.matches(".* ULP, .*\\|")).count());
    assertEquals(2, result.out.lines().filter(l -> l.matches(".* 1000 alike +\\|")).count());
    assertEquals(2, result.out.lines().filter(l -> l.matches(".* shares within .*%.*\\|")).count());
    assertNarrow(result.out);
    // With the times' columns.
    assertNarrow(result.out.replace("ULP", "ULP | 100.00 us | 100.00 us | 100.00x"));
    assertFalse(result.out.contains("Infinity"), result.out);
  }

  @Test
  void timesWhatIsAskedFor() {
    Result result = run(false, "--only", "smile");
    assertEquals("", result.err);
    assertEquals(0, result.status);
    assertEquals(6, result.out.lines().filter(l -> l.matches(".*[0-9]x .* ULP, .*")).count());
    assertFalse(result.out.contains("DJL"), result.out);
    assertTrue(result.out.contains("narrowing and widening take"), result.out);
    assertFalse(result.out.matches("(?s).*[\r\u001b].*"), result.out);
    assertNarrow(result.out);
  }

  private static void assertNarrow(String text) {
    assertEquals("", text.lines().filter(line -> line.length() > 100).findFirst().orElse(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--only=weka", "--only", "--no-time", "more"})
  void refusesABadOptionInOneLine(String option) {
    Result result = run(false, option);
    assertEquals(2, result.status);
    assertEquals("", result.out);
    assertTrue(result.err.matches("drop-in: [^\n]+ \\(see --help\\)\\R"), result.err);
  }

  @Test
  void helps() {
    Result result = run(false, "--help");
    assertEquals(0, result.status);
    assertTrue(result.out.contains("--only=LIBRARY"), result.out);
  }
}
