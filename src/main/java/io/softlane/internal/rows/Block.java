package io.softlane.internal.rows;

/** Some short rows, one after the other, whose terms and sums are known. */
final class Block {
  /** The most elements of its rows. */
  static final int ELEMENTS = 2048;

  /** The most rows. */
  static final int ROWS = 512;

  /** The first row, and how many. */
  int r;

  int rows;

  /** Columns of a row, and with the sink, if there is one. */
  int n;

  int all;

  /** The logits, or scores. */
  float[] x;

  int i;

  /** Terms, scaled by 2^k, from the array's first element on. */
  final float[] s;

  int k;
  int rung;

  final double[] sums = new double[3 * ROWS];
  final double[] logSums = new double[ROWS];

  /** What terms are multiplied by. */
  final double[] scales = new double[ROWS];

  private final Row row = new Row(0);

  Block(float[] s) {
    this.s = s;
  }

  /** One of the rows, which is valid until the next is asked for. */
  Row row(int q) {
    row.r = r + q;
    row.n = n;
    row.all = all;
    row.x = x;
    row.i = i + q * all;
    row.s = s;
    row.at = q * all;
    row.rung = rung;
    row.shift = 0;
    row.k = k;
    row.sum = sums[q];
    row.results = 0;
    return row;
  }

  /** What results are made with. */
  final float[] hi = new float[ROWS];

  final float[] lo = new float[ROWS];
}
