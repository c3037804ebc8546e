package io.softlane.internal.rows;

/** The k largest logits of each row, and their columns. */
public final class TopK {
  private final Work work;

  TopK(Work work) {
    this.work = work;
  }

  /** Either output may be null. */
  public void run() {
    int k = work.k;
    float[] values = work.values;
    int[] indices = work.columns;
    Source source = work.source;
    Selection selection = work.selection;
    for (int r = source.first; r < source.end; r++) {
      selection.largest(r, k);
      selection.sort();
      for (int j = 0; j < k; j++) {
        int c = selection.column(j);
        if (values != null) {
          values[r * k + j] = source.logit(r, c);
        }
        if (indices != null) {
          indices[r * k + j] = c;
        }
      }
    }
  }
}
