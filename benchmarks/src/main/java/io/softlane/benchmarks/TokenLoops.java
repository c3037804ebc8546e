package io.softlane.benchmarks;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * What people write between logits and a token. A draw takes the largest first, as inference
 * engines do: it may be another token than the kernels', which go by index.
 */
final class TokenLoops {
  private final Tokens t;
  private final float[] logits;
  private final float[] probabilities;
  private final long[] keys;
  private final boolean[] taken;
  private final float[] terms;

  TokenLoops(Tokens t) {
    this.t = t;
    logits = t.work.logits;
    probabilities = new float[t.cols];
    keys = new long[t.cols];
    taken = new boolean[t.cols];
    terms = new float[t.k];
  }

  // ---- the k largest of one row, to values and indices from a place on ----

  interface Selection {
    void largest(int row, int to);
  }

  /** Of indices, the smallest of those kept in front. */
  void queue(int row, int to) {
    int from = row * t.cols;
    PriorityQueue<Integer> kept =
        new PriorityQueue<>(
            t.k,
            (a, b) -> {
              int order = Float.compare(logits[from + a], logits[from + b]);
              return order != 0 ? order : b - a;
            });
    for (int i = 0; i < t.cols; i++) {
      if (kept.size() < t.k) {
        kept.add(i);
      } else if (logits[from + i] > logits[from + kept.peek()]) {
        kept.poll();
        kept.add(i);
      }
    }
    for (int j = t.k - 1; j >= 0; j--) {
      keep(row, to + j, kept.poll());
    }
  }

  /** Of value and index in one number: the JDK sorts these without comparators. */
  void sort(int row, int to) {
    int from = row * t.cols;
    for (int i = 0; i < t.cols; i++) {
      int bits = Float.floatToRawIntBits(logits[from + i]);
      keys[i] = key(bits ^ bits >> 31 & Integer.MAX_VALUE, i);
    }
    Arrays.sort(keys);
    for (int j = 0; j < t.k; j++) {
      keep(row, to + j, index(keys[t.cols - 1 - j]));
    }
  }

  /** The row once for each. */
  void scans(int row, int to) {
    int from = row * t.cols;
    Arrays.fill(taken, false);
    for (int j = 0; j < t.k; j++) {
      int best = -1;
      for (int i = 0; i < t.cols; i++) {
        if (!taken[i] && (best < 0 || logits[from + i] > logits[from + best])) {
          best = i;
        }
      }
      taken[best] = true;
      keep(row, to + j, best);
    }
  }

  private void keep(int row, int at, int index) {
    t.values[at] = logits[row * t.cols + index];
    t.indices[at] = index;
  }

  void select(Selection selection) {
    for (int r = 0; r < t.rows; r++) {
      selection.largest(r, r * t.k);
    }
  }

  /** A token of the k largest. */
  void selectAndDraw(Selection selection) {
    for (int r = 0; r < t.rows; r++) {
      selection.largest(r, 0);
      draw(r);
    }
  }

  /** Of the first k of values and indices, largest first. */
  void draw(int row) {
    double sum = 0;
    for (int j = 0; j < t.k; j++) {
      terms[j] = (float) Math.exp(t.values[j] - t.values[0]);
      sum += terms[j];
    }
    double nucleus = 0;
    int n = 0;
    while (n < t.k && nucleus < t.p() * sum) {
      nucleus += terms[n++];
    }
    double left = t.uniforms[row] * nucleus;
    int j = 0;
    while (j < n - 1 && left >= terms[j]) {
      left -= terms[j++];
    }
    t.tokens[row] = t.indices[j];
  }

  // ---- softmax of the whole row first ----

  /** The first class at which the running sum passes the coin. */
  void temperature() {
    for (int r = 0; r < t.rows; r++) {
      softmax(r);
      float sum = 0;
      int i = 0;
      for (; i < t.cols - 1; i++) {
        sum += probabilities[i];
        if (t.uniforms[r] < sum) {
          break;
        }
      }
      t.tokens[r] = i;
    }
  }

  /**
   * As llama3.java does it: what is below (1 - p) / (n - 1) cannot be among the largest with p, and
   * is not sorted.
   */
  void nucleus() {
    nucleus((1 - t.p()) / Math.max(1, t.cols - 1));
  }

  /** Everything is sorted. */
  void nucleusBySort() {
    nucleus(0);
  }

  private void nucleus(float least) {
    for (int r = 0; r < t.rows; r++) {
      softmax(r);
      int n = 0;
      for (int i = 0; i < t.cols; i++) {
        if (probabilities[i] >= least) {
          keys[n++] = key(Float.floatToRawIntBits(probabilities[i]), i);
        }
      }
      Arrays.sort(keys, 0, n);
      float sum = 0;
      int j = n;
      while (j > 0 && sum < t.p()) {
        sum += probabilities[index(keys[--j])];
      }
      float left = t.uniforms[r] * sum;
      int i = n - 1;
      while (i > j && left >= probabilities[index(keys[i])]) {
        left -= probabilities[index(keys[i--])];
      }
      t.tokens[r] = index(keys[i]);
    }
  }

  /** What could be among them goes into a queue of boxed indices, largest first. */
  void nucleusByQueue() {
    float least = (1 - t.p()) / Math.max(1, t.cols - 1);
    for (int r = 0; r < t.rows; r++) {
      softmax(r);
      PriorityQueue<Integer> queue =
          new PriorityQueue<>(
              (a, b) -> {
                int order = Float.compare(probabilities[b], probabilities[a]);
                return order != 0 ? order : a - b;
              });
      for (int i = 0; i < t.cols; i++) {
        if (probabilities[i] >= least) {
          queue.add(i);
        }
      }
      float sum = 0;
      int n = 0;
      while (!queue.isEmpty() && sum < t.p()) {
        int i = queue.poll();
        keys[n++] = i;
        sum += probabilities[i];
      }
      float left = t.uniforms[r] * sum;
      int j = 0;
      while (j < n - 1 && left >= probabilities[(int) keys[j]]) {
        left -= probabilities[(int) keys[j++]];
      }
      t.tokens[r] = (int) keys[j];
    }
  }

  private void softmax(int row) {
    int from = row * t.cols;
    float scale = t.scale();
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < t.cols; i++) {
      probabilities[i] = logits[from + i] * scale;
      max = Math.max(max, probabilities[i]);
    }
    float sum = 0;
    for (int i = 0; i < t.cols; i++) {
      probabilities[i] = (float) Math.exp(probabilities[i] - max);
      sum += probabilities[i];
    }
    for (int i = 0; i < t.cols; i++) {
      probabilities[i] /= sum;
    }
  }

  // ---- the rest ----

  void greedy() {
    for (int r = 0; r < t.rows; r++) {
      int from = r * t.cols;
      int best = 0;
      for (int i = 1; i < t.cols; i++) {
        if (logits[from + i] > logits[from + best]) {
          best = i;
        }
      }
      t.tokens[r] = best;
    }
  }

  void softcap() {
    float[] out = t.work.out;
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (Tokens.CAP * Math.tanh(logits[i] / Tokens.CAP));
    }
  }

  void scale() {
    float[] out = t.work.out;
    for (int i = 0; i < out.length; i++) {
      out[i] = logits[i] * Tokens.CAP;
    }
  }

  /** Larger for larger bits, and of equal ones for the lower index. */
  private static long key(int bits, int index) {
    return (long) bits << 32 | ~index & 0xffff_ffffL;
  }

  private static int index(long key) {
    return ~(int) key;
  }
}
