package io.softlane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.recipes.Sampling;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipes for sampling, against double; docs/recipes.md derives the bounds. */
class SamplingRecipesTest {
  private static final int VOCABULARY = 128256;

  /** For products of two errors. */
  private static final double SECOND_ORDER = 1 + 0x1p-10;

  private final SoftmaxKernels kernels = SoftmaxKernels.best();

  /** Like a language model's: some tokens stand out, and some are banned. */
  static float[] logits(RandomGenerator random, Rows batch) {
    int n = batch.cols();
    float[] noise = new float[n];
    for (int c = 0; c < n; c++) {
      noise[c] = (float) (2 * random.nextGaussian()) + (random.nextInt(9000) == 0 ? 12 : 0);
    }
    float[] logits = new float[batch.rows() * n];
    for (int r = 0; r < batch.rows(); r++) {
      for (int c = 0; c < n; c++) {
        boolean banned = c >= n - 3;
        logits[r * n + c] = banned ? Float.NEGATIVE_INFINITY : noise[(c + 997 * r) % n] + 0.3f * r;
      }
    }
    return logits;
  }

  private static double[] scores(double[] logits, float temperature) {
    float scale = 1 / temperature;
    return Arrays.stream(logits).map(o -> (float) o * scale).toArray();
  }

  private static double entropy(double[] o) {
    double[] p = Oracle.softmax(o);
    double[] l = Oracle.logSoftmax(o);
    double[] terms = new double[p.length];
    Arrays.setAll(terms, c -> p[c] == 0 ? 0 : -p[c] * l[c]);
    return Oracle.sum(terms);
  }

  @ParameterizedTest
  @CsvSource({"1, 128256, 0.7", "1, 128256, 1", "64, 128256, 1.3", "7, 50, 0.1"})
  void describe(int rows, int cols, float temperature) {
    Rows batch = Rows.of(rows, cols);
    float[] logits = logits(new Random(4), batch);
    float[] given = logits.clone();
    int[] tokens = new Random(5).ints(rows, 0, cols - 3).toArray();
    float[] logProbabilities = new float[rows];
    float[] entropy = new float[rows];
    Sampling.describe(kernels, logits, batch, temperature, tokens, logProbabilities, entropy);
    float[] plain = new float[logits.length];
    float[] scaled = new float[logits.length];
    kernels.softmax(logits, plain, rows, cols);
    SoftmaxOptions options = SoftmaxOptions.DEFAULT.withScale(1 / temperature);
    kernels.softmax(given, batch, options, scaled, batch);
    assertTrue(Arrays.equals(plain, scaled), "the scores are those of the option");
    for (int r = 0; r < rows; r += 32) {
      double[] o = Oracle.row(given, batch, r);
      double[] scores = scores(o, temperature);
      double logP = Oracle.logSoftmax(scores)[tokens[r]];
      double h = entropy(scores);
      double logBound = 0x1p-22 * Math.max(1, Math.abs(logP));
      double entropyBound = 0x1p-20 * Math.max(1, h);
      Ulps.assertError(logProbabilities[r], logP, logBound, "log p of scores", r, 0);
      Ulps.assertError(entropy[r], h, entropyBound, "entropy of scores", r, 0);

      double[] exact = Arrays.stream(o).map(x -> x / temperature).toArray();
      double m = Arrays.stream(exact).filter(Double::isFinite).map(Math::abs).max().orElse(0);
      double log = Oracle.logSoftmax(exact)[tokens[r]];
      double more = 0x1p-22 * m;
      logBound = SECOND_ORDER * (logBound + more);
      entropyBound = SECOND_ORDER * (entropyBound + more * Math.log(cols));
      Ulps.assertError(logProbabilities[r], log, logBound, "log p", r, 0);
      Ulps.assertError(entropy[r], entropy(exact), entropyBound, "entropy", r, 0);
    }
  }

  /** Why the recipe does not subtract log-sum-exp, a float of its own size, from the score. */
  @Test
  void lossKeepsWhatASubtractionLoses() {
    float[] logits = {1000, 990};
    double exact = Oracle.logSoftmax(new double[] {1000, 990})[0];
    float[] result = new float[1];
    kernels.crossEntropy(logits, Rows.of(1, 2), new int[] {0}, CrossEntropy.DEFAULT, result);
    Ulps.assertLog(-result[0], exact, "log p", 0, 0);
    kernels.logSumExp(logits, Rows.of(1, 2), result);
    double off = Math.abs(logits[0] - result[0] - exact);
    assertTrue(off > 60 * 0x1p-22, "off by " + off);
  }

  @ParameterizedTest
  @EnumSource(Logits.class)
  void logSumExpInChunks(Logits kind) {
    Random random = new Random(6);
    Rows batch = new Rows(3, 5, 1000, 1005);
    float[] logits = new float[5030];
    for (int r = 0; r < batch.rows(); r++) {
      kind.fill(random, logits, 3 + r * 1005, 1000);
    }
    for (int width : new int[] {1, 128, 999}) {
      assertMerged(logits, batch, width);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void logSumExpOfShards(int shards) {
    Rows batch = Rows.of(2, VOCABULARY);
    assertMerged(logits(new Random(7), batch), batch, VOCABULARY / shards);
  }

  private void assertMerged(float[] logits, Rows batch, int width) {
    float[] merged = Sampling.logSumExpInChunks(kernels, logits, batch, width);
    for (int r = 0; r < batch.rows(); r++) {
      double[] o = Oracle.row(logits, batch, r);
      double lse = Oracle.lse(o);
      double parts = 0;
      double largest = 0;
      for (int from = 0; from < o.length; from += width) {
        int to = Math.min(o.length, from + width);
        double part = Oracle.lse(Arrays.copyOfRange(o, from, to));
        if (Double.isFinite(part)) { // else exact
          parts += Math.exp(part - lse) * Math.max(1, Math.abs(part));
          largest = Math.max(largest, Math.max(1, Math.abs(part)));
        }
      }
      double all = Math.max(1, Math.abs(lse));
      double bound = SECOND_ORDER * 0x1p-22 * (largest + all);
      Ulps.assertError(merged[r], lse, bound, "merged, width " + width, r, 0);
      if (largest < 0x1p12) {
        double near = SECOND_ORDER * 0x1p-22 * (parts + all);
        Ulps.assertError(merged[r], lse, near, "merged by shares, width " + width, r, 0);
      }
    }
  }
}
