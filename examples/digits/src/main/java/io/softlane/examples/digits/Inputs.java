package io.softlane.examples.digits;

/**
 * What the classifier sees of a set of digits.
 *
 * @param values row-major, one digit per row: its pixels, and with a bias a constant 1 after them,
 *     whose weights are the bias
 * @param cols number of columns
 * @param labels the digits' labels
 */
record Inputs(float[] values, int cols, int[] labels) {

  static Inputs of(Digits digits, boolean bias) {
    if (!bias) {
      return new Inputs(digits.pixels(), Digits.PIXELS, digits.labels());
    }
    int cols = Digits.PIXELS + 1;
    float[] values = new float[digits.rows() * cols];
    for (int r = 0; r < digits.rows(); r++) {
      System.arraycopy(digits.pixels(), r * Digits.PIXELS, values, r * cols, Digits.PIXELS);
      values[r * cols + Digits.PIXELS] = 1;
    }
    return new Inputs(values, cols, digits.labels());
  }

  int rows() {
    return labels.length;
  }

  /** Number of weights of a classifier of these. */
  int weights() {
    return cols * Digits.CLASSES;
  }
}
