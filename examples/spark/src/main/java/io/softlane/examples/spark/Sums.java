package io.softlane.examples.spark;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * The sums of loss and gradient over some blocks. They are whole numbers, multiples of a power of
 * two, so adding them is associative: whatever the partitions, the executors and the order in which
 * their results arrive, the total has the same bits. The power is chosen so that no total can
 * overflow, and is far finer than the floats that are summed.
 */
final class Sums implements Serializable {
  private static final long serialVersionUID = 1;

  private static final CrossEntropy SUM =
      CrossEntropy.DEFAULT.withReduction(CrossEntropy.Reduction.SUM);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Bits of a row's loss before the point. */
  private static final int LOSS_BITS = 12;

  /** 2^fraction is 1: what a gradient, at most 1 per row here, is multiplied by. */
  private final int fraction;

  /**
   * Saturated where the losses are too large for it, or not finite: then it stands for infinity.
   */
  private long loss;

  private final long[] gradient;
  private long rows;
  private long nanos;

  /** Sums of nothing, for so many rows in all. */
  Sums(Source source) {
    fraction = 62 - (Long.SIZE - Long.numberOfLeadingZeros(source.rows()));
    gradient = new long[source.weights()];
  }

  /**
   * Adds a block.
   *
   * @param weights one row per column of the block, one column per class
   */
  Sums add(Block block, float[] weights) {
    long start = THREADS.getCurrentThreadCpuTime();
    Rows batch = Rows.of(block.rows(), Source.CLASSES);
    float[] logits = new float[block.rows() * Source.CLASSES];
    float[] losses = new float[block.rows()];
    float[] weightGradient = new float[gradient.length];
    Products.logits(block, weights, logits);
    // In place: from here on the array holds the gradient with respect to the logits.
    double sum =
        SoftmaxKernels.best()
            .crossEntropyGradient(logits, batch, block.labels(), SUM, losses, logits, batch)
            .sum();
    Products.weightGradient(block, logits, weightGradient);

    double scaled = Math.max(0, sum) * Math.scalb(1.0, fraction - LOSS_BITS);
    addLoss(scaled <= 0x1p62 ? (long) Math.rint(scaled) : Long.MAX_VALUE);
    double one = Math.scalb(1.0, fraction);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += (long) Math.rint(weightGradient[i] * one);
    }
    rows += block.rows();
    nanos += THREADS.getCurrentThreadCpuTime() - start;
    return this;
  }

  /** Adds other sums. */
  Sums add(Sums other) {
    addLoss(other.loss);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += other.gradient[i];
    }
    rows += other.rows;
    nanos += other.nanos;
    return this;
  }

  private void addLoss(long more) {
    loss = loss > Long.MAX_VALUE - more ? Long.MAX_VALUE : loss + more;
  }

  /** The mean cross-entropy. */
  double loss() {
    return loss == Long.MAX_VALUE
        ? Double.POSITIVE_INFINITY
        : loss * Math.scalb(1.0, LOSS_BITS - fraction) / rows;
  }

  /** The mean cross-entropy's gradient with respect to a weight. */
  double gradient(int i) {
    return gradient[i] * Math.scalb(1.0, -fraction) / rows;
  }

  long rows() {
    return rows;
  }

  /** The processor time that it took, added up over the threads that worked. */
  long nanos() {
    return nanos;
  }
}
