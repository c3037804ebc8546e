package io.softlane;

/**
 * The kernels on vectors. {@link ScalarKernels} explains them: it has the same operations in the
 * same order, with the same stages under the same names, and gives the same bits. The stages are in
 * {@link VectorRow}, cross-entropy is in {@link VectorCrossEntropy}.
 */
sealed class VectorKernels implements SoftmaxKernels permits PacedKernels {
  /** The columns of a row that stays in the cache while it is read and written twice. */
  private static final int CACHED = 1 << 15;

  static final VectorKernels INSTANCE = new VectorKernels();

  VectorKernels() {}

  // ---- building blocks ----

  @Override
  public void max(float[] logits, Rows in, float[] max) {
    Batches.perRowResult("logits", logits, in, "max", max);
    for (int r = 0; r < in.rows(); r++) {
      max[r] = VectorRow.max(logits, in.start(r), in.cols());
    }
  }

  @Override
  public void argmax(float[] logits, Rows in, int[] argmax) {
    Batches.fits("logits", logits, in);
    Batches.fitsPerRow("argmax", argmax, in);
    for (int r = 0; r < in.rows(); r++) {
      argmax[r] = VectorRow.argmax(logits, in.start(r), in.cols());
    }
  }

  @Override
  public void expSum(float[] logits, Rows in, float[] shift, float[] exps, Rows out, float[] sum) {
    Batches.expSum(logits, in, shift, exps, out, sum);
    for (int r = 0; r < in.rows(); r++) {
      VectorRow.exps(logits, in.start(r), in.cols(), shift[r], exps, out.start(r));
      sum[r] = (float) VectorRow.sum(exps, out.start(r), in.cols());
    }
  }

  @Override
  public void normalize(float[] values, Rows in, float[] sum, float[] normalized, Rows out) {
    Batches.normalize(values, in, sum, normalized, out);
    for (int r = 0; r < in.rows(); r++) {
      VectorRow.divide(values, in.start(r), in.cols(), sum[r], normalized, out.start(r));
    }
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
  public void subtract(
      float[] probabilities,
      Rows in,
      float[] targets,
      Rows targetRows,
      float[] gradient,
      Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.second("targets", targets, targetRows, in, "gradient", gradient, out);
    for (int r = 0; r < in.rows(); r++) {
      int i = in.start(r);
      int j = targetRows.start(r);
      VectorRow.subtract(probabilities, i, targets, j, in.cols(), gradient, out.start(r));
    }
  }

  // ---- whole operations ----

  @Override
  public void logSumExp(float[] logits, Rows in, float[] lse) {
    Batches.perRowResult("logits", logits, in, "lse", lse);
    int n = in.cols();
    int wary = 0;
    int r = 0;
    while (r < in.rows()) {
      int i = in.start(r);
      // The last results, not yet written, are scratch.
      int rows = VectorRuns.rows(in, r);
      int scratch = in.rows() - rows * n;
      if (rows > 1 && wary == 0) {
        int done = VectorRuns.logSums(logits, i, rows, n, lse, scratch);
        for (int q = 0; q < done; q++) {
          lse[r + q] = (float) VectorLog.get(lse, scratch + 2 * q);
        }
        wary = done < rows ? rows : 0;
        r += done;
        continue;
      }
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
      // A maximum that is not finite is its row's shift, and its result.
      lse[r] = Float.isFinite(shift) ? (float) (shift + Window.logSum(s, k)) : shift;
      r++;
    }
  }

  @Override
  public void softmax(float[] logits, Rows in, float[] probabilities, Rows out) {
    Batches.map("logits", logits, in, "probabilities", probabilities, out);
    int n = in.cols();
    int run = VectorRuns.rows(in, out);
    int wary = 0;
    int r = 0;
    while (r < in.rows()) {
      int i = in.start(r);
      int o = out.start(r);
      int rows = Math.min(run, in.rows() - r);
      if (rows > 1 && wary == 0) {
        int more = in.rows() - r - rows;
        int missed = VectorRuns.softmax(logits, i, rows, n, probabilities, o, more);
        if (missed != VectorRuns.NOT_DONE) {
          wary = missed > rows / 2 ? 16 * rows : 0;
          r += rows;
          continue;
        }
        wary = rows;
      }
      // In place the first try would overwrite the logits that a second needs.
      boolean plain = logits == probabilities ? VectorRow.within(logits, i, n) : wary == 0;
      double s = plain ? VectorRow.plainExpSum(logits, i, n, Window.k(0), probabilities, o) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed) {
        float anchor = VectorRow.anchor(logits, i, n);
        float shift = Window.shift(anchor);
        s = VectorRow.scaledExpSum(logits, i, n, shift, Window.k(anchor), probabilities, o);
      }
      VectorRow.scale(probabilities, o, n, 1 / s);
      r++;
    }
  }

  @Override
  public void logSoftmax(float[] logits, Rows in, float[] logProbabilities, Rows out) {
    Batches.map("logits", logits, in, "logProbabilities", logProbabilities, out);
    int n = in.cols();
    boolean inPlace = logits == logProbabilities;
    int run = inPlace || n < 2 ? 1 : VectorRuns.rows(in, out);
    int wary = 0;
    int r = 0;
    while (r < in.rows()) {
      int i = in.start(r);
      int o = out.start(r);
      int rows = Math.min(run, in.rows() - r);
      if (rows > 1 && wary == 0) {
        int done = VectorRuns.logSoftmax(logits, i, rows, n, logProbabilities, o);
        wary = done < rows ? rows : 0;
        r += done;
        continue;
      }
      // The terms go where the results will be: that brings their memory into the cache while the
      // core is busy (1024 x 4096: 0.43 ns an element instead of 0.58).
      float[] e = inPlace || n > CACHED ? null : logProbabilities;
      float shift = 0;
      int k = Window.k(0);
      double s = wary == 0 ? VectorRow.plainExpSum(logits, i, n, k, e, o) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed) {
        float anchor = VectorRow.anchor(logits, i, n);
        shift = Window.shift(anchor);
        k = Window.k(anchor);
        s = VectorRow.scaledExpSum(logits, i, n, shift, k, null, 0);
      }
      double logSum = Window.logSum(s, k);
      // lse in two floats. A shift is the first of them: beside it logSum would be lost in one.
      float hi = shift == 0 ? (float) logSum : shift;
      float lo = (float) (shift == 0 ? logSum - hi : logSum);
      VectorRow.subtractTwice(logits, i, n, hi, lo, logProbabilities, o);
      r++;
    }
  }

  @Override
  public void softmaxBackward(
      float[] probabilities,
      Rows in,
      float[] upstream,
      Rows upstreamRows,
      float[] gradient,
      Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.second("upstream", upstream, upstreamRows, in, "gradient", gradient, out);
    int n = in.cols();
    for (int r = 0; r < in.rows(); r++) {
      int i = in.start(r);
      int j = upstreamRows.start(r);
      double dot = VectorBackward.dot(probabilities, i, upstream, j, n);
      VectorBackward.softmaxBackward(probabilities, i, upstream, j, n, dot, gradient, out.start(r));
    }
  }

  @Override
  public void logSoftmaxBackward(
      float[] logProbabilities,
      Rows in,
      float[] upstream,
      Rows upstreamRows,
      float[] gradient,
      Rows out) {
    Batches.map("logProbabilities", logProbabilities, in, "gradient", gradient, out);
    Batches.second("upstream", upstream, upstreamRows, in, "gradient", gradient, out);
    int n = in.cols();
    for (int r = 0; r < in.rows(); r++) {
      int i = in.start(r);
      int j = upstreamRows.start(r);
      double s = VectorRow.sum(upstream, j, n);
      VectorBackward.logSoftmaxBackward(
          logProbabilities, i, upstream, j, n, s, gradient, out.start(r));
    }
  }

  // ---- cross-entropy ----

  @Override
  public Loss crossEntropy(
      float[] logits, Rows in, int[] labels, CrossEntropy options, float[] losses) {
    Batches.perRowResult("logits", logits, in, "losses", losses);
    double weight = Batches.labels(labels, in, options);
    return new Loss(
        VectorCrossEntropy.labels(logits, in, labels, options, weight, losses, null, null), weight);
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
    return new Loss(
        VectorCrossEntropy.labels(logits, in, labels, options, weight, losses, gradient, out),
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
        VectorCrossEntropy.targets(logits, in, targets, targetRows, options, losses, null, null),
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
        VectorCrossEntropy.targets(logits, in, targets, targetRows, options, losses, gradient, out),
        in.rows());
  }

  @Override
  public String toString() {
    return "vector, " + Lanes.BITS + " bits";
  }
}
