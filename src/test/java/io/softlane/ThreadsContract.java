package io.softlane;

import io.softlane.CrossEntropy.Reduction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
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

  /** Rows that have scratch of their own, for long enough that calls are in it at once. */
  @Test
  @Tag("long")
  default void slicesOfLongRowsOnThreads() throws Exception {
    slicesOfLongRows(Executors.newFixedThreadPool(THREADS));
  }

  /** These share what they work with. */
  @Test
  @Tag("long")
  default void slicesOfLongRowsOnVirtualThreads() throws Exception {
    slicesOfLongRows(Executors.newVirtualThreadPerTaskExecutor());
  }

  private void slicesOfLongRows(ExecutorService threads) throws Exception {
    try (ExecutorService pool = threads) {
      for (Operation operation : Operation.values()) {
        for (int cols : new int[] {4097, 6000, 40_000}) {
          for (int seed = 0; seed < 3; seed++) {
            slices(pool, operation, new Sample(seed == 0 ? Logits.NORMAL : null, 12, cols, seed));
          }
        }
      }
    }
  }

  /** The same from and to native memory, and memory that is copied. */
  @Test
  default void longSegmentsOnThreads() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        Arena arena = Arena.ofShared()) {
      for (Operation operation : SegmentCall.OPERATIONS) {
        for (Memory memory : List.of(Memory.NATIVE, Memory.UNALIGNED, Memory.BYTES)) {
          for (int cols : new int[] {3000, 6000}) {
            List<SegmentCall> calls = new ArrayList<>();
            List<Future<SegmentCall>> done = new ArrayList<>();
            CyclicBarrier start = new CyclicBarrier(THREADS);
            for (int i = 0; i < THREADS; i++) {
              Call arrays = Call.of(operation, new Sample(null, 9, cols, i));
              MemorySegment out = arrays.out == null ? null : memory.of(arena, arrays.out);
              SegmentCall call = new SegmentCall(arrays.copy(), memory.of(arena, arrays.in), out);
              calls.add(new SegmentCall(arrays, call.in, out));
              done.add(
                  pool.submit(
                      () -> {
                        start.await();
                        return call.run(kernels());
                      }));
            }
            for (int i = 0; i < THREADS; i++) {
              SegmentCall call = done.get(i).get();
              call.assertSame(calls.get(i).call.run(kernels()), memory + ", on threads");
            }
          }
        }
      }
    }
  }

  private void slices(ExecutorService pool, Operation operation, Sample sample) throws Exception {
    Call whole = Call.of(operation, sample);
    if (whole.options != null) {
      whole.options = whole.options.withReduction(Reduction.SUM);
    }
    Call shared = whole.copy();
    // Together, so that the calls do overlap in time.
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<Call>> parts = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int rows = sample.rows();
      Call part = shared.slice(rows * i / THREADS, rows * (i + 1) / THREADS);
      parts.add(
          pool.submit(
              () -> {
                start.await();
                return part.run(kernels());
              }));
    }
    for (Future<Call> part : parts) {
      part.get();
    }
    shared.assertSameResults(whole.run(kernels()), 0, "in slices");
    shared.assertSpareResults();
    if (shared.out != null) {
      shared.out().assertGuards(operation + " on threads");
    }
  }
}
