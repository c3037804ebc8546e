package io.softlane.examples.spark;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;

/**
 * A trained linear classifier.
 *
 * @param weights one row per input column, one column per class
 */
record Classifier(float[] weights) {

  /** How many rows of the block are predicted right. */
  int right(Block block) {
    float[] logits = new float[block.rows() * Source.CLASSES];
    Products.logits(block, weights, logits);
    int[] predictions = new int[block.rows()];
    SoftmaxKernels.best().argmax(logits, Rows.of(block.rows(), Source.CLASSES), predictions);
    int right = 0;
    for (int r = 0; r < predictions.length; r++) {
      right += predictions[r] == block.labels()[r] ? 1 : 0;
    }
    return right;
  }
}
