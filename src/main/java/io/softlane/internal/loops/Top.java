package io.softlane.internal.loops;

/**
 * Some rows of which {@link Loops#topK} finds the largest, and what it keeps of them on its way.
 */
public final class Top {
  /** The most that are asked for. */
  public static final int K = 8;

  /** Rows at a time. */
  public static final int ROWS = 32;

  /** Candidates that a row may have; the last of them is one too many. */
  static final int MOST = 2 * Lanes.GROUP;

  /** Room for a row: a vector may be stored behind its last candidate. */
  static final int PITCH = MOST + Lanes.GROUP;

  public float[] x;
  public int i;
  public int stride;
  public int rows;
  public int n;
  public int k;

  /** Where results go; either may be null. */
  public float[] values;

  public int[] indices;
  public int o;

  /** How many candidates a row has, 0 where there are too many. */
  public final int[] counts = new int[ROWS];

  final long[] best = new long[K];
  final float[] bounds = new float[ROWS];
  final int[] keys = new int[ROWS * PITCH];
  final int[] columns = new int[ROWS * PITCH];
  final float[] scores = new float[ROWS * PITCH];
  final int[] ranks = new int[ROWS * PITCH];

  /** One result, of those that are wanted. */
  void put(int at, float value, int column) {
    if (values != null) {
      values[at] = value;
    }
    if (indices != null) {
      indices[at] = column;
    }
  }
}
