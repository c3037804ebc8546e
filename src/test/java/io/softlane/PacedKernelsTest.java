package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What best() hands out has the scalar kernels' bits while it still shares rows with them. */
class PacedKernelsTest {
  private static final List<Operation> PACED =
      List.of(
          Operation.MAX,
          Operation.ARGMAX,
          Operation.LOG_SUM_EXP,
          Operation.SOFTMAX,
          Operation.LOG_SOFTMAX,
          Operation.LOSS_OF_LABELS,
          Operation.GRADIENT_OF_LABELS,
          Operation.ENTROPY,
          Operation.LOG_SUM_EXP_OF_SCORES,
          Operation.SOFTMAX_OF_SCORES,
          Operation.LOG_SOFTMAX_OF_SCORES);

  @Property(tries = 120, edgeCases = EdgeCasesMode.NONE)
  void sameBitsFromTheFirstCallOn(
      @ForAll @IntRange(max = 10) int operation,
      @ForAll Logits kind,
      @ForAll @IntRange(min = 1, max = 300) int cols,
      @ForAll @IntRange(max = 1200) int rows,
      @ForAll long seed) {
    SoftmaxKernels paced = new PacedKernels();
    Call call = Call.of(PACED.get(operation), new Sample(kind, rows, cols, seed));
    Call scalar = call.copy().run(SoftmaxKernels.scalar());
    for (int round = 0; round < 3; round++) {
      Call again = call.copy().run(paced);
      scalar.assertSameResults(again, 0, "call " + round);
      assertEquals(scalar.loss, again.loss);
    }
  }

  /** A small batch is one turn, of the one or the other. */
  @Test
  void sameBitsOfSmallBatches() {
    PacedKernels paced = new PacedKernels();
    assertFalse(paced.softmaxPace.vectors());
    for (Operation operation : PACED) {
      Call call = Call.of(operation, new Sample(Logits.NORMAL, 5, 40, operation.ordinal()));
      Call scalar = call.copy().run(SoftmaxKernels.scalar());
      for (int round = 0; round < 4; round++) {
        Call again = call.copy().run(paced);
        scalar.assertSameResults(again, 0, "small, call " + round);
        assertEquals(scalar.loss, again.loss);
        again.assertSpareResults();
      }
    }
    PacedKernels once = new PacedKernels();
    once.softmax(new float[200], new float[200], 5, 40);
    assertTrue(once.softmaxPace.vectors(), "the scalar kernels had their turn");
  }

  @Test
  void badArgumentsAreRefusedBeforeAnythingIsWritten() {
    float[] logits = new float[7000];
    float[] out = new float[7000];
    Rows in = Rows.of(60, 100);
    SoftmaxKernels paced = new PacedKernels();
    assertThrows(
        IndexOutOfBoundsException.class, () -> paced.softmax(logits, in.at(1001), out, in));
    assertThrows(
        IllegalArgumentException.class, () -> paced.logSoftmax(logits, in, logits, in.at(1)));
    assertThrows(NullPointerException.class, () -> paced.logSumExp((float[]) null, in, out));
    int[] labels = new int[60];
    labels[59] = 100;
    float[] losses = new float[60];
    CrossEntropy options = CrossEntropy.DEFAULT;
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> paced.crossEntropy(logits, in, labels, options, losses));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> paced.crossEntropyGradient(logits, in, labels, options, losses, out, in));
    assertArrayEquals(new float[7000], out);
    assertArrayEquals(new float[60], losses);
  }

  /** Nothing is wrong with the first slice of these batches, nor with any slice of some. */
  @Test
  void wholeBatchesAreCheckedBeforeTheFirstSlice() {
    Rows in = Rows.of(400, 100);
    Rows after = in.at(33_000); // overlaps, but the first 327 rows of both are apart
    float[] logits = new float[73_000];
    float[] few = new float[399];
    float[] losses = new float[400];
    int[] labels = new int[400];
    SoftmaxKernels paced = new PacedKernels();
    CrossEntropy options = CrossEntropy.DEFAULT;
    Class<IllegalArgumentException> overlap = IllegalArgumentException.class;
    Class<IndexOutOfBoundsException> end = IndexOutOfBoundsException.class;
    assertThrows(overlap, () -> paced.softmax(logits, in, logits, after));
    assertThrows(overlap, () -> paced.logSoftmax(logits, in, logits, after));
    assertThrows(
        overlap,
        () -> paced.crossEntropyGradient(logits, in, labels, options, losses, logits, after));
    float[] gradient = new float[40_000];
    assertThrows(
        overlap,
        () -> paced.crossEntropyGradient(logits, in, labels, options, gradient, gradient, in));
    assertThrows(overlap, () -> paced.logSumExp(logits, in, logits));
    assertThrows(end, () -> paced.logSumExp(logits, in, few));
    assertThrows(end, () -> paced.crossEntropy(logits, in, labels, options, few));
    assertThrows(
        end, () -> paced.crossEntropyGradient(logits, in, labels, options, few, gradient, in));
    assertArrayEquals(new float[73_000], logits);
    assertArrayEquals(new float[40_000], gradient);
    assertArrayEquals(new float[399], few);
    assertArrayEquals(new float[400], losses);
  }

  @Test
  void bothTakeTurnsUntilTheVectorsAreAsFast() {
    Pace pace = new Pace();
    assertFalse(pace.vectors(), "the first turn is the scalar kernels'");
    pace.took(false, 1, 1000, 1000);
    assertTrue(pace.vectors());
    pace.took(true, 1, 1000, 500_000);
    assertFalse(pace.vectors(), "after so long a turn");
    pace.took(false, 500, 1000, 500_000);
    for (int turn = 0; turn < 3; turn++) {
      assertFalse(pace.compiled());
      pace.took(true, 10, 1000, 20_000);
    }
    assertTrue(pace.compiled());
    pace.took(true, 1, 1000, 1_000_000_000);
    assertTrue(pace.compiled(), "for good");
  }

  /** A turn costs as much as 64 elements, a row as much as 32. */
  @Test
  void lessThanFourTimesAsLongIsCompiled() {
    int units = 64 + 32 * 100 + 100;
    for (double times : new double[] {3.99, 4, 4.01}) {
      Pace pace = new Pace();
      pace.took(false, 10, 1000, 2 * (64 + 32 * 10 + 10 * 1000));
      for (int turn = 0; turn < 3; turn++) {
        pace.took(true, 100, 1, (long) (2 * times * units));
      }
      assertEquals(times < 4, pace.compiled(), times + " times as long");
    }
  }

  @Test
  void aSlowScalarTurnDoesNotMakeTheVectorsLookCompiled() {
    Pace pace = new Pace();
    pace.took(false, 32, 1000, 64_000);
    pace.took(false, 32, 1000, 8_000_000);
    for (int turn = 0; turn < 10; turn++) {
      pace.took(true, 1, 1000, 500_000);
    }
    assertFalse(pace.compiled());
  }

  @Test
  void emptyBatchesAreNoTurns() {
    Rows empty = Rows.of(0, 10);
    float[] x = {};
    PacedKernels paced = new PacedKernels();
    for (int call = 0; call < 10; call++) {
      paced.softmax(x, empty, x, empty);
      paced.logSumExp(x, empty, x);
      paced.logSoftmax(x, empty, x, empty);
      int[] none = {};
      Loss loss = paced.crossEntropy(x, empty, none, CrossEntropy.DEFAULT, x);
      assertEquals(new Loss(0, 0), loss);
      loss = paced.crossEntropyGradient(x, empty, none, CrossEntropy.DEFAULT, x, x, empty);
      assertEquals(new Loss(0, 0), loss);
    }
    assertFalse(paced.softmaxPace.compiled());
    assertFalse(paced.softmaxPace.vectors());
    for (SoftmaxKernels kernels : List.of(paced, SoftmaxKernels.vector())) {
      String noRows = "rows of logits";
      assertNull(noRows, () -> kernels.softmax(x, null, x, empty));
      assertNull(noRows, () -> kernels.logSoftmax(x, null, x, empty));
      assertNull(noRows, () -> kernels.logSumExp(x, null, x));
    }
  }

  private static void assertNull(String message, Executable call) {
    assertEquals(message, assertThrows(NullPointerException.class, call).getMessage());
  }

  @Test
  void aTurnHasRowsButNotMoreThanAreLeft() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 1000; round++) {
      int left = random.nextInt(1, 3000);
      int cols = random.nextInt(1, 100_000);
      int few = Pace.rows(true, left, cols);
      int many = Pace.rows(false, left, cols);
      assertTrue(few >= 1 && few <= many && many <= left, () -> few + " and " + many);
    }
    assertEquals(51, Pace.rows(true, 3000, 10));
    assertEquals(1, Pace.rows(true, 3000, 1000));
    assertEquals(32, Pace.rows(false, 3000, 1000));
  }
}
