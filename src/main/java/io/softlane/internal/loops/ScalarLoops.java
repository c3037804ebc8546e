package io.softlane.internal.loops;

import java.util.Arrays;

/**
 * The loops, an element at a time: what they do, and why. {@link VectorLoops} has the same names.
 *
 * <p><b>Sums</b> are taken in eight {@code double} lanes: rounding never loses a small term beside
 * a large one (2^20 terms are summed to 2^-36 of the sum), and the order of the additions is the
 * same at every vector width. Of terms, two neighbours are added first, then to their lane, which
 * takes every eighth pair; the lanes are added in pairs, too.
 */
public final class ScalarLoops implements Loops {
  public static final ScalarLoops INSTANCE = new ScalarLoops();

  private ScalarLoops() {}

  @Override
  public void turn(int kind, Turn t) {
    if ((kind & Kind.SCALE) != 0) {
      scale(kind, t);
    }
    if ((kind & Kind.SUBTRACT) != 0) {
      subtract(kind, t);
    }
    if ((kind & Kind.MAX) != 0) {
      max(kind, t);
    }
    if ((kind & Kind.CLAMPED) != 0) {
      terms(kind, t);
    } else if ((kind & Kind.TERMS) != 0) {
      plainTerms(kind, t);
    }
    if ((kind & Kind.SUM) != 0) {
      if (t.isFirst) {
        Arrays.fill(t.lanes, 0);
      }
      addTerms(t.s, t.b, t.all, 0, t.lanes);
    }
  }

  @Override
  public double few(float[] x, int i, int n, float[] s, float[] out, int o) {
    if (n >= GROUP) {
      return Double.NaN;
    }
    float rounder = Exp.plainRounder(Window.K);
    int seen = 0;
    for (int c = 0; c < n; c++) {
      float u = Math.fma(x[i + c], Exp.LOG2_E, rounder);
      seen |= Float.floatToRawIntBits(u) - Exp.ROUNDER_BITS;
      s[c] = Exp.plain(x[i + c], u, rounder);
    }
    if ((seen & ~Exp.PLAIN_RANGE) != 0) {
      return Double.POSITIVE_INFINITY;
    }
    double sum = sumOfFew(s, 0, n);
    if (out != null && Window.holds(sum)) {
      double factor = Kind.LIFT / sum;
      scale(s, 0, n, Targets.first(factor), Targets.second(factor), out, o);
    }
    return sum;
  }

  private static void max(int kind, Turn t) {
    float max = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < t.n; c++) {
      max = Math.max(max, t.score(kind, c));
    }
    t.max = max;
  }

  private static void terms(int kind, Turn t) {
    float rounder = Exp.rounder(t.k);
    float floor = Exp.floor(t.k);
    for (int c = 0; c < t.n; c++) {
      t.s[t.a + c] = Exp.scaled(t.score(kind, c) - t.shift, rounder, floor);
    }
  }

  private static void plainTerms(int kind, Turn t) {
    float rounder = Exp.plainRounder(t.k);
    int seen = 0;
    for (int c = 0; c < t.n; c++) {
      float v = t.score(kind, c);
      float u = Math.fma(v, Exp.LOG2_E, rounder);
      seen |= Float.floatToRawIntBits(u) - Exp.ROUNDER_BITS;
      t.s[t.a + c] = Exp.plain(v, u, rounder);
    }
    t.plain = (seen & ~Exp.PLAIN_RANGE) == 0;
  }

  /** Adds terms to the lanes, from one of them on, which is the first of a pair's. */
  static void addTerms(float[] s, int b, int n, int from, double[] lanes) {
    for (int c = 0; c < n; c += 2) {
      lanes[(from + c / 2) % Lanes.LANES] += pair(s, b, c, n) * Turn.UNIT;
    }
  }

  private static void scale(int kind, Turn t) {
    float drop = (kind & Kind.LIFTED) != 0 ? 1 / Kind.LIFT : 1;
    for (int c = 0; c < t.n; c++) {
      float p = t.s[t.d + c];
      t.result(kind, c, Math.fma(p, t.hi, p * t.lo) * drop);
    }
  }

  private static void subtract(int kind, Turn t) {
    for (int c = 0; c < t.n; c++) {
      float l = (t.dueScore(kind, c) - t.hi) - t.lo;
      t.result(kind, c, l > 0 ? 0 : l);
    }
  }

  @Override
  public void sums(float[] s, int i, int rows, int n, double[] sums) {
    for (int r = 0; r < rows; r++) {
      int b = i + r * n;
      sums[r] = n < GROUP ? sumOfFew(s, b, n) : sum(s, b, n, 0) + sum(s, b, n, GROUP / 2);
    }
  }

  /** Half of the lanes' sum, of columns from one of them on. */
  private static double sum(float[] s, int b, int n, int from) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int c = from;
    for (; c <= n - GROUP / 2; c += GROUP) {
      int i = b + c;
      s0 += (double) s[i] + s[i + 1];
      s1 += (double) s[i + 2] + s[i + 3];
      s2 += (double) s[i + 4] + s[i + 5];
      s3 += (double) s[i + 6] + s[i + 7];
    }
    // tail
    s0 += pair(s, b, c, n);
    s1 += pair(s, b, c + 2, n);
    s2 += pair(s, b, c + 4, n);
    s3 += pair(s, b, c + 6, n);
    return (s0 + s1) + (s2 + s3);
  }

  /** The terms of columns c and c + 1, as far as the row has them. */
  private static double pair(float[] s, int b, int c, int n) {
    double p = c < n ? s[b + c] : 0;
    return c + 1 < n ? p + s[b + c + 1] : p;
  }

  /** The same additions for less than a group, where a lane is a pair. */
  private static double sumOfFew(float[] s, int b, int n) {
    double lane = 0;
    double two = 0;
    double four = 0;
    double eight = 0;
    for (int c = 0; c < n; c++) {
      lane += s[b + c];
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

  @Override
  public void logSums(double[] sums, int rows, int k, double[] logSums) {
    for (int r = 0; r < rows; r++) {
      logSums[r] = Logs.logSum(sums[r], k);
    }
  }

  @Override
  public void scales(Results t) {
    for (int r = 0; r < t.rows; r++) {
      scale(t, r);
    }
  }

  static void scale(Results t, int r) {
    scale(t.v, t.i + r * t.pitch, t.n, t.hi[r], t.lo[r], t.out, t.o + r * t.stride);
  }

  private static void scale(float[] v, int i, int n, float hi, float lo, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      float p = v[i + c];
      out[o + c] = Math.fma(p, hi, p * lo) * (1 / Kind.LIFT);
    }
  }

  @Override
  public void subtracts(Results t) {
    for (int r = 0; r < t.rows; r++) {
      subtract(t, r);
    }
  }

  static void subtract(Results t, int r) {
    int i = t.i + r * t.pitch;
    int o = t.o + r * t.stride;
    float hi = t.hi[r];
    float lo = t.lo[r];
    for (int c = 0; c < t.n; c++) {
      float l = (t.v[i + c] - hi) - lo;
      t.out[o + c] = l > 0 ? 0 : l;
    }
  }

  @Override
  public float max(float[] x, int i, int n) {
    float m = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < n; c++) {
      m = Math.max(m, x[i + c]);
    }
    return m;
  }

  @Override
  public int find(float[] x, int i, int n, float value) {
    int c = 0;
    while (x[i + c] != value) {
      c++;
    }
    return c;
  }

  @Override
  public int above(float[] x, int i, int n, float bound, int[] columns, int at) {
    for (int c = 0; c < n; c++) {
      columns[at] = c;
      at += x[i + c] <= bound ? 0 : 1;
    }
    return at;
  }

  @Override
  public void topK(Top t) {
    long[] best = t.best;
    int k = t.k;
    for (int r = 0; r < t.rows; r++) {
      int i = t.i + r * t.stride;
      int o = t.o + r * k;
      t.counts[r] = k;
      int some = 0;
      for (int c = 0; c < t.n; c++) {
        long key = Key.of(t.x[i + c], c);
        if (some < k || key > best[k - 1]) {
          some = Math.min(some + 1, k);
          int j = some - 1;
          for (; j > 0 && best[j - 1] < key; j--) {
            best[j] = best[j - 1];
          }
          best[j] = key;
        }
      }
      for (int j = 0; j < k; j++) {
        int c = Key.column(best[j]);
        t.put(o + j, t.x[i + c], c);
      }
    }
  }

  @Override
  public void masses(float[] s, int b, int n, float[] bounds, double[] masses) {
    for (int j = 0; j < BOUNDS; j++) {
      double mass = 0;
      for (int c = 0; c < n; c++) {
        mass += s[b + c] >= bounds[j] ? s[b + c] : 0;
      }
      masses[j] = mass;
    }
  }

  @Override
  public void scores(float[] x, int i, int n, float scale, float[] y, int j, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      float t = x[i + c] * scale;
      out[o + c] = y == null ? t : t + y[j + c];
    }
  }

  @Override
  public void softcap(float[] x, int i, int n, float scale, Tanh tanh, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = tanh.capped(x[i + c] * scale);
    }
  }

  @Override
  public void clamp(float[] x, int i, int n, float shift, float floor, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = Math.max(x[i + c] - shift, floor);
    }
  }

  @Override
  public double sum(float[] v, int i, int n, double[] lanes) {
    int whole = n - n % Lanes.LANES;
    double s = 0;
    for (int lane = 0; lane < Lanes.LANES; lane++) {
      double t = 0;
      for (int c = lane; c < whole; c += Lanes.LANES) {
        t += v[i + c];
      }
      s += t;
    }
    for (int c = whole; c < n; c++) {
      s += v[i + c];
    }
    return s;
  }

  @Override
  public double dot(float[] p, int i, float[] u, int j, int n, double[] lanes) {
    int whole = n - n % Lanes.LANES;
    double s = 0;
    for (int lane = 0; lane < Lanes.LANES; lane++) {
      double t = 0;
      for (int c = lane; c < whole; c += Lanes.LANES) {
        t += (double) p[i + c] * u[j + c];
      }
      s += t;
    }
    for (int c = whole; c < n; c++) {
      s += (double) p[i + c] * u[j + c];
    }
    return s;
  }

  @Override
  public void exps(float[] x, int i, int n, float shift, float[] e, int o) {
    for (int c = 0; c < n; c++) {
      e[o + c] = Exp.exp(x[i + c], shift);
    }
  }

  @Override
  public void divide(float[] v, int i, int n, float s, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = v[i + c] / s;
    }
  }

  @Override
  public void subtract(float[] p, int i, float[] y, int j, int n, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = p[i + c] - y[j + c];
    }
  }

  @Override
  public void backward(float[] p, int i, float[] u, int j, int n, double dot, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      out[o + c] = (float) (p[i + c] * (u[j + c] - dot));
    }
  }

  @Override
  public double targetSum(Targets a, int n) {
    double s = 0;
    for (int lane = 0; lane < Lanes.LANES; lane++) {
      double t = 0;
      for (int c = lane; c < n; c += Lanes.LANES) {
        t += a.at(c);
      }
      s += t;
    }
    return s;
  }

  @Override
  public double targetLoss(Targets a, float[] x, int i, int n, double shift, double logSum) {
    double s = 0;
    for (int lane = 0; lane < Lanes.LANES; lane++) {
      double t = 0;
      for (int c = lane; c < n; c += Lanes.LANES) {
        t += Targets.loss(a.at(c), shift, logSum, x[i + c]);
      }
      s += t;
    }
    return s;
  }

  @Override
  public void gradient(
      Targets a, float[] s, int d, int n, double factor, float lift, float[] out, int o) {
    gradient(a, s, d, 0, n, factor * lift, 1 / lift, out, o);
  }

  /** From a column on. */
  static void gradient(
      Targets a, float[] s, int d, int from, int n, double factor, float drop, float[] out, int o) {
    float hi = Targets.first(factor);
    float lo = Targets.second(factor);
    for (int c = from; c < n; c++) {
      float p = s[d + c];
      out[o + c] = Math.fma(p, hi, p * lo) * drop - a.scaledAt(c);
    }
  }

  @Override
  public String toString() {
    return "scalar";
  }
}
