package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A shared arena is closed while another thread's calls use it: the call or the close throws
 * IllegalStateException, no JVM crashes, and later calls are right.
 */
class ClosingTest {
  private static final int ROUNDS = 40;

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector", "best", "parallel"})
  void closeInMidCall(String name) throws Exception {
    ForkJoinPool pool = new ForkJoinPool(2);
    SoftmaxKernels kernels =
        switch (name) {
          case "scalar" -> SoftmaxKernels.scalar();
          case "vector" -> SoftmaxKernels.vector();
          case "parallel" -> SoftmaxKernels.vector().parallel(pool);
          default -> SoftmaxKernels.best();
        };
    // As many elements as are split, and fewer rounds then.
    boolean isSplit = name.equals("parallel");
    int rows = isSplit ? 2700 : 40;
    try (pool;
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int round = 0; round < (isSplit ? 2 : ROUNDS); round++) {
        for (Operation operation : SegmentCall.OPERATIONS) {
          close(operation, kernels, other, new Sample(Logits.NORMAL, rows, 100, round));
        }
      }
    }
  }

  private static void close(
      Operation operation, SoftmaxKernels kernels, ExecutorService other, Sample sample)
      throws Exception {
    Call arrays = Call.of(operation, sample);
    // Of two arenas only one is closed, by turns the input's and the output's.
    Arena closing = Arena.ofShared();
    try (Arena staying = Arena.ofShared()) {
      boolean hasOut = arrays.out != null;
      boolean output = hasOut && sample.seed() % 2 == 1;
      MemorySegment in = Memory.NATIVE.of(output ? staying : closing, arrays.in);
      MemorySegment out = hasOut ? Memory.NATIVE.of(output ? closing : staying, arrays.out) : null;
      SegmentCall call = new SegmentCall(arrays.copy(), in, out);
      CountDownLatch started = new CountDownLatch(1);
      Callable<Void> calls =
          () -> {
            while (true) {
              call.run(kernels);
              started.countDown();
            }
          };
      Future<Void> running = other.submit(calls);
      started.await();
      // Not all at the same place of a call: some work in between, but no clock.
      for (int i = 0; i < 20 * (sample.seed() % 7); i++) {
        Thread.onSpinWait();
      }
      boolean closed = false;
      while (!closed) {
        try {
          closing.close();
          closed = true;
        } catch (IllegalStateException e) {
          // In use just now; the call goes on, unharmed.
          assertTrue(closing.scope().isAlive(), e::toString);
        }
      }
      ExecutionException thrown = assertThrows(ExecutionException.class, running::get);
      if (thrown.getCause().getClass() != IllegalStateException.class) {
        throw new AssertionError(operation + ", " + kernels, thrown.getCause());
      }
    }
    // What the interrupted call had in the buffer does not show.
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = Memory.NATIVE.of(arena, arrays.in);
      MemorySegment out = arrays.out == null ? null : Memory.NATIVE.of(arena, arrays.out);
      SegmentCall later = new SegmentCall(arrays.copy(), in, out);
      arrays.run(kernels);
      later.run(kernels).assertSame(arrays, "after a close");
    }
  }

  /** Not the end of the JVM. */
  @Test
  @Tag("processes")
  void fileThatIsCutShort() throws Exception {
    ChildJvm.Result result = ChildJvm.run(ChildJvm.withModule(), CutFileProbe.class);
    assertEquals(0, result.exit(), () -> result.out() + result.err());
  }
}
