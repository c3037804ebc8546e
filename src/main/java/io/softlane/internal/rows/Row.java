package io.softlane.internal.rows;

/** A row in flight: where its terms are, what they mean, and what its results are made with. */
final class Row {
  /** Its index in the batch. */
  int r;

  /** Columns that count; with the sink, if there is one. */
  int n;

  int all;

  /** Its scores, with the sink's, where they are in an array of scratch; else null. */
  float[] x;

  int i;

  /** Its terms, from {@code at} on: {@code exp(score - shift) * 2^k}; null where none are kept. */
  float[] s;

  int at;
  int rung;
  float shift;
  int k;

  /** Whether its scores were taken for plain, and are not. */
  boolean isOdd;

  /** Where sums up to the end of each part but the last go, of rows whose terms are not kept. */
  double[] totals;

  /** The sum of the terms, and whether one of them is all of it. */
  double sum;

  boolean isOne;

  /** The stage that makes its results, or 0, and its factor or log-sum-exp in two floats. */
  int results;

  float hi;
  float lo;

  /** Whether every factor is: then one loop does all such rows, and none meets a cold one. */
  boolean alwaysLifts;

  /** Whether the factor is of {@code Kind.LIFTED}. */
  boolean isLifted;

  /** A column whose result is another, or -1. */
  int label;

  float atLabel;

  /** Where a copy of its logits goes, if they cannot be read where they are. */
  final int slot;

  Row(int slot) {
    this.slot = slot;
  }
}
