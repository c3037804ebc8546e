package io.softlane;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In steady state a call allocates nothing, but for the {@link Loss} that some return: a header of
 * 8 to 16 bytes and two doubles, 32 bytes at most.
 */
class AllocationTest {
  private static final int CALLS = 200;

  /** Rounds that C2 is given. It needs a few dozen; there is no clock here. */
  private static final int ROUNDS = 2000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @EnumSource(Operation.class)
  void scalar(Operation operation) {
    check(operation, SoftmaxKernels.scalar());
  }

  /**
   * In this JVM, which by then may have called the kernels in many other ways, so that C2 knows a
   * vector's class too late, and boxes it; where it does, in one that calls nothing else.
   */
  @ParameterizedTest
  @EnumSource(Operation.class)
  void vector(Operation operation) throws Exception {
    try {
      check(operation, SoftmaxKernels.vector());
    } catch (AssertionError e) {
      inAnotherJvm(e, AllocationProbe.class, operation.name());
    }
  }

  /** Tells of bytes that were allocated here; at least one JVM of three has to stay at 0. */
  static void inAnotherJvm(AssertionError here, Class<?> main, String... arguments)
      throws Exception {
    System.out.println("Softlane: not in a JVM of its own: " + here.getMessage());
    oneJvmOfThree(main, arguments);
  }

  private static void oneJvmOfThree(Class<?> main, String... arguments) throws Exception {
    List<String> errors = new ArrayList<>();
    while (errors.size() < 3) {
      ChildJvm.Result result = ChildJvm.run(ChildJvm.withModule(), main, arguments);
      if (result.exit() == 0) {
        return;
      }
      errors.add(result.err());
      if (!result.err().contains(" bytes in ")) {
        break; // another failure: no second chance
      }
    }
    fail(String.join("\n", errors));
  }

  /** Tails only, whole vectors only, and both; rows of each kind, so that all fallbacks run. */
  static void check(Operation operation, SoftmaxKernels kernels) {
    for (int cols : new int[] {5, 64, 37}) {
      Call call = Call.of(operation, new Sample(null, Logits.values().length, cols, cols));
      for (Logits kind : Logits.values()) {
        int start = new Batch(call.in, call.inRows).index(kind.ordinal(), 0);
        kind.fill(new SplittableRandom(cols), call.in, start, cols);
      }
      check(operation, kernels, cols, call);
      // Without gaps between the rows kernels may take many at once, in place only harmless ones.
      check(operation, kernels, cols, call.packedRows(0, Logits.values().length));
      Call harmless = Call.of(operation, new Sample(Logits.NORMAL, 20, cols, cols));
      harmless = harmless.packedRows(0, 20);
      if (operation.takes(Operation.Argument.OUT)) {
        harmless.out(new Batch(harmless.in, harmless.inRows));
      }
      check(operation, kernels, cols, harmless);
    }
    // One row of few columns goes a way of its own.
    for (int cols : new int[] {11, 20, 100}) {
      check(operation, kernels, cols, Call.of(operation, new Sample(Logits.NORMAL, 1, cols, cols)));
    }
  }

  /**
   * Options and segments, in a JVM that has done nothing else. What the library does not allocate
   * C2 may: where it compiles a loop before it knows a vector's class it boxes one or two a row (96
   * bytes). So one JVM of three has to stay at 0.
   */
  @Test
  @Tag("processes")
  void optionsAndSegments() throws Exception {
    oneJvmOfThree(AllocationProbe.class);
  }

  private static void check(Operation operation, SoftmaxKernels kernels, int cols, Call call) {
    check(operation, kernels, cols + " cols", () -> call.run(kernels));
  }

  static void check(Operation operation, SoftmaxKernels kernels, String where, Runnable call) {
    check(operation, kernels, where, 0, call);
  }

  /** With so many bytes a call that are allowed beside a {@link Loss}. */
  static void check(
      Operation operation, SoftmaxKernels kernels, String where, int bytes, Runnable call) {
    long loss = operation.takes(Operation.Argument.OPTIONS) ? 32L * CALLS : CALLS - 1;
    long allowed = loss + (long) bytes * CALLS;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > allowed; round++) {
      least = Math.min(least, allocated(call));
    }
    String what = operation + ", " + kernels + ", " + where + ": ";
    assertTrue(least <= allowed, what + least + " bytes in " + CALLS + " calls");
    // Steady: not just one lucky round. (C2 may compile something anew in one of these, or two.)
    long[] later = new long[9];
    Arrays.setAll(later, round -> allocated(call));
    Arrays.sort(later);
    long again = later[later.length / 2];
    assertTrue(again <= allowed, what + again + " bytes in later " + CALLS + " calls");
  }

  private static long allocated(Runnable call) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
