package io.softlane;

import io.softlane.CrossEntropy.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Threads that work on slices of the same arrays get the bits of one call. */
interface ThreadsContract {
  int THREADS = 4;

  SoftmaxKernels kernels();

  @Test
  default void slicesOnThreads() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      for (Operation operation : Operation.values()) {
        for (int seed = 0; seed < 8; seed++) {
          slices(pool, operation, new Sample(null, 53, 37 + seed, seed));
        }
      }
    }
  }

  private void slices(ExecutorService pool, Operation operation, Sample sample) throws Exception {
    Call whole = Call.of(operation, sample);
    if (whole.options != null) {
      whole.options = whole.options.withReduction(Reduction.SUM);
    }
    float[] shared = whole.out == null ? null : whole.out.clone();
    // Together, so that the calls do overlap in time.
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<Call>> parts = new ArrayList<>();
    int[] ends = new int[THREADS + 1];
    for (int i = 0; i < THREADS; i++) {
      ends[i + 1] = sample.rows() * (i + 1) / THREADS;
      Call part = slice(whole, ends[i], ends[i + 1], shared);
      parts.add(
          pool.submit(
              () -> {
                start.await();
                return part.run(kernels());
              }));
    }
    whole.run(kernels());
    for (int i = 0; i < THREADS; i++) {
      parts.get(i).get().assertSameResults(whole, ends[i], "slice " + i);
    }
    if (shared != null) {
      new Batch(shared, whole.outRows).assertGuards(operation + " on threads");
    }
  }

  /** The same arrays and a range of their rows; per-row arrays of its own. */
  static Call slice(Call whole, int from, int to, float[] out) {
    Call part = whole.packedRows(from, to);
    part.in(new Batch(whole.in, whole.inRows.slice(from, to)));
    if (whole.second != null) {
      part.second(new Batch(whole.second, whole.secondRows.slice(from, to)));
    }
    if (whole.out != null) {
      part.out(new Batch(out, whole.outRows.slice(from, to)));
    }
    return part;
  }
}
