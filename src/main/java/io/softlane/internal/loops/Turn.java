package io.softlane.internal.loops;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What one turn of {@link Loops#turn} reads and writes. Its stages belong to different rows: terms
 * of one, the sum of the one before, results of the one before that, all of {@link #n} columns.
 */
public final class Turn {
  public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Columns. */
  public int n;

  /** How often it goes round for nothing first: 0, but in {@link WarmingRows}. */
  int idle;

  // ---- logits: of an array from i on or, where the kind says so, of native memory from byte at on

  public float[] x;
  public int i;
  public MemorySegment g;
  public long at;

  /** What makes scores of logits. */
  public float scale = 1;

  public float[] mask;
  public int m;

  /** The largest score, of kinds that look for it; NaN where there is one. */
  public float max;

  // ---- terms: exp(score - shift) * 2^k, to s[a...]

  public float shift;
  public int k;
  public float[] s;
  public int a;

  /** Whether all scores were plain, of kinds that have no clamp. */
  public boolean plain;

  // ---- sum: of the terms s[b...], as many as all says (a sink's follows the others), to the lanes

  public int b;
  public int all;

  /** Whether the lanes are empty before. */
  public boolean isFirst;

  /** The eight lanes of a sum, in units of {@link #UNIT}. */
  final double[] lanes = new double[Lanes.LANES];

  /** What a float is worth whose pattern, 29 bits further up, is taken for a double's. */
  static final double UNIT = 0x1p-896;

  // ---- results: of terms s[d...], or of the logits from j or byte from on, to out or native w

  public int d;
  public float hi;
  public float lo;
  public int j;
  public long from;
  public int mj;
  public float[] out;
  public int o;
  public MemorySegment w;
  public long to;

  /** Where terms are. A reference that is there already is not stored again: no barrier. */
  public void put(float[] terms) {
    if (s != terms) {
      s = terms;
    }
  }

  /** Results are to be made with a factor or log-sum-exp, in two floats. */
  public void with(double value) {
    hi = (float) value;
    lo = (float) (value - hi);
  }

  /** The sum in the lanes, in a tree. */
  public double total() {
    double[] l = lanes;
    return (((l[0] + l[1]) + (l[2] + l[3])) + ((l[4] + l[5]) + (l[6] + l[7]))) / UNIT;
  }

  /** The score of column c. */
  float score(int kind, int c) {
    float v = (kind & Kind.FROM) == 0 ? x[i + c] : g.get(FLOAT, at + 4L * c);
    return scored(kind, v, m + c);
  }

  /** The score at column c of the row whose results are due. */
  float dueScore(int kind, int c) {
    float v = (kind & Kind.FROM) == 0 ? x[j + c] : g.get(FLOAT, from + 4L * c);
    return scored(kind, v, mj + c);
  }

  private float scored(int kind, float logit, int at) {
    float v = (kind & Kind.SCALED) == 0 ? logit : logit * scale;
    return (kind & Kind.MASKED) == 0 ? v : v + mask[at];
  }

  void result(int kind, int c, float value) {
    if ((kind & Kind.TO) == 0) {
      out[o + c] = value;
    } else {
      w.set(FLOAT, to + 4L * c, value);
    }
  }

  /** Lets go of what belongs to the caller. */
  public void release() {
    x = null;
    g = null;
    mask = null;
    out = null;
    w = null;
  }
}
