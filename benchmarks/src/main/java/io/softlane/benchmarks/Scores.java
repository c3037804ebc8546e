package io.softlane.benchmarks;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;
import io.softlane.benchmarks.sidebyside.ScoreParts;
import java.util.Arrays;

/** Options for a batch, the same in every run: {@link ScoreParts} as options of the library. */
final class Scores {
  /** As Gemma 2's attention has it. */
  private static final float CAP = 50;

  final Rows maskRows;
  final float[] mask;
  final float[] softMask;
  final int[] lengths;
  final float[] sinks;

  private final Workload work;

  Scores(Workload work) {
    this.work = work;
    ScoreParts parts = new ScoreParts(work.batch.rows(), work.batch.cols());
    maskRows = Rows.of(parts.maskRows, work.batch.cols());
    mask = parts.mask;
    softMask = parts.softMask;
    lengths = parts.lengths;
    sinks = parts.sinks;
  }

  SoftmaxOptions options(String name) {
    SoftmaxOptions none = SoftmaxOptions.DEFAULT;
    return switch (name) {
      case "default" -> none;
      case "scale" -> none.withScale(ScoreParts.SCALE);
      case "mask" -> none.withMask(mask, maskRows);
      case "softmask" -> none.withMask(softMask, maskRows);
      case "scalemask" -> none.withScale(ScoreParts.SCALE).withMask(mask, maskRows);
      case "scalecapmask" ->
          none.withScale(ScoreParts.SCALE).withSoftcap(CAP).withMask(mask, maskRows);
      case "causal" -> none.withLengths(lengths);
      case "sinks" -> none.withSinks(sinks);
      case "all" ->
          none.withScale(ScoreParts.SCALE)
              .withMask(softMask, maskRows)
              .withLengths(lengths)
              .withSinks(sinks);
      default -> throw Operation.unknown(name);
    };
  }

  /**
   * The softmax of the scores as a caller without options would prepare them, by the scalar
   * kernels: left out is -inf, and a sink is one more column.
   */
  float[] softmax(SoftmaxOptions options) {
    int cols = work.batch.cols();
    Rows row = Rows.of(1, options.sinks() == null ? cols : cols + 1);
    float[] scores = new float[row.cols()];
    float[] probabilities = new float[row.cols()];
    float[] all = new float[work.out.length];
    for (int r = 0; r < work.batch.rows(); r++) {
      int n = options.lengths() == null ? cols : options.lengths()[r];
      Arrays.fill(scores, Float.NEGATIVE_INFINITY);
      for (int c = 0; c < n; c++) {
        scores[c] = options.scale() * work.logits[r * cols + c];
      }
      if (options.softcap() < Float.POSITIVE_INFINITY) {
        Rows used = Rows.of(1, n);
        SoftmaxKernels.scalar().softcap(scores, used, options.softcap(), scores, used);
      }
      for (int c = 0; c < n && options.mask() != null; c++) {
        scores[c] += options.mask()[r % maskRows.rows() * cols + c];
      }
      if (options.sinks() != null) {
        scores[n] = options.sinks()[r];
      }
      SoftmaxKernels.scalar().softmax(scores, row, probabilities, row);
      System.arraycopy(probabilities, 0, all, r * cols, n);
    }
    return all;
  }
}
