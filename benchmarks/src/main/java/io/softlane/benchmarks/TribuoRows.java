package io.softlane.benchmarks;

import org.tribuo.Tribuo;
import org.tribuo.classification.sgd.LabelObjective;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.util.VectorNormalizer;

/**
 * Tribuo's LogMulticlass and its normalizer on vectors of doubles, as its models have them: made
 * before, and in place as it has it, so a copy first.
 */
final class TribuoRows {
  private static final LabelObjective OBJECTIVE = new LogMulticlass();
  private static final VectorNormalizer NORMALIZER = OBJECTIVE.getNormalizer();

  private final DenseVector[] logits;
  private final DenseVector[] results;

  private TribuoRows(Workload work) {
    int cols = work.batch.cols();
    logits = new DenseVector[work.batch.rows()];
    results = new DenseVector[logits.length];
    for (int r = 0; r < logits.length; r++) {
      double[] row = new double[cols];
      for (int c = 0; c < cols; c++) {
        row[c] = work.logits[r * cols + c];
      }
      logits[r] = DenseVector.createDenseVector(row);
      results[r] = logits[r].copy();
    }
  }

  static Operation softmax(Workload work) {
    return Peers.loaded(
        Peers.TRIBUO,
        () -> {
          TribuoRows rows = new TribuoRows(work);
          return Operation.of(w -> rows.normalize(), w -> rows.fetch(w, 1));
        });
  }

  /** By Tribuo's sign both point uphill, and rows are not divided by their number. */
  static Operation crossEntropyGradient(Workload work) {
    return Peers.loaded(
        Peers.TRIBUO,
        () -> {
          TribuoRows rows = new TribuoRows(work);
          return Operation.of(
              rows::lossesAndGradients, w -> rows.fetch(w, -1.0 / rows.logits.length));
        });
  }

  private void normalize() {
    for (int r = 0; r < logits.length; r++) {
      results[r].setElements(logits[r]);
      results[r].normalize(NORMALIZER);
    }
  }

  private void lossesAndGradients(Workload work) {
    double sum = 0;
    for (int r = 0; r < logits.length; r++) {
      results[r].setElements(logits[r]);
      double loss = -OBJECTIVE.lossAndGradient(work.labels[r], results[r]).getA();
      work.perRow[r] = (float) loss;
      sum += loss;
    }
    work.meanLoss = sum / logits.length;
  }

  private void fetch(Workload work, double scale) {
    int cols = work.batch.cols();
    for (int r = 0; r < results.length; r++) {
      for (int c = 0; c < cols; c++) {
        work.out[r * cols + c] = (float) (scale * results[r].get(c));
      }
    }
  }

  static String describe() {
    return "Tribuo " + Tribuo.VERSION;
  }
}
