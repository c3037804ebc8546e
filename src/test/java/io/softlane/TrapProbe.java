package io.softlane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * All operations on rows that are nothing special, so that all loops are compiled, and then on rows
 * of every kind. With {@code -Xlog:deoptimization=debug} the JVM says which code that gives up.
 */
final class TrapProbe {
  /** Said between the two. */
  static final String COMPILED = "Softlane: compiled";

  private static final int[] USUAL = {69, 321};
  private static final int[] SOME = {10, 20, 53, 301};
  private static final int[] ALL = {
    1, 4, 5, 8, 10, 16, 20, 37, 53, 64, 100, 300, 301, 1000, 2100, 4100
  };
  private static final int ROWS = 40;

  private TrapProbe() {}

  public static void main(String[] arguments) {
    run(Logits.NORMAL, USUAL, false);
    System.out.println(COMPILED);
    run(null, ALL, false);
    run(null, SOME, true);
    for (Logits kind : Logits.values()) {
      run(kind, SOME, false);
    }
  }

  /** Large ones are plain, and have sums above the window. */
  private static void run(Logits kind, int[] columns, boolean areLarge) {
    SoftmaxKernels kernels = SoftmaxKernels.vector();
    for (Operation operation : Operation.values()) {
      for (int cols : columns) {
        Call call = Call.of(operation, new Sample(kind, ROWS, cols, cols));
        if (areLarge) {
          Arrays.fill(call.in, 35);
        }
        call.run(kernels);
        call.packedRows(0, ROWS).run(kernels);
        call.packedRows(3, 4).run(kernels);
        for (Memory memory : List.of(Memory.NATIVE, Memory.FLOATS)) {
          if (SegmentCall.OPERATIONS.contains(operation)) {
            run(kernels, call, memory);
          }
        }
      }
    }
  }

  private static void run(SoftmaxKernels kernels, Call call, Memory memory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = memory.of(arena, call.in);
      MemorySegment out = call.out == null ? null : memory.of(arena, call.out);
      new SegmentCall(call.copy(), in, out).run(kernels);
    }
  }
}
