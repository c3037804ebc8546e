package io.softlane;

import io.softlane.internal.loops.WarmingLoops;
import java.util.List;

/**
 * Calls that nobody waits for, so that those which somebody does are of compiled code. C2 would
 * take four seconds for all loops; in less than two, the operations that most programs begin with
 * get what they need.
 */
final class Rehearsal {
  /** How long calls wait for loops to be compiled, and until when the code around them is. */
  private static final long LOOPS = 1_450_000_000;

  private static final long ALL = 1_800_000_000;

  /**
   * The most calls of an operation before the next one's: C2 is the bottleneck, and loops that all
   * ask at once are ready at once, too late. (Softmax, log-softmax, log-sum-exp, gradient: ready in
   * five JVMs of five; with 20 calls each in three. Zen 4.)
   */
  private static final int CALLS = 100;

  /** Rows that go in flight. */
  private static final int ROWS = 32;

  private static final int COLS = 768;
  private static final int K = 8;

  private final Kernels kernels;
  private final Rows batch = Rows.of(ROWS, COLS);
  private final float[] x = new float[ROWS * COLS];
  private final float[] out = new float[ROWS * COLS];
  private final float[] each = new float[ROWS];
  private final float[] uniforms = new float[ROWS];
  private final int[] columns = new int[ROWS];
  private final float[] values = new float[ROWS * K];
  private final int[] indices = new int[ROWS * K];

  /** Nothing where the scalar kernels are the best: they begin as fast as all Java code does. */
  static void of(Kernels best) {
    if (best != Kernels.SCALAR) {
      new Rehearsal(Kernels.Vectors.BEST).run(WarmingLoops.INSTANCE);
    }
  }

  private Rehearsal(Kernels kernels) {
    this.kernels = kernels;
    for (int c = 0; c < x.length; c++) {
      x[c] = c * 31 % 17 * 0.25f;
    }
  }

  private void run(WarmingLoops loops) {
    long start = System.nanoTime();
    loops.hurry(start + LOOPS);
    List<Runnable> calls = calls();
    for (Runnable call : calls) {
      boolean waits = true;
      for (int n = 0; n < CALLS && waits && System.nanoTime() - start < LOOPS; n++) {
        int misses = loops.misses();
        call.run();
        waits = loops.misses() != misses;
      }
    }
    while (System.nanoTime() - start < ALL) {
      calls.forEach(Runnable::run);
    }
  }

  private List<Runnable> calls() {
    CrossEntropy loss = CrossEntropy.DEFAULT;
    SoftmaxOptions scaled = SoftmaxOptions.DEFAULT.withScale(0.5f);
    Sampling cut = Sampling.DEFAULT.withTopK(K).withTopP(0.9f);
    return List.of(
        () -> kernels.softmax(x, batch, out, batch),
        () -> kernels.logSoftmax(x, batch, out, batch),
        () -> kernels.logSumExp(x, batch, each),
        () -> kernels.argmax(x, batch, columns),
        () -> kernels.max(x, batch, each),
        () -> kernels.crossEntropyGradient(x, batch, columns, loss, each, out, batch),
        () -> kernels.crossEntropy(x, batch, columns, loss, each),
        () -> kernels.softmax(x, batch, scaled, out, batch),
        () -> kernels.entropy(x, batch, each),
        () -> kernels.sample(x, batch, cut, uniforms, columns, each),
        () -> kernels.topK(x, batch, K, values, indices),
        () -> kernels.softcap(x, batch, 30, out, batch),
        () -> kernels.softmaxBackward(x, batch, x, batch, out, batch));
  }
}
