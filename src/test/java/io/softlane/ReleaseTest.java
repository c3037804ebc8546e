package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softlane.internal.loops.ScalarLoops;
import io.softlane.internal.rows.Work;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A thread keeps its {@link Work}, and would keep alive what that still knew of the caller's. */
class ReleaseTest {
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.scalar();
  private static final Class<IndexOutOfBoundsException> REFUSED = IndexOutOfBoundsException.class;
  private static final List<Object> CONSTANTS =
      List.of(SoftmaxOptions.DEFAULT, CrossEntropy.DEFAULT, Sampling.DEFAULT);

  @Test
  void nothingOfACallStays() {
    for (Operation operation : Operation.values()) {
      for (int cols : new int[] {1, 10, 600, 1000, 3000, 40000}) {
        for (int rows : new int[] {1, 5}) {
          for (Logits kind : List.of(Logits.NORMAL, Logits.ANY_WINDOW)) {
            Call call = Call.of(operation, new Sample(kind, rows, cols, cols + rows));
            call.run(KERNELS);
            assertNoneIsKept(call, operation + ", " + rows + " x " + cols + ", " + kind);
          }
        }
      }
    }
  }

  /** Terms are where the results will be; and each sum is a float, for which a row is asked. */
  @Test
  void nothingOfABatchBeyondTheCachesStays() throws ReflectiveOperationException {
    Field isLarge =
        Class.forName("io.softlane.internal.rows.FirstCache").getDeclaredField("isLarge");
    isLarge.setAccessible(true);
    boolean own = isLarge.getBoolean(null);
    isLarge.setBoolean(null, false);
    try {
      Rows rows = Rows.of(20_000, 128);
      float[] logits = new float[20_000 * 128];
      float[] results = new float[logits.length + 16]; // the last rows have room behind them, too
      KERNELS.softmax(logits, rows, results, rows);
      assertNoneIsKept(new Object[] {logits, results}, "softmax");
      KERNELS.logSoftmax(logits, rows, results, rows);
      assertNoneIsKept(new Object[] {logits, results}, "logSoftmax");
    } finally {
      isLarge.setBoolean(null, own);
    }
  }

  @Test
  void noSegmentStays() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (Memory memory : List.of(Memory.NATIVE, Memory.UNALIGNED)) {
        Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 5, 1000, 1));
        try (Arena arena = Arena.ofConfined()) {
          SegmentCall call =
              new SegmentCall(
                  arrays,
                  memory.of(arena, arrays.in),
                  arrays.out == null ? null : memory.of(arena, arrays.out));
          call.run(KERNELS);
          assertNoneIsKept(call, operation + ", " + memory);
        }
      }
    }
  }

  /** With whom has shared rows: the caller, a thread that did all, a task, done or never begun. */
  @Test
  void nothingStaysInAPool() {
    for (Operation operation : Operation.values()) {
      Call call = Call.of(operation, new Sample(Logits.NORMAL, 32_768, 4, 1));
      try (PoolsTest.Eager pool = new PoolsTest.Eager()) {
        call.run(KERNELS.parallel(pool));
        assertNoneIsKept(call, operation + ", the caller");
        assertNoneIsKept(keptBy(pool), call, operation + ", the thread");
        assertNoneIsKept(reachable(pool.last), call, operation + ", its task");
        pool.isIdle = true;
        call.run(KERNELS.parallel(pool));
        assertNoneIsKept(reachable(pool.last), call, operation + ", a task that is left");
      }
    }
  }

  /** The pool that is asked to help closes the arena: the rows fail, the caller's or its own. */
  @Test
  void nothingOfAFailureStays() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (boolean isIdle : new boolean[] {true, false}) {
        Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 32_768, 4, 1));
        Arena arena = Arena.ofShared();
        MemorySegment out = arrays.out == null ? null : Memory.NATIVE.of(arena, arrays.out);
        SegmentCall call = new SegmentCall(arrays, Memory.NATIVE.of(arena, arrays.in), out);
        try (PoolsTest.Eager pool = new PoolsTest.Eager()) {
          pool.isIdle = isIdle;
          pool.before = arena::close;
          SoftmaxKernels view = KERNELS.parallel(pool);
          assertThrows(IllegalStateException.class, () -> call.run(view), operation::toString);
          assertNoneIsKept(call, operation + ", the caller");
          assertNoneIsKept(keptBy(pool), call, operation + ", the thread");
        }
      }
    }
  }

  /** Works of virtual threads are for all of them: one that is not back is made anew. */
  @Test
  void virtualThreadsGiveBack() throws Exception {
    Rows row = Rows.of(1, 3);
    List<Consumer<float[]>> calls =
        List.of(
            x -> KERNELS.softmax(x, new float[3]),
            x -> KERNELS.logSoftmax(x, new float[3]),
            x -> KERNELS.max(x),
            x -> KERNELS.argmax(x),
            x -> KERNELS.logSumExp(x),
            x -> KERNELS.entropy(x),
            x -> KERNELS.crossEntropy(x, 2),
            x -> assertThrows(REFUSED, () -> KERNELS.crossEntropy(x, 3)),
            x -> KERNELS.softcap(x, row, 1, new float[3], row),
            x -> KERNELS.softmax(x, row, new float[3], row));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads
          .submit(
              () -> {
                for (int i = 0; i < calls.size(); i++) {
                  for (float first : new float[] {1, Float.NaN}) {
                    Set<Work> before = works();
                    calls.get(i).accept(new float[] {first, 2, 3});
                    assertEquals(before, works(), "call " + i + " of " + first);
                  }
                }
              })
          .get();
    }
  }

  /** The next that this thread would get, more than any call has at once. */
  private static Set<Work> works() {
    List<Work> taken = Stream.generate(() -> Work.take(ScalarLoops.INSTANCE)).limit(4).toList();
    taken.forEach(Work::close);
    return Set.copyOf(taken);
  }

  /** By its only thread. */
  private static Set<Object> keptBy(ForkJoinPool pool) {
    return pool.submit(() -> reachable(Work.take(ScalarLoops.INSTANCE))).join();
  }

  private static void assertNoneIsKept(Object call, String what) {
    assertNoneIsKept(reachable(Work.take(ScalarLoops.INSTANCE)), call, what);
  }

  private static void assertNoneIsKept(Set<Object> kept, Object call, String what) {
    kept.retainAll(reachable(call));
    kept.removeAll(CONSTANTS);
    assertEquals(Set.of(), kept, what);
  }

  /** An object, and what fields of our classes, and elements of arrays, lead to from it. */
  private static Set<Object> reachable(Object root) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>(List.of(root));
    while (!left.isEmpty()) {
      Object some = left.pop();
      if (!seen.add(some)) {
        continue;
      }
      if (some instanceof Object[] array) {
        Arrays.stream(array).filter(Objects::nonNull).forEach(left::push);
      }
      for (Class<?> type = some.getClass(); isOurs(type); type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          Object value = Modifier.isStatic(field.getModifiers()) ? null : value(field, some);
          if (value != null && !field.getType().isPrimitive()) {
            left.push(value);
          }
        }
      }
    }
    return seen;
  }

  private static boolean isOurs(Class<?> type) {
    return type.getName().startsWith("io.softlane");
  }

  private static Object value(Field field, Object of) {
    try {
      field.setAccessible(true);
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
