package io.softlane;

/**
 * What scalar and vector kernels have in common: the calls whose arguments are checked here, before
 * anything is written, and whose rows {@link RowKernels} does.
 */
abstract sealed class CheckedKernels implements SoftmaxKernels, RowKernels
    permits ScalarKernels, VectorKernels {

  @Override
  public void max(float[] logits, Rows in, float[] max) {
    Batches.perRowResult("logits", logits, in, "max", max);
    max(logits, in.start(0), in.step(), in.rows(), in.cols(), max, 0);
  }

  @Override
  public void argmax(float[] logits, Rows in, int[] argmax) {
    Batches.fits("logits", logits, in);
    Batches.fitsPerRow("argmax", argmax, in);
    argmax(logits, in.start(0), in.step(), in.rows(), in.cols(), argmax, 0);
  }

  @Override
  public void subtractOneHot(
      float[] probabilities, Rows in, int[] labels, float[] gradient, Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.labels(labels, in);
    for (int r = 0; r < in.rows(); r++) {
      System.arraycopy(probabilities, in.start(r), gradient, out.start(r), in.cols());
      gradient[out.start(r) + labels[r]] -= 1;
    }
  }

  @Override
  public void logSumExp(float[] logits, Rows in, float[] lse) {
    Batches.perRowResult("logits", logits, in, "lse", lse);
    logSumExp(logits, in.start(0), in.step(), in.rows(), in.cols(), lse, 0, 0);
  }

  @Override
  public void softmax(float[] logits, Rows in, float[] probabilities, Rows out) {
    Batches.map("logits", logits, in, "probabilities", probabilities, out);
    softmax(
        logits,
        in.start(0),
        in.step(),
        probabilities,
        out.start(0),
        out.step(),
        in.rows(),
        in.cols(),
        0);
  }

  @Override
  public void logSoftmax(float[] logits, Rows in, float[] logProbabilities, Rows out) {
    Batches.map("logits", logits, in, "logProbabilities", logProbabilities, out);
    logSoftmax(
        logits,
        in.start(0),
        in.step(),
        logProbabilities,
        out.start(0),
        out.step(),
        in.rows(),
        in.cols(),
        0);
  }

  @Override
  public Loss crossEntropy(
      float[] logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    Batches.perRowResult("logits", logits, in, "losses", losses);
    double weight = Batches.labels(labels, in, options);
    int i = in.start(0);
    int rows = in.rows();
    int n = in.cols();
    return new Loss(
        crossEntropy(
            logits, i, in.step(), labels, options, weight, losses, 0, null, 0, 0, rows, n, 0),
        weight);
  }

  @Override
  public Loss crossEntropyGradient(
      float[] logits,
      Rows in,
      int[] labels,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out) {
    Batches.perRowResult("logits", logits, in, "losses", losses);
    Batches.map("logits", logits, in, "gradient", gradient, out);
    Batches.apart("losses", losses, "gradient", gradient, out);
    double weight = Batches.labels(labels, in, options);
    int i = in.start(0);
    int o = out.start(0);
    int step = out.step();
    int rows = in.rows();
    int n = in.cols();
    return new Loss(
        crossEntropy(
            logits, i, in.step(), labels, options, weight, losses, 0, gradient, o, step, rows, n,
            0),
        weight);
  }

  @Override
  public Loss crossEntropy(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses) {
    Batches.perRowResult("logits", logits, in, "losses", losses);
    Batches.targets(targets, targetRows, in, options, losses);
    return new Loss(
        crossEntropyOfTargets(logits, in, targets, targetRows, options, losses, null, null),
        in.rows());
  }

  @Override
  public Loss crossEntropyGradient(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out) {
    Batches.perRowResult("logits", logits, in, "losses", losses);
    Batches.targets(targets, targetRows, in, options, losses);
    Batches.map("logits", logits, in, "gradient", gradient, out);
    Batches.second("targets", targets, targetRows, in, "gradient", gradient, out);
    Batches.apart("losses", losses, "gradient", gradient, out);
    return new Loss(
        crossEntropyOfTargets(logits, in, targets, targetRows, options, losses, gradient, out),
        in.rows());
  }

  /**
   * Cross-entropy with dense targets of arguments that have been checked, with its gradient or,
   * where its array is null, without.
   *
   * @return the sum of the losses
   */
  abstract double crossEntropyOfTargets(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out);
}
