package io.softlane.examples.spark;

import java.util.ArrayList;
import java.util.List;

/**
 * Softmax regression: a row's logits are {@code o = W x}, and the objective is {@code mean
 * cross-entropy + lambda / 2 * |W|^2}, convex in W. The bias is free of the penalty. W has one row
 * per class; the last column is the bias.
 */
final class Objective implements Lbfgs.Function {
  /** How long a pass took, and the processor time of the blocks in it. */
  record Time(long nanos, long coreNanos) {}

  private final Pass pass;
  private final Source source;
  private final double lambda;
  private final Journal journal; // null where there is none
  private final List<Time> times = new ArrayList<>();
  private double loss;

  Objective(Pass pass, Source source, double lambda, Journal journal) {
    this.pass = pass;
    this.source = source;
    this.lambda = lambda;
    this.journal = journal;
  }

  @Override
  public double evaluate(double[] w, double[] gradient) {
    double known = journal == null ? Double.NaN : journal.next(w, gradient);
    if (Double.isNaN(known)) {
      known = sum(w, gradient);
      if (journal != null) {
        journal.append(w, known, gradient);
      }
    }
    loss = known;

    int cols = source.cols();
    double squares = 0;
    for (int i = 0; i < w.length; i++) {
      if (i % cols < cols - 1) {
        gradient[i] += lambda * w[i];
        squares += w[i] * w[i];
      }
    }
    return loss + lambda / 2 * squares;
  }

  private double sum(double[] w, double[] gradient) {
    long start = System.nanoTime();
    Sums sums = pass.sum(transposed(w, source.cols()));
    times.add(new Time(System.nanoTime() - start, sums.nanos()));
    if (sums.rows() != source.rows()) {
      throw new IllegalStateException(sums.rows() + " rows were summed, not " + source.rows());
    }
    for (int i = 0; i < w.length; i++) {
      gradient[i] = sums.gradient(i);
    }
    return sums.loss();
  }

  /** One row per input column, as {@link Products#logits} wants them. */
  static float[] transposed(double[] w, int cols) {
    float[] transposed = new float[w.length];
    for (int i = 0; i < w.length; i++) {
      transposed[i % cols * Source.CLASSES + i / cols] = (float) w[i];
    }
    return transposed;
  }

  /** The mean cross-entropy of the last evaluation: the objective without its penalty. */
  double loss() {
    return loss;
  }

  int rows() {
    return source.rows();
  }

  /** Of the passes made so far; those found in the journal took none. */
  List<Time> times() {
    return times;
  }
}
