package io.softlane.benchmarks;

import io.softlane.Rows;
import java.util.Random;

/** One batch, the same for every variant and every run, and room for what they compute. */
final class Workload {
  private static final long SEED = 20260101;
  private static final double DEVIATION = 3;

  final Rows batch;
  final float[] logits;
  final int[] labels;

  /** As large as the batch. */
  final float[] out;

  /** One value per row. */
  final float[] perRow;

  double meanLoss;

  private Workload(Rows batch) {
    this.batch = batch;
    int size = Math.multiplyExact(batch.rows(), batch.cols());
    // Its algorithm is specified, unlike that of the newer generators.
    Random random = new Random(SEED);
    logits = new float[size];
    for (int i = 0; i < size; i++) {
      logits[i] = (float) (DEVIATION * random.nextGaussian());
    }
    labels = random.ints(batch.rows(), 0, batch.cols()).toArray();
    out = new float[size];
    perRow = new float[batch.rows()];
  }

  /**
   * @param shape rows x cols, say 64x1000
   */
  static Workload of(String shape) {
    String[] parts = shape.split("x", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("A shape is rows x cols, say 64x1000, not " + shape);
    }
    return new Workload(Rows.of(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
  }
}
