package io.softlane.internal.rows;

import io.softlane.Sampling;
import java.util.Arrays;

/** A class of each row, drawn from what temperature and cuts leave. */
public final class Draw extends Operation {
  private Sampling how;
  private float[] uniforms;
  private int[] tokens;
  private float[] logProbabilities;
  private float[] scores = {};
  private double[] terms = {};
  private boolean[] isIn = {};

  Draw(Work work) {
    super(work);
  }

  public void run(Sampling how, float[] uniforms, int[] tokens, float[] logProbabilities) {
    this.how = how;
    this.uniforms = uniforms;
    this.tokens = tokens;
    this.logProbabilities = logProbabilities;
    work.sink.none();
    for (int r = 0; r < work.source.rows; r++) {
      work.alone(this, r);
    }
    this.uniforms = null;
    this.tokens = null;
    this.logProbabilities = null;
  }

  @Override
  int results() {
    return 0;
  }

  @Override
  boolean needsTerms() {
    return false;
  }

  @Override
  void settled(Row row) {
    int r = row.r;
    int token = isBroken(row) ? -1 : token(r);
    tokens[r] = token;
    if (logProbabilities == null) {
      return;
    }
    if (token < 0) {
      logProbabilities[r] = Float.NaN;
      return;
    }
    double logSum = logSum(row);
    float hi = row.shift == 0 ? (float) logSum : row.shift;
    float lo = (float) (row.shift == 0 ? logSum - hi : logSum);
    float l = (work.source.logit(r, token) - hi) - lo;
    logProbabilities[r] = l > 0 ? 0 : l;
  }

  @Override
  void finish(Block block, int q, int end) {
    throw new AssertionError("rows go alone");
  }

  private int token(int r) {
    int n = work.source.cols;
    float[] x = work.source.array(r, 0, n);
    int i = work.source.start(r, 0);
    if (how.temperature() == 0) {
      work.selection.sort(x, i, n);
      return work.selection.column(0);
    }
    if (scores.length < n) {
      scores = new float[n];
      terms = new double[n];
      isIn = new boolean[n];
    }
    work.loops.scores(x, i, n, 1 / how.temperature(), null, 0, scores, 0);
    work.selection.sort(scores, 0, n);
    float max = scores[work.selection.column(0)];
    if (!Float.isFinite(max)) {
      return -1;
    }
    float anchor = Window.anchor(max, n);
    float shift = Window.shift(anchor);
    int k = Window.k(anchor);
    int left = Math.min(n, how.topK());
    double sum = 0;
    for (int j = 0; j < left; j++) {
      int c = work.selection.column(j);
      terms[c] = term(scores[c], shift, k);
      sum += terms[c];
    }
    if (how.topP() < 1) {
      double share = terms[work.selection.column(0)];
      int j = 1;
      for (; j < left && share < how.topP() * sum; j++) {
        share += terms[work.selection.column(j)];
      }
      left = j;
    }
    Arrays.fill(isIn, 0, n, false);
    double least = how.minP() * terms[work.selection.column(0)];
    double whole = 0;
    for (int j = 0; j < left; j++) {
      int c = work.selection.column(j);
      isIn[c] = terms[c] >= least;
    }
    for (int c = 0; c < n; c++) {
      whole += isIn[c] ? terms[c] : 0;
    }
    double target = uniforms[r] * whole;
    double running = 0;
    int last = -1;
    for (int c = 0; c < n; c++) {
      if (isIn[c] && terms[c] > 0) {
        running += terms[c];
        last = c;
        if (running > target) {
          break;
        }
      }
    }
    return last;
  }
}
