package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One row a call has the bits that it has beside others, whatever calls there were before. */
interface OneRowContract {
  SoftmaxKernels kernels();

  /** A short row a call, out of place and in place, has the bits that it has beside another. */
  @Test
  default void oneShortRow() {
    SplittableRandom random = new SplittableRandom(1);
    float[] edges = {17, -17, Math.nextUp(17f), -Math.nextUp(17f), 0f, -0f, Float.NaN};
    for (int n = 1; n <= 20; n++) {
      for (int round = 0; round < 300; round++) {
        float[] two = new float[2 * n];
        float size = random.nextBoolean() ? 3 : 10;
        for (int i = 0; i < two.length; i++) {
          two[i] = (float) (size * random.nextGaussian());
        }
        if (round % 3 == 0) {
          two[n + random.nextInt(n)] = edges[random.nextInt(edges.length)];
        }
        float[] both = new float[2 * n];
        kernels().softmax(two, Rows.of(2, n), both, Rows.of(2, n));
        Batch alone = Batch.empty(new Rows(5, 1, n, n));
        kernels().softmax(two, new Rows(n, 1, n, n), alone.data(), alone.rows());
        kernels().softmax(two, new Rows(n, 1, n, n), two, new Rows(n, 1, n, n));
        for (int c = 0; c < n; c++) {
          Ulps.assertBits(alone.get(0, c), both[n + c], "alone", 0, c);
          Ulps.assertBits(two[n + c], both[n + c], "alone, in place", 0, c);
        }
        alone.assertGuards("alone");
      }
    }
  }

  /**
   * One row of any kind a call, of few columns or some more, of an array or native memory, beside
   * the same in a batch.
   */
  @Test
  default void oneRowOfAnyKind() {
    Set<Operation> operations = EnumSet.copyOf(ScoresContract.SCORED);
    operations.addAll(RunsContract.BLOCKS);
    operations.add(Operation.MAX);
    operations.add(Operation.ARGMAX);
    int[] sizes =
        IntStream.concat(IntStream.rangeClosed(1, 70), IntStream.of(385, 2048, 2049)).toArray();
    for (Operation operation : operations) {
      for (int n : sizes) {
        for (Logits kind : Logits.values()) {
          SplittableRandom random = new SplittableRandom(n);
          Call two = RunsContract.dense(operation, 2, n);
          kind.fill(random, two.in, n, n);
          if (two.scores != null) {
            two.scores = scaleOrMask(random, n);
          }
          if (two.options != null) {
            two.options = two.options.withReduction(CrossEntropy.Reduction.SUM);
          }
          Call alone = two.packedRows(1, 2);
          Call inPlace = alone.copy();
          two.runAfresh(kernels());
          alone.runAfresh(kernels()).assertSameResults(two, 1, "alone, " + kind);
          for (Logits other : List.of(Logits.MASKED, Logits.ONLY_NAN)) {
            // One needs the clamp, and the other is not served by it: on such a rung the next row
            // begins.
            Call before = RunsContract.dense(operation, 1, 40);
            other.fill(random, before.in, 0, 40);
            Call after = two.packedRows(1, 2).runAfter(before, kernels());
            after.assertSameResults(two, 1, "after " + other + ", " + kind);
          }
          if (SegmentCall.OPERATIONS.contains(operation)) {
            inNativeMemory(alone, "native, " + kind);
          }
          if (alone.out != null) {
            alone.out().assertGuards("alone");
            inPlace.out(new Batch(inPlace.in, inPlace.inRows)).run(kernels());
            inPlace.assertSameResults(two, 1, "alone, in place, " + kind);
          }
          if (alone.loss != null) {
            assertEquals(alone.results[alone.inRows.firstRow()], (float) alone.loss.sum());
          }
        }
      }
    }
  }

  /** A scale, a mask, or both, of a size that leaves many rows as they are. */
  private static SoftmaxOptions scaleOrMask(SplittableRandom random, int cols) {
    SoftmaxOptions options = SoftmaxOptions.DEFAULT;
    int some = 1 + random.nextInt(3);
    if ((some & 1) != 0) {
      options = options.withScale(random.nextBoolean() ? 0.25f : 1.5f);
    }
    if ((some & 2) != 0) {
      Batch mask = Batch.empty(random, 1 + random.nextInt(3), cols);
      boolean isSoft = random.nextBoolean();
      for (int r = 0; r < mask.rows().rows(); r++) {
        for (int c = 0; c < cols; c++) {
          mask.set(r, c, isSoft ? -c / 16f : c % 3 == 1 ? Float.NEGATIVE_INFINITY : 0);
        }
      }
      options = options.withMask(mask.data(), mask.rows());
    }
    return random.nextBoolean() ? options.withEmptyRowsZero() : options;
  }

  /** Out of place, and in place, where there is an output. */
  private void inNativeMemory(Call alone, String what) {
    for (int way = 0; way < (alone.out == null ? 1 : 2); way++) {
      try (Arena arena = Arena.ofConfined()) {
        Call arrays = alone.copy();
        if (way == 1) {
          arrays.out(new Batch(arrays.in, arrays.inRows));
        }
        MemorySegment in = Memory.UNALIGNED.of(arena, arrays.in);
        MemorySegment out = alone.out == null ? null : in;
        if (way == 0 && out != null) {
          out = Memory.NATIVE.of(arena, arrays.out);
        }
        SegmentCall call = new SegmentCall(arrays.copy(), in, out);
        call.run(kernels()).assertSame(arrays.run(kernels()), what + ", way " + way);
      }
    }
  }
}
