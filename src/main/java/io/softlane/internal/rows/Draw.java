package io.softlane.internal.rows;

import io.softlane.Sampling;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Turn;
import io.softlane.internal.loops.Window;

/**
 * A class of each row, drawn from what temperature and cuts leave.
 *
 * <p><b>Terms</b> are those of {@link Window}, anchored by the largest score. So none overflows,
 * and one that is 0 is less than 2^-150 of their sum.
 *
 * <p><b>Running sums</b> of terms are the library's, in eight double lanes, up to the end of each
 * part of candidates; from there on one term after the other.
 *
 * <p><b>Top-p</b> of a whole row looks at few columns twice: sums of the terms above some bounds
 * tell one above which there is more than the share, and only what is above it is gathered. {@link
 * Selection} then finds the border.
 *
 * <p>A row's log-sum-exp, for the token's log-probability, is that of the plain logits: one pass
 * more, unless the sum that the draw needs is theirs.
 */
public final class Draw extends Operation {
  private static final int PART = Alone.PART;

  /** The first bound is so far below the largest, in units of the score. */
  private static final float NEAR = 2;

  /** The others are so far apart. */
  private static final float STEP = 4;

  /** There is no bound further below the largest score. */
  private static final float LOWEST = 64;

  /**
   * How much lower than a bound columns are gathered: a bucket of {@link Selection}, which is to be
   * there as a whole, and as much again for what rounds.
   */
  private static final float SLACK = 0.25f;

  /** By so much more than the share the terms above a bound are, for what their sum rounds. */
  private static final double MARGIN = 1 + 0x1p-12;

  /** Of scores; the work's is of the logits. */
  private final Ladder ladder = new Ladder();

  private final Row row;
  private final float[] bounds = new float[Loops.BOUNDS];
  private final double[] masses = new double[Loops.BOUNDS];

  /** The log-sum-exp of the logits, in two floats. */
  private boolean hasLse;

  private float hi;
  private float lo;

  Draw(Work work) {
    super(work);
    row = new Row(work, 0);
  }

  public void run() {
    work.begin();
    Source source = work.source;
    ladder.begin(source.first, source.end - source.first);
    for (int r = source.first; r < source.end; r++) {
      hasLse = false;
      int token = work.sampling.temperature() == 0 ? largest(r) : token(r);
      work.columns[r] = token;
      if (work.values != null) {
        work.values[r] = token < 0 ? Float.NaN : logProbability(r, token);
      }
    }
  }

  /** The largest logit, or -1. */
  private int largest(int r) {
    int token = work.extremes.argmax(r);
    return Float.isFinite(work.source.logit(r, token)) ? token : -1;
  }

  private float logProbability(int r, int token) {
    work.source.scale(1);
    if (!hasLse) {
      work.alone.run(this, r, work.ladder.first(r));
    }
    float l = (work.source.logit(r, token) - hi) - lo;
    return l > 0 ? 0 : l;
  }

  private int token(int r) {
    Selection some = work.selection;
    Source source = work.source;
    Sampling how = work.sampling;
    float scale = 1 / how.temperature();
    source.scale(scale);
    boolean isCut = how.topK() < source.cols;
    boolean isShare = how.topP() < 1;
    boolean isWhole = !isCut && !isShare && how.minP() == 0;
    row.begin(r, Ladder.PLAIN);
    if (isWhole && sumOfPlain()) {
      return drawAll(scale, work.uniforms[r]);
    }
    row.rung = Ladder.ANCHORED;
    float max;
    if (isCut) {
      some.largest(r, how.topK());
      max = some.max();
    } else {
      max = row.max();
    }
    if (!Float.isFinite(max)) {
      return -1;
    }
    row.anchor(max);
    if (isWhole) {
      sumOfParts();
      return drawAll(scale, work.uniforms[r]);
    }
    double share = 1;
    if (isShare && !isCut) {
      row.put(work.large((long) row.n + Loops.GROUP), 0);
      row.totals = null;
      work.alone.termsAndSum(row);
      summed(scale);
      share = how.topP() * row.sum;
    }
    if (!isCut) {
      some.above(r, isShare ? boundOfShare(max, share) : boundOfRatio(max, how.minP()));
    }
    some.takeTerms(row.shift, row.k);
    if (isShare) {
      some.keepShare(isCut ? how.topP() * some.sum() : share, max);
    }
    if (how.minP() > 0) {
      some.keepTerms(how.minP() * (double) row.term(max));
    }
    return some.draw(work.uniforms[r]);
  }

  /**
   * The sum of a row's terms with the anchor 0, without a look for the largest; false where its
   * scores are not plain. Such terms are the others times a power of two, and none is 0.
   */
  private boolean sumOfPlain() {
    row.rung = ladder.first(row.r);
    if (row.rung != Ladder.PLAIN) {
      return false;
    }
    row.shift = 0;
    row.k = Window.K;
    sumOfParts();
    boolean holds = !row.isOdd && Window.holds(row.sum);
    if (!holds) {
      ladder.ended(row.r, 1, Ladder.ANCHORED);
    }
    return holds;
  }

  /** The sum of a row's terms, part by part. */
  private void sumOfParts() {
    row.put(null, 0);
    row.isOdd = false;
    row.totals = work.selection.totals((row.n - 1) / PART + 1);
    work.alone.termsAndSum(row);
  }

  /** The sum of the logits' own terms has their log-sum-exp. */
  private void summed(float scale) {
    if (scale == 1 && work.values != null) {
      settled(row);
    }
  }

  /**
   * What is not above it matters neither to a share nor to a bucket that has some of it. Where the
   * first bound is too high, the step that the border is in is looked through again: of 128256
   * normal logits (deviation 3, 0.9 of the sum) 8900 are gathered, with bounds 2 apart 12800.
   */
  private float boundOfShare(float max, double share) {
    float below = NEAR;
    while (below < LOWEST) {
      int j = firstWith(max, below, STEP, share);
      below += j * STEP;
      if (j < Loops.BOUNDS) {
        if (below > NEAR) {
          float fine = STEP / (Loops.BOUNDS + 1);
          below += fine - STEP;
          below += firstWith(max, below, fine, share) * fine;
        }
        return max - below - slack(max);
      }
    }
    return Float.NaN;
  }

  /** The first of some bounds, a step from each other, above which there is more than the share. */
  private int firstWith(float max, float below, float step, double share) {
    for (int j = 0; j < Loops.BOUNDS; j++) {
      bounds[j] = row.term(max - (below + j * step));
    }
    work.loops.masses(row.s, row.at, row.n, bounds, masses);
    int j = 0;
    while (j < Loops.BOUNDS && masses[j] < share * MARGIN) {
      j++;
    }
    return j;
  }

  private static float boundOfRatio(float max, float minP) {
    return minP < 0x1p-60f ? Float.NaN : max + (float) Math.log(minP) - slack(max);
  }

  /** Scores themselves are rounded where they are large. */
  private static float slack(float max) {
    return SLACK + Math.abs(max) * 0x1p-20f;
  }

  /** A draw from all of a row. */
  private int drawAll(float scale, float uniform) {
    summed(scale);
    double[] totals = row.totals;
    totals[(row.n - 1) / PART] = row.sum;
    double target = uniform * row.sum;
    int part = Selection.part(totals, target);
    int c = part * PART;
    int n = Math.min(PART, row.n - c);
    Turn turn = work.turn;
    work.source.read(turn, row.r, c, n, 0);
    turn.n = n;
    turn.put(work.scratch);
    turn.a = 0;
    turn.shift = row.shift;
    turn.k = row.k;
    int clamp = row.rung == Ladder.PLAIN ? 0 : Kind.CLAMPED;
    work.loops.turn(Kind.TERMS | clamp | work.source.kind(), turn);
    return c + Selection.first(work.scratch, 0, n, part == 0 ? 0 : totals[part - 1], target);
  }

  // ---- log-sum-exp ----

  @Override
  void settled(Row row) {
    row.subtract(logSum(row));
    hi = row.hi;
    lo = row.lo;
    hasLse = true;
  }
}
