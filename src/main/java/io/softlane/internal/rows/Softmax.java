package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Window;

/** Softmax: a row's terms times the reciprocal of their sum. */
public final class Softmax extends Operation {
  Softmax(Work work) {
    super(work);
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
    if (row.isBroken()) {
      breakRow(row);
    } else {
      row.scale(1 / row.sum);
    }
  }

  @Override
  boolean hasSimple() {
    return true;
  }

  @Override
  double simple(double sum) {
    double factor = 1 / sum;
    boolean isEasy = Window.holds(sum) && !Row.isTiny((float) (factor - (float) factor));
    return isEasy ? factor : Double.NaN;
  }

  @Override
  void finish(Block block, int q, int end) {
    block.scale(q, end, 1);
    block.flush(q);
  }
}
