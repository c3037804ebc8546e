package io.softlane.benchmarks;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;
import java.util.Random;

/**
 * Options for a batch, the same in every run: as attention has them, where the rows are [heads *
 * queries] and share a mask [queries, keys].
 */
final class Scores {
  private static final long SEED = 20260102;
  private static final int HEADS = 4;

  /** Of a row of keys, a power of two as 1 / sqrt(64) is would round nothing. */
  private static final float SCALE = 0.7f;

  /** What part of the hard mask is -inf. */
  private static final double MASKED = 0.25;

  final Rows maskRows;

  /** 0, or -inf for a quarter of the keys; no row is masked out altogether. */
  final float[] mask;

  /** N(0, 1), as a bias by position. */
  final float[] softMask;

  /** From 1 to all columns, in proportion to the row: a causal square, stretched to the batch. */
  final int[] lengths;

  final float[] sinks;

  private final Workload work;

  Scores(Workload work) {
    this.work = work;
    int rows = work.batch.rows();
    int cols = work.batch.cols();
    maskRows = Rows.of(rows % HEADS == 0 ? rows / HEADS : rows, cols);
    Random random = new Random(SEED);
    mask = new float[maskRows.rows() * cols];
    softMask = new float[mask.length];
    for (int i = 0; i < mask.length; i++) {
      boolean kept = i % cols == i / cols % cols;
      mask[i] = random.nextDouble() < MASKED && !kept ? Float.NEGATIVE_INFINITY : 0;
      softMask[i] = (float) random.nextGaussian();
    }
    lengths = new int[rows];
    sinks = new float[rows];
    for (int r = 0; r < rows; r++) {
      lengths[r] = 1 + (int) ((long) r * (cols - 1) / Math.max(1, rows - 1));
      sinks[r] = (float) random.nextGaussian();
    }
  }

  SoftmaxOptions options(String name) {
    SoftmaxOptions none = SoftmaxOptions.DEFAULT;
    return switch (name) {
      case "default" -> none;
      case "scale" -> none.withScale(SCALE);
      case "mask" -> none.withMask(mask, maskRows);
      case "softmask" -> none.withMask(softMask, maskRows);
      case "causal" -> none.withLengths(lengths);
      case "sinks" -> none.withSinks(sinks);
      case "all" ->
          none.withScale(SCALE).withMask(softMask, maskRows).withLengths(lengths).withSinks(sinks);
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
      for (int c = 0; c < row.cols(); c++) {
        scores[c] = c < n ? score(options, r, c) : Float.NEGATIVE_INFINITY;
      }
      if (options.sinks() != null) {
        scores[n] = options.sinks()[r];
      }
      SoftmaxKernels.scalar().softmax(scores, row, probabilities, row);
      System.arraycopy(probabilities, 0, all, r * cols, n);
    }
    return all;
  }

  private float score(SoftmaxOptions options, int r, int c) {
    int cols = work.batch.cols();
    float score = options.scale() * work.logits[r * cols + c];
    return options.mask() == null ? score : score + options.mask()[r % maskRows.rows() * cols + c];
  }
}
