package io.softlane.internal.rows;

import io.softlane.internal.loops.Top;

/** The k largest logits of each row, and their columns. */
public final class TopK {
  /** Longer rows are better looked at once, with a bound that rises. */
  private static final int SHORT = 1024;

  private final Work work;
  private Top top;

  TopK(Work work) {
    this.work = work;
  }

  /** Either output may be null. */
  public void run() {
    Source source = work.source;
    if (source.x == null || work.k > Top.K || source.cols > SHORT) {
      for (int r = source.first; r < source.end; r++) {
        select(r);
      }
      return;
    }
    if (top == null) {
      top = new Top();
    }
    top.x = source.x;
    top.stride = (int) source.stride;
    top.n = source.cols;
    top.k = work.k;
    top.values = work.values;
    top.indices = work.columns;
    for (int r = source.first; r < source.end; r += Top.ROWS) {
      top.i = source.start(r);
      top.rows = Math.min(Top.ROWS, source.end - r);
      top.o = r * work.k;
      work.loops.topK(top);
      for (int q = 0; q < top.rows; q++) {
        if (top.counts[q] == 0) {
          select(r + q);
        }
      }
    }
    top.x = null;
    top.values = null;
    top.indices = null;
  }

  /** One row, of any length. */
  private void select(int r) {
    int k = work.k;
    float[] values = work.values;
    int[] indices = work.columns;
    Selection selection = work.selection;
    selection.largest(r, k);
    selection.sort();
    for (int j = 0; j < k; j++) {
      int c = selection.column(j);
      if (values != null) {
        values[r * k + j] = work.source.logit(r, c);
      }
      if (indices != null) {
        indices[r * k + j] = c;
      }
    }
  }
}
