package io.softlane.recipes;

import io.softlane.CrossEntropy;
import io.softlane.Loss;
import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;

/** Recipes of docs/recipes.md for threads; the page has the same text. */
public final class Threads {
  private Threads() {}

  public static Loss shared(
      SoftmaxKernels kernels,
      ForkJoinPool pool,
      float[] logits,
      Rows batch,
      int[] labels,
      float[] losses,
      float[] gradient) {
    SoftmaxKernels threads = pool == null ? kernels.parallel() : kernels.parallel(pool);
    CrossEntropy mean = CrossEntropy.DEFAULT;
    return threads.crossEntropyGradient(logits, batch, labels, mean, losses, gradient, batch);
  }

  public static void slices(
      SoftmaxKernels kernels,
      ExecutorService threads,
      int parts,
      float[] logits,
      Rows batch,
      Sampling how,
      float[] uniforms,
      int[] tokens,
      float[] logProbabilities)
      throws InterruptedException, ExecutionException {
    List<Future<?>> running = new ArrayList<>();
    for (int p = 0; p < parts; p++) {
      int from = Math.toIntExact((long) batch.rows() * p / parts);
      int to = Math.toIntExact((long) batch.rows() * (p + 1) / parts);
      Rows slice = batch.slice(from, to);
      running.add(
          threads.submit(
              () -> kernels.sample(logits, slice, how, uniforms, tokens, logProbabilities)));
    }
    for (Future<?> part : running) {
      part.get();
    }
  }
}
