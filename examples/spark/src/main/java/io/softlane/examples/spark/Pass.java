package io.softlane.examples.spark;

/** One pass over all the rows. */
interface Pass {
  /**
   * Sums loss and gradient.
   *
   * @param weights one row per column of the blocks, one column per class
   */
  Sums sum(float[] weights);
}
