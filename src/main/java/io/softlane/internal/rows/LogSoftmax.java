package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;

/** Log-softmax: a row's scores less their log-sum-exp. */
public final class LogSoftmax extends Operation {
  LogSoftmax(Work work) {
    super(work);
  }

  @Override
  int results() {
    return Kind.SUBTRACT;
  }

  @Override
  void settled(Row row) {
    if (row.isBroken()) {
      breakRow(row);
      return;
    }
    row.subtract(logSum(row));
    row.results = Kind.SUBTRACT;
    row.isLifted = row.rung != Ladder.PLAIN;
  }

  @Override
  float leftOut() {
    return Float.NEGATIVE_INFINITY;
  }

  @Override
  void finish(Block block, int q, int end) {
    block.takeLogSums(this, q, end);
    block.subtract(q, end);
    block.flush(q);
  }
}
