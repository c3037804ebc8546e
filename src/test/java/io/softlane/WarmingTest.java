package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Turn;
import io.softlane.internal.loops.WarmingLoops;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loops that are not compiled yet leave rows to the scalar ones: with the same bits. */
class WarmingTest {
  private static final String LEFT_OUT = "unstable_if";
  private static final Predicate<String> IN_A_LOOP =
      Pattern.compile("loops\\.(Key|Pipeline|Vector(?!Loops\\.turn)).*(unstable_|loop_limit_check)")
          .asPredicate();

  /** Loops that have all of their warming up before them. */
  private static SoftmaxKernels cold() {
    return new Kernels(new WarmingLoops(false));
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void sameBitsFromTheFirstCallOn(
      @ForAll Operation operation,
      @ForAll Logits kind,
      @ForAll @IntRange(min = 1, max = 3000) int cols,
      @ForAll @IntRange(max = 40_000) int size,
      @ForAll long seed) {
    SoftmaxKernels kernels = cold();
    Call call = Call.of(operation, new Sample(kind, size / cols, cols, seed));
    Call scalar = call.copy().run(SoftmaxKernels.scalar());
    for (int round = 0; round < 3; round++) {
      Call again = call.copy().run(kernels);
      scalar.assertSameResults(again, 0, "call " + round);
      assertEquals(scalar.loss, again.loss);
    }
  }

  /** Rows far from the start of their array, in all the ways that rows take. */
  @Test
  void offsetsOfColdRows() {
    for (Operation operation : Operation.values()) {
      SoftmaxKernels kernels = cold();
      for (int cols : new int[] {5, 40, 300, 301, 2100, 4100, 9000}) {
        Call drawn = Call.of(operation, new Sample(Logits.NORMAL, 5, cols, cols));
        Call call = drawn.copy();
        Batch far = Batch.empty(new Rows(12_345, 5, cols, cols + 77));
        for (int r = 0; r < 5; r++) {
          int from = (int) (drawn.inRows.offset() + r * drawn.inRows.stride());
          System.arraycopy(drawn.in, from, far.data(), far.index(r, 0), cols);
        }
        call.in(far);
        drawn.run(SoftmaxKernels.scalar());
        call.run(kernels);
        drawn.assertSameResults(call, 0, "far from the start");
        assertEquals(drawn.loss, call.loss);
        call.assertSpareResults();
      }
    }
  }

  @Test
  void segmentsOfColdRows() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      SoftmaxKernels kernels = cold();
      for (Memory memory : Memory.values()) {
        for (int cols : new int[] {5, 301, 4100}) {
          Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 5, cols, cols));
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = memory.of(arena, arrays.in);
            MemorySegment out = arrays.out == null ? null : memory.of(arena, arrays.out);
            SegmentCall call = new SegmentCall(arrays.copy(), in, out);
            arrays.run(SoftmaxKernels.scalar());
            call.run(kernels).assertSame(arrays, memory + " of " + cols);
          }
        }
      }
    }
  }

  /** What a thread asks for while another one's loop is compiled must not stay scalar for good. */
  @Test
  void loopsAskedForWhileAnotherIsCompiled() throws InterruptedException {
    WarmingLoops loops = new WarmingLoops(true);
    int seldom = Kind.TERMS | Kind.CLAMPED | Kind.SUM | Kind.SUBTRACT | Kind.SCALED | Kind.MASKED;
    Thread other = new Thread(() -> loops.turn(seldom, turn()));
    other.start();
    while (loops.misses() == 0) {
      Thread.sleep(1);
    }
    Turn turn = turn();
    while (other.isAlive()) {
      loops.turn(Kind.TERMS, turn);
    }
    other.join();
    loops.turn(Kind.TERMS, turn);
    int misses = loops.misses();
    loops.turn(Kind.TERMS, turn);
    assertEquals(misses, loops.misses());
  }

  /** A vector loop that is as fast as a scalar one may be no code of C2, as that is none. */
  @Test
  void nothingIsTakenForCompiledWhereC2DoesNot() throws Exception {
    ChildJvm.Result result =
        ChildJvm.run(ChildJvm.withModule("-XX:TieredStopAtLevel=1"), WarmingTest.class);
    assertEquals(0, result.exit(), result::err);
  }

  /** Asks for each stage of a row, of scores of every kind, where C2 compiles nothing. */
  public static void main(String[] arguments) {
    WarmingLoops loops = new WarmingLoops(false);
    loops.hurry(Long.MAX_VALUE);
    int[] stages = {
      Kind.TERMS, Kind.SUM, Kind.SCALE, Kind.SCALE | Kind.LIFTED, Kind.SUBTRACT, Kind.MAX
    };
    int asked = 0;
    for (int stage : stages) {
      for (int scores : new int[] {0, Kind.SCALED, Kind.MASKED, Kind.SCALED | Kind.MASKED}) {
        boolean reads = (stage & (Kind.SUM | Kind.SCALE)) == 0;
        for (int q = 0; q < 20 && (reads || scores == 0); q++) {
          loops.turn(stage | scores, turn());
          asked++;
          assertEquals(asked, loops.misses(), "stage " + stage + " of scores " + scores);
        }
      }
    }
  }

  /**
   * A branch that no row of warming up has taken is left out by C2: at the first caller's row that
   * takes it, the loop is given up, and is none of C2's for thousands of calls. ({@code
   * VectorLoops.turn} has no vectors.)
   */
  @Test
  @Tag("processes")
  void noCompiledLoopIsGivenUpAtRowsOfAnyKind() throws Exception {
    ChildJvm.Result result =
        ChildJvm.run(ChildJvm.withModule("-Xlog:deoptimization=debug"), TrapProbe.class);
    assertEquals(0, result.exit(), result::err);
    assertTrue(result.out().contains(LEFT_OUT), "this JVM does not tell");
    String after = result.out().substring(result.out().indexOf(TrapProbe.COMPILED));
    List<String> givenUp = after.lines().filter(IN_A_LOOP).toList();
    assertEquals(List.of(), givenUp);
  }

  private static Turn turn() {
    Turn turn = new Turn();
    turn.n = 64;
    turn.all = 64;
    turn.x = new float[64];
    turn.mask = new float[64];
    turn.s = new float[128];
    turn.out = new float[64];
    return turn;
  }

  @Test
  void emptyBatches() {
    Rows empty = Rows.of(0, 10);
    float[] x = {};
    SoftmaxKernels kernels = cold();
    kernels.softmax(x, empty, x, empty);
    kernels.logSumExp(x, empty, x);
    kernels.logSoftmax(x, empty, x, empty);
    Loss loss = kernels.crossEntropy(x, empty, new int[0], CrossEntropy.DEFAULT, x);
    assertEquals(new Loss(0, 0), loss);
  }
}
