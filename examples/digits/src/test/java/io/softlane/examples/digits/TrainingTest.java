package io.softlane.examples.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrainingTest {
  private static final Output NOWHERE =
      Output.of(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);

  private static Digits digits;

  @BeforeAll
  static void read() throws IOException {
    digits = Digits.read(DigitsTest.DATA);
  }

  /** Reference values: scikit-learn 1.2.1, whose intercept is free of the penalty. */
  @Test
  void reachesTheReference() {
    assertFigures(1e-3, true, 0.235612, 0.9874, 0.9156);
    assertFigures(1e-2, true, 0.712416, 0.9562, 0.8889);
  }

  /** Reference values: scipy 1.17.1, L-BFGS-B in double precision, gradient norm below 1e-7. */
  @Test
  void reachesTheReferenceWithoutBias() {
    assertFigures(1e-3, false, 0.237827, 0.9866, 0.9222);
    assertFigures(1e-2, false, 0.715930, 0.9577, 0.8933);
  }

  private static void assertFigures(
      double lambda, boolean bias, double objective, double train, double test) {
    Run run = train(lambda, bias, SoftmaxKernels.best());
    assertEquals(Lbfgs.End.TOLERANCE, run.end.end());
    assertEquals(objective, run.end.objective(), 1e-6);
    assertEquals(train, run.accuracy(digits.training()), 0.00005);
    assertEquals(test, run.accuracy(digits.test()), 0.00005);
  }

  @Test
  void scalarAndVectorKernelsGiveTheSameBits() {
    Run scalar = train(1e-3, true, SoftmaxKernels.scalar());
    Run vector = train(1e-3, true, SoftmaxKernels.vector());
    assertEquals(scalar.end, vector.end);
    for (int i = 0; i < scalar.weights.length; i++) {
      assertEquals(scalar.weights[i], vector.weights[i]);
    }
  }

  /** What takes long gets one: here all of it, then nothing. */
  @Test
  void drawsAProgressBarOnATerminalOnceItTakesLong() {
    String bar = shown(true, Duration.ZERO);
    assertTrue(bar.contains("\rTraining 100% |█"), bar);
    assertTrue(bar.matches("(?s).*loss [0-9.]+, [0-9,]+ rows/s.*"), bar);
    assertFalse(bar.contains("objective"), bar);
    String lines = shown(true, Duration.ofDays(1));
    assertTrue(lines.startsWith("epoch    1  loss"), lines);
    assertFalse(lines.contains("\r"), lines);
    lines = shown(false, Duration.ZERO);
    assertTrue(lines.startsWith("epoch    1  loss"), lines);
    assertFalse(lines.contains("\r"), lines);
  }

  private static String shown(boolean terminal, Duration patience) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Output output = Output.of(new PrintStream(out, true, StandardCharsets.UTF_8), terminal);
    Objective objective = objective(1e-3, true, SoftmaxKernels.best());
    Training.run(objective, new double[650], 1000, 1e-5, output, patience);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void stopsAfterTheEpochs() {
    Objective objective = objective(1e-3, true, SoftmaxKernels.best());
    Lbfgs.State end = Training.run(objective, new double[650], 7, 1e-5, NOWHERE);
    assertEquals(Lbfgs.End.EPOCHS, end.end());
    assertEquals(7, end.epoch());
  }

  /** A tolerance out of reach does no harm: the search stays at the minimum. */
  @Test
  void staysAtTheMinimum() {
    Objective objective = objective(1e-3, true, SoftmaxKernels.best());
    Lbfgs.State end = Training.run(objective, new double[650], 500, 0, NOWHERE);
    assertNotEquals(Lbfgs.End.TOLERANCE, end.end());
    assertEquals(0.235612, end.objective(), 1e-6);
  }

  @Test
  void gradientIsThatOfTheObjective() {
    Objective objective = objective(1e-2, true, SoftmaxKernels.best());
    double[] w = new double[650];
    for (int i = 0; i < w.length; i++) {
      w[i] = Math.sin(i);
    }
    double[] gradient = new double[650];
    double[] ignored = new double[650];
    objective.evaluate(w, gradient);
    double step = 1.0 / 64; // coarse, for the float losses; central differences err by its square
    for (int i = 3; i < w.length; i += 54) {
      double at = w[i];
      w[i] = at + step;
      double above = objective.evaluate(w, ignored);
      w[i] = at - step;
      double below = objective.evaluate(w, ignored);
      w[i] = at;
      assertEquals((above - below) / (2 * step), gradient[i], 1e-4, "weight " + i);
    }
  }

  /** What the timing compares does the same. */
  @Test
  void naiveLoopAgreesWithTheKernels() {
    Run run = train(1e-2, true, SoftmaxKernels.best());
    Inputs inputs = Inputs.of(digits.test(), true);
    float[] logits = run.classifier.logits(inputs);
    int[] labels = inputs.labels();
    Rows batch = Rows.of(inputs.rows(), 10);
    float[] expected = new float[logits.length];
    float[] actual = new float[logits.length];
    float[] expectedLosses = new float[inputs.rows()];
    float[] actualLosses = new float[inputs.rows()];
    SoftmaxKernels kernels = SoftmaxKernels.best();

    kernels.softmax(logits, batch, expected, batch);
    NaiveLoop.softmax(logits, actual, inputs.rows(), 10);
    assertClose(expected, actual);
    double loss =
        kernels.crossEntropy(logits, batch, labels, CrossEntropy.DEFAULT, expectedLosses).mean();
    assertEquals(loss, NaiveLoop.loss(logits, labels, actualLosses, 10), 1e-6);
    assertClose(expectedLosses, actualLosses);
    kernels.crossEntropyGradient(
        logits, batch, labels, CrossEntropy.DEFAULT, expectedLosses, expected, batch);
    assertEquals(loss, NaiveLoop.gradient(logits, labels, actualLosses, actual, 10), 1e-6);
    assertClose(expected, actual);
    assertClose(expectedLosses, actualLosses);
  }

  /** Equal to about 16 ULP of 1, which is what a naive sum in float may lose. */
  private static void assertClose(float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      float scale = Math.max(1, Math.abs(expected[i]));
      assertTrue(Math.abs(expected[i] - actual[i]) <= 0x1p-19f * scale, "element " + i);
    }
  }

  private record Run(Lbfgs.State end, double[] weights, Classifier classifier, boolean bias) {
    double accuracy(Digits set) {
      return (double) classifier.right(Inputs.of(set, bias)) / set.rows();
    }
  }

  private static Run train(double lambda, boolean bias, SoftmaxKernels kernels) {
    Objective objective = objective(lambda, bias, kernels);
    double[] weights = new double[bias ? 650 : 640];
    Lbfgs.State end = Training.run(objective, weights, 1000, 1e-5, NOWHERE);
    return new Run(end, weights, Classifier.of(weights, kernels), bias);
  }

  private static Objective objective(double lambda, boolean bias, SoftmaxKernels kernels) {
    return new Objective(Inputs.of(digits.training(), bias), lambda, kernels);
  }
}
