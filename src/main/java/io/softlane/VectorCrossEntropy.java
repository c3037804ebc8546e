package io.softlane;

import java.util.Arrays;

/**
 * Cross-entropy of {@link VectorKernels}, with its gradient or without (the gradient's array is
 * then null). {@link ScalarCrossEntropy} explains it.
 */
final class VectorCrossEntropy {
  private VectorCrossEntropy() {}

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
    double baseSum = base == 0 ? 0 : VectorTargets.sum(null, 0, 0, base, w, n);
    // Without options all rows have one factor, and short ones can go together.
    int one = LossTerms.lower(factor);
    boolean bare = w == null && base == 0 && options.zLoss() == 0 && factor != 0;
    boolean lossRuns = gradient == null && bare;
    boolean runs = gradient != null && bare && LossTerms.keeps(one);
    boolean dense = logitsStride == n && (gradient == null || gradientStride == n);
    int most = runs && dense ? VectorRuns.rows(n) : 1;
    boolean near = true;
    int wary = 0;
    for (int r = 0; r < rows; r++) {
      int i = from + r * logitsStride;
      int o = to + r * gradientStride;
      int run = lossRuns && dense ? VectorRuns.rows(n, rows - r) : Math.min(most, rows - r);
      if (run > 1 && wary == 0) {
        int done;
        if (lossRuns) {
          done =
              VectorRuns.crossEntropy(
                  logits, i, run, n, labels, at + r, options, losses, at + rows);
          wary = done < run ? run : 0;
        } else {
          int more = rows - r - run;
          int missed =
              VectorRuns.crossEntropyGradient(
                  logits, i, run, n, labels, at + r, options, factor, one, losses, gradient, o,
                  more);
          done = missed == VectorRuns.NOT_DONE ? 0 : run;
          wary = missed > run / 2 ? 16 * run : done == 0 ? run : 0;
        }
        for (int q = 0; q < done; q++) {
          total += losses[at + r + q];
        }
        r += done - 1;
        continue;
      }
      int label = labels[at + r];
      if (options.ignores(label)) {
        losses[at + r] = 0;
        zeros(gradient, o, n);
        continue;
      }
      double own = LossTerms.slope(options) * LossTerms.weight(options, label);

      // log-sum-exp. Where only the label's own target is to be subtracted, the terms wait in the
      // gradient's row for their sum; else they are computed twice.
      int lower = LossTerms.lower(own * factor);
      boolean wait = base == 0 && options.zLoss() == 0 && LossTerms.keeps(lower);
      float[] e = wait ? gradient : null;
      lower = e == null ? 0 : lower;
      boolean plain = e == logits ? VectorRow.within(logits, i, n) : wary == 0;
      // In place the terms overwrite it. Else it is read when the row is in the cache: read first,
      // it stalls the core for as long as memory takes (4096 x 1000: 100 ns a row).
      float logit = e == logits ? logits[i + label] : 0;
      float shift = 0;
      int k = Window.k(0) - lower;
      double s = plain ? VectorRow.plainExpSum(logits, i, n, k, e, o) : 0;
      boolean missed = !Window.holds(Math.scalb(s, lower));
      wary = Window.wary(wary, missed);
      if (missed && near && e != logits) {
        s = VectorRow.scaledExpSum(logits, i, n, 0, k, e, o);
        near = Window.holds(Math.scalb(s, lower));
        missed = !near;
      }
      if (missed) {
        float anchor = VectorRow.anchor(logits, i, n);
        near = anchor == 0;
        shift = Window.shift(anchor);
        k = Window.k(anchor) - lower;
        s = VectorRow.scaledExpSum(logits, i, n, shift, k, e, o);
      }
      double logSum = Window.logSum(s, k);

      // loss
      logit = e == logits ? logit : logits[i + label];
      double loss = LossTerms.loss(own, shift, logSum, logit);
      if (base != 0) {
        loss += VectorTargets.loss(logits, i, shift, logSum, null, 0, 0, base, w, n);
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
        VectorRow.scale(gradient, o, n, c);
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
          VectorExp.gradient(
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
      double s = wary == 0 ? VectorRow.plainExpSum(logits, i, n, k, null, 0) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed) {
        float anchor = VectorRow.anchor(logits, i, n);
        shift = Window.shift(anchor);
        k = Window.k(anchor);
        s = VectorRow.scaledExpSum(logits, i, n, shift, k, null, 0);
      }
      double logSum = Window.logSum(s, k);

      // loss
      double loss = VectorTargets.loss(logits, i, shift, logSum, targets, t, slope, base, w, n);
      losses[r] = (float) (loss + LossTerms.zLoss(options, shift, logSum));
      total += losses[r];

      // gradient
      if (gradient == null) {
        continue;
      }
      double targetSum = VectorTargets.sum(targets, t, slope, base, w, n);
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
      VectorExp.gradient(
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
