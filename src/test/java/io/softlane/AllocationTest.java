package io.softlane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In steady state a call allocates nothing, but for the {@link Loss} that some return: a header of
 * 8 to 16 bytes and two doubles, 32 bytes at most.
 */
class AllocationTest {
  private static final int CALLS = 200;

  /** Rounds that C2 is given. It needs a few dozen; there is no clock here. */
  private static final int ROUNDS = 2000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final List<SoftmaxKernels> KERNELS =
      List.of(SoftmaxKernels.scalar(), SoftmaxKernels.vector());

  @ParameterizedTest
  @EnumSource(Operation.class)
  void scalar(Operation operation) {
    check(operation, SoftmaxKernels.scalar());
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void vector(Operation operation) {
    check(operation, SoftmaxKernels.vector());
  }

  /** Tails only, whole vectors only, and both; rows of each kind, so that all fallbacks run. */
  private static void check(Operation operation, SoftmaxKernels kernels) {
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
  }

  /** Each option alone and all together; rows that pass the buffer alone and in groups. */
  @ParameterizedTest
  @EnumSource(names = {"LOG_SUM_EXP_OF_SCORES", "SOFTMAX_OF_SCORES", "LOG_SOFTMAX_OF_SCORES"})
  void options(Operation operation) {
    for (SoftmaxKernels kernels : KERNELS) {
      for (int cols : new int[] {5, 100}) {
        SoftmaxOptions all = Scores.all(12, cols);
        for (SoftmaxOptions options : eachAlone(all)) {
          Call call = Call.of(operation, new Sample(Logits.NORMAL, 12, cols, cols));
          call.scores = options;
          Scores.poisonBeyond(options.lengths(), new Batch(call.in, call.inRows));
          check(operation, kernels, cols + " cols, " + options, () -> call.run(kernels));
          if (call.out != null) {
            Call inPlace = call.copy().out(new Batch(call.in, call.inRows));
            check(operation, kernels, "in place, " + options, () -> inPlace.run(kernels));
          }
        }
      }
    }
  }

  private static List<SoftmaxOptions> eachAlone(SoftmaxOptions all) {
    SoftmaxOptions none = SoftmaxOptions.DEFAULT;
    return List.of(
        none,
        none.withScale(all.scale()),
        none.withMask(all.mask(), all.maskRows()),
        none.withLengths(all.lengths()),
        none.withSinks(all.sinks()),
        none.withEmptyRowsZero(),
        all);
  }

  /** Causal rows, of every length once: the loops that short ones need are compiled late. */
  @Test
  void causalSquare() {
    int n = 300;
    int[] lengths = IntStream.rangeClosed(1, n).toArray();
    for (SoftmaxKernels kernels : KERNELS) {
      Call call = Call.of(Operation.SOFTMAX_OF_SCORES, new Sample(Logits.NORMAL, n, n, 1));
      call.scores = SoftmaxOptions.DEFAULT.withLengths(lengths);
      check(call.operation, kernels, "causal", () -> call.run(kernels));
    }
  }

  /**
   * Twice over: in the second round the JVM has seen every kind, so that no call site of the
   * library may still count on few.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void segments(int round) {
    for (Memory memory : Memory.values()) {
      for (Operation operation : SegmentCall.OPERATIONS) {
        for (SoftmaxKernels kernels : KERNELS) {
          segments(memory, operation, kernels);
        }
      }
    }
  }

  private static void segments(Memory memory, Operation operation, SoftmaxKernels kernels) {
    try (Arena arena = Arena.ofShared()) {
      Call call = Call.of(operation, new Sample(Logits.NORMAL, 12, 37, 1));
      call.scores = call.scores == null ? null : Scores.all(12, 37);
      MemorySegment in = memory.of(arena, call.in);
      MemorySegment out = call.out == null ? null : memory.of(arena, call.out);
      SegmentCall apart = new SegmentCall(call, in, out);
      check(operation, kernels, memory.toString(), () -> apart.run(kernels));
      SegmentCall readOnly = new SegmentCall(call, in.asReadOnly(), out);
      check(operation, kernels, memory + " read-only", () -> readOnly.run(kernels));
      if (call.out != null) {
        SegmentCall inPlace = new SegmentCall(call.copy(), in, in.asSlice(0));
        inPlace.call.outRows = call.inRows;
        check(operation, kernels, memory + " in place", () -> inPlace.run(kernels));
      }
    }
  }

  private static void check(Operation operation, SoftmaxKernels kernels, int cols, Call call) {
    check(operation, kernels, cols + " cols", () -> call.run(kernels));
  }

  private static void check(
      Operation operation, SoftmaxKernels kernels, String where, Runnable call) {
    long allowed = operation.takes(Operation.Argument.OPTIONS) ? 32L * CALLS : CALLS - 1;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > allowed; round++) {
      least = Math.min(least, allocated(call));
    }
    String what = operation + ", " + kernels + ", " + where + ": ";
    assertTrue(least <= allowed, what + least + " bytes in " + CALLS + " calls");
    // Steady: not just one lucky round.
    long again = Math.min(allocated(call), allocated(call));
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
