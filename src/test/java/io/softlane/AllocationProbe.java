package io.softlane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/** Bytes allocated by calls in a JVM of their own, for {@link AllocationTest}. */
final class AllocationProbe {
  private static final List<SoftmaxKernels> KERNELS =
      List.of(SoftmaxKernels.scalar(), SoftmaxKernels.vector());

  /**
   * What a call on segments of {@code float[]} may allocate: an Optional of heapBase() each, which
   * C2 takes apart in most JVMs, and in some does not.
   */
  private static final int OPTIONALS = 64;

  private AllocationProbe() {}

  /**
   * Segments twice over: in the second round the JVM has seen every kind, so that no call site of
   * the library may still count on few.
   *
   * @param arguments an operation, where it alone is to be called, as the test does
   */
  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      AllocationTest.check(Operation.valueOf(arguments[0]), SoftmaxKernels.vector());
      return;
    }
    ScoresContract.SCORED.forEach(AllocationProbe::options);
    causalSquare();
    segments();
    segments();
  }

  /** Each option alone and all together; rows that pass the buffer alone and in groups. */
  private static void options(Operation operation) {
    for (SoftmaxKernels kernels : KERNELS) {
      for (int cols : new int[] {100, 5}) {
        SoftmaxOptions all = Scores.all(12, cols);
        for (SoftmaxOptions options : eachAlone(all)) {
          Call call = Call.of(operation, new Sample(Logits.NORMAL, 12, cols, cols));
          call.scores = options;
          Scores.poisonBeyond(options.lengths(), new Batch(call.in, call.inRows));
          AllocationTest.check(
              operation, kernels, cols + " cols, " + options, () -> call.run(kernels));
          if (call.out != null) {
            Call inPlace = call.copy().out(new Batch(call.in, call.inRows));
            AllocationTest.check(
                operation, kernels, "in place, " + options, () -> inPlace.run(kernels));
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
  private static void causalSquare() {
    int n = 300;
    int[] lengths = IntStream.rangeClosed(1, n).toArray();
    for (SoftmaxKernels kernels : KERNELS) {
      Call call = Call.of(Operation.SOFTMAX_OF_SCORES, new Sample(Logits.NORMAL, n, n, 1));
      call.scores = SoftmaxOptions.DEFAULT.withLengths(lengths);
      AllocationTest.check(call.operation, kernels, "causal", () -> call.run(kernels));
    }
  }

  private static void segments() {
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
      int bytes = in.heapBase().orElse(null) instanceof float[] ? OPTIONALS : 0;
      AllocationTest.check(operation, kernels, memory.toString(), bytes, () -> apart.run(kernels));
      SegmentCall readOnly = new SegmentCall(call, in.asReadOnly(), out);
      AllocationTest.check(
          operation, kernels, memory + " read-only", bytes, () -> readOnly.run(kernels));
      if (call.out != null) {
        SegmentCall inPlace = new SegmentCall(call.copy(), in, in.asSlice(0));
        inPlace.call.outRows = call.inRows;
        AllocationTest.check(
            operation, kernels, memory + " in place", bytes, () -> inPlace.run(kernels));
      }
    }
  }
}
