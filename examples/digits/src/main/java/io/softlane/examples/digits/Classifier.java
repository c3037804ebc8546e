package io.softlane.examples.digits;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;

/**
 * A trained linear classifier.
 *
 * @param weights one row per input column, one column per class
 */
record Classifier(float[] weights, SoftmaxKernels kernels) {

  static Classifier of(double[] weights, SoftmaxKernels kernels) {
    float[] floats = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      floats[i] = (float) weights[i];
    }
    return new Classifier(floats, kernels);
  }

  float[] logits(Inputs inputs) {
    float[] logits = new float[inputs.rows() * Digits.CLASSES];
    Products.logits(inputs, weights, logits);
    return logits;
  }

  float[] probabilities(Inputs inputs) {
    float[] values = logits(inputs);
    kernels.softmax(values, values, inputs.rows(), Digits.CLASSES);
    return values;
  }

  int[] predictions(Inputs inputs) {
    int[] predictions = new int[inputs.rows()];
    kernels.argmax(logits(inputs), Rows.of(inputs.rows(), Digits.CLASSES), predictions);
    return predictions;
  }

  /** How many of them are predicted right. */
  int right(Inputs inputs) {
    int[] predictions = predictions(inputs);
    int right = 0;
    for (int r = 0; r < inputs.rows(); r++) {
      right += predictions[r] == inputs.labels()[r] ? 1 : 0;
    }
    return right;
  }
}
