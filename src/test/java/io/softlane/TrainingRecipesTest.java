package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.CrossEntropy.Reduction;
import io.softlane.recipes.Training;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipes for training, against double; docs/recipes.md derives the bounds. */
class TrainingRecipesTest {
  private static final int ROWS = 24;
  private static final int COLS = 50;
  private static final Rows BATCH = Rows.of(ROWS, COLS);

  private final SoftmaxKernels kernels = SoftmaxKernels.best();
  private final RandomGenerator random = new Random(1);
  private final float[] losses = new float[ROWS];
  private final float[] gradient = new float[ROWS * COLS];

  private float[] logits() {
    float[] logits = new float[ROWS * COLS];
    Logits.NORMAL.fill(random, logits, 0, logits.length);
    return logits;
  }

  private int[] labels() {
    int[] labels = new int[ROWS];
    Arrays.setAll(labels, r -> random.nextInt(COLS / 2)); // half of the classes do not occur
    return labels;
  }

  /** One row's loss and gradient, in the bounds of the operation's javadoc. */
  private void assertRow(float[] logits, int r, int label, CrossEntropy options, double weight) {
    double[] o = Oracle.row(logits, BATCH, r);
    double[] a = Oracle.terms(options, label, COLS);
    double z = options.zLoss();
    double loss = Oracle.loss(o, a, z);
    double size = Math.max(Math.max(1, Oracle.sum(a)), Math.abs(loss));
    double bound = 0x1p-22 * (size + 2 * z * Math.abs(Oracle.lse(o)));
    Ulps.assertError(losses[r], loss, bound, "loss", r, 0);
    double[] exact = Oracle.gradient(o, a, z);
    double[] p = Oracle.softmax(o);
    double pull = Oracle.sum(a) + 2 * z * Oracle.lse(o);
    boolean mixed = options.labelSmoothing() > 0;
    for (int c = 0; c < COLS; c++) {
      double g = exact[c] / weight;
      double larger = Math.max(Math.abs(p[c] * pull), a[c]) / weight;
      double near = mixed ? 5 * Ulps.of(larger) : c == label ? 0x1p-22 * larger : 3 * Ulps.of(g);
      near += 0x1p-21 * z * p[c] / weight;
      Ulps.assertError(gradient[r * COLS + c], g, near, "gradient", r, c);
    }
  }

  @Test
  void packed() {
    float[] logits = logits();
    int[] tokens = random.ints(ROWS, 0, COLS).toArray();
    int[] sequences = new int[ROWS];
    Arrays.fill(sequences, 5, 6, 1); // one token alone: it predicts nothing
    Arrays.fill(sequences, 6, ROWS, 2);
    Loss loss = Training.packed(kernels, logits, BATCH, tokens, sequences, losses, gradient);
    assertEquals(ROWS - 3, loss.weight());
    for (int r = 0; r < ROWS; r++) {
      if (r == 4 || r == 5 || r == ROWS - 1) {
        assertEquals(0, Float.floatToRawIntBits(losses[r]));
        for (int c = 0; c < COLS; c++) {
          Ulps.assertBits(gradient[r * COLS + c], 0, "gradient", r, c);
        }
      } else {
        assertRow(logits, r, tokens[r + 1], CrossEntropy.DEFAULT, ROWS - 3);
      }
    }
  }

  @Test
  void balanced() {
    float[] logits = logits();
    int[] labels = labels();
    float[] weights = new float[COLS];
    for (int j = 0; j < COLS; j++) {
      int label = j;
      long count = Arrays.stream(labels).filter(y -> y == label).count();
      weights[j] = count == 0 ? 0 : ROWS / (float) (COLS * count);
    }
    CrossEntropy options = CrossEntropy.DEFAULT.withLabelSmoothing(0.1f).withClassWeights(weights);
    double weight = Arrays.stream(labels).mapToDouble(y -> weights[y]).sum();
    Loss loss = Training.balanced(kernels, logits, BATCH, labels, losses, gradient);
    assertEquals(weight, loss.weight(), ROWS * 0x1p-53 * weight);
    for (int r = 0; r < ROWS; r++) {
      assertRow(logits, r, labels[r], options, weight);
    }
  }

  @Test
  void zLoss() {
    float[] logits = logits();
    int[] labels = labels();
    float[] lse = new float[ROWS];
    Training.zLoss(kernels, logits, BATCH, labels, lse, losses, gradient);
    for (int r = 0; r < ROWS; r++) {
      Ulps.assertLog(lse[r], Oracle.lse(Oracle.row(logits, BATCH, r)), "lse", r, 0);
      assertRow(logits, r, labels[r], CrossEntropy.DEFAULT.withZLoss(1e-4f), ROWS);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1, 2, 3, 0.7f})
  void distil(float temperature) {
    float[] student = logits();
    float[] teacher = logits();
    double loss = Training.distil(kernels, student, teacher, BATCH, temperature, gradient);
    double exactLoss = 0;
    double lossBound = 0;
    for (int r = 0; r < ROWS; r++) {
      double[] o = Oracle.row(student, BATCH, r);
      double[] q = softened(Oracle.row(teacher, BATCH, r), temperature);
      double[] p = softened(o, temperature);
      double mine = loss(o, q, temperature);
      exactLoss += mine / ROWS;
      double s = largest(o) / temperature;
      double t = largest(Oracle.row(teacher, BATCH, r)) / temperature;
      double spread = 0;
      double[] l = Oracle.logSoftmax(Arrays.stream(o).map(x -> x / temperature).toArray());
      for (int c = 0; c < COLS; c++) {
        spread += q[c] * -l[c];
      }
      double square = temperature * temperature;
      // The targets' error, the scores', the loss's own and its rounding.
      lossBound +=
          square
              * ((0x1p-23 * (2 * t + 3)) * spread
                  + 0x1p-22 * s
                  + 0x1p-22 * Math.max(1, mine / square))
              / ROWS;
      for (int c = 0; c < COLS; c++) {
        double exact = Difference.at(x -> loss(x, q, temperature), o, c);
        double ofScores = 0x1p-22 * s * p[c];
        double ofTargets = 0x1p-23 * (2 * t + 3) * (p[c] + q[c]);
        double own = 5 * Ulps.of(Math.max(p[c], q[c]));
        double difference =
            Difference.STEP * Difference.STEP / (60 * temperature)
                + 0x1p-49 * Math.max(1, mine) / Difference.STEP;
        double bound =
            ((1 + 0x1p-10) * temperature * (ofScores + ofTargets + own)
                    + 0x1p-24 * Math.abs(exact)
                    + difference)
                / ROWS;
        Ulps.assertError(gradient[r * COLS + c], exact / ROWS, bound, "gradient", r, c);
      }
    }
    assertEquals(exactLoss, loss, (1 + 0x1p-10) * lossBound);
  }

  private static double largest(double[] o) {
    return Arrays.stream(o).map(Math::abs).max().orElse(0);
  }

  private static double[] softened(double[] o, double temperature) {
    return Oracle.softmax(Arrays.stream(o).map(x -> x / temperature).toArray());
  }

  /** T^2 times the cross-entropy of the student at T. */
  private static double loss(double[] o, double[] q, double temperature) {
    double[] scores = Arrays.stream(o).map(x -> x / temperature).toArray();
    return temperature * temperature * Oracle.loss(scores, q, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, ROWS, 100})
  void accumulate(int slice) {
    float[] logits = logits();
    int[] labels = labels();
    labels[3] = -1;
    CrossEntropy options = CrossEntropy.DEFAULT.withIgnoreIndex(-1);
    double mean = Training.accumulate(kernels, logits, BATCH, labels, options, slice, gradient);

    float[] whole = new float[gradient.length];
    CrossEntropy sum = options.withReduction(Reduction.SUM);
    Loss loss = kernels.crossEntropyGradient(logits, BATCH, labels, sum, losses, whole, BATCH);
    assertEquals(ROWS - 1, loss.weight());
    assertEquals(loss.mean(), mean, ROWS * 0x1p-52 * loss.mean());
    float factor = (float) (1 / loss.weight());
    float[] scaled = whole.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    assertArrayEquals(scaled, gradient, "the slices' gradients have the bits of the whole batch's");

    for (int r = 0; r < ROWS; r++) {
      if (labels[r] < 0) {
        continue;
      }
      double[] o = Oracle.row(logits, BATCH, r);
      double[] exact = Oracle.gradient(o, Oracle.terms(options, labels[r], COLS), 0);
      for (int c = 0; c < COLS; c++) {
        double g = exact[c] / loss.weight();
        double own = c == labels[r] ? 0x1p-22 / loss.weight() : 3 * 0x1p-23 * Math.abs(g);
        double bound = (1 + 0x1p-20) * (own + 0x1p-23 * Math.abs(g));
        Ulps.assertError(gradient[r * COLS + c], g, bound, "gradient", r, c);
      }
    }
  }

  @Test
  void nothingThatCountsIsAMeanOfNothing() {
    int[] labels = new int[ROWS];
    CrossEntropy options = CrossEntropy.DEFAULT.withIgnoreIndex(0);
    assertEquals(0, Training.accumulate(kernels, logits(), BATCH, labels, options, 5, gradient));
    assertArrayEquals(new float[gradient.length], gradient);
  }
}
