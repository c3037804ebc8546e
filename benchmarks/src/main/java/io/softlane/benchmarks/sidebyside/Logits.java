package io.softlane.benchmarks.sidebyside;

import java.util.Random;

/** A batch's numbers, the same in every run: logits N(0, 3) or others, and labels. */
public final class Logits {
  private static final long SEED = 20260101;
  private static final double DEVIATION = 3;
  private static final double TAIL = 1.3;
  private static final float LARGE = 2;

  public final float[] logits;
  public final int[] labels;

  /**
   * @param data friendly, tail, or one of the hostile kinds
   */
  public Logits(String data, int rows, int cols) {
    // Its algorithm is specified, unlike that of the newer generators.
    Random random = new Random(SEED);
    logits = new float[Math.multiplyExact(rows, cols)];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = logit(data, i / cols, i % cols, cols, random);
    }
    labels = random.ints(rows, 0, cols).toArray();
  }

  private static float logit(String data, int row, int col, int cols, Random random) {
    boolean one = col == row % cols;
    return switch (data) {
      case "friendly" -> (float) (DEVIATION * random.nextGaussian());
      // No window of exponents around 0, nor around the last row's, holds sums of e^200 and e^-200.
      case "misses" -> (float) (DEVIATION * random.nextGaussian() + (row % 2 == 0 ? 200 : -200));
      case "masked" ->
          random.nextBoolean() && !one
              ? Float.NEGATIVE_INFINITY
              : (float) (DEVIATION * random.nextGaussian());
      case "huge" -> (float) (1e30 * random.nextGaussian());
      // e^-95 to e^-103 of the largest: below 2^-126, the smallest normal probability, e^-87.
      case "subnormal" -> one ? 0 : (float) (-95 - 8 * random.nextDouble());
      // As a language model has them: e^logit falls as rank^-1.3, and one is large. It has two
      // thirds
      // of 128256 columns' sum, and four dozen columns have nine tenths.
      case "tail" ->
          one ? LARGE : (float) (-TAIL * StrictMath.log(cols * (1 - random.nextDouble())));
      default -> throw new IllegalArgumentException("No data here is named " + data);
    };
  }
}
