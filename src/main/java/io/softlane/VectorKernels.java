package io.softlane;

/**
 * The kernels on vectors. {@link ScalarKernels} explains them: it has the same operations in the
 * same order, with the same stages under the same names, and gives the same bits. The stages are in
 * {@link VectorRow}, cross-entropy is in {@link VectorCrossEntropy}.
 */
sealed class VectorKernels extends CheckedKernels permits PacedKernels {
  /** The columns of a row that stays in the cache while it is read and written twice. */
  static final int CACHED = 1 << 15;

  static final VectorKernels INSTANCE = new VectorKernels();

  VectorKernels() {}

  // ---- building blocks ----

  @Override
  public void max(float[] x, int from, int xStride, int rows, int n, float[] max, int at) {
    for (int r = 0; r < rows; r++) {
      max[at + r] = VectorRow.max(x, from + r * xStride, n);
    }
  }

  @Override
  public void argmax(float[] x, int from, int xStride, int rows, int n, int[] argmax, int at) {
    for (int r = 0; r < rows; r++) {
      argmax[at + r] = VectorRow.argmax(x, from + r * xStride, n);
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
  public int logSumExp(
      float[] x, int from, int xStride, int rows, int n, float[] lse, int at, int wary) {
    boolean near = true; // whether the anchor 0 is likely to serve rows that are not plain
    int end = at + rows;
    int r = 0;
    while (r < rows) {
      int i = from + r * xStride;
      // The last results, not yet written, are scratch.
      int run = xStride == n ? VectorRuns.rows(n, rows - r) : 1;
      int scratch = end - run * n;
      if (run > 1 && wary == 0) {
        int done = VectorRuns.logSums(x, i, run, n, lse, scratch);
        for (int q = 0; q < done; q++) {
          lse[at + r + q] = (float) VectorLog.get(lse, scratch + 2 * q);
        }
        wary = done < run ? run : 0;
        r += done;
        continue;
      }
      float shift = 0;
      int k = Window.k(0);
      double s = wary == 0 ? VectorRow.plainExpSum(x, i, n, k, null, 0) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed && near) {
        s = VectorRow.scaledExpSum(x, i, n, 0, k, null, 0);
        near = Window.holds(s);
        missed = !near;
      }
      if (missed) {
        float anchor = VectorRow.anchor(x, i, n);
        near = anchor == 0;
        shift = Window.shift(anchor);
        k = Window.k(anchor);
        s = VectorRow.scaledExpSum(x, i, n, shift, k, null, 0);
      }
      // A maximum that is not finite is its row's shift, and its result.
      lse[at + r] = Float.isFinite(shift) ? (float) (shift + Window.logSum(s, k)) : shift;
      r++;
    }
    return wary;
  }

  @Override
  public int softmax(
      float[] x, int from, int xStride, float[] p, int to, int pStride, int rows, int n, int wary) {
    boolean near = true;
    int most = xStride == n && pStride == n ? VectorRuns.rows(n) : 1;
    int r = 0;
    while (r < rows) {
      int i = from + r * xStride;
      int o = to + r * pStride;
      int run = Math.min(most, rows - r);
      if (run > 1 && wary == 0) {
        int missed = VectorRuns.softmax(x, i, run, n, p, o, rows - r - run);
        if (missed != VectorRuns.NOT_DONE) {
          wary = missed > run / 2 ? 16 * run : 0;
          r += run;
          continue;
        }
        wary = run;
      }
      // In place the first try would overwrite the logits that a second needs.
      boolean plain = x == p ? VectorRow.within(x, i, n) : wary == 0;
      double s = plain ? VectorRow.plainExpSum(x, i, n, Window.k(0), p, o) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed && near && x != p) {
        s = VectorRow.scaledExpSum(x, i, n, 0, Window.k(0), p, o);
        near = Window.holds(s);
        missed = !near;
      }
      if (missed) {
        float anchor = VectorRow.anchor(x, i, n);
        near = anchor == 0;
        float shift = Window.shift(anchor);
        s = VectorRow.scaledExpSum(x, i, n, shift, Window.k(anchor), p, o);
      }
      VectorRow.scale(p, o, n, 1 / s);
      r++;
    }
    return wary;
  }

  @Override
  public int logSoftmax(
      float[] x, int from, int xStride, float[] l, int to, int lStride, int rows, int n, int wary) {
    boolean near = true;
    boolean inPlace = x == l;
    boolean dense = xStride == n && lStride == n;
    int most = inPlace || n < 2 || !dense ? 1 : VectorRuns.rows(n);
    int r = 0;
    while (r < rows) {
      int i = from + r * xStride;
      int o = to + r * lStride;
      int run = Math.min(most, rows - r);
      if (run > 1 && wary == 0) {
        int done = VectorRuns.logSoftmax(x, i, run, n, l, o);
        wary = done < run ? run : 0;
        r += done;
        continue;
      }
      // The terms go where the results will be: that brings their memory into the cache while the
      // core is busy (1024 x 4096: 0.43 ns an element instead of 0.58).
      float[] e = inPlace || n > CACHED ? null : l;
      float shift = 0;
      int k = Window.k(0);
      double s = wary == 0 ? VectorRow.plainExpSum(x, i, n, k, e, o) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed && near) {
        s = VectorRow.scaledExpSum(x, i, n, 0, k, null, 0);
        near = Window.holds(s);
        missed = !near;
      }
      if (missed) {
        float anchor = VectorRow.anchor(x, i, n);
        near = anchor == 0;
        shift = Window.shift(anchor);
        k = Window.k(anchor);
        s = VectorRow.scaledExpSum(x, i, n, shift, k, null, 0);
      }
      double logSum = Window.logSum(s, k);
      // lse in two floats. A shift is the first of them: beside it logSum would be lost in one.
      float hi = shift == 0 ? (float) logSum : shift;
      float lo = (float) (shift == 0 ? logSum - hi : logSum);
      VectorRow.subtractTwice(x, i, n, hi, lo, l, o);
      r++;
    }
    return wary;
  }

  @Override
  public int entropy(
      float[] x,
      int from,
      int xStride,
      int rows,
      int n,
      float[] entropy,
      int at,
      float[] e,
      int wary) {
    for (int r = 0; r < rows; r++) {
      int i = from + r * xStride;
      double h = wary == 0 ? VectorEntropy.plain(x, i, n, Window.k(0), e) : Double.NaN;
      boolean missed = Double.isNaN(h);
      wary = Window.wary(wary, missed);
      if (missed) {
        float anchor = VectorRow.anchor(x, i, n);
        float shift = Window.shift(anchor);
        h = VectorEntropy.scaled(x, i, n, shift, Window.k(anchor), e);
      }
      entropy[at + r] = (float) h;
    }
    return wary;
  }

  @Override
  public void scores(
      float[] x, int i, int n, float scale, float[] mask, int m, float[] out, int o) {
    VectorRow.scores(x, i, n, scale, mask, m, out, o);
  }

  @Override
  public float formedMax(FormedRow row, int c, int n) {
    return VectorNative.max(row.g, (row.i + c) * Float.BYTES, n);
  }

  @Override
  public double formedExpSum(FormedRow row, int n, int k, boolean clamped) {
    return VectorFormedBlocks.expSum(row, n, k, clamped);
  }

  @Override
  public void formedScale(FormedRow row, int n, double factor) {
    VectorNative.scale(row, n, factor);
  }

  @Override
  public void formedSubtractTwice(FormedRow row, int n, float hi, float lo) {
    int kind = VectorFormedCopies.kind(row, false);
    VectorFormedCopies.get(kind).subtractTwice(row, n, hi, lo);
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
  public double crossEntropy(
      float[] x,
      int from,
      int xStride,
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
    return VectorCrossEntropy.labels(
        x,
        from,
        xStride,
        labels,
        options,
        weight,
        losses,
        at,
        gradient,
        to,
        gradientStride,
        rows,
        n,
        total);
  }

  @Override
  double crossEntropyOfTargets(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out) {
    return VectorCrossEntropy.targets(
        logits, in, targets, targetRows, options, losses, gradient, out);
  }

  @Override
  public String toString() {
    return "vector, " + Lanes.BITS + " bits";
  }
}
