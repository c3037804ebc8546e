package io.softlane;

/**
 * The kernels as plain loops: the executable specification, and the fallback where vectors would
 * not be fast. {@link VectorKernels} has the same operations in the same order, with the same
 * stages under the same names, and gives the same bits. The stages are in {@link ScalarRow},
 * cross-entropy is in {@link ScalarCrossEntropy}; most calls are checked in {@link CheckedKernels}.
 */
final class ScalarKernels extends CheckedKernels {
  static final ScalarKernels INSTANCE = new ScalarKernels();

  private ScalarKernels() {}

  // ---- building blocks ----

  @Override
  public void max(float[] x, int from, int xStride, int rows, int n, float[] max, int at) {
    for (int r = 0; r < rows; r++) {
      max[at + r] = ScalarRow.max(x, from + r * xStride, n);
    }
  }

  @Override
  public void argmax(float[] x, int from, int xStride, int rows, int n, int[] argmax, int at) {
    for (int r = 0; r < rows; r++) {
      argmax[at + r] = ScalarRow.argmax(x, from + r * xStride, n);
    }
  }

  @Override
  public void expSum(float[] logits, Rows in, float[] shift, float[] exps, Rows out, float[] sum) {
    Batches.expSum(logits, in, shift, exps, out, sum);
    for (int r = 0; r < in.rows(); r++) {
      ScalarRow.exps(logits, in.start(r), in.cols(), shift[r], exps, out.start(r));
      sum[r] = (float) ScalarRow.sum(exps, out.start(r), in.cols());
    }
  }

  @Override
  public void normalize(float[] values, Rows in, float[] sum, float[] normalized, Rows out) {
    Batches.normalize(values, in, sum, normalized, out);
    for (int r = 0; r < in.rows(); r++) {
      ScalarRow.divide(values, in.start(r), in.cols(), sum[r], normalized, out.start(r));
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
      ScalarRow.subtract(probabilities, i, targets, j, in.cols(), gradient, out.start(r));
    }
  }

  // ---- whole operations ----

  @Override
  public int logSumExp(
      float[] x, int from, int xStride, int rows, int n, float[] lse, int at, int wary) {
    boolean near = true; // whether the anchor 0 is likely to serve rows that are not plain
    for (int r = 0; r < rows; r++) {
      int i = from + r * xStride;
      float shift = 0;
      int k = Window.k(0);
      double s = wary == 0 ? ScalarRow.plainExpSum(x, i, n, k, null, 0) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed && near) {
        s = ScalarRow.scaledExpSum(x, i, n, 0, k, null, 0);
        near = Window.holds(s);
        missed = !near;
      }
      if (missed) {
        float anchor = ScalarRow.anchor(x, i, n);
        near = anchor == 0;
        shift = Window.shift(anchor);
        k = Window.k(anchor);
        s = ScalarRow.scaledExpSum(x, i, n, shift, k, null, 0);
      }
      // A maximum that is not finite is its row's shift, and its result.
      lse[at + r] = Float.isFinite(shift) ? (float) (shift + Window.logSum(s, k)) : shift;
    }
    return wary;
  }

  @Override
  public int softmax(
      float[] x, int from, int xStride, float[] p, int to, int pStride, int rows, int n, int wary) {
    boolean near = true;
    for (int r = 0; r < rows; r++) {
      int i = from + r * xStride;
      int o = to + r * pStride;
      // In place the first try would overwrite the logits that a second needs.
      boolean plain = x == p ? ScalarRow.within(x, i, n) : wary == 0;
      double s = plain ? ScalarRow.plainExpSum(x, i, n, Window.k(0), p, o) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed && near && x != p) {
        s = ScalarRow.scaledExpSum(x, i, n, 0, Window.k(0), p, o);
        near = Window.holds(s);
        missed = !near;
      }
      if (missed) {
        float anchor = ScalarRow.anchor(x, i, n);
        near = anchor == 0;
        float shift = Window.shift(anchor);
        s = ScalarRow.scaledExpSum(x, i, n, shift, Window.k(anchor), p, o);
      }
      ScalarRow.scale(p, o, n, 1 / s);
    }
    return wary;
  }

  @Override
  public int logSoftmax(
      float[] x, int from, int xStride, float[] l, int to, int lStride, int rows, int n, int wary) {
    boolean near = true;
    for (int r = 0; r < rows; r++) {
      int i = from + r * xStride;
      float shift = 0;
      int k = Window.k(0);
      double s = wary == 0 ? ScalarRow.plainExpSum(x, i, n, k, null, 0) : 0;
      boolean missed = !Window.holds(s);
      wary = Window.wary(wary, missed);
      if (missed && near) {
        s = ScalarRow.scaledExpSum(x, i, n, 0, k, null, 0);
        near = Window.holds(s);
        missed = !near;
      }
      if (missed) {
        float anchor = ScalarRow.anchor(x, i, n);
        near = anchor == 0;
        shift = Window.shift(anchor);
        k = Window.k(anchor);
        s = ScalarRow.scaledExpSum(x, i, n, shift, k, null, 0);
      }
      double logSum = Window.logSum(s, k);
      // lse in two floats. A shift is the first of them: beside it logSum would be lost in one.
      float hi = shift == 0 ? (float) logSum : shift;
      float lo = (float) (shift == 0 ? logSum - hi : logSum);
      ScalarRow.subtractTwice(x, i, n, hi, lo, l, to + r * lStride);
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
      double h = wary == 0 ? ScalarEntropy.plain(x, i, n, Window.k(0), e) : Double.NaN;
      boolean missed = Double.isNaN(h);
      wary = Window.wary(wary, missed);
      if (missed) {
        float anchor = ScalarRow.anchor(x, i, n);
        float shift = Window.shift(anchor);
        h = ScalarEntropy.scaled(x, i, n, shift, Window.k(anchor), e);
      }
      entropy[at + r] = (float) h;
    }
    return wary;
  }

  @Override
  public void scores(
      float[] x, int i, int n, float scale, float[] mask, int m, float[] out, int o) {
    ScalarRow.scores(x, i, n, scale, mask, m, out, o);
  }

  @Override
  public float formedMax(FormedRow row, int c, int n) {
    return ScalarFormed.max(row, c, n);
  }

  @Override
  public double formedExpSum(FormedRow row, int n, int k, boolean clamped) {
    return ScalarFormed.expSum(row, n, k, clamped);
  }

  @Override
  public void formedScale(FormedRow row, int n, double factor) {
    ScalarFormed.scale(row, n, factor);
  }

  @Override
  public void formedSubtractTwice(FormedRow row, int n, float hi, float lo) {
    ScalarFormed.subtractTwice(row, n, hi, lo);
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
      double dot = ScalarBackward.dot(probabilities, i, upstream, j, n);
      ScalarBackward.softmaxBackward(probabilities, i, upstream, j, n, dot, gradient, out.start(r));
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
      double s = ScalarRow.sum(upstream, j, n);
      ScalarBackward.logSoftmaxBackward(
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
    return ScalarCrossEntropy.labels(
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
    return ScalarCrossEntropy.targets(
        logits, in, targets, targetRows, options, losses, gradient, out);
  }

  @Override
  public String toString() {
    return "scalar";
  }
}
