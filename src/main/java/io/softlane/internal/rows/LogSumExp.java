package io.softlane.internal.rows;

/** Log-sum-exp: the logarithm of the sum of a row's terms. */
public final class LogSumExp extends Operation {
  LogSumExp(Work work) {
    super(work);
  }

  @Override
  void settled(Row row) {
    // A maximum that is not finite is its row's shift, and its result.
    double lse = row.shift;
    if (!row.isBroken()) {
      // 0 + -0 would be +0.
      lse = row.shift == 0 ? logSum(row) : row.shift + logSum(row);
    }
    work.values[row.r] = (float) lse;
  }

  @Override
  void finish(Block block, int q, int end) {
    block.takeLogSums(this, q, end);
    for (int p = q; p < end; p++) {
      work.values[block.r + p] = (float) block.logSums[p];
    }
  }
}
