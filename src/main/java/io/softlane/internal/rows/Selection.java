package io.softlane.internal.rows;

import io.softlane.internal.loops.Key;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Turn;
import java.util.Arrays;

/**
 * Some columns of a row, in order of index, and which of them are its largest: what top-k and
 * sampling choose from.
 *
 * <p>Columns are compared by their {@link Key}s.
 *
 * <p><b>The k largest</b> of a row are found in one pass: columns above a bound are gathered, and
 * as soon as there are twice k of them, all but the k largest go and the k-th is the new bound. Of
 * scores in no order, k ln(cols / k) pass it. Which are the largest is found by partitions, as in
 * Hoare's quickselect; nothing is sorted for it.
 */
final class Selection {
  /** Columns that are looked at at a time. */
  private static final int PART = Alone.PART;

  /** Columns that gather beyond k before they are looked through. */
  private static final int FEW = 64;

  /** Keys that are sorted by insertion. */
  private static final int SHORT = 24;

  private final Work work;

  /** How many there are. */
  int size;

  private int[] columns = {};
  private long[] keys = {};
  private long[] copies = {};

  /** Their terms, once these were asked for: exp(score - shift) * 2^k. */
  private float[] terms = {};

  private boolean hasTerms;
  private float[] scores = {};
  private int seed;

  // ---- buckets of candidates by their distance from the largest score ----

  private static final int BUCKETS = 512;
  private static final float PER_UNIT = 8;
  private final double[] buckets = new double[BUCKETS];

  private final double[] sums = new double[3];

  private double[] totals = {};

  Selection(Work work) {
    this.work = work;
  }

  /** The columns of a row whose score is not at most a bound; all, where the bound is NaN. */
  void above(int r, float bound) {
    begin();
    int n = work.source.cols;
    for (int c = 0; c < n; c += PART) {
      gather(r, c, Math.min(PART, n - c), bound);
    }
  }

  /** The k largest columns of a row. */
  void largest(int r, int k) {
    begin();
    int n = work.source.cols;
    float bound = Float.NaN;
    for (int c = 0; c < n; c += PART) {
      gather(r, c, Math.min(PART, n - c), bound);
      if (size >= k + Math.max(k, FEW)) {
        long least = keepLargest(k);
        bound = Key.score(least);
        if (Float.isNaN(bound)) {
          return;
        }
      }
    }
    if (size > k) {
      keepLargest(k);
    }
  }

  private void begin() {
    size = 0;
    hasTerms = false;
    seed = 0;
  }

  private void gather(int r, int c, int n, float bound) {
    float[] x = work.source.scores(r, c, n, work.scratch);
    int i = x == work.scratch ? 0 : work.source.start(r, c);
    int room = size + n + Loops.SPILL;
    if (columns.length < room) {
      int more = Math.max(room, 2 * columns.length);
      columns = Arrays.copyOf(columns, more);
      keys = Arrays.copyOf(keys, more);
      copies = new long[more];
    }
    int end = work.loops.above(x, i, n, bound, columns, size);
    for (int j = size; j < end; j++) {
      keys[j] = Key.of(x[i + columns[j]], c + columns[j]);
    }
    size = end;
  }

  /** Leaves the k largest, still in order of index; returns the least of their keys. */
  private long keepLargest(int k) {
    System.arraycopy(keys, 0, copies, 0, size);
    int from = 0;
    int to = size;
    while (to - from > 1) {
      int middle = partition(copies, null, from, to);
      if (middle == k - 1) {
        from = middle;
        break;
      }
      from = middle < k ? middle + 1 : from;
      to = middle < k ? to : middle;
    }
    long least = copies[k - 1];
    keepFrom(least);
    return least;
  }

  /** Leaves those whose key is at least this one, with their terms. */
  private void keepFrom(long least) {
    int left = 0;
    for (int j = 0; j < size; j++) {
      long key = keys[j];
      keys[left] = key;
      if (hasTerms) {
        terms[left] = terms[j];
      }
      left += key >= least ? 1 : 0;
    }
    size = left;
  }

  /** Largest first. */
  void sort() {
    sort(0, size);
  }

  private void sort(int from, int to) {
    int a = from;
    int b = to;
    while (b - a > SHORT) {
      int middle = partition(keys, null, a, b);
      if (middle - a < b - middle) {
        sort(a, middle);
        a = middle + 1;
      } else {
        sort(middle + 1, b);
        b = middle;
      }
    }
    for (int j = a + 1; j < b; j++) {
      long key = keys[j];
      int h = j - 1;
      for (; h >= a && keys[h] < key; h--) {
        keys[h + 1] = keys[h];
      }
      keys[h + 1] = key;
    }
  }

  /**
   * Brings what is larger than one of some keys before it, and what is smaller behind; with their
   * terms, unless these are null. Which one is drawn, so that no order of a row is a slow one; the
   * draws are the same every time.
   *
   * @return where that one then is
   */
  private int partition(long[] k, float[] t, int from, int to) {
    seed = seed * 0x915f77f5 + 1;
    int pick = from + (int) ((seed & 0xffffffffL) * (to - from) >>> 32);
    long pivot = k[pick];
    swap(k, t, pick, to - 1);
    int left = from;
    for (int j = from; j < to - 1; j++) {
      // no branch: it would be mispredicted every other time
      long key = k[j];
      k[j] = k[left];
      k[left] = key;
      if (t != null) {
        float term = t[j];
        t[j] = t[left];
        t[left] = term;
      }
      left += key > pivot ? 1 : 0;
    }
    swap(k, t, left, to - 1);
    return left;
  }

  private static void swap(long[] k, float[] t, int a, int b) {
    long key = k[a];
    k[a] = k[b];
    k[b] = key;
    if (t != null) {
      float term = t[a];
      t[a] = t[b];
      t[b] = term;
    }
  }

  // ---- their terms ----

  /** Takes the terms. */
  void takeTerms(float shift, int k) {
    if (terms.length < size + Loops.GROUP) {
      terms = new float[columns.length + Loops.GROUP];
      scores = new float[columns.length];
    }
    for (int j = 0; j < size; j++) {
      scores[j] = Key.score(keys[j]);
    }
    Turn turn = work.turn;
    turn.x = scores;
    turn.i = 0;
    turn.put(terms);
    turn.a = 0;
    turn.n = size;
    turn.shift = shift;
    turn.k = k;
    work.loops.turn(Kind.TERMS | Kind.CLAMPED, turn);
    hasTerms = true;
  }

  /** Sum of the terms, in order of index. */
  double sum() {
    work.loops.sums(terms, 0, 1, size, sums);
    return sums[0];
  }

  /**
   * Leaves the fewest, from the largest down, whose terms sum to a target. Sums of buckets, each in
   * order of index, tell the bucket in which they do; in this one, partitions tell the column. So
   * the order of all sums depends on the scores alone, as long as the bucket is here as a whole.
   */
  void keepShare(double target, float max) {
    Arrays.fill(buckets, 0);
    for (int j = 0; j < size; j++) {
      buckets[bucket(scores[j], max)] += terms[j];
    }
    int b = 0;
    double sum = 0;
    while (b < BUCKETS && sum + buckets[b] < target) {
      sum += buckets[b++];
    }
    if (b == BUCKETS) { // rounding
      return;
    }
    int to = 0;
    for (int j = 0; j < size; j++) {
      if (bucket(scores[j], max) == b) {
        copies[to] = keys[j];
        scores[to++] = terms[j];
      }
    }
    int from = 0;
    while (to - from > 1) {
      int middle = partition(copies, scores, from, to);
      double upper = sum;
      for (int j = from; j < middle; j++) {
        upper += scores[j];
      }
      if (middle > from && upper >= target) {
        to = middle;
      } else if (upper + scores[middle] >= target || middle + 1 == to) {
        from = middle;
        to = middle + 1;
      } else {
        sum = upper + scores[middle];
        from = middle + 1;
      }
    }
    keepFrom(copies[from]);
  }

  private static int bucket(float score, float max) {
    return Math.min(BUCKETS - 1, (int) ((max - score) * PER_UNIT));
  }

  /** Leaves those whose term is at least so large. */
  void keepTerms(double least) {
    int left = 0;
    for (int j = 0; j < size; j++) {
      float term = terms[j];
      terms[left] = term;
      keys[left] = keys[j];
      left += term >= least ? 1 : 0;
    }
    size = left;
  }

  /**
   * The first column at which the running sum of the terms exceeds a share of their sum; the last
   * one whose term is above 0 where rounding leaves none. Running sums are those of {@link Draw}.
   */
  int draw(float uniform) {
    double[] totals = totals((size + PART - 1) / PART);
    Turn turn = work.turn;
    turn.put(terms);
    for (int j = 0; j < size; j += PART) {
      turn.b = j;
      turn.n = Math.min(PART, size - j);
      turn.all = turn.n;
      turn.isFirst = j == 0;
      work.loops.turn(Kind.SUM, turn);
      totals[j / PART] = turn.total();
    }
    double target = uniform * totals[(size - 1) / PART];
    int part = part(totals, target);
    int j = part * PART;
    double before = part == 0 ? 0 : totals[part - 1];
    return column(j + first(terms, j, Math.min(PART, size - j), before, target));
  }

  /** Room for sums of parts. */
  double[] totals(int parts) {
    if (totals.length < parts) {
      totals = new double[parts];
    }
    return totals;
  }

  /** The first part at whose end the running sum exceeds a target that is below the last one. */
  static int part(double[] totals, double target) {
    int part = 0;
    while (!(totals[part] > target)) {
      part++;
    }
    return part;
  }

  /** The first of n terms at which the running sum does; the last above 0 where none does. */
  static int first(float[] terms, int i, int n, double before, double target) {
    double sum = before;
    int last = 0;
    for (int j = 0; j < n; j++) {
      sum += terms[i + j];
      last = terms[i + j] > 0 ? j : last;
      if (sum > target) {
        return last;
      }
    }
    return last;
  }

  int column(int j) {
    return Key.column(keys[j]);
  }

  /** The largest score, which is NaN where there is one. */
  float max() {
    long most = keys[0];
    for (int j = 1; j < size; j++) {
      most = Math.max(most, keys[j]);
    }
    return Key.score(most);
  }
}
