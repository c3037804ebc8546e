package io.softlane.recipes;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;

/** Recipes of docs/recipes.md for the sampling of language models; the page has the same text. */
public final class Sampling {
  private Sampling() {}

  public static void describe(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      float temperature,
      int[] tokens,
      float[] logProbabilities,
      float[] entropy) {
    float scale = 1 / temperature;
    for (int i = 0; i < batch.rows() * batch.cols(); i++) {
      logits[i] *= scale;
    }
    kernels.crossEntropy(logits, batch, tokens, CrossEntropy.DEFAULT, logProbabilities);
    for (int r = 0; r < batch.rows(); r++) {
      logProbabilities[r] = -logProbabilities[r];
    }
    kernels.entropy(logits, batch, entropy);
  }

  public static float[] logSumExpInChunks(
      SoftmaxKernels kernels, float[] logits, Rows batch, int width) {
    int chunks = Math.ceilDiv(batch.cols(), width);
    float[] partial = new float[batch.rows() * chunks];
    float[] lse = new float[batch.rows()];
    for (int k = 0; k < chunks; k++) {
      int cols = Math.min(width, batch.cols() - k * width);
      Rows chunk = new Rows(batch.offset() + k * width, batch.rows(), cols, batch.stride());
      kernels.logSumExp(logits, chunk, lse);
      for (int r = 0; r < batch.rows(); r++) {
        partial[r * chunks + k] = lse[r];
      }
    }
    kernels.logSumExp(partial, Rows.of(batch.rows(), chunks), lse);
    return lse;
  }
}
