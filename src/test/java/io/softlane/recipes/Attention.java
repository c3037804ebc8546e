package io.softlane.recipes;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;

/** Recipes of docs/recipes.md for attention; the page has the same text. */
public final class Attention {
  private Attention() {}

  public static void probabilities(
      SoftmaxKernels kernels,
      float[] scores,
      int heads,
      int queries,
      int keys,
      int depth,
      float[] mask,
      float[] headSinks) {
    Rows batch = Rows.of(heads * queries, keys);
    int[] lengths = new int[batch.rows()];
    float[] sinks = new float[batch.rows()];
    for (int r = 0; r < batch.rows(); r++) {
      lengths[r] = keys - queries + 1 + r % queries;
      sinks[r] = headSinks[r / queries];
    }
    SoftmaxOptions options =
        SoftmaxOptions.DEFAULT
            .withScale((float) (1 / Math.sqrt(depth)))
            .withMask(mask, Rows.of(queries, keys))
            .withLengths(lengths)
            .withSinks(sinks);
    kernels.softmax(scores, batch, options, scores, batch);
  }

  public static void merge(
      SoftmaxKernels kernels,
      float[] partialLse,
      float[][] partialOutputs,
      int rows,
      int depth,
      float[] output) {
    Rows chunks = Rows.of(rows, partialOutputs.length);
    float[] shares = new float[rows * chunks.cols()];
    SoftmaxOptions options = SoftmaxOptions.DEFAULT.withEmptyRowsZero();
    kernels.softmax(partialLse, chunks, options, shares, chunks);
    for (int i = 0; i < rows * depth; i++) {
      double sum = 0;
      for (int k = 0; k < chunks.cols(); k++) {
        sum += (double) shares[i / depth * chunks.cols() + k] * partialOutputs[k][i];
      }
      output[i] = (float) sum;
    }
  }

  public static void backward(
      SoftmaxKernels kernels, float[] probabilities, float[] upstream, Rows batch, int depth) {
    kernels.softmaxBackward(probabilities, batch, upstream, batch, upstream, batch);
    float scale = (float) (1 / Math.sqrt(depth));
    for (int i = 0; i < batch.rows() * batch.cols(); i++) {
      upstream[i] *= scale;
    }
  }
}
