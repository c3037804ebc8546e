package io.softlane.internal.rows;

/** Log-sum-exp: the logarithm of the sum of a row's terms. */
public final class LogSumExp extends Operation {
  private float[] lse;

  LogSumExp(Work work) {
    super(work);
  }

  public void run(float[] lse) {
    this.lse = lse;
    work.sink.none();
    work.run(this);
    this.lse = null;
  }

  @Override
  void settled(Row row) {
    if (row.all == 0) {
      lse[row.r] = Float.NEGATIVE_INFINITY;
    } else {
      // A maximum that is not finite is its row's shift, and its result.
      lse[row.r] =
          isBroken(row)
              ? row.shift
              : (float) (row.shift == 0 ? logSum(row) : row.shift + logSum(row));
    }
  }

  @Override
  void finish(Block block, int q, int end) {
    work.logSums(this, block, q, end);
    for (int r = q; r < end; r++) {
      lse[block.r + r] = (float) block.logSums[r];
    }
  }
}
