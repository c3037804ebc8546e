package io.softlane.internal.rows;

import io.softlane.CrossEntropy;
import io.softlane.internal.ClassWeights;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Logs;
import io.softlane.internal.loops.Results;
import io.softlane.internal.loops.Targets;
import io.softlane.internal.loops.Window;

/**
 * Cross-entropy with class labels or dense targets, with its gradient where there is a sink.
 *
 * <p>A row's loss is {@code sum_j a_j (lse - o_j) + z lse^2} with the target terms a of {@link
 * CrossEntropy}, its gradient {@code p_i (sum_j a_j + 2 z lse) - a_i}, times the reduction's
 * factor. For labels, a is the label's own term and, with smoothing, a base that all classes have.
 */
public final class Losses extends Operation {
  /** Target terms as they are, and as gradients have them. */
  private final Targets a = new Targets();

  private int[] labels;
  private CrossEntropy options;
  private double factor;

  /** What smoothing leaves of a target, and adds to every one. */
  private double slope;

  private double base;

  /** The sum of all classes' bases. */
  private double baseSum;

  /** Whether every row's gradient is its terms times 1 / sum, and the label's own term less. */
  private boolean isBare;

  /** The gradient at the label of the row that was settled last. */
  private float atLabel;

  private double total;

  Losses(Work work) {
    super(work);
  }

  /** With class labels, the work's columns, or with dense targets, its second input. */
  public void run() {
    labels = work.columns;
    options = work.loss;
    factor = LossTerms.factor(options, work.weight);
    slope = LossTerms.slope(options);
    base = LossTerms.base(options, work.source.cols);
    a.y = work.second.x;
    a.weigh(ClassWeights.of(options), labels == null || base != 0);
    a.slope = labels == null ? slope : 0;
    a.base = base;
    baseSum = labels == null || base == 0 ? 0 : work.loops.targetSum(a, work.source.cols);
    boolean isPlain = a.w == null && base == 0 && options.zLoss() == 0;
    isBare = labels != null && isPlain && factor > 0 && factor <= 4;
    total = 0;
    try {
      work.run(this);
    } finally {
      labels = null;
      options = null;
      a.release();
    }
  }

  /** The sum of the losses of the rows that were done last. */
  public double total() {
    return total;
  }

  private boolean hasGradient() {
    return !work.sink.isNone();
  }

  @Override
  int results() {
    return isBare && hasGradient() ? Kind.SCALE : 0;
  }

  @Override
  boolean needsTerms() {
    return hasGradient();
  }

  @Override
  boolean hasSkips() {
    return labels != null && options.ignoring();
  }

  @Override
  boolean skips(int r) {
    if (labels == null || !LossTerms.ignores(options, labels[r])) {
      return false;
    }
    lose(r, 0);
    if (hasGradient()) {
      work.sink.fill(r, 0, 0);
    }
    return true;
  }

  @Override
  void settled(Row row) {
    settled(row, row.isBroken() ? Double.NaN : logSum(row));
  }

  private void settled(Row row, double logSum) {
    lose(row, logSum);
    if (!hasGradient()) {
      return;
    }
    if (factor == 0) {
      work.sink.fill(row.r, 0, 0);
    } else if (row.isBroken()) {
      work.sink.fill(row.r, 0, Float.NaN);
    } else if (isBare) {
      double c = factor / row.sum;
      row.scale(c);
      atLabel = LossTerms.gradient(row.s[row.at + labels[row.r]], c, factor);
    } else {
      gradient(row, logSum);
    }
  }

  @Override
  boolean hasSimple() {
    return results() != 0 && !hasSkips();
  }

  @Override
  double simple(double sum) {
    double c = factor / sum;
    boolean isEasy =
        Window.holds(sum) && (float) sum != sum && !Row.isTiny((float) (c - (float) c));
    return isEasy ? c : Double.NaN;
  }

  @Override
  void settledSimple(int r, double sum, double c, float[] s, int at) {
    int label = labels[r];
    lose(r, loss(label, 0, Logs.logSum(sum, Window.K), work.source.logit(r, label)));
    atLabel = LossTerms.gradient(s[at + label], c, factor);
  }

  @Override
  void written(int r) {
    work.sink.put(r, labels[r], atLabel);
  }

  /** The loss of a row, whose log-sum-exp is its shift and this. */
  private void lose(Row row, double logSum) {
    int r = row.r;
    if (labels != null && base == 0) {
      lose(r, loss(labels[r], row.shift, logSum, work.source.logit(r, labels[r])));
      return;
    }
    double loss = work.alone.targetLoss(target(r), row, logSum);
    if (labels != null) {
      loss += Targets.loss(own(labels[r]), row.shift, logSum, work.source.logit(r, labels[r]));
    }
    loss += LossTerms.zLoss(options, row.shift, logSum);
    // Rounding may not make it negative, where all of its parts are positive.
    lose(r, (float) (labels == null ? loss : Math.max(0, loss)));
  }

  /** The loss of a row whose only target is its label. */
  private float loss(int label, double shift, double logSum, float logit) {
    double loss = Targets.loss(own(label), shift, logSum, logit);
    loss += LossTerms.zLoss(options, shift, logSum);
    return loss < 0 ? 0 : (float) loss; // no Math.max, which is five instructions
  }

  private void lose(int r, float loss) {
    total += loss;
    if (work.values != null) {
      work.values[r - work.valuesFrom] = loss;
    }
  }

  /** A label's own target term. */
  private double own(int label) {
    return slope * LossTerms.weight(a.w, label);
  }

  private Targets target(int r) {
    a.j = a.y == null ? 0 : work.second.start(r);
    return a;
  }

  /** The gradient of a row whose terms are right, written at once. */
  private void gradient(Row row, double logSum) {
    int r = row.r;
    int n = row.n;
    boolean isLabel = labels != null;
    Targets a = target(r);
    double sum = isLabel ? own(labels[r]) + baseSum : work.loops.targetSum(a, n);
    double c = LossTerms.scale(options, sum, row.shift, logSum, factor) / row.sum;
    float lift = LossTerms.lift(c * row.sum);
    int power = isLabel && a.w != null ? LossTerms.power(base * factor) : 0;
    a.scaledSlope = (float) (a.slope * factor);
    a.scaledBase = (float) Math.scalb(base * factor, -power);
    a.unit = Math.scalb(1f, power);
    double f = c;
    int j = 0;
    // Terms of plain rows are far from the ends of the range. Others are taken once more, so large
    // that it is the gradient's size that decides what underflows, and never their scale.
    if (row.rung != Ladder.PLAIN || lift == 1 || Math.abs(c) < 0x1p-140) {
      j = LossTerms.exponent(c, row.sum);
      f = Math.scalb(c, -j);
      work.alone.termsAgain(row, row.k + j);
    }
    boolean isHuge = LossTerms.isHuge(c * row.sum);
    if (isLabel) {
      double own = (own(labels[r]) + base * LossTerms.weight(a.w, labels[r])) * factor;
      int at = row.at + labels[r];
      atLabel =
          isHuge ? huge(row, labels[r], f, row.k + j, own) : LossTerms.gradient(row.s[at], f, own);
    }
    if (isHuge) {
      for (int i = 0; i < n; i++) {
        work.sink.put(r, i, huge(row, i, f, row.k + j, a.at(i) * factor));
      }
    } else {
      work.alone.gradient(a, row, f, lift);
    }
    if (isLabel) {
      written(r);
    }
  }

  /**
   * The gradient at column c of a row whose terms may overflow or may have underflowed, in double:
   * a term that is small is taken once more, larger. The factor f goes with terms of this k.
   */
  private float huge(Row row, int c, double f, int k, double target) {
    float term = row.s[row.at + c];
    if (term < LossTerms.SMALL) {
      term = row.term(work.source.logit(row.r, c), k + LossTerms.MORE);
      f = Math.scalb(f, -LossTerms.MORE);
    }
    return LossTerms.gradient(term, f, target);
  }

  @Override
  void finish(Block block, int q, int end) {
    boolean isShort = isBare || labels != null && base == 0 && !hasGradient();
    block.takeLogSums(this, q, end);
    if (!isShort) {
      for (int p = q; p < end; p++) {
        if (!skips(block.r + p)) {
          settled(block.row(p), block.logSums[p]);
        }
      }
      return;
    }
    loseAll(block, q, end);
    if (hasGradient()) {
      gradients(block, q, end);
    }
    for (int p = q; p < end && hasSkips(); p++) {
      skips(block.r + p);
    }
  }

  /** Losses of rows of a block. Few locals, and a sum in a register: 0.8 times as long (Zen 4). */
  private void loseAll(Block block, int q, int end) {
    int[] labels = this.labels;
    float[] x = block.x;
    float[] losses = work.values;
    double[] logSums = block.logSums;
    double sum = total;
    for (int p = q; p < end; p++) {
      int r = block.r + p;
      int label = labels[r];
      if (!LossTerms.ignores(options, label)) {
        float loss = loss(label, 0, logSums[p], x[block.i + p * block.all + label]);
        sum += loss;
        if (losses != null) {
          losses[r - work.valuesFrom] = loss;
        }
      }
    }
    total = sum;
  }

  /** Gradients of rows of a block whose labels have all of the targets. */
  private void gradients(Block block, int q, int end) {
    block.scale(q, end, factor);
    Results t = block.results;
    float[] out = t.out;
    for (int p = q; p < end; p++) {
      int label = labels[block.r + p];
      if (!LossTerms.ignores(options, label)) {
        float term = work.scratch[p * block.all + label];
        int o = t.o + (p - q) * t.stride;
        out[o + label] = LossTerms.gradient(term, block.scales[p], factor);
      }
    }
    block.flush(q);
  }
}
