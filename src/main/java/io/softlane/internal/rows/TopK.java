package io.softlane.internal.rows;

/** The k largest logits of each row, and their columns. */
public final class TopK {
  private final Work work;

  TopK(Work work) {
    this.work = work;
  }

  /** Either output may be null. */
  public void run(int k, float[] values, int[] indices) {
    Source source = work.source;
    int n = source.cols;
    for (int r = 0; r < source.rows; r++) {
      float[] x = source.array(r, 0, n);
      int i = source.start(r, 0);
      work.selection.sort(x, i, n);
      for (int j = 0; j < k; j++) {
        int c = work.selection.column(j);
        if (values != null) {
          values[r * k + j] = x[i + c];
        }
        if (indices != null) {
          indices[r * k + j] = c;
        }
      }
    }
  }
}
