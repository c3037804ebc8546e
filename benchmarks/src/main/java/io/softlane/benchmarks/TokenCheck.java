package io.softlane.benchmarks;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.util.Arrays;

/** The oracle of {@link TokensBenchmark}: rows sorted, and sums in double. */
final class TokenCheck {
  /** Of a row's sum: the kernels' terms are within 1.26 * 2^-24, and so are sums of them. */
  private static final double CLOSE = 0x1p-23;

  /** In whose order a draw adds up. */
  enum Order {
    COLUMNS,
    LARGEST_FIRST,
    /** With random numbers of its own. */
    UNKNOWN
  }

  private final String variant;
  private final Tokens t;
  private final double tolerance;

  private TokenCheck(String variant, Tokens t) {
    this.variant = variant;
    this.t = t;
    boolean ours = variant.equals("vector") || variant.equals("logprobabilities");
    // Float sums are off by as many units of the last place as they have terms, at most.
    tolerance = ours ? CLOSE : (300 + t.cols) * 0x1p-24;
  }

  /**
   * The k largest, bit for bit; equal ones in any order.
   *
   * @throws AssertionError where they are not
   */
  static void largest(String variant, Tokens t) {
    TokenCheck check = new TokenCheck(variant, t);
    for (int r = 0; r < t.rows; r++) {
      int[] order = check.order(r, 1);
      boolean[] seen = new boolean[t.cols];
      for (int j = 0; j < t.k; j++) {
        int at = r * t.k + j;
        int index = t.indices[at];
        check.that(
            t.values[at] == check.logit(r, order[j]) && t.values[at] == check.logit(r, index),
            r,
            index);
        check.that(!seen[index], r, index);
        seen[index] = true;
      }
    }
  }

  /** The largest of each row. */
  static void greedy(String variant, Tokens t) {
    TokenCheck check = new TokenCheck(variant, t);
    for (int r = 0; r < t.rows; r++) {
      int best = check.order(r, 1)[0];
      check.that(t.tokens[r] == best, r, t.tokens[r]);
    }
  }

  /** A candidate, and the one that the uniform chooses. */
  static void draws(String variant, Tokens t, Order order) {
    TokenCheck check = new TokenCheck(variant, t);
    for (int r = 0; r < t.rows; r++) {
      check.draw(r, order);
    }
  }

  private void draw(int r, Order order) {
    float scale = t.scale();
    int[] ranked = order(r, scale);
    float max = logit(r, ranked[0]) * scale;
    double[] terms = new double[t.cols];
    double sum = 0;
    for (int j = 0; j < t.k; j++) {
      float score = logit(r, ranked[j]) * scale;
      terms[ranked[j]] = Math.exp(score - max);
      sum += terms[ranked[j]];
    }
    int token = t.tokens[r];
    double kept = 0;
    boolean candidate = false;
    int n = 0;
    // The last one by rounding may be in or out.
    for (; n < t.k && kept < (t.p() + tolerance) * sum; n++) {
      kept += terms[ranked[n]];
      candidate |= ranked[n] == token;
    }
    that(candidate, r, token);
    if (order == Order.UNKNOWN) {
      return;
    }
    int[] candidates = Arrays.copyOf(ranked, n);
    while (n > 1 && kept - terms[ranked[n - 1]] >= t.p() * sum) {
      kept -= terms[ranked[--n]];
    }
    if (order == Order.COLUMNS) {
      Arrays.sort(candidates);
    }
    double before = 0;
    for (int c : candidates) {
      if (c == token) {
        double coin = t.uniforms[r] * kept;
        double off = tolerance * sum + (candidates.length - n) * terms[ranked[n - 1]];
        that(before <= coin + off && before + terms[c] >= coin - off, r, token);
        return;
      }
      before += terms[c];
    }
  }

  /** The kernels' own: the scalar ones' tokens, and log-softmax of the plain logits. */
  static void same(String variant, Tokens t, float[] logProbabilities) {
    TokenCheck check = new TokenCheck(variant, t);
    int[] tokens = new int[t.rows];
    Rows batch = t.work.batch;
    SoftmaxKernels.scalar().sample(t.work.logits, batch, t.call.sampling, t.uniforms, tokens, null);
    float[] all = new float[t.work.out.length];
    if (logProbabilities != null) {
      SoftmaxKernels.scalar().logSoftmax(t.work.logits, batch, all, batch);
    }
    for (int r = 0; r < t.rows; r++) {
      check.that(t.tokens[r] == tokens[r], r, t.tokens[r]);
      check.that(
          logProbabilities == null || logProbabilities[r] == all[r * t.cols + tokens[r]],
          r,
          t.tokens[r]);
    }
  }

  /** Columns, the largest score first, equal ones by column. */
  private int[] order(int r, float scale) {
    long[] keys = new long[t.cols];
    for (int i = 0; i < t.cols; i++) {
      // -0 is 0.
      int bits = Float.floatToRawIntBits(logit(r, i) * scale + 0f);
      keys[i] = (long) ~(bits ^ bits >> 31 & Integer.MAX_VALUE) << 32 | i;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
  }

  private float logit(int r, int c) {
    return t.work.logits[r * t.cols + c];
  }

  private void that(boolean holds, int row, int column) {
    if (!holds) {
      throw new AssertionError("%s is wrong: row %d has column %d".formatted(variant, row, column));
    }
  }
}
