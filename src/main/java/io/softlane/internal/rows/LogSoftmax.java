package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;

/** Log-softmax: a row's scores less their log-sum-exp. */
public final class LogSoftmax extends Operation {
  LogSoftmax(Work work) {
    super(work);
  }

  public void run() {
    work.run(this);
  }

  @Override
  int results() {
    return Kind.SUBTRACT;
  }

  @Override
  void settled(Row row) {
    if (isBroken(row)) {
      breakRow(row, Float.NEGATIVE_INFINITY);
      return;
    }
    // lse in two floats keeps small log-probabilities accurate. A shift is the first of them:
    // beside
    // it the logarithm would be lost in one.
    double logSum = logSum(row);
    row.results = Kind.SUBTRACT;
    row.isLifted = row.rung != Ladder.PLAIN;
    row.hi = row.shift == 0 ? (float) logSum : row.shift;
    row.lo = (float) (row.shift == 0 ? logSum - row.hi : logSum);
  }

  @Override
  float leftOut() {
    return Float.NEGATIVE_INFINITY;
  }

  @Override
  void finish(Block block, int q, int end) {
    work.logSums(this, block, q, end);
    for (int r = q; r < end; r++) {
      double logSum = block.logSums[r];
      block.hi[r - q] = (float) logSum;
      block.lo[r - q] = (float) (logSum - block.hi[r - q]);
    }
    work.subtract(block, q, end);
  }
}
