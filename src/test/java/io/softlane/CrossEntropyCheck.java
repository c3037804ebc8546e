package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.CrossEntropy.Reduction;
import io.softlane.Operation.Argument;
import java.util.Arrays;

/** Runs a cross-entropy call and holds every number that it gives to the oracle. */
final class CrossEntropyCheck {
  private final Call call;
  private final boolean dense;
  private final double z;
  private final double factor;
  private final String lossName;
  private final String gradientName;
  private final String certainName;

  private CrossEntropyCheck(Call call) {
    this.call = call;
    this.dense = call.operation.takes(Argument.SECOND);
    this.z = call.options.zLoss();
    this.lossName = call + "\nloss";
    this.gradientName = call + "\ngradient";
    this.certainName = gradientName + " of a certain label";
    double weight = weight();
    boolean mean = call.options.reduction() == Reduction.MEAN;
    this.factor = !mean ? 1 : weight == 0 ? 0 : 1 / weight;
  }

  static void run(SoftmaxKernels kernels, Call call) {
    Call before = call.copy();
    call.run(kernels);
    run(before, call);
  }

  /** In place a call may have overwritten its inputs: the oracle takes them from before it. */
  static void run(Call before, Call call) {
    CrossEntropyCheck check = new CrossEntropyCheck(before);
    check.loss(call);
    for (int r = 0; r < call.inRows.rows(); r++) {
      check.row(r, call);
    }
  }

  private boolean ignored(int r) {
    return !dense && call.options.ignoring() && call.labels[r] == call.options.ignoreIndex();
  }

  private double weight() {
    float[] w = call.options.classWeights();
    double[] weights = new double[call.inRows.rows()];
    for (int r = 0; r < weights.length; r++) {
      weights[r] = ignored(r) ? 0 : dense || w == null ? 1 : w[call.labels[r]];
    }
    return Oracle.sum(weights);
  }

  private void loss(Call after) {
    double sum = 0;
    for (int r = 0; r < call.inRows.rows(); r++) {
      sum += after.results[r];
    }
    assertEquals(sum, after.loss.sum(), "sum of the losses, first row first");
    assertEquals(weight(), after.loss.weight(), 0x1p-50 * weight(), "weight");
    double mean = weight() == 0 ? 0 : after.loss.sum() / after.loss.weight();
    assertEquals(mean, after.loss.mean(), "mean");
  }

  private void row(int r, Call after) {
    double[] o = Oracle.row(call.in, call.inRows, r);
    if (ignored(r)) {
      assertEquals(0, Float.floatToRawIntBits(after.results[r]), "loss of an ignored row " + r);
      zeros(r, after);
      return;
    }
    double[] a =
        dense
            ? Oracle.terms(call.options, Oracle.row(call.second, call.secondRows, r))
            : Oracle.terms(call.options, call.labels[r], o.length);
    if (dense && negativeAtMasked(o, a)) {
      return; // not what a target can be, and the contract is silent on it
    }
    double loss = Oracle.loss(o, a, z);
    Ulps.assertError(after.results[r], loss, lossBound(o, a, loss), lossName, r, 0);
    if (after.out == null) {
      return;
    }
    if (factor == 0) {
      zeros(r, after);
      return;
    }
    double[] gradient = Oracle.gradient(o, a, z);
    double[] p = Oracle.softmax(o);
    double pull = Oracle.sum(a) + 2 * z * Oracle.lse(o);
    double[] sizes = sizes(r, a);
    for (int c = 0; c < o.length; c++) {
      float actual = after.out().get(r, c);
      double exact = gradient[c] * factor;
      double larger = Math.max(Math.abs(p[c] * pull), sizes[c]) * factor;
      double bound = gradientBound(r, c, exact, larger);
      // The factor of p holds log-sum-exp, which has an error of its own.
      bound += p[c] * 2 * z * 0x1p-22 * factor;
      Ulps.assertError(actual, exact, bound, gradientName, r, c);
      // Without z-loss, the label's own gradient is as exact where the label is all but certain.
      boolean certain = !dense && c == call.labels[r] && p[c] > 0.99 && z == 0;
      if (certain && call.options.labelSmoothing() == 0 && Math.abs(exact) > 0x1p-29 * larger) {
        double near = Math.max(0x1p-22 * Math.abs(exact), Float.MIN_VALUE);
        Ulps.assertError(actual, exact, near, certainName, r, c);
      }
    }
  }

  /** The target terms, their two parts taken without signs: they cancel for a negative target. */
  private double[] sizes(int r, double[] a) {
    if (!dense) {
      return a;
    }
    double[] y = Oracle.row(call.second, call.secondRows, r);
    return Oracle.terms(call.options, Arrays.stream(y).map(Math::abs).toArray());
  }

  private static boolean negativeAtMasked(double[] o, double[] a) {
    for (int c = 0; c < o.length; c++) {
      if (o[c] == Double.NEGATIVE_INFINITY && a[c] < 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * 2^-22 max(1, |loss|) for terms that sum to at most 1, and in proportion for others; z-loss adds
   * 2^-22 * 2 z |lse|. Terms of both signs, which no bound is promised for, get that of their
   * magnitudes.
   */
  private double lossBound(double[] o, double[] a, double loss) {
    double terms = Arrays.stream(a).map(Math::abs).sum();
    double size = Math.max(Math.max(1, terms), Math.abs(loss));
    double lse = Oracle.lse(o);
    if (Arrays.stream(a).anyMatch(x -> x < 0)) {
      for (int c = 0; c < o.length; c++) {
        size += a[c] == 0 ? 0 : Math.abs(a[c] * (lse - o[c]));
      }
    }
    return 0x1p-22 * (size + 2 * z * Math.abs(lse));
  }

  private double gradientBound(int r, int c, double exact, double larger) {
    if (dense || call.options.labelSmoothing() != 0) {
      return 4 * Ulps.of(larger);
    }
    return c == call.labels[r] ? Math.max(0x1p-22 * larger, Float.MIN_VALUE) : 3 * Ulps.of(exact);
  }

  private void zeros(int r, Call after) {
    for (int c = 0; after.out != null && c < after.inRows.cols(); c++) {
      int bits = Float.floatToRawIntBits(after.out().get(r, c));
      assertTrue(bits == 0, "gradient[" + r + ", " + c + "] is not +0 but " + bits);
    }
  }
}
