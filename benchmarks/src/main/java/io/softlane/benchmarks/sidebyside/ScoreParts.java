package io.softlane.benchmarks.sidebyside;

import java.util.Random;

/**
 * What scores are made of beside a batch's logits, the same in every run: as attention has them,
 * where the rows are [heads * queries] and share a mask [queries, keys].
 */
public final class ScoreParts {
  /** Of a row of keys, a power of two as 1 / sqrt(64) is would round nothing. */
  public static final float SCALE = 0.7f;

  private static final long SEED = 20260102;
  private static final int HEADS = 4;

  /** What part of the hard mask is -inf. */
  private static final double MASKED = 0.25;

  public final int maskRows;

  /** 0, or -inf for a quarter of the keys; no row is masked out altogether. */
  public final float[] mask;

  /** N(0, 1), as a bias by position. */
  public final float[] softMask;

  /** From 1 to all columns, in proportion to the row: a causal square, stretched to the batch. */
  public final int[] lengths;

  public final float[] sinks;

  public ScoreParts(int rows, int cols) {
    maskRows = rows % HEADS == 0 ? rows / HEADS : rows;
    Random random = new Random(SEED);
    mask = new float[maskRows * cols];
    softMask = new float[mask.length];
    for (int i = 0; i < mask.length; i++) {
      boolean kept = i % cols == i / cols % cols;
      mask[i] = random.nextDouble() < MASKED && !kept ? Float.NEGATIVE_INFINITY : 0;
      softMask[i] = (float) random.nextGaussian();
    }
    lengths = new int[rows];
    sinks = new float[rows];
    for (int r = 0; r < rows; r++) {
      lengths[r] = 1 + (int) ((long) r * (cols - 1) / Math.max(1, rows - 1));
      sinks[r] = (float) random.nextGaussian();
    }
  }
}
