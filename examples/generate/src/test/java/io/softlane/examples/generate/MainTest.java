package io.softlane.examples.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.SoftmaxKernels;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private record Result(int status, String out, String err) {}

  private static Result run(Charset charset, boolean terminal, String... options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new PrintStream(out, true, charset),
            new PrintStream(err, true, charset),
            terminal,
            options);
    return new Result(status, out.toString(charset), err.toString(charset));
  }

  @Test
  void writesOn() {
    Result result = run(StandardCharsets.UTF_8, false);
    assertEquals("", result.err);
    assertEquals(0, result.status);
    assertContains(result.out, "kernels  " + SoftmaxKernels.reason());
    assertContains(result.out, "\nepoch 3  1.3163 bits a character, 1.7370 held out ");
    assertContains(
        result.out,
        """

        Mr. Darcy.

        "Oh! you may be treated with Mr. Bennet was so much better of its being in the
        evening his father hand, in my brother admiration of every other talking to
        """);
    assertContains(result.out, "\n600 characters, 0.9730 bits each; temperature 0.7, top-k 40, ");
    assertContains(result.out, "\nleast sure after \" the family were to dinner to \":\n");
    assertTrue(result.out.matches("(?s).*\n>  h   █▎ +6\\.3%   █▌ +7\\.2%\n.*"), result.out);
    assertFalse(result.out.matches("(?s).*[\r\u001b].*"), result.out);
    assertTrue(result.out.lines().allMatch(line -> line.length() <= 100), result.out);
  }

  @Test
  void drawsAProgressBarWhileItTrainsOnATerminal() {
    Result result = run(StandardCharsets.UTF_8, true, "--length=10");
    assertTrue(result.out.matches("(?s).*\rTraining +\\d+% \\|█.*"), result.out);
    assertContains(result.out, "held out");
  }

  @Test
  void keepsToAsciiWhereTheCharsetIs() {
    Result result = run(StandardCharsets.US_ASCII, true, "--length=50");
    assertTrue(result.out.matches("(?s).*\rTraining +\\d+% \\[=.*"), result.out);
    assertTrue(result.out.matches("(?s).*> .... #+ .*"), result.out);
    assertFalse(result.out.substring(result.out.indexOf("least sure")).contains("?"), result.out);
  }

  @Test
  void takesItsOptions() {
    Result result =
        run(
            StandardCharsets.UTF_8,
            false,
            "--temperature=1.5",
            "--top-k=3",
            "--top-p=0.9",
            "--min-p=0.2",
            "--seed=-7",
            "--length=70",
            "--kernels=scalar");
    assertEquals("", result.err);
    assertContains(result.out, "kernels  scalar: the option --kernels asks for scalar");
    assertContains(result.out, "\n70 characters, ");
    assertContains(result.out, "; temperature 1.5, top-k 3, top-p 0.9, min-p 0.2, seed -7\n");
    // Three characters are left at the most: of the others the picture has nothing in the column.
    long left = result.out.lines().filter(line -> line.matches("[> ] .{4} .*%  .*%")).count();
    assertTrue(left >= 1 && left <= 3, result.out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--temperature=x",
        "--temperature=-0.1",
        "--temperature=NaN",
        "--temperature=Infinity",
        "--temperature=1e-30",
        "--temperature",
        "--top-k=0",
        "--top-k=1.5",
        "--top-p=0",
        "--top-p=1.01",
        "--top-p=NaN",
        "--min-p=-0.5",
        "--min-p=2",
        "--seed=one",
        "--seed=9223372036854775808",
        "--length=0",
        "--length=1000001",
        "--length=99999999999",
        "--kernels=simd",
        "--topk=1",
        "more"
      })
  void refusesABadOptionInOneLine(String option) {
    Result result = run(StandardCharsets.UTF_8, false, option);
    assertEquals(2, result.status);
    assertEquals("", result.out);
    assertTrue(result.err.matches("generate: [^\n]+ \\(see --help\\)\\R"), result.err);
    assertContains(result.err, option.replaceFirst("=.*", ""));
  }

  @Test
  void helps() {
    Result result = run(StandardCharsets.UTF_8, false, "--help");
    assertEquals(0, result.status);
    assertEquals("", result.err);
    for (String option :
        List.of("--temperature", "--top-k", "--top-p", "--min-p", "--seed", "--length", "--help")) {
      assertContains(result.out, option);
    }
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), () -> "no " + part + " in: " + text);
  }
}
