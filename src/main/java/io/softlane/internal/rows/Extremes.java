package io.softlane.internal.rows;

import io.softlane.internal.loops.Loops;

/** The largest logit of each row, and where it is. */
public final class Extremes {
  /** Columns that are looked at once more for the largest, if it is among them. */
  private static final int PART = 1024;

  private final Work work;

  Extremes(Work work) {
    this.work = work;
  }

  public void max() {
    Source source = work.source;
    float[] max = work.values;
    if (source.x == null) {
      for (int r = source.first; r < source.end; r++) {
        max[r] = max(r, 0, source.cols);
      }
      return;
    }
    Loops loops = work.loops;
    float[] x = source.x;
    int n = source.cols;
    int i = source.start(source.first);
    int stride = (int) source.stride;
    int end = source.end;
    for (int r = source.first; r < end; r++) {
      max[r] = loops.max(x, i, n);
      i += stride;
    }
  }

  private float max(int r, int c, int n) {
    return work.source.max(work.turn, r, c, n, 0);
  }

  public void argmax() {
    Source source = work.source;
    int[] columns = work.columns;
    if (source.x == null || source.cols > PART) {
      for (int r = source.first; r < source.end; r++) {
        columns[r] = argmax(r);
      }
      return;
    }
    Loops loops = work.loops;
    float[] x = source.x;
    int n = source.cols;
    int i = source.start(source.first);
    int stride = (int) source.stride;
    int end = source.end;
    for (int r = source.first; r < end; r++) {
      columns[r] = find(loops, x, i, n, loops.max(x, i, n));
      i += stride;
    }
  }

  int argmax(int r) {
    Source source = work.source;
    int from = 0;
    float max = max(r, 0, Math.min(PART, source.cols));
    for (int c = PART; c < source.cols && !Float.isNaN(max); c += PART) {
      float m = max(r, c, Math.min(PART, source.cols - c));
      if (m > max || Float.isNaN(m)) {
        max = m;
        from = c;
      }
    }
    int n = Math.min(PART, source.cols - from);
    float[] x = source.array(r, from, n);
    int i = source.start(r, from);
    return from + find(work.loops, x, i, n, max);
  }

  /** The first of n columns that is the largest logit, or NaN. */
  static int find(Loops loops, float[] x, int i, int n, float max) {
    if (!Float.isNaN(max)) {
      return loops.find(x, i, n, max);
    }
    int c = 0;
    while (!Float.isNaN(x[i + c])) {
      c++;
    }
    return c;
  }
}
