package io.softlane.internal.rows;

/**
 * Entropy of a row's softmax, from the sums of the terms e and of e times score: {@code log sum e -
 * (sum e o) / (sum e)}.
 *
 * <p>Both sums of a long row take a part of it at a time, so that the logits are read once from
 * memory; of short ones, in a block, the products are of terms in scratch. The power of two that
 * the terms are scaled by is the same in both sums, and a shift of the logits drops out of their
 * difference. Scores of rows that are not plain are clamped where their terms are +0, so that a
 * masked logit contributes 0 times a finite value.
 */
public final class Entropy extends Operation {
  private double products;

  Entropy(Work work) {
    super(work);
  }

  /**
   * Short rows go in blocks, longer ones alone, and none in flight, where nobody takes the products
   * (Zen 4, ns an element: 65536 x 10 2.5, alone 7.2; 8192 x 100 0.63, 0.91; 1024 x 256 0.47, 0.54;
   * 512 x 400 0.45, 0.48).
   */
  public void run() {
    if (work.source.cols < Work.SHORT) {
      work.run(this);
    } else {
      work.runAlone(this);
    }
  }

  @Override
  void attempt(Row row) {
    row.sum = 0;
    products = 0;
    for (int c = 0; c < row.n && !row.isOdd; c += Work.MEDIUM) {
      products += work.alone.part(row, c, Math.min(Work.MEDIUM, row.n - c));
    }
  }

  @Override
  void settled(Row row) {
    float entropy = Float.NaN;
    if (!row.isBroken()) {
      double logSum = logSum(row);
      entropy = row.isOne ? 0 : of(logSum, products, row.sum);
    }
    work.values[row.r] = entropy;
  }

  /** Rounding may not make it negative. */
  static float of(double logSum, double products, double sum) {
    return (float) Math.max(0, logSum - products / sum);
  }

  @Override
  void finish(Block block, int q, int end) {
    block.takeLogSums(this, q, end);
    block.clamp();
    for (int p = q; p < end; p++) {
      Row row = block.row(p);
      products = work.loops.dot(row.s, row.at, row.x, row.i, row.n, work.lanes);
      if ((float) row.sum == row.sum) {
        settled(row); // where one term may be the sum
      } else {
        work.values[row.r] = of(block.logSums[p], products, row.sum);
      }
    }
  }
}
