package io.softlane.benchmarks;

import java.util.Locale;

/**
 * Compares a variant's results with exact ones, computed here in double from the definitions. The
 * first that is too far off ends the benchmark. Exact to 2^-40 and better; no logit is NaN or +inf.
 */
final class Check {
  /**
   * For variants that promise no accuracy, and as many more as a row has columns: what float sums
   * can be off (n 2^-24). It still tells a wrong formula.
   */
  private static final double LOOSE = 300;

  /** 3 ULP, as {@code SoftmaxKernels.softmax} promises. */
  static final double SOFTMAX_ULPS = 3;

  /** The unit of the errors of logarithms, relative to the larger of 1 and the result. */
  private static final double LOG_UNIT = 0x1p-24;

  /** 2^-22, as {@code SoftmaxKernels} promises. */
  private static final double LOG_UNITS = 4;

  /** 2^-20, as {@code SoftmaxKernels.entropy} promises. */
  private static final double ENTROPY_UNITS = 16;

  /** 2 ULP, as {@code SoftmaxKernels.softcap} promises. */
  private static final double SOFTCAP_ULPS = 2;

  private final String variant;
  private final Workload work;
  private final double allowed;
  private double worst;

  private Check(String variant, Workload work, double contract) {
    this(
        variant,
        work,
        0,
        switch (variant) {
          case "scalar", "vector" -> contract;
          default -> LOOSE + work.batch.cols();
        });
  }

  private Check(String variant, Workload work, double worst, double allowed) {
    this.variant = variant;
    this.work = work;
    this.worst = worst;
    this.allowed = allowed;
  }

  /**
   * Each check returns the largest error, here in ULP.
   *
   * @throws AssertionError where it is larger than the variant may have, naming the element
   */
  static double softmax(String variant, Workload work) {
    Check check = new Check(variant, work, SOFTMAX_ULPS);
    check.elements((row, i, p, logP) -> check.at(i, work.out[i], p, ulp(p)));
    return check.worst;
  }

  /** For data that not everyone gets right: the largest error in ULP, infinite where one is NaN. */
  static double softmaxError(Workload work) {
    Check check = new Check("", work, 0, Double.POSITIVE_INFINITY);
    check.elements((row, i, p, logP) -> check.at(i, work.out[i], p, ulp(p)));
    return check.worst;
  }

  /** In units of 2^-24 max(1, |result|). */
  static double logSoftmax(String variant, Workload work) {
    Check check = new Check(variant, work, LOG_UNITS);
    check.elements((row, i, p, logP) -> check.at(i, work.out[i], logP, logUnit(logP)));
    return check.worst;
  }

  /** In units of 2^-24 max(1, |result|). */
  static double logSumExp(String variant, Workload work) {
    Check check = new Check(variant, work, LOG_UNITS);
    int cols = work.batch.cols();
    for (int r = 0; r < work.batch.rows(); r++) {
      double lse = logSumExp(work.logits, r * cols, cols);
      check.at(r * cols, work.perRow[r], lse, logUnit(lse));
    }
    return check.worst;
  }

  /** In units of 2^-24 max(1, |result|). */
  static double crossEntropy(String variant, Workload work) {
    Check check = new Check(variant, work, LOG_UNITS);
    int cols = work.batch.cols();
    double sum = 0;
    for (int r = 0; r < work.batch.rows(); r++) {
      int label = r * cols + work.labels[r];
      double loss = logSumExp(work.logits, r * cols, cols) - work.logits[label];
      if (work.hasRowLosses) {
        check.at(label, work.perRow[r], loss, logUnit(loss));
      }
      sum += loss;
    }
    double mean = sum / work.batch.rows();
    check.at(0, work.meanLoss, mean, logUnit(mean));
    return check.worst;
  }

  /**
   * The gradient of the mean loss, in ULP; at the label the unit is a third of 2^-22. The loss is
   * checked too, but its error, in another unit, is not returned.
   */
  static double crossEntropyGradient(String variant, Workload work) {
    Check check = new Check(variant, work, SOFTMAX_ULPS);
    double scale = 1.0 / work.batch.rows();
    check.elements(
        (row, i, p, logP) -> {
          boolean label = i == row * work.batch.cols() + work.labels[row];
          double exact = scale * (label ? p - 1 : p);
          // p - 1 cancels, so there the contract is relative to the larger term, 1.
          check.at(
              i,
              work.out[i],
              exact,
              label ? scale * LOG_UNITS / SOFTMAX_ULPS * LOG_UNIT : ulp(exact));
        });
    crossEntropy(variant, work);
    return check.worst;
  }

  /** In units of 2^-24 max(1, result). */
  static double entropy(Workload work) {
    int cols = work.batch.cols();
    double[] exact = new double[work.batch.rows()];
    Check check = new Check("entropy", work, 0, ENTROPY_UNITS);
    check.elements((row, i, p, logP) -> exact[row] -= p == 0 ? 0 : p * logP);
    for (int r = 0; r < exact.length; r++) {
      check.at(r * cols, work.perRow[r], exact[r], logUnit(exact[r]));
    }
    return check.worst;
  }

  /** In ULP. */
  static double softcap(String variant, Workload work, float cap) {
    Check check = new Check(variant, work, SOFTCAP_ULPS);
    for (int i = 0; i < work.out.length; i++) {
      double exact = cap * Math.tanh((double) work.logits[i] / cap);
      check.at(i, work.out[i], exact, ulp(exact));
    }
    return check.worst;
  }

  /** Results against the scalar kernels', which they must be. */
  static double same(String variant, Workload work, float[] got, float[] scalar) {
    return against(new Check(variant, work, 0, 0), got, scalar);
  }

  /** Results without a promise, against the scalar kernels', in ULP. */
  static double like(String variant, Workload work, float[] got, float[] scalar) {
    return against(new Check(variant, work, 0, LOOSE + work.batch.cols()), got, scalar);
  }

  /** Of all elements, or one for each row. */
  private static double against(Check check, float[] got, float[] scalar) {
    int step = check.work.logits.length / scalar.length;
    for (int i = 0; i < scalar.length; i++) {
      check.at(i * step, got[i], scalar[i], ulp(scalar[i]));
    }
    return check.worst;
  }

  static void copy(Workload work) {
    for (int i = 0; i < work.out.length; i++) {
      if (work.out[i] != work.logits[i]) {
        throw new AssertionError("copy: element " + i + " differs");
      }
    }
  }

  /** {@code log sum_j exp(o_j)} of one row. */
  static double logSumExp(float[] logits, int from, int cols) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + cols; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = from; i < from + cols; i++) {
      sum += Math.exp(logits[i] - max);
    }
    return max + Math.log(sum);
  }

  /** The distance of the floats around a value, gradual underflow included. */
  static double ulp(double value) {
    return Math.scalb(1.0, Math.max(Math.getExponent(value), Float.MIN_EXPONENT) - 23);
  }

  private static double logUnit(double exact) {
    return LOG_UNIT * Math.max(1, Math.abs(exact));
  }

  private interface Element {
    void at(int row, int index, double p, double logP);
  }

  private void elements(Element element) {
    int cols = work.batch.cols();
    for (int r = 0; r < work.batch.rows(); r++) {
      double lse = logSumExp(work.logits, r * cols, cols);
      for (int i = r * cols; i < (r + 1) * cols; i++) {
        double logP = work.logits[i] - lse;
        element.at(r, i, Math.exp(logP), logP);
      }
    }
  }

  private void at(int index, double got, double exact, double unit) {
    double error = got == exact ? 0 : Math.abs(got - exact) / unit;
    if (Double.isNaN(error)) {
      error = Double.POSITIVE_INFINITY;
    }
    if (error > allowed) {
      int cols = work.batch.cols();
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%s is wrong: row %d, column %d is %s instead of %s, an error of %.1f, allowed %.0f",
              variant,
              index / cols,
              index % cols,
              got,
              exact,
              error,
              allowed));
    }
    worst = Math.max(worst, error);
  }
}
