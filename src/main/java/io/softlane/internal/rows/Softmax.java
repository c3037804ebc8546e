package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;

/** Softmax: a row's terms times the reciprocal of their sum. */
public final class Softmax extends Operation {
  Softmax(Work work) {
    super(work);
  }

  public void run() {
    work.run(this);
  }

  @Override
  int results() {
    return Kind.SCALE;
  }

  @Override
  boolean needsTerms() {
    return true;
  }

  @Override
  void settled(Row row) {
    if (isBroken(row)) {
      breakRow(row, 0);
    } else {
      scale(row, 1 / row.sum);
    }
  }

  @Override
  void finish(Block block, int q, int end) {
    for (int r = q; r < end; r++) {
      scale(block, r - q, 1 / block.sums[r]);
    }
    work.scale(block, q, end);
  }
}
