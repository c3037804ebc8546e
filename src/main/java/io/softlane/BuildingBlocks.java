package io.softlane;

import io.softlane.internal.loops.Loops;

/**
 * The operations that are a loop over each row where it lies, with no scratch between: so they need
 * no work, and a part of a call is the same call on a slice.
 */
abstract class BuildingBlocks extends Calls {
  /** The same without a team. */
  private final BuildingBlocks alone;

  BuildingBlocks(Loops loops, Team team, BuildingBlocks alone) {
    super(loops, team);
    this.alone = alone;
  }

  private boolean isShared(Rows in) {
    return team != null && team.parts(in.rows(), in.cols()) > 1;
  }

  private void share(Rows in, Team.Part part) {
    team.run(0, in.rows(), team.parts(in.rows(), in.cols()), part);
  }

  /** Where row r begins, in an array that the batch fits. */
  private static int at(Rows rows, int r) {
    return (int) (rows.offset() + r * rows.stride());
  }

  public void expSum(float[] logits, Rows in, float[] shift, float[] exps, Rows out, float[] sum) {
    Batches.expSum(logits, in, shift, exps, out, sum);
    if (isShared(in)) {
      share(in, (a, b) -> alone.expSum(logits, in.slice(a, b), shift, exps, out.slice(a, b), sum));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      int number = in.firstRow() + r;
      loops.exps(logits, at(in, r), in.cols(), shift[number], exps, at(out, r));
      sum[number] = (float) loops.sum(exps, at(out, r), in.cols());
    }
  }

  public void normalize(float[] values, Rows in, float[] sum, float[] normalized, Rows out) {
    Batches.normalize(values, in, sum, normalized, out);
    if (isShared(in)) {
      share(
          in, (a, b) -> alone.normalize(values, in.slice(a, b), sum, normalized, out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      float divisor = sum[in.firstRow() + r];
      loops.divide(values, at(in, r), in.cols(), divisor, normalized, at(out, r));
    }
  }

  public void subtractOneHot(
      float[] probabilities, Rows in, int[] labels, float[] gradient, Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.labels(labels, in);
    if (isShared(in)) {
      share(
          in,
          (a, b) ->
              alone.subtractOneHot(
                  probabilities, in.slice(a, b), labels, gradient, out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      System.arraycopy(probabilities, at(in, r), gradient, at(out, r), in.cols());
      gradient[at(out, r) + labels[in.firstRow() + r]] -= 1;
    }
  }

  public void subtract(
      float[] probabilities,
      Rows in,
      float[] targets,
      Rows targetRows,
      float[] gradient,
      Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.second("targets", targets, targetRows, in, "gradient", gradient, out);
    if (isShared(in)) {
      share(
          in,
          (a, b) ->
              alone.subtract(
                  probabilities,
                  in.slice(a, b),
                  targets,
                  targetRows.slice(a, b),
                  gradient,
                  out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      int j = at(targetRows, r);
      loops.subtract(probabilities, at(in, r), targets, j, in.cols(), gradient, at(out, r));
    }
  }

  public void softmaxBackward(
      float[] probabilities,
      Rows in,
      float[] upstream,
      Rows upstreamRows,
      float[] gradient,
      Rows out) {
    Batches.map("probabilities", probabilities, in, "gradient", gradient, out);
    Batches.second("upstream", upstream, upstreamRows, in, "gradient", gradient, out);
    if (isShared(in)) {
      share(
          in,
          (a, b) ->
              alone.softmaxBackward(
                  probabilities,
                  in.slice(a, b),
                  upstream,
                  upstreamRows.slice(a, b),
                  gradient,
                  out.slice(a, b)));
      return;
    }
    int n = in.cols();
    for (int r = 0; r < in.rows(); r++) {
      int i = at(in, r);
      int j = at(upstreamRows, r);
      double dot = loops.dot(probabilities, i, upstream, j, n);
      loops.backward(probabilities, i, upstream, j, n, dot, gradient, at(out, r));
    }
  }

  public void softcap(float[] logits, Rows in, float cap, float[] capped, Rows out) {
    Batches.map("logits", logits, in, "capped", capped, out);
    Batches.cap(cap);
    if (isShared(in)) {
      share(in, (a, b) -> alone.softcap(logits, in.slice(a, b), cap, capped, out.slice(a, b)));
      return;
    }
    for (int r = 0; r < in.rows(); r++) {
      loops.softcap(logits, at(in, r), in.cols(), 1, cap, capped, at(out, r));
    }
  }
}
