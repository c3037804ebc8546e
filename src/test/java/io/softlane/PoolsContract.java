package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.CrossEntropy.Reduction;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows go by their numbers: slices in any order, and views on pools, write what one call does. */
interface PoolsContract {
  /** Rows and columns of batches that a pool shares, every way that rows may go. */
  int[][] SHAPES = {{26_300, 10}, {5800, 100}, {1300, 520}, {660, 1000}, {220, 3000}, {17, 40_000}};

  SoftmaxKernels kernels();

  @Test
  default void slicesInAnyOrder() {
    for (Operation operation : Operation.values()) {
      for (int seed = 0; seed < 30; seed++) {
        Random random = new Random(seed);
        int[] shape = {1 + random.nextInt(40), 1 + random.nextInt(seed % 3 == 0 ? 3000 : 40)};
        Call whole = Call.of(operation, new Sample(null, shape[0], shape[1], seed));
        if (whole.options != null) {
          whole.options = whole.options.withReduction(Reduction.SUM);
        }
        Call parts = whole.copy();
        List<int[]> slices = new ArrayList<>();
        for (int from = 0; from < shape[0]; ) {
          int end = Math.min(shape[0], from + 1 + random.nextInt(9));
          slices.add(new int[] {from, end});
          from = end;
        }
        Collections.shuffle(slices, random);
        for (int[] slice : slices) {
          parts.slice(slice[0], slice[1]).run(kernels());
        }
        parts.assertSameResults(whole.run(kernels()), 0, "slices of seed " + seed);
        parts.assertSpareResults();
        if (parts.out != null) {
          parts.out().assertGuards(operation + " in slices");
        }
      }
    }
  }

  @Test
  @Tag("long")
  default void onAPool() throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      same(pool, Callable::call, "a pool");
      same(ForkJoinPool.commonPool(), Callable::call, "the common pool");
      same(pool, job -> pool.submit(job).get(), "inside the pool");
      try (var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
        same(pool, job -> virtual.submit(job).get(), "a virtual thread");
      }
    }
  }

  /**
   * A pool that takes no tasks, and one whose only thread is busy, leave the rows to the caller.
   */
  @Test
  @Tag("long")
  default void onAPoolThatDoesNothing() throws Exception {
    ForkJoinPool closed = new ForkJoinPool(2);
    closed.shutdown();
    same(closed, Callable::call, "a pool that is shut down");
    AtomicInteger made = new AtomicInteger();
    ForkJoinPool.ForkJoinWorkerThreadFactory one =
        p -> {
          if (made.getAndIncrement() > 0) {
            throw new OutOfMemoryError("no more threads");
          }
          return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(p);
        };
    ForkJoinPool poor = new ForkJoinPool(4, one, null, false);
    same(poor, Callable::call, "a pool that cannot make its second thread");
    poor.shutdownNow(); // close would wait for the threads that it could not make
    assertTrue(made.get() > 1, "the pool was not asked for a second thread");
    CountDownLatch end = new CountDownLatch(1);
    try (ForkJoinPool busy = new ForkJoinPool(1)) {
      busy.execute(
          () -> {
            try {
              end.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      try {
        same(busy, Callable::call, "a pool that is busy");
        // Which gets no more tasks than it may once come to.
        assertTrue(busy.getQueuedSubmissionCount() < 16, busy::toString);
      } finally {
        end.countDown();
      }
    }
  }

  /** A pool's thread that calls again and again: what nobody else took does not pile up behind. */
  @Test
  default void callAfterCallInsideThePool() throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(1)) {
      SoftmaxKernels view = kernels().parallel(pool);
      Call call = Call.of(Operation.SOFTMAX, new Sample(null, 5800, 100, 1));
      Callable<Long> calls =
          () -> {
            for (int i = 0; i < 40; i++) {
              call.run(view);
            }
            return pool.getQueuedTaskCount();
          };
      assertEquals(0, pool.submit(calls).get());
      call.copy().run(kernels()).assertSameResults(call, 0, "call after call");
    }
  }

  @Test
  default void anInterruptIsKept() throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(2)) {
      Call call = Call.of(Operation.SOFTMAX, new Sample(null, 5800, 100, 1));
      Call plain = call.copy().run(kernels());
      Thread.currentThread().interrupt();
      call.run(kernels().parallel(pool));
      assertTrue(Thread.interrupted(), "the interrupt");
      call.assertSameResults(plain, 0, "interrupted");
    }
  }

  /** Who makes a call. */
  interface Caller {
    Call make(Callable<Call> call) throws Exception;
  }

  private void same(ForkJoinPool pool, Caller caller, String what) throws Exception {
    for (Operation operation : Operation.values()) {
      for (int[] shape : SHAPES) {
        same(pool, caller, what, operation, new Sample(null, shape[0], shape[1], shape[0]));
        if (operation.takes(Operation.Argument.OPTIONS)) { // or the sum of all losses is NaN
          same(pool, caller, what, operation, new Sample(Logits.NORMAL, shape[0], shape[1], 1));
        }
      }
    }
  }

  private void same(
      ForkJoinPool pool, Caller caller, String what, Operation operation, Sample sample)
      throws Exception {
    SoftmaxKernels view = kernels().parallel(pool);
    Call call = Call.of(operation, sample);
    Call plain = call.copy().run(kernels());
    Call bare = call.copy();
    caller.make(() -> call.run(view)).assertSameResults(plain, 0, what);
    assertEquals(plain.loss, call.loss, () -> call + " on " + what);
    call.assertSpareResults();
    if (operation.takes(Operation.Argument.OPTIONS)) {
      bare.results = null;
      caller.make(() -> bare.run(view));
      assertEquals(plain.loss, bare.loss, () -> call + " without losses on " + what);
      plain.results = null;
      bare.assertSameResults(plain, 0, what + ", without losses");
    }
  }

  /** Also memory that only the caller may touch, which it works on alone. */
  @Test
  @Tag("long")
  default void segmentsOnAPool() {
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      SoftmaxKernels view = kernels().parallel(pool);
      for (Operation operation : SegmentCall.OPERATIONS) {
        for (int[] shape : new int[][] {{5800, 100}, {660, 1000}, {220, 3000}}) {
          for (boolean shared : new boolean[] {true, false}) {
            try (Arena arena = shared ? Arena.ofShared() : Arena.ofConfined()) {
              Call arrays = Call.of(operation, new Sample(null, shape[0], shape[1], 5));
              SegmentCall call =
                  new SegmentCall(
                      arrays.copy(),
                      Memory.NATIVE.of(arena, arrays.in),
                      arrays.out == null ? null : Memory.NATIVE.of(arena, arrays.out));
              call.run(view).assertSame(arrays.run(kernels()), "on a pool, shared " + shared);
            }
          }
        }
      }
    }
  }

  /** What is refused is refused before any thread writes, with the plain call's words. */
  @Test
  default void refusalsOnAPool() {
    Call call = Call.of(Operation.GRADIENT_OF_LABELS, new Sample(null, 5800, 100, 1));
    call.options = CrossEntropy.DEFAULT;
    call.labels[5799] = 100;
    Call before = call.copy();
    SoftmaxKernels view = kernels().parallel();
    Exception plain = assertThrows(IndexOutOfBoundsException.class, () -> call.run(kernels()));
    Exception refusal = assertThrows(IndexOutOfBoundsException.class, () -> call.run(view));
    assertEquals(plain.getMessage(), refusal.getMessage());
    assertArrayEquals(LayoutContract.bits(before.out), LayoutContract.bits(call.out));
    assertArrayEquals(LayoutContract.bits(before.results), LayoutContract.bits(call.results));
  }

  @Test
  default void viewsOfViews() {
    try (ForkJoinPool pool = new ForkJoinPool(5)) {
      String name = kernels().toString();
      assertEquals(name + ", 5 threads", kernels().parallel().parallel(pool).toString());
      assertThrows(NullPointerException.class, () -> kernels().parallel(null));
      // A part that fails fails the call, and later calls are as before.
      Arena arena = Arena.ofShared();
      Call call = Call.of(Operation.SOFTMAX, new Sample(null, 5800, 100, 1));
      SegmentCall closed =
          new SegmentCall(
              call, Memory.NATIVE.of(arena, call.in), Memory.NATIVE.of(arena, call.out));
      arena.close();
      SoftmaxKernels view = kernels().parallel(pool);
      assertThrows(IllegalStateException.class, () -> closed.run(view));
      call.copy().run(view).assertSameResults(call.run(kernels()), 0, "after a failure");
    }
  }

  /** The methods of one row: the whole array, or two of the same length. */
  @Test
  default void oneRow() {
    for (int n : new int[] {1, 2, 10, 16, 100, 1000, 5000}) {
      for (int seed = 0; seed < 6; seed++) {
        Call call = Call.of(Operation.SOFTMAX, new Sample(null, 1, n, seed)).packedRows(0, 1);
        float[] x = call.in;
        Rows row = Rows.of(1, n);
        float[] expected = new float[n];
        float[] result = new float[n];
        float[] one = new float[1];
        int[] index = new int[1];
        kernels().softmax(x, row, expected, row);
        kernels().softmax(x, result);
        SpecialValuesContract.assertSame(expected, result);
        kernels().logSoftmax(x, row, expected, row);
        kernels().logSoftmax(x, result);
        SpecialValuesContract.assertSame(expected, result);
        kernels().max(x, row, one);
        assertEquals(one[0], kernels().max(x));
        kernels().argmax(x, row, index);
        assertEquals(index[0], kernels().argmax(x));
        kernels().logSumExp(x, row, one);
        assertEquals(one[0], kernels().logSumExp(x));
        kernels().entropy(x, row, one);
        assertEquals(one[0], kernels().entropy(x));
        kernels().crossEntropy(x, row, new int[] {n / 2}, CrossEntropy.DEFAULT, one);
        assertEquals(one[0], kernels().crossEntropy(x, n / 2));
        float[] inPlace = x.clone();
        kernels().softmax(x, row, expected, row);
        kernels().softmax(inPlace, inPlace);
        SpecialValuesContract.assertSame(expected, inPlace);
      }
    }
  }

  /** What is no row, and what these methods refuse beside it. */
  @Test
  default void noRow() {
    List<Consumer<float[]>> methods =
        List.of(
            x -> kernels().softmax(x, x),
            x -> kernels().logSoftmax(x, x),
            x -> kernels().max(x),
            x -> kernels().argmax(x),
            x -> kernels().logSumExp(x),
            x -> kernels().entropy(x),
            x -> kernels().crossEntropy(x, 0));
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    for (Consumer<float[]> method : methods) {
      Exception none = assertThrows(NullPointerException.class, () -> method.accept(null));
      assertEquals("logits is null", none.getMessage());
      Exception empty = assertThrows(illegal, () -> method.accept(new float[0]));
      assertTrue(empty.getMessage().startsWith("logits is empty"), empty.getMessage());
    }
    float[] three = new float[3];
    assertThrows(illegal, () -> kernels().softmax(three, new float[4]));
    assertThrows(illegal, () -> kernels().logSoftmax(three, new float[4]));
    assertThrows(IndexOutOfBoundsException.class, () -> kernels().crossEntropy(new float[3], 3));
    Exception negative =
        assertThrows(
            IndexOutOfBoundsException.class, () -> kernels().crossEntropy(new float[3], -1));
    assertTrue(negative.getMessage().contains("withIgnoreIndex"), negative.getMessage());
  }
}
