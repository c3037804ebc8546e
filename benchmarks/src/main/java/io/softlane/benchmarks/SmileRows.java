package io.softlane.benchmarks;

import io.softlane.Rows;
import smile.math.MathEx;

/** Smile's MathEx on rows of their own, in place as it has it, so a copy first. */
final class SmileRows implements Operation {
  private final float[][] rows;

  private SmileRows(Rows batch) {
    rows = new float[batch.rows()][batch.cols()];
  }

  static Operation softmax(Workload work) {
    return Peers.loaded(Peers.SMILE, () -> new SmileRows(work.batch));
  }

  @Override
  public void run(Workload work) {
    int cols = work.batch.cols();
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(work.logits, r * cols, rows[r], 0, cols);
      MathEx.softmax(rows[r]);
    }
  }

  @Override
  public void fetch(Workload work) {
    int cols = work.batch.cols();
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, work.out, r * cols, cols);
    }
  }

  static String describe() {
    return "Smile " + MathEx.class.getPackage().getImplementationVersion();
  }
}
