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
    int k = work.k;
    float[] values = work.values;
    int[] indices = work.columns;
    Source source = work.source;
    if (source.x == null || k > Top.K || source.cols > SHORT) {
      for (int r = source.first; r < source.end; r++) {
        select(r, k, values, indices);
      }
      return;
    }
    if (top == null) {
      top = new Top();
    }
    top.x = source.x;
    top.stride = (int) source.stride;
    top.n = source.cols;
    top.k = k;
    top.values = values;
    top.indices = indices;
    for (int r = source.first; r < source.end; r += Top.ROWS) {
      top.i = source.start(r);
      top.rows = Math.min(Top.ROWS, source.end - r);
      top.o = r * k;
      work.loops.topK(top);
      for (int q = 0; q < top.rows; q++) {
        if (top.counts[q] == 0) {
          select(r + q, k, values, indices);
        }
      }
    }
    top.x = null;
    top.values = null;
    top.indices = null;
  }

  /** One row, of any length. */
  private void select(int r, int k, float[] values, int[] indices) {
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
