package io.softlane.benchmarks;

import io.softlane.Rows;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One batch, the same for every variant and every run, and room for what they compute. */
final class Workload {
  private static final Pattern SHAPE = Pattern.compile("([1-9]\\d{0,8})x([1-9]\\d{0,8})");
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

  /** PyTorch returns a mean loss only. */
  boolean hasRowLosses = true;

  private Workload(Rows batch, String data) {
    this.batch = batch;
    int size = Math.multiplyExact(batch.rows(), batch.cols());
    // Its algorithm is specified, unlike that of the newer generators.
    Random random = new Random(SEED);
    logits = new float[size];
    for (int i = 0; i < size; i++) {
      logits[i] = logit(data, i / batch.cols(), i % batch.cols(), random);
    }
    labels = random.ints(batch.rows(), 0, batch.cols()).toArray();
    out = new float[size];
    perRow = new float[batch.rows()];
  }

  private float logit(String data, int row, int col, Random random) {
    boolean one = col == row % batch.cols();
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
      default -> throw new IllegalArgumentException("No data here is named " + data);
    };
  }

  /**
   * @param shape rows x cols, say 64x1000
   */
  static Workload of(String shape) {
    return of(shape, "friendly");
  }

  static Workload of(String shape, String data) {
    return new Workload(rows(shape), data);
  }

  /**
   * @throws IllegalArgumentException where it is no shape
   */
  static Rows rows(String shape) {
    Matcher m = SHAPE.matcher(shape);
    if (!m.matches()) {
      throw new IllegalArgumentException("A shape is rows x cols, say 64x1000, not " + shape);
    }
    return Rows.of(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
  }
}
