package io.softlane.examples.digits;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;

/**
 * Softmax regression: a row's logits are {@code o = W x}, and the objective is {@code mean
 * cross-entropy + lambda / 2 * |W|^2}. It is convex in W. The penalty takes the pixels' weights
 * only; a bias is free.
 */
final class Objective implements Lbfgs.Function {
  private static final int PENALISED = Digits.PIXELS * Digits.CLASSES;

  private final Inputs inputs;
  private final double lambda;
  private final SoftmaxKernels kernels;

  private final Rows batch;
  private final float[] weights;
  private final float[] weightGradient;
  private final float[] logits;
  private final float[] losses;
  private double loss;

  Objective(Inputs inputs, double lambda, SoftmaxKernels kernels) {
    this.inputs = inputs;
    this.lambda = lambda;
    this.kernels = kernels;
    batch = Rows.of(inputs.rows(), Digits.CLASSES);
    weights = new float[inputs.weights()];
    weightGradient = new float[inputs.weights()];
    logits = new float[inputs.rows() * Digits.CLASSES];
    losses = new float[inputs.rows()];
  }

  @Override
  public double evaluate(double[] w, double[] gradient) {
    for (int i = 0; i < w.length; i++) {
      weights[i] = (float) w[i];
    }
    Products.logits(inputs, weights, logits);
    // In place: from here on the array holds the gradient with respect to the logits.
    loss =
        kernels
            .crossEntropyGradient(
                logits, batch, inputs.labels(), CrossEntropy.DEFAULT, losses, logits, batch)
            .mean();
    Products.weightGradient(inputs, logits, weightGradient);

    double squares = 0;
    for (int i = 0; i < w.length; i++) {
      gradient[i] = weightGradient[i];
      if (i < PENALISED) {
        gradient[i] += lambda * w[i];
        squares += w[i] * w[i];
      }
    }
    return loss + lambda / 2 * squares;
  }

  /** The mean cross-entropy of the last evaluation: the objective without its penalty. */
  double loss() {
    return loss;
  }

  int rows() {
    return inputs.rows();
  }
}
