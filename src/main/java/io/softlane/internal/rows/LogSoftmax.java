package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Logs;
import io.softlane.internal.loops.Window;

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
  }

  @Override
  float leftOut() {
    return Float.NEGATIVE_INFINITY;
  }

  @Override
  boolean hasSimple() {
    return true;
  }

  @Override
  double simple(double sum) {
    boolean isEasy = Window.holds(sum) && (float) sum != sum;
    return isEasy ? Logs.logSum(sum, Window.K) : Double.NaN;
  }

  @Override
  void finish(Block block, int q, int end) {
    block.takeLogSums(this, q, end);
    block.subtract(q, end);
    block.flush(q);
  }
}
