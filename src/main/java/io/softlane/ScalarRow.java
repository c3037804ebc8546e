package io.softlane;

/**
 * The stages of {@link ScalarKernels} on one row. {@link VectorRow} has the same stages under the
 * same names.
 *
 * <p>A row is {@code n} elements from index {@code i} of its array (a second input's from {@code
 * j}); the output row starts at {@code o}.
 *
 * <p><b>Sums</b> are taken in eight {@code double} lanes: rounding never loses a small term beside
 * a large one (2^20 terms are summed to 2^-43 of the sum), and the order of the additions is the
 * same at every vector width.
 */
final class ScalarRow {
  /** Lanes of a sum. */
  static final int LANES = 8;

  /** Columns that go to the lanes of a sum of terms at a time, two neighbours to each. */
  static final int GROUP = 2 * LANES;

  /**
   * Columns whose terms are summed at a time: 16 KiB, so that they are still in the first cache.
   */
  static final int BLOCK = 4096;

  private ScalarRow() {}

  static float max(float[] x, int i, int n) {
    float m = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < n; c++) {
      m = Math.max(m, x[i + c]);
    }
    return m;
  }

  /** Index of the first element that equals the maximum, or of the first NaN where there is one. */
  static int argmax(float[] x, int i, int n) {
    float m = max(x, i, n);
    if (Float.isNaN(m)) {
      return firstNaN(x, i);
    }
    int c = 0;
    while (x[i + c] != m) {
      c++;
    }
    return c;
  }

  /** Index of the first NaN of a row that holds one. */
  static int firstNaN(float[] x, int i) {
    int c = 0;
    while (!Float.isNaN(x[i + c])) {
      c++;
    }
    return c;
  }

  /**
   * Whether rows are plain and the anchor 0 serves them all, to be known before their logits are
   * overwritten: where all elements are at most {@link Window#SURE} in magnitude; false where there
   * is a NaN.
   */
  static boolean within(float[] x, int i, int n) {
    for (int c = 0; c < n; c++) {
      if (!(Math.abs(x[i + c]) <= Window.SURE)) {
        return false;
      }
    }
    return n <= Window.SURE_COLS;
  }

  /** An anchor that serves a row: 0 where its maximum says so, else the maximum itself. */
  static float anchor(float[] x, int i, int n) {
    float m = max(x, i, n);
    return Math.abs(m) <= Window.SURE && n <= Window.SURE_COLS ? 0 : m;
  }

  /**
   * Sum of {@code exp(x - shift) * 2^k} under an anchor (see {@link Window}), block by block; the
   * terms go to {@code e} unless it is null. NaN where the anchor is not finite, and then nothing
   * is written.
   */
  static double scaledExpSum(float[] x, int i, int n, float shift, int k, float[] e, int o) {
    if (!Float.isFinite(shift)) {
      return Double.NaN;
    }
    double s = 0;
    for (int c = 0; c < n; c += BLOCK) {
      int few = Math.min(BLOCK, n - c);
      if (e == null) {
        s += sumOfTerms(x, i + c, few, shift, k);
      } else {
        terms(x, i + c, few, shift, k, e, o + c);
        s += sumOfStored(e, o + c, few);
      }
    }
    return s;
  }

  /** {@link #scaledExpSum} for plain logits; NaN, with rubbish among the terms, if one is not. */
  static double plainExpSum(float[] x, int i, int n, int k, float[] e, int o) {
    double s = 0;
    for (int c = 0; c < n; c += BLOCK) {
      int few = Math.min(BLOCK, n - c);
      if (e == null) {
        s += plainSumOfTerms(x, i + c, few, k);
      } else if (plainTerms(x, i + c, few, k, e, o + c)) {
        s += sumOfStored(e, o + c, few);
      } else {
        s = Double.NaN;
      }
      if (Double.isNaN(s)) {
        return s;
      }
    }
    return s;
  }

  /** The terms of plain logits; false, with rubbish among the terms, if one is not. */
  static boolean plainTerms(float[] x, int i, int n, int k, float[] e, int o) {
    float rounder = ScalarExp.plainRounder(k);
    int seen = 0;
    for (int c = 0; c < n; c++) {
      float v = x[i + c];
      float t = Math.fma(v, ScalarExp.LOG2_E, rounder);
      float p = ScalarExp.plain(v, t, rounder);
      seen |= Float.floatToRawIntBits(t) ^ ScalarExp.ROUNDER_BITS;

      e[o + c] = p;
    }
    return (seen & ~ScalarExp.PLAIN_RANGE) == 0;
  }

  /** The terms {@code exp(x - shift) * 2^k}. */
  static void terms(float[] x, int i, int n, float shift, int k, float[] e, int o) {
    float rounder = ScalarExp.rounder(k);
    float floor = ScalarExp.floor(k);
    for (int c = 0; c < n; c++) {
      e[o + c] = ScalarExp.scaled(x[i + c] - shift, rounder, floor);
    }
  }

  /**
   * Sum of stored terms. Two neighbours are added first, then to their lane, which takes every
   * eighth pair; lanes are added in pairs, too. The last group are the row's last columns, of which
   * those that were added already count as +0.
   */
  static double sumOfStored(float[] e, int o, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int whole = n & -GROUP;
    for (int c = 0; c < whole; c += GROUP) {
      int i = o + c;
      s0 += (double) e[i] + e[i + 1];
      s1 += (double) e[i + 2] + e[i + 3];
      s2 += (double) e[i + 4] + e[i + 5];
      s3 += (double) e[i + 6] + e[i + 7];
      s4 += (double) e[i + 8] + e[i + 9];
      s5 += (double) e[i + 10] + e[i + 11];
      s6 += (double) e[i + 12] + e[i + 13];
      s7 += (double) e[i + 14] + e[i + 15];
    }
    // tail
    if (whole < n) {
      int c = lastGroup(n);
      s0 += pair(e, o, c, whole, n);
      s1 += pair(e, o, c + 2, whole, n);
      s2 += pair(e, o, c + 4, whole, n);
      s3 += pair(e, o, c + 6, whole, n);
      s4 += pair(e, o, c + 8, whole, n);
      s5 += pair(e, o, c + 10, whole, n);
      s6 += pair(e, o, c + 12, whole, n);
      s7 += pair(e, o, c + 14, whole, n);
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /** The first column of a row's last group, which a row of few columns does not fill. */
  static int lastGroup(int n) {
    return Math.max(0, n - GROUP);
  }

  /** The terms of columns c and c + 1, as far as they are in from to n. */
  private static double pair(float[] e, int o, int c, int from, int n) {
    double p = c >= from && c < n ? e[o + c] : 0;
    return c + 1 >= from && c + 1 < n ? p + e[o + c + 1] : p;
  }

  /** The same sum, of terms that are not stored: lane by lane. */
  static double sumOfTerms(float[] x, int i, int n, float shift, int k) {
    if (n < GROUP) {
      return sumOfFew(x, i, n, shift, k);
    }
    double s = 0;
    for (int lane = 0; lane < GROUP; lane += 8) {
      double s01 = lane(x, i, lane, n, shift, k) + lane(x, i, lane + 2, n, shift, k);
      double s23 = lane(x, i, lane + 4, n, shift, k) + lane(x, i, lane + 6, n, shift, k);
      s += s01 + s23;
    }
    return s;
  }

  private static double lane(float[] x, int i, int lane, int n, float shift, int k) {
    float rounder = ScalarExp.rounder(k);
    float floor = ScalarExp.floor(k);
    int whole = n & -GROUP;
    double s = 0;
    for (int c = lane; c < whole; c += GROUP) {
      double p = ScalarExp.scaled(x[i + c] - shift, rounder, floor);
      s += p + ScalarExp.scaled(x[i + c + 1] - shift, rounder, floor);
    }
    // tail
    double p = 0;
    int c = lastGroup(n) + lane;
    if (c >= whole && c < n) {
      p = ScalarExp.scaled(x[i + c] - shift, rounder, floor);
    }
    c++;
    if (c >= whole && c < n) {
      p += ScalarExp.scaled(x[i + c] - shift, rounder, floor);
    }
    return s + p;
  }

  /** The same for plain logits; NaN if one is not. */
  static double plainSumOfTerms(float[] x, int i, int n, int k) {
    if (n < GROUP) {
      return plainSumOfFew(x, i, n, k);
    }
    double s = 0;
    for (int lane = 0; lane < GROUP; lane += 8) {
      double s01 = plainLane(x, i, lane, n, k) + plainLane(x, i, lane + 2, n, k);
      double s23 = plainLane(x, i, lane + 4, n, k) + plainLane(x, i, lane + 6, n, k);
      s += s01 + s23;
    }
    return s;
  }

  private static double plainLane(float[] x, int i, int lane, int n, int k) {
    float rounder = ScalarExp.plainRounder(k);
    int whole = n & -GROUP;
    int seen = 0;
    double s = 0;
    for (int c = lane; c < whole; c += GROUP) {
      float v = x[i + c];
      float t = Math.fma(v, ScalarExp.LOG2_E, rounder);
      seen |= Float.floatToRawIntBits(t) ^ ScalarExp.ROUNDER_BITS;
      double p = ScalarExp.plain(v, t, rounder);
      v = x[i + c + 1];
      t = Math.fma(v, ScalarExp.LOG2_E, rounder);
      seen |= Float.floatToRawIntBits(t) ^ ScalarExp.ROUNDER_BITS;
      s += p + ScalarExp.plain(v, t, rounder);
    }
    // tail
    double p = 0;
    int c = lastGroup(n) + lane;
    if (c >= whole && c < n) {
      float v = x[i + c];
      float t = Math.fma(v, ScalarExp.LOG2_E, rounder);
      seen |= Float.floatToRawIntBits(t) ^ ScalarExp.ROUNDER_BITS;
      p = ScalarExp.plain(v, t, rounder);
    }
    c++;
    if (c >= whole && c < n) {
      float v = x[i + c];
      float t = Math.fma(v, ScalarExp.LOG2_E, rounder);
      seen |= Float.floatToRawIntBits(t) ^ ScalarExp.ROUNDER_BITS;
      p += ScalarExp.plain(v, t, rounder);
    }
    return (seen & ~ScalarExp.PLAIN_RANGE) == 0 ? s + p : Double.NaN;
  }

  /**
   * The same additions for less than a group, where a lane is a pair, in one loop: no term waits
   * for another (1 x 10: 30 ns less than lane by lane).
   */
  private static double sumOfFew(float[] x, int i, int n, float shift, int k) {
    float rounder = ScalarExp.rounder(k);
    float floor = ScalarExp.floor(k);
    double lane = 0;
    double two = 0;
    double four = 0;
    double eight = 0;
    for (int c = 0; c < n; c++) {
      float p = ScalarExp.scaled(x[i + c] - shift, rounder, floor);
      lane += p;
      if ((c & 1) == 1) {
        two += lane;
        lane = 0;
      }
      if ((c & 3) == 3) {
        four += two;
        two = 0;
      }
      if ((c & 7) == 7) {
        eight += four;
        four = 0;
      }
    }
    return eight + (four + (two + lane));
  }

  private static double plainSumOfFew(float[] x, int i, int n, int k) {
    float rounder = ScalarExp.plainRounder(k);
    int seen = 0;
    double lane = 0;
    double two = 0;
    double four = 0;
    double eight = 0;
    for (int c = 0; c < n; c++) {
      float v = x[i + c];
      float t = Math.fma(v, ScalarExp.LOG2_E, rounder);
      seen |= Float.floatToRawIntBits(t) ^ ScalarExp.ROUNDER_BITS;
      float p = ScalarExp.plain(v, t, rounder);
      lane += p;
      if ((c & 1) == 1) {
        two += lane;
        lane = 0;
      }
      if ((c & 3) == 3) {
        four += two;
        two = 0;
      }
      if ((c & 7) == 7) {
        eight += four;
        four = 0;
      }
    }
    double s = eight + (four + (two + lane));
    return (seen & ~ScalarExp.PLAIN_RANGE) == 0 ? s : Double.NaN;
  }

  /** {@code out = x * scale}, then {@code + y} unless it is null: each rounded by itself. */
  static void scores(float[] x, int i, int n, float scale, float[] y, int j, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      float t = x[i + c] * scale;
      out[o + c] = y == null ? t : t + y[j + c];
    }
  }

  /** {@code e = exp(x - shift)}, the difference taken exactly. */
  static void exps(float[] x, int i, int n, float shift, float[] e, int o) {
    for (int c = 0; c < n; c++) {
      e[o + c] = ScalarExp.exp(x[i + c], shift);
    }
  }

  /**
   * {@code v *= factor}, in two floats: it is right to 2^-47, and the product rounds once. It is
   * taken {@link LossTerms#LIFT} times as large, and lowered afterwards, which is exact but for a
   * result that becomes subnormal. Else a result close to the smallest normal float would have a
   * subnormal for its second product, whose rounding may be half an ULP of the result.
   */
  static void scale(float[] v, int i, int n, double factor) {
    float hi = LossTerms.first(factor * LossTerms.LIFT);
    float lo = LossTerms.second(factor * LossTerms.LIFT);
    for (int c = 0; c < n; c++) {
      float t = v[i + c];
      v[i + c] = Math.fma(t, hi, t * lo) * LossTerms.DROP;
    }
  }

  static void divide(float[] v, int i, int n, float s, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = v[i + c] / s;
    }
  }

  static void subtract(float[] p, int i, float[] y, int j, int n, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = p[i + c] - y[j + c];
    }
  }

  /** {@code out = (x - hi) - lo}: lse in two floats keeps small log-probabilities accurate. */
  static void subtractTwice(float[] x, int i, int n, float hi, float lo, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = (x[i + c] - hi) - lo;
    }
  }

  /** Sum of the elements. */
  static double sum(float[] v, int i, int n) {
    int whole = n - n % LANES;
    double s = 0;
    for (int lane = 0; lane < LANES; lane++) {
      double t = 0;
      for (int c = lane; c < whole; c += LANES) {
        t += v[i + c];
      }
      s += t;
    }
    for (int c = whole; c < n; c++) {
      s += v[i + c];
    }
    return s;
  }
}
