package io.softlane.internal.rows;

/**
 * Entropy of a row's softmax, from the sums of the terms e and of e times score: {@code log sum e -
 * (sum e o) / (sum e)}.
 *
 * <p>Both sums take a part of the row at a time, so that the logits are read once from memory. The
 * power of two that the terms are scaled by is the same in both sums, and a shift of the logits
 * drops out of their difference. Scores of rows that are not plain are clamped where their terms
 * are +0, so that a masked logit contributes 0 times a finite value.
 */
public final class Entropy extends Operation {
  private double products;

  Entropy(Work work) {
    super(work);
  }

  public void run() {
    work.runAlone(this);
  }

  @Override
  void attempt(Row row) {
    row.sum = 0;
    products = 0;
    for (int c = 0; c < row.n && !row.isOdd; c += Work.MEDIUM) {
      products += work.alone.part(row, c, Math.min(Work.MEDIUM, row.n - c));
    }
  }

  /** Rounding may not make it negative, nor more than 0 where one term is the sum. */
  @Override
  void settled(Row row) {
    double entropy = Double.NaN;
    if (!row.isBroken()) {
      double logSum = logSum(row);
      entropy = row.isOne ? 0 : Math.max(0, logSum - products / row.sum);
    }
    work.values[row.r] = (float) entropy;
  }
}
