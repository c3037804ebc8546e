package io.softlane;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Draws of tokens: how, where, and a hash of what they give on every machine. */
final class Tokens {
  static final float LAST = Math.nextDown(1f);

  private static final int[] COLS = {1, 2, 7, 16, 17, 100, 128, 256, 1000, 5000, 30_000};

  private Tokens() {}

  /** All cuts, alone and together, at their ends and between. */
  static Sampling draw(RandomGenerator random, int cols) {
    Sampling how = Sampling.DEFAULT;
    if (random.nextBoolean()) {
      float[] some = {0, 0.7f, 1, 2, 1e-3f, 100, Float.MIN_VALUE, Float.MAX_VALUE};
      how = how.withTemperature(some[random.nextInt(some.length)]);
    }
    if (random.nextBoolean()) {
      int[] some = {1, 2, cols, cols + 1, 1 + random.nextInt(cols), 1 + random.nextInt(cols)};
      how = how.withTopK(some[random.nextInt(some.length)]);
    }
    if (random.nextBoolean()) {
      float[] some = {1, LAST, 0.9f, 0.5f, 1e-6f, Float.MIN_VALUE, 1 - random.nextFloat()};
      how = how.withTopP(some[random.nextInt(some.length)]);
    }
    if (random.nextBoolean()) {
      float[] some = {0, 1, 0.05f, 1e-20f, Float.MIN_VALUE, LAST, random.nextFloat()};
      how = how.withMinP(some[random.nextInt(some.length)]);
    }
    return how;
  }

  static float uniform(RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> LAST;
      default -> random.nextFloat();
    };
  }

  /** Tokens, their log-probabilities, and the k largest, of rows of at most so many columns. */
  static String hash(SoftmaxKernels kernels, int most) {
    SplittableRandom random = new SplittableRandom(7);
    long hash = 0;
    for (int n : COLS) {
      for (int i = 0; i < 40 && n <= most; i++) {
        Logits kind = Logits.values()[i % Logits.values().length];
        Batch batch = new Batch(new float[3 * n], Rows.of(3, n));
        for (int r = 0; r < 3; r++) {
          kind.fill(random, batch.data(), r * n, n);
        }
        Sampling how = draw(random, n);
        float[] uniforms = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
        int[] tokens = new int[3];
        float[] logs = new float[3];
        kernels.sample(batch.data(), batch.rows(), how, uniforms, tokens, logs);
        int k = 1 + random.nextInt(n);
        int[] indices = new int[3 * k];
        kernels.topK(batch.data(), batch.rows(), k, null, indices);
        hash = 31 * hash + Arrays.hashCode(tokens);
        hash = 31 * hash + Arrays.hashCode(logs);
        hash = 31 * hash + Arrays.hashCode(indices);
      }
    }
    return Long.toHexString(hash);
  }
}
