package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What best() hands out has the scalar kernels' bits in a JVM that just began, while vectors are
 * compiled: rows anywhere in their arrays, of any length, in any order of operations.
 */
@Tag("processes")
class ColdTest {
  private static final int[] COLS = {1, 5, 16, 40, 300, 301, 1000, 2100, 4100, 9000};
  private static final int ROUNDS = 12;

  /** In a child; the seed is its argument. */
  public static void main(String[] arguments) {
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[0]));
    SoftmaxKernels best = SoftmaxKernels.best();
    SoftmaxKernels scalar = SoftmaxKernels.scalar();
    Operation[] operations = Operation.values();
    for (int i = 0; i < ROUNDS * operations.length * COLS.length; i++) {
      Operation operation = operations[random.nextInt(operations.length)];
      int cols = COLS[random.nextInt(COLS.length)];
      int rows = random.nextInt(1, 3 + 4000 / cols);
      Logits kind = random.nextBoolean() ? Logits.NORMAL : null;
      Call expected = Call.of(operation, new Sample(kind, rows, cols, random.nextLong()));
      Call call = expected.copy();
      SegmentCall segments = null;
      try (Arena arena = Arena.ofConfined()) {
        if (SegmentCall.OPERATIONS.contains(operation) && random.nextBoolean()) {
          MemorySegment in = Memory.UNALIGNED.of(arena, call.in);
          MemorySegment out = call.out == null ? null : Memory.UNALIGNED.of(arena, call.out);
          segments = new SegmentCall(call, in, out).run(best);
        } else {
          call.run(best);
        }
        expected.run(scalar);
        if (segments != null) {
          segments.assertSame(expected, "call " + i + " of segments");
          continue;
        }
      }
      expected.assertSameResults(call, 0, "call " + i);
      assertEquals(expected.loss, call.loss, "call " + i);
      call.assertSpareResults();
    }
    System.out.println(best);
  }

  @Test
  void fromTheFirstCallOn() throws Exception {
    for (String seed : new String[] {"1", "2"}) {
      ChildJvm.Result result = ChildJvm.run(ChildJvm.withModule(), ColdTest.class, seed);
      assertEquals(0, result.exit(), result::err);
      assertEquals(SoftmaxKernels.best().toString(), result.out().strip());
    }
  }
}
