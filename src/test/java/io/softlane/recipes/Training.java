package io.softlane.recipes;

import io.softlane.CrossEntropy;
import io.softlane.Loss;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;

/** Recipes of docs/recipes.md for training; the page has the same text. */
public final class Training {
  private Training() {}

  public static Loss packed(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      int[] tokens,
      int[] sequences,
      float[] losses,
      float[] gradient) {
    int ignored = -100;
    int[] labels = new int[batch.rows()];
    for (int r = 0; r < labels.length; r++) {
      boolean last = r + 1 == labels.length || sequences[r + 1] != sequences[r];
      labels[r] = last ? ignored : tokens[r + 1];
    }
    CrossEntropy options = CrossEntropy.DEFAULT.withIgnoreIndex(ignored);
    return kernels.crossEntropyGradient(logits, batch, labels, options, losses, gradient, batch);
  }

  public static Loss balanced(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      int[] labels,
      float[] losses,
      float[] gradient) {
    float[] weights = new float[batch.cols()];
    for (int label : labels) {
      weights[label]++;
    }
    for (int j = 0; j < weights.length; j++) {
      weights[j] = weights[j] == 0 ? 0 : labels.length / (weights.length * weights[j]);
    }
    CrossEntropy options = CrossEntropy.DEFAULT.withClassWeights(weights).withLabelSmoothing(0.1f);
    return kernels.crossEntropyGradient(logits, batch, labels, options, losses, gradient, batch);
  }

  public static Loss zLoss(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      int[] labels,
      float[] lse,
      float[] losses,
      float[] gradient) {
    CrossEntropy options = CrossEntropy.DEFAULT.withZLoss(1e-4f);
    kernels.logSumExp(logits, batch, lse);
    return kernels.crossEntropyGradient(logits, batch, labels, options, losses, gradient, batch);
  }

  public static double distil(
      SoftmaxKernels kernels,
      float[] student,
      float[] teacher,
      Rows batch,
      float temperature,
      float[] gradient) {
    float scale = 1 / temperature;
    float[] targets = new float[teacher.length];
    float[] losses = new float[batch.rows()];
    kernels.softmax(teacher, batch, SoftmaxOptions.DEFAULT.withScale(scale), targets, batch);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = student[i] * scale;
    }
    CrossEntropy mean = CrossEntropy.DEFAULT;
    Loss loss =
        kernels.crossEntropyGradient(
            gradient, batch, targets, batch, mean, losses, gradient, batch);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= temperature; // T^2 of the loss, times 1 / T of the scores
    }
    return (double) temperature * temperature * loss.mean();
  }

  public static double accumulate(
      SoftmaxKernels kernels,
      float[] logits,
      Rows batch,
      int[] labels,
      CrossEntropy options,
      int slice,
      float[] gradient) {
    CrossEntropy sum = options.withReduction(CrossEntropy.Reduction.SUM);
    double total = 0;
    double weight = 0;
    for (int from = 0; from < batch.rows(); from += slice) {
      int to = Math.min(from + slice, batch.rows());
      Rows rows = batch.slice(from, to);
      Loss loss = kernels.crossEntropyGradient(logits, rows, labels, sum, null, gradient, rows);
      total += loss.sum();
      weight += loss.weight();
    }
    float factor = weight == 0 ? 0 : (float) (1 / weight);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= factor;
    }
    return weight == 0 ? 0 : total / weight;
  }
}
