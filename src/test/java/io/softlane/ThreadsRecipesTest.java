package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.recipes.Threads;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** The recipes for threads: the bits of one call on one thread. */
class ThreadsRecipesTest {
  private final SoftmaxKernels kernels = SoftmaxKernels.best();

  @Test
  void shared() {
    Rows batch = Rows.of(700, 1000); // more than what is not split
    float[] logits = SamplingRecipesTest.logits(new Random(1), batch);
    int[] labels = new Random(2).ints(700, 0, 900).toArray();
    float[] losses = new float[700];
    float[] gradient = new float[700_000];
    CrossEntropy mean = CrossEntropy.DEFAULT;
    Loss loss = kernels.crossEntropyGradient(logits, batch, labels, mean, losses, gradient, batch);
    try (ForkJoinPool own = new ForkJoinPool(3)) {
      for (ForkJoinPool pool : new ForkJoinPool[] {null, own}) {
        float[] otherLosses = new float[700];
        float[] other = new float[700_000];
        assertEquals(
            loss, Threads.shared(kernels, pool, logits, batch, labels, otherLosses, other));
        assertArrayEquals(losses, otherLosses);
        assertArrayEquals(gradient, other);
      }
    }
  }

  @Test
  void slices() throws Exception {
    Rows batch = Rows.of(50, 2000);
    float[] logits = SamplingRecipesTest.logits(new Random(3), batch);
    Sampling how = Sampling.DEFAULT.withTopK(40).withTopP(0.9f);
    float[] uniforms = new float[50];
    Random random = new Random(4);
    for (int r = 0; r < uniforms.length; r++) {
      uniforms[r] = random.nextFloat();
    }
    int[] tokens = new int[50];
    float[] logProbabilities = new float[50];
    kernels.sample(logits, batch, how, uniforms, tokens, logProbabilities);
    try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService two = Executors.newFixedThreadPool(2)) {
      for (ExecutorService threads : new ExecutorService[] {virtual, two}) {
        for (int parts : new int[] {1, 2, 7, 60}) {
          int[] otherTokens = new int[50];
          float[] other = new float[50];
          Threads.slices(kernels, threads, parts, logits, batch, how, uniforms, otherTokens, other);
          assertArrayEquals(tokens, otherTokens);
          assertArrayEquals(logProbabilities, other);
        }
      }
    }
  }
}
