package io.softlane.recipes;

import io.softlane.CrossEntropy;
import io.softlane.Loss;
import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;
import java.util.random.RandomGenerator;

/** Recipes of docs/recipes.md from logits to tokens and experts; the page has the same text. */
public final class Tokens {
  private Tokens() {}

  public static void step(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      RandomGenerator random,
      float[] uniforms,
      int[] tokens,
      float[] logProbabilities) {
    Sampling how =
        Sampling.DEFAULT.withTemperature(0.7f).withTopK(40).withTopP(0.9f).withMinP(0.02f);
    for (int r = 0; r < batch.rows(); r++) {
      uniforms[r] = random.nextFloat();
    }
    kernels.sample(logits, batch, how, uniforms, tokens, logProbabilities);
  }

  public static void greedy(
      SoftmaxKernels kernels, float[] logits, Rows batch, int[] tokens, float[] logProbabilities) {
    Sampling largest = Sampling.DEFAULT.withTemperature(0);
    kernels.sample(logits, batch, largest, null, tokens, logProbabilities);
  }

  public static void alternatives(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      int n,
      int[] classes,
      float[] logProbabilities) {
    kernels.topK(logits, batch, n, null, classes);
    kernels.logSoftmax(logits, batch, logits, batch);
    for (int i = 0; i < batch.rows() * n; i++) {
      logProbabilities[i] = logits[i / n * batch.cols() + classes[i]];
    }
  }

  public static void beam(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      float[] scores,
      int[] parents,
      int[] tokens) {
    int beams = batch.rows();
    int[] classes = new int[beams * beams];
    float[] candidates = new float[beams * beams];
    alternatives(kernels, logits, batch, beams, classes, candidates);
    for (int i = 0; i < candidates.length; i++) {
      candidates[i] += scores[i / beams];
    }
    kernels.topK(candidates, Rows.of(1, candidates.length), beams, scores, parents);
    for (int b = 0; b < beams; b++) {
      tokens[b] = classes[parents[b]];
      parents[b] /= beams;
    }
  }

  public static void route(
      SoftmaxKernels kernels, float[] logits, Rows batch, int k, int[] experts, float[] weights) {
    kernels.topK(logits, batch, k, weights, experts);
    kernels.softmax(weights, weights, batch.rows(), k);
  }

  public static void routeByProbability(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      int k,
      float[] probabilities,
      int[] experts,
      float[] weights) {
    kernels.topK(logits, batch, k, null, experts);
    kernels.softmax(logits, batch, probabilities, batch);
    for (int i = 0; i < batch.rows() * k; i++) {
      weights[i] = probabilities[i / k * batch.cols() + experts[i]];
    }
  }

  public static Loss capped(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      float cap,
      int[] labels,
      float[] losses,
      float[] entropy) {
    kernels.softcap(logits, batch, cap, logits, batch);
    kernels.entropy(logits, batch, entropy);
    return kernels.crossEntropy(logits, batch, labels, CrossEntropy.DEFAULT, losses);
  }
}
