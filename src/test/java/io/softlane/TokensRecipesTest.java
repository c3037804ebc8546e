package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.recipes.Tokens;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recipes from logits to tokens and experts; docs/recipes.md derives the bounds. */
class TokensRecipesTest {
  private static final float NOTHING = Float.NEGATIVE_INFINITY;

  private final SoftmaxKernels kernels = SoftmaxKernels.best();

  private static float[] row(float[] logits, Rows batch, int r) {
    return Arrays.copyOfRange(logits, r * batch.cols(), (r + 1) * batch.cols());
  }

  @ParameterizedTest
  @CsvSource({"1, 128256", "8, 32000", "64, 1000", "5, 4"})
  void step(int rows, int cols) {
    Rows batch = Rows.of(rows, cols);
    float[] logits = SamplingRecipesTest.logits(new Random(1), batch);
    float[] uniforms = new float[rows];
    int[] tokens = new int[rows];
    float[] logProbabilities = new float[rows];
    Tokens.step(kernels, logits, batch, new Random(2), uniforms, tokens, logProbabilities);
    Random same = new Random(2);
    Sampling how = new Sampling(0.7f, 40, 0.9f, 0.02f);
    float[] exact = new float[cols];
    for (int r = 0; r < rows; r++) {
      assertEquals(same.nextFloat(), uniforms[r]);
      float[] row = row(logits, batch, r);
      assertTrue(TokenOracle.tokens(row, how, uniforms[r]).contains(tokens[r]), "row " + r);
      kernels.logSoftmax(row, exact);
      Ulps.assertBits(logProbabilities[r], exact[tokens[r]], "log p", r, tokens[r]);
    }
  }

  /** Rows whose last candidate is in, or out, by little. */
  @Test
  void stepCuts() {
    double[] equal = new double[50];
    Arrays.fill(equal, 0.02);
    // Of 40 equal ones 36 have 0.9 of them, up to rounding.
    assertTrue(Math.abs(drawn(equal) - 36.5) < 1);
    assertEquals(2, drawn(0.6, 0.3002, 0.0888, 0.011));
    assertEquals(3, drawn(0.6, 0.2998, 0.0892, 0.011));
    double[] tail = new double[40];
    Arrays.fill(tail, 0.0203);
    tail[0] = 1;
    assertEquals(33, drawn(tail), 1);
    Arrays.fill(tail, 0.0197);
    tail[0] = 1;
    assertEquals(1, drawn(tail));
  }

  /** How many classes are ever drawn, by their probabilities at the recipe's temperature. */
  private long drawn(double... shares) {
    Rows batch = Rows.of(5000, shares.length);
    float[] logits = new float[batch.rows() * batch.cols()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (0.7 * Math.log(shares[i % shares.length]));
    }
    int[] tokens = new int[batch.rows()];
    float[] uniforms = new float[batch.rows()];
    Tokens.step(kernels, logits, batch, new Random(7), uniforms, tokens, null);
    return Arrays.stream(tokens).distinct().count();
  }

  @Test
  void greedy() {
    Rows batch = Rows.of(9, 5000);
    float[] logits = SamplingRecipesTest.logits(new Random(3), batch);
    Arrays.fill(logits, 0, 5000, NOTHING);
    int[] tokens = new int[9];
    float[] logProbabilities = new float[9];
    Tokens.greedy(kernels, logits, batch, tokens, logProbabilities);
    int[] argmax = new int[9];
    kernels.argmax(logits, batch, argmax);
    argmax[0] = -1; // nothing to take
    assertArrayEquals(argmax, tokens);
    kernels.logSoftmax(logits, batch, logits, batch);
    for (int r = 1; r < 9; r++) {
      float expected = logits[r * 5000 + tokens[r]];
      Ulps.assertBits(logProbabilities[r], expected, "log p", r, tokens[r]);
    }
    assertTrue(Float.isNaN(logProbabilities[0]));
  }

  @ParameterizedTest
  @CsvSource({"1, 128256, 20", "7, 1000, 1", "7, 10, 10"})
  void alternatives(int rows, int cols, int n) {
    Rows batch = Rows.of(rows, cols);
    float[] logits = SamplingRecipesTest.logits(new Random(4), batch);
    logits[cols / 2] = logits[0];
    float[] given = logits.clone();
    int[] classes = new int[rows * n];
    float[] logProbabilities = new float[rows * n];
    Tokens.alternatives(kernels, logits, batch, n, classes, logProbabilities);
    for (int r = 0; r < rows; r++) {
      List<Integer> order = TokenOracle.order(row(given, batch, r));
      double[] exact = Oracle.logSoftmax(Oracle.row(given, batch, r));
      for (int j = 0; j < n; j++) {
        int c = classes[r * n + j];
        assertEquals(order.get(j), c, "row " + r + ", place " + j);
        Ulps.assertLog(logProbabilities[r * n + j], exact[c], "log p", r, c);
      }
    }
  }

  /** From one beam to several, beside sums of all classes in double. */
  @ParameterizedTest
  @CsvSource({"1, 500", "5, 3000", "16, 100"})
  void beam(int beams, int cols) {
    Rows batch = Rows.of(beams, cols);
    float[] scores = new float[beams];
    Arrays.fill(scores, 1, beams, NOTHING);
    int[] parents = new int[beams];
    int[] tokens = new int[beams];
    for (int step = 0; step < 6; step++) {
      float[] logits = SamplingRecipesTest.logits(new Random(step), batch);
      double[] sums = new double[beams * cols];
      double[] bounds = new double[beams * cols];
      for (int b = 0; b < beams; b++) {
        double[] logs = Oracle.logSoftmax(Oracle.row(logits, batch, b));
        for (int c = 0; c < cols; c++) {
          sums[b * cols + c] = scores[b] + logs[c];
          double log = 0x1p-22 * Math.max(1, Math.abs(logs[c]));
          bounds[b * cols + c] = log + 0x1p-24 * (Math.abs(sums[b * cols + c]) + log);
        }
      }
      double[] best = Arrays.stream(sums).map(s -> -s).sorted().map(s -> -s).toArray();
      Tokens.beam(kernels, logits, batch, scores, parents, tokens);
      Set<Integer> taken = new HashSet<>();
      for (int b = 0; b < beams; b++) {
        int i = parents[b] * cols + tokens[b];
        assertTrue(taken.add(i), "twice");
        Ulps.assertError(scores[b], sums[i], bounds[i], "score of step " + step, b, tokens[b]);
        assertTrue(sums[i] >= best[b] - 2 * bounds[i], "a better one was left out: " + best[b]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 8, 2", "100, 128, 8", "33, 256, 1", "5, 6, 6"})
  void route(int rows, int cols, int k) {
    Rows batch = Rows.of(rows, cols);
    float[] logits = routing(rows * cols);
    int[] experts = new int[rows * k];
    float[] weights = new float[rows * k];
    Tokens.route(kernels, logits, batch, k, experts, weights);
    int[] same = new int[rows * k];
    float[] probabilities = new float[rows * cols];
    float[] plain = new float[rows * k];
    Tokens.routeByProbability(kernels, logits, batch, k, probabilities, same, plain);
    assertArrayEquals(experts, same);
    for (int r = 0; r < rows; r++) {
      List<Integer> order = TokenOracle.order(row(logits, batch, r));
      double[] p = Oracle.softmax(Oracle.row(logits, batch, r));
      double chosen = order.subList(0, k).stream().mapToDouble(c -> p[c]).sum();
      for (int j = 0; j < k; j++) {
        int c = order.get(j);
        assertEquals(c, experts[r * k + j], "row " + r + ", place " + j);
        Ulps.assertProbability(weights[r * k + j], p[c] / chosen, "renormalised", r, c);
        Ulps.assertProbability(plain[r * k + j], p[c], "share of all", r, c);
      }
    }
  }

  /** Of few values, so that many are equal. */
  private static float[] routing(int length) {
    float[] logits = new float[length];
    Random random = new Random(5);
    for (int i = 0; i < length; i++) {
      logits[i] = (float) Math.rint(8 * random.nextGaussian()) / 4;
    }
    return logits;
  }

  @ParameterizedTest
  @CsvSource({"1, 262144, 30", "16, 1000, 5", "16, 50, 0.5"})
  void capped(int rows, int cols, float cap) {
    Rows batch = Rows.of(rows, cols);
    Random random = new Random(6);
    float[] logits = new float[rows * cols];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (12 * random.nextGaussian());
    }
    float[] given = logits.clone();
    int[] labels = random.ints(rows, 0, cols).toArray();
    float[] losses = new float[rows];
    float[] entropy = new float[rows];
    Loss loss = Tokens.capped(kernels, logits, batch, cap, labels, losses, entropy);
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      double[] o = Oracle.row(given, batch, r);
      double[] scores = Arrays.stream(o).map(x -> cap * Math.tanh(x / cap)).toArray();
      double exact = -Oracle.logSoftmax(scores)[labels[r]];
      double h = Oracle.entropy(scores);
      double moved = 0x1p-21 * cap;
      double lossBound = 0x1p-22 * Math.max(1, exact) + moved;
      double entropyBound = 0x1p-20 * Math.max(1, h) + moved * Math.log(cols);
      Ulps.assertError(losses[r], exact, lossBound, "loss", r, labels[r]);
      Ulps.assertError(entropy[r], h, entropyBound, "entropy", r, 0);
      sum += losses[r];
    }
    assertEquals(sum, loss.sum(), 1e-12 * sum);
  }
}
