package io.softlane;

import static io.softlane.Lanes.DOUBLES;
import static io.softlane.Lanes.FLOATS;
import static io.softlane.Lanes.FOURS;
import static io.softlane.Lanes.HALF;
import static io.softlane.Lanes.LONGS;
import static io.softlane.Lanes.NEIGHBOURS;
import static io.softlane.Lanes.PAIRS;
import static io.softlane.Lanes.PARTS;
import static io.softlane.Lanes.WIDTH;
import static io.softlane.ScalarRow.GROUP;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax and cross-entropy's gradient of short rows, many at a time: the same stages as {@link
 * VectorKernels#softmax} and {@link VectorCrossEntropy} have row by row, and the same bits. What a
 * row costs beside its elements (a call, constants, a last vector that is half empty) weighs too
 * much at few columns: row by row 65536 x 10 took 2.6 times as long, 8192 x 100 1.5 times, 4096 x
 * 250 1.17 times (Zen 4, 512 bits). With more, up to half a block, a run is 2 to 6 % ahead.
 */
final class VectorRuns {
  /** The most columns a row of a run has: two rows are a run. */
  private static final int SHORT = ScalarRow.BLOCK / 2;

  private VectorRuns() {}

  /** Rows in a run: as many as fit a block, where they follow each other without a gap; else 1. */
  static int rows(Rows in, Rows out) {
    int n = in.cols();
    boolean dense = in.stride() == n && out.stride() == n;
    return dense && n <= SHORT ? ScalarRow.BLOCK / n : 1;
  }

  /**
   * Softmax of a run of rows, the first of which starts at i and o.
   *
   * @return whether it was done: not where the rows are in place and one might miss the window
   */
  static boolean softmax(float[] x, int i, int rows, int n, float[] e, int o) {
    if (x == e && !VectorRow.within(x, i, rows * n)) {
      return false;
    }
    VectorExp.terms(x, i, rows * n, Window.k(0), e, o);
    double s = VectorRow.sumOfStored(e, o, n);
    for (int r = 1; r <= rows; r++) {
      int previous = o + (r - 1) * n;
      if (!Window.holds(s)) {
        int j = i + (r - 1) * n;
        float anchor = VectorRow.max(x, j, n);
        s = VectorRow.scaledExpSum(x, j, n, Window.shift(anchor), Window.k(anchor), e, previous);
      }
      if (r < rows) {
        s = scaleAndSum(e, previous, n, 1 / s);
      } else {
        VectorRow.scale(e, previous, n, 1 / s);
      }
    }
    return true;
  }

  /**
   * Cross-entropy of a run of rows with class labels, and its gradient; without smoothing, class
   * weights and z-loss, so that all rows have one factor.
   *
   * @param r the first row's number, among labels and losses
   * @param lower how far below the window's exponent the terms are kept
   * @return whether it was done, as above
   */
  static boolean crossEntropyGradient(
      float[] x,
      int i,
      int rows,
      int n,
      int[] labels,
      int r,
      CrossEntropy options,
      double factor,
      int lower,
      float[] losses,
      float[] e,
      int o) {
    boolean inPlace = x == e;
    if (inPlace && !VectorRow.within(x, i, rows * n)) {
      return false;
    }
    // In place the terms overwrite the labels' logits, which wait where their losses will be.
    if (inPlace) {
      for (int q = 0; q < rows; q++) {
        losses[r + q] = options.ignores(labels[r + q]) ? 0 : x[i + q * n + labels[r + q]];
      }
    }
    VectorExp.terms(x, i, rows * n, Window.k(0) - lower, e, o);
    double s = VectorRow.sumOfStored(e, o, n);
    for (int q = 0; q < rows; q++) {
      int row = o + q * n;
      float shift = Window.shift(0);
      int k = Window.k(0) - lower;
      if (!Window.holds(Math.scalb(s, lower))) {
        float anchor = VectorRow.max(x, i + q * n, n);
        shift = Window.shift(anchor);
        k = Window.k(anchor) - lower;
        s = VectorRow.scaledExpSum(x, i + q * n, n, shift, k, e, row);
      }
      double logSum = Window.logSum(s, k);
      double scale = LossTerms.scale(options, 1, shift, logSum, factor, s);
      if (q < rows - 1) {
        s = scaleAndSum(e, row, n, scale);
      } else {
        VectorRow.scale(e, row, n, scale);
      }
      int label = labels[r + q];
      if (options.ignores(label)) {
        losses[r + q] = 0;
        Arrays.fill(e, row, row + n, 0);
      } else {
        float logit = inPlace ? losses[r + q] : x[i + q * n + label];
        losses[r + q] = (float) LossTerms.loss(1, shift, logSum, logit);
        e[row + label] = LossTerms.gradient(logit, shift, k, scale, factor);
      }
    }
    return true;
  }

  /**
   * Scales a row and returns the sum of the terms of the next, which is read before the row is
   * written: a load from beside a masked store would wait for it (2.5 times as long at 10 columns).
   */
  private static double scaleAndSum(float[] e, int o, int n, double factor) {
    double s = scaleAndSum(e, o, 0, n, factor);
    if (PARTS > 1) {
      s += scaleAndSum(e, o, WIDTH, n, factor);
    }
    if (PARTS > 2) {
      s += scaleAndSum(e, o, 2 * WIDTH, n, factor) + scaleAndSum(e, o, 3 * WIDTH, n, factor);
    }
    return s * VectorRow.SUM_SCALE;
  }

  private static double scaleAndSum(float[] e, int o, int from, int n, double factor) {
    FloatVector hi = FloatVector.broadcast(FLOATS, LossTerms.first(factor));
    FloatVector lo = FloatVector.broadcast(FLOATS, LossTerms.second(factor));
    LongVector evens = LongVector.broadcast(LONGS, VectorRow.EVENS);
    LongVector odds = LongVector.broadcast(LONGS, ~VectorRow.EVENS);
    DoubleVector sum = DoubleVector.zero(DOUBLES);
    int c = from;
    // main loop
    for (; c <= n - WIDTH; c += GROUP) {
      FloatVector t = FloatVector.fromArray(FLOATS, e, o + c);
      LongVector l = FloatVector.fromArray(FLOATS, e, o + n + c).reinterpretAsLongs();
      t.fma(hi, t.mul(lo)).intoArray(e, o + c);
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = sum.add(even.add(odd));
    }
    // tail
    if (c < n) {
      VectorMask<Float> live = FLOATS.indexInRange(c, n);
      FloatVector t = FloatVector.fromArray(FLOATS, e, o + c, live);
      LongVector l = FloatVector.fromArray(FLOATS, e, o + n + c, live).reinterpretAsLongs();
      t.fma(hi, t.mul(lo)).intoArray(e, o + c, live);
      DoubleVector even = l.and(evens).lanewise(VectorOperators.LSHL, 29).reinterpretAsDoubles();
      DoubleVector odd = l.and(odds).lanewise(VectorOperators.LSHR, 3).reinterpretAsDoubles();
      sum = sum.add(even.add(odd));
    }
    // reduce
    sum = sum.add(sum.rearrange(NEIGHBOURS));
    if (HALF > 2) {
      sum = sum.add(sum.rearrange(PAIRS));
    }
    if (HALF > 4) {
      sum = sum.add(sum.rearrange(FOURS));
    }
    return sum.lane(0);
  }
}
