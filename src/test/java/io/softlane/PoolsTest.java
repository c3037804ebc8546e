package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.Operation.Argument;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolsTest {
  private static final SoftmaxKernels PLAIN = SoftmaxKernels.scalar();
  private static final String PARALLELISM =
      "-Djava.util.concurrent.ForkJoinPool.common.parallelism=";

  /** A pool of one thread, which has done a task before it takes the next, or does none. */
  static final class Eager extends ForkJoinPool {
    int tasks;
    ForkJoinTask<?> last;
    boolean isIdle;
    Runnable before = () -> {};

    Eager() {
      super(1);
    }

    @Override
    public void execute(ForkJoinTask<?> task) {
      tasks++;
      last = task;
      before.run();
      if (!isIdle) {
        submit(task).join();
      }
    }
  }

  /** From 655360 elements on, where each row counts 16 more; all of it is another thread's work. */
  @Test
  void doneByAnother() {
    try (Eager pool = new Eager()) {
      SoftmaxKernels view = PLAIN.parallel(pool);
      for (Operation operation : Operation.values()) {
        for (int rows : new int[] {32_767, 32_768}) {
          Call call =
              Call.of(operation, new Sample(Logits.NORMAL, rows + 1, 4, rows)).slice(1, rows + 1);
          Call plain = call.copy().run(PLAIN);
          pool.tasks = 0;
          call.run(view).assertSameResults(plain, 0, "by another thread");
          assertEquals(rows == 32_768 ? 1 : 0, pool.tasks, () -> operation + " of " + rows);
          assertEquals(plain.loss, call.loss, operation::toString);
          call.assertSpareResults();
          if (operation.takes(Argument.OPTIONS)) {
            call.results = null;
            assertEquals(plain.loss, call.run(view).loss, () -> operation + " without losses");
          }
        }
      }
    }
  }

  /** A segment is shared where its arena is. */
  @Test
  void segmentsDoneByAnother() {
    try (Eager pool = new Eager()) {
      for (Operation operation : SegmentCall.OPERATIONS) {
        for (boolean shared : new boolean[] {false, true}) {
          try (Arena arena = shared ? Arena.ofShared() : Arena.ofConfined()) {
            Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 32_768, 4, 5));
            MemorySegment in = Memory.NATIVE.of(arena, arrays.in);
            MemorySegment out = arrays.out == null ? null : Memory.NATIVE.of(arena, arrays.out);
            SegmentCall call = new SegmentCall(arrays.copy(), in, out);
            pool.tasks = 0;
            call.run(PLAIN.parallel(pool)).assertSame(arrays.run(PLAIN), "by another thread");
            assertEquals(shared ? 1 : 0, pool.tasks, () -> operation + ", shared " + shared);
          }
        }
      }
    }
  }

  /** With 0 threads nobody ever takes a task: none may be left, call after call. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @Tag("processes")
  void commonPools(int threads) throws Exception {
    ChildJvm.Result result =
        ChildJvm.run(ChildJvm.withModule(PARALLELISM + threads), PoolProbe.class);
    assertEquals(0, result.exit(), result::err);
    List<String> lines = result.out().lines().toList();
    assertEquals("scalar, " + Math.max(1, threads) + " threads", lines.getFirst());
    if (threads == 0) {
      assertEquals("0", lines.getLast(), "tasks that are left");
    }
  }
}
