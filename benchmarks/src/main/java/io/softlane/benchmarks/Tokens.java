package io.softlane.benchmarks;

import java.util.Random;

/** What a {@link TokenCall} reads and writes beside the batch. */
final class Tokens {
  static final float CAP = 30;

  private static final long SEED = 20260104;

  final TokenCall call;
  final Workload work;
  final int rows;
  final int cols;

  /** Of a row: how many are looked for. */
  final int k;

  final float[] uniforms;
  final int[] tokens;

  /** k a row, as {@code SoftmaxKernels.topK} writes them. */
  final float[] values;

  final int[] indices;

  Tokens(TokenCall call, Workload work) {
    this.call = call;
    this.work = work;
    rows = work.batch.rows();
    cols = work.batch.cols();
    k = call.k(cols);
    uniforms = new float[rows];
    Random random = new Random(SEED);
    for (int r = 0; r < rows; r++) {
      uniforms[r] = random.nextFloat();
    }
    tokens = new int[rows];
    values = new float[call.sampling == null ? rows * k : k];
    indices = new int[values.length];
  }

  float scale() {
    return 1 / call.sampling.temperature();
  }

  float p() {
    return call.sampling.topP();
  }
}
