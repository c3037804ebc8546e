package io.softlane.internal.loops;

/** Results of short rows, each made with two floats of its own: where they come from and go to. */
public final class Results {
  /** The first floats, and the second. */
  final float[] hi;

  final float[] lo;

  /** Terms, or scores, of rows that begin pitch elements apart. */
  public float[] v;

  public int i;
  public int pitch;

  /** Whether rows of 32 columns and more are written one by one, as far memory wants it. */
  public boolean isByRow;

  public int rows;
  public int n;

  public float[] out;
  public int o;
  public int stride;

  /** For so many rows at the most. */
  public Results(int rows) {
    hi = new float[rows];
    lo = new float[rows];
  }

  /** A factor, {@link Kind#LIFT} times as large. */
  public void factor(int r, double factor) {
    set(r, factor * Kind.LIFT);
  }

  public void logSum(int r, double logSum) {
    set(r, logSum);
  }

  /** The last row first. */
  public void turnRound() {
    i += (rows - 1) * pitch;
    o += (rows - 1) * stride;
    pitch = -pitch;
    stride = -stride;
  }

  private void set(int r, double value) {
    hi[r] = (float) value;
    lo[r] = (float) (value - hi[r]);
  }
}
