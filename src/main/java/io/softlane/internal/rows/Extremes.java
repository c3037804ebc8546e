package io.softlane.internal.rows;

import io.softlane.internal.loops.Kind;
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
    if (isShort()) {
      maxima(source.first, source.end - source.first, work.values, source.first);
      return;
    }
    for (int r = source.first; r < source.end; r++) {
      work.values[r] = max(r, 0, source.cols);
    }
  }

  /** Whether rows are short ones of an array: a turn each takes 1.6 to 3 times as long (Zen 4). */
  private boolean isShort() {
    return work.source.x != null && work.source.cols <= Loops.SHORT;
  }

  private void maxima(int r, int rows, float[] max, int at) {
    Source source = work.source;
    work.loops.maxima(source.x, source.start(r), (int) source.stride, rows, source.cols, max, at);
  }

  private float max(int r, int c, int n) {
    work.source.read(work.turn, r, c, n, 0);
    work.turn.n = n;
    work.loops.turn(Kind.MAX | work.source.kind(), work.turn);
    return work.turn.max;
  }

  public void argmax() {
    Source source = work.source;
    if (!isShort()) {
      for (int r = source.first; r < source.end; r++) {
        work.columns[r] = argmax(r);
      }
      return;
    }
    for (int r = source.first; r < source.end; r += Work.SLOT) {
      int end = Math.min(r + Work.SLOT, source.end);
      maxima(r, end - r, work.scratch, 0);
      for (int q = r; q < end; q++) {
        float max = work.scratch[q - r];
        work.columns[q] = find(work.loops, source.x, source.start(q), source.cols, max);
      }
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
