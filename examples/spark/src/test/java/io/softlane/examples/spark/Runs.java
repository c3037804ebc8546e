package io.softlane.examples.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** What the tests share: a small problem, and ways to run it. */
final class Runs {
  static final Path DIGITS = Path.of(System.getProperty("digits.data")).toAbsolutePath();

  /** Three times the digits' training rows, so the minimum is that of the digits. */
  static final Source SOURCE =
      new Source(Source.Kind.DIGITS, DIGITS.getParent().toString(), false, 3 * Digits.TRAINING);

  static final double LAMBDA = 1e-3;

  /** scikit-learn's, see examples/digits. */
  static final double REFERENCE = 0.235612;

  static final Output NOWHERE =
      Output.of(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);

  private Runs() {}

  /** Where a search ended. */
  record Run(Lbfgs.State end, double[] weights) {
    void assertSameBits(Run other) {
      assertEquals(end, other.end);
      assertArrayEquals(weights, other.weights);
    }
  }

  static Run train(Pass pass, Journal journal, int epochs) {
    double[] weights = new double[SOURCE.weights()];
    Objective objective = new Objective(pass, SOURCE, LAMBDA, journal);
    return new Run(Training.run(objective, weights, epochs, 1e-5, NOWHERE), weights);
  }

  /** Writes a file in the form of Fashion-MNIST's. */
  static Path idx(Path file, byte[] bytes, int... header) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      for (int number : header) {
        out.writeInt(number);
      }
      out.write(bytes);
    }
    return file;
  }

  /** What the program printed, and its exit status. */
  record Result(int status, String out, String err) {}

  static Result main(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            args);
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
