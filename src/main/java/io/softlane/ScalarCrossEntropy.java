package io.softlane;

import java.util.Arrays;

/**
 * Cross-entropy of {@link ScalarKernels}, with its gradient or without (the gradient's array is
 * then null). {@link VectorCrossEntropy} mirrors it.
 *
 * <p>A row's loss is {@code sum_j a_j (lse - o_j) + z lse^2} with the target terms a of {@link
 * CrossEntropy}, its gradient {@code p_i (sum_j a_j + 2 z lse) - a_i}, times the reduction's
 * factor. Both operations return the sum of the losses: the {@link Loss} is made where a caller's
 * escape analysis can see it.
 */
final class ScalarCrossEntropy {
  private ScalarCrossEntropy() {}

  /** Class labels: a is the label's own term and, with smoothing, a base that all classes have. */
  static double labels(
      float[] logits,
      int from,
      int logitsStride,
      int[] labels,
      CrossEntropy options,
      double weight,
      float[] losses,
      int at,
      float[] gradient,
      int to,
      int gradientStride,
      int rows,
      int n,
      double total) {
    float[] w = options.weights();
    double factor = LossTerms.factor(options, weight);
    double base = LossTerms.base(options, n);
    double baseSum = base == 0 ? 0 : ScalarTargets.sum(null, 0, 0, base, w, n);
    boolean near = true;
    int wary = 0;
    for (int r = 0; r < rows; r++) {
      int i = from + r * logitsStride;
      int o = to + r * gradientStride;
      int label = labels[at + r];
      if (options.ignores(label)) {
        losses[at + r] = 0;
        zeros(gradient, o, n);
        continue;
      }
      float logit = logits[i + label];
      double own = LossTerms.slope(options) * LossTerms.weight(options, label);

      // log-sum-exp. Where only the label's own target is to be subtracted, the terms wait in the
      // gradient's row for their sum; else they are computed twice.
      int lower = LossTerms.lower(own * factor);
      boolean wait = base == 0 && options.zLoss() == 0 && LossTerms.keeps(lower);
      float[] e = wait ? gradient : null;
      lower = e == null ? 0 : lower;
      boolean plain = e == logits ? ScalarRow.within(logits, i, n) : wary == 0;
      float shift = 0;
      int k = Window.k(0) - lower;
      double s = plain ? ScalarRow.plainExpSum(logits, i, n, k, e, o) : 0;
      boolean missed = !Window.holds(Math.scalb(s, lower));
      wary = Window.wary(wary, missed);
      if (missed && near && e != logits) {
        s = ScalarRow.scaledExpSum(logits, i, n, 0, k, e, o);
        near = Window.holds(Math.scalb(s, lower));
        missed = !near;
      }
      if (missed) {
        float anchor = ScalarRow.anchor(logits, i, n);
        near = anchor == 0;
        shift = Window.shift(anchor);
        k = Window.k(anchor) - lower;
        s = ScalarRow.scaledExpSum(logits, i, n, shift, k, e, o);
      }
      double logSum = Window.logSum(s, k);

      // loss
      double loss = LossTerms.loss(own, shift, logSum, logit);
      if (base != 0) {
        loss += ScalarTargets.loss(logits, i, shift, logSum, null, 0, 0, base, w, n);
      }
      losses[at + r] = (float) (loss + LossTerms.zLoss(options, shift, logSum));
      total += losses[at + r];

      // gradient
      if (gradient == null) {
        continue;
      }
      if (factor == 0) {
        zeros(gradient, o, n);
        continue;
      }
      double c = LossTerms.scale(options, own + baseSum, shift, logSum, factor, s);
      double a = (own + base * LossTerms.weight(options, label)) * factor;
      float atLabel;
      if (e != null) {
        atLabel = LossTerms.gradient(e[o + label], c, a);
        ScalarRow.scale(gradient, o, n, c);
      } else {
        int j = LossTerms.exponent(c, s);
        double f = Math.scalb(c, -j);
        int power = w == null ? 0 : LossTerms.power(base * factor);
        float b = (float) Math.scalb(base * factor, -power);
        atLabel = LossTerms.gradient(LossTerms.term(logit, shift, k + j), f, a);
        if (LossTerms.isHuge(c * s)) {
          ScalarTargets.hugeGradient(
              logits, i, shift, k + j, f, null, 0, 0, base, w, factor, n, gradient, o);
        } else {
          float lift = LossTerms.lift(c * s);
          ScalarTargets.gradient(
              logits,
              i,
              shift,
              k + j,
              f,
              lift,
              null,
              0,
              0,
              b,
              w,
              0,
              Math.scalb(1f, power),
              n,
              gradient,
              o);
        }
      }
      gradient[o + label] = atLabel;
    }
    return total;
  }

  /** Dense targets: a is smoothed and weighted, column by column. */
  static double targets(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out) {
    int n = in.cols();
    float[] w = options.weights();
    double factor = LossTerms.factor(options, in.rows());
    double slope = LossTerms.slope(options);
    double base = LossTerms.base(options, n);
    double total = 0;
    int wary = 0;
    for (int r = 0; r < in.rows(); r++) {
      int i = in.start(r);
      int t = targetRows.start(r);

      // log-sum-exp
      float shift = 0;
      int k = Window.k(0);
      double s = wary == 0 ? ScalarRow.plainExpSum(logits, i, n, k, null, 0) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed) {
        float anchor = ScalarRow.anchor(logits, i, n);
        shift = Window.shift(anchor);
        k = Window.k(anchor);
        s = ScalarRow.scaledExpSum(logits, i, n, shift, k, null, 0);
      }
      double logSum = Window.logSum(s, k);

      // loss
      double loss = ScalarTargets.loss(logits, i, shift, logSum, targets, t, slope, base, w, n);
      losses[r] = (float) (loss + LossTerms.zLoss(options, shift, logSum));
      total += losses[r];

      // gradient
      if (gradient == null) {
        continue;
      }
      double targetSum = ScalarTargets.sum(targets, t, slope, base, w, n);
      double c = LossTerms.scale(options, targetSum, shift, logSum, factor, s);
      int j = LossTerms.exponent(c, s);
      if (LossTerms.isHuge(c * s)) {
        double f = Math.scalb(c, -j);
        int o = out.start(r);
        ScalarTargets.hugeGradient(
            logits, i, shift, k + j, f, targets, t, slope, base, w, factor, n, gradient, o);
        continue;
      }
      float a = (float) (slope * factor);
      float b = (float) (base * factor);
      ScalarTargets.gradient(
          logits,
          i,
          shift,
          k + j,
          Math.scalb(c, -j),
          LossTerms.lift(c * s),
          targets,
          t,
          a,
          b,
          w,
          0,
          1,
          n,
          gradient,
          out.start(r));
    }
    return total;
  }

  private static void zeros(float[] gradient, int o, int n) {
    if (gradient != null) {
      Arrays.fill(gradient, o, o + n, 0);
    }
  }
}
