package io.softlane.benchmarks;

import io.softlane.Rows;
import io.softlane.benchmarks.sidebyside.Logits;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One batch, the same for every variant and every run, and room for what they compute. */
final class Workload {
  private static final Pattern SHAPE = Pattern.compile("([1-9]\\d{0,8})x([1-9]\\d{0,8})");

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
    Logits numbers = new Logits(data, batch.rows(), batch.cols());
    logits = numbers.logits;
    labels = numbers.labels;
    out = new float[logits.length];
    perRow = new float[batch.rows()];
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
