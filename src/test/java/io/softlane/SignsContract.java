package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.softlane.Operation.Argument;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * What rounding may not do: a log-probability above 0, a loss of labels or an entropy below 0; nor
 * anything but the exact result where one term is the whole sum.
 */
interface SignsContract {
  /** Rows that go in blocks, in the pipeline, and alone. */
  int[] SIGN_COLS = {1, 2, 3, 8, 15, 16, 17, 33, 100, 255, 256, 257, 1000, 2048, 2049, 4096, 5000};

  List<Operation> SIGNED =
      List.of(
          Operation.LOG_SOFTMAX,
          Operation.LOG_SOFTMAX_OF_SCORES,
          Operation.ENTROPY,
          Operation.LOSS_OF_LABELS,
          Operation.GRADIENT_OF_LABELS);

  SoftmaxKernels kernels();

  private static void assertSigns(Call call, String what) {
    boolean log = !call.operation.takes(Argument.RESULTS);
    for (int r = 0; r < call.inRows.rows(); r++) {
      for (int c = 0; c < (log ? call.inRows.cols() : 1); c++) {
        float value = log ? call.out().get(r, c) : call.results[r];
        boolean right = Float.isNaN(value) || (log ? value <= 0 : value >= 0);
        if (!right || Float.floatToRawIntBits(value) == 0x80000000) {
          fail(call + ", " + what + "[" + r + ", " + c + "]: " + value);
        }
      }
    }
  }

  /** Every call, with labels that count once each: all options. */
  @Property(tries = 2000)
  default void signsOfAnyRow(
      @ForAll @IntRange(max = 4) int operation,
      @ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(SIGNED.get(operation), sample);
    assertSigns(call.copy().run(kernels()), "as drawn");
    assertSigns(call.packedRows(0, sample.rows()).run(kernels()), "packed");
  }

  /** One logit so far above the others that its probability is close to 1, above and below. */
  @Test
  default void dominatedRows() {
    SplittableRandom random = new SplittableRandom(1);
    for (int cols : SIGN_COLS) {
      int rows = Math.clamp(200_000 / cols, 20, 20_000);
      Batch batch = new Batch(new float[rows * cols], Rows.of(rows, cols));
      int[] labels = new int[rows];
      for (int r = 0; r < rows; r++) {
        float top = r == 0 ? 10 : r == 1 ? 20 : 40 * (random.nextFloat() - 0.5f);
        float rest = r < 2 ? 0 : top - 5 - 35 * random.nextFloat();
        float range = r < 2 || random.nextBoolean() ? 0 : random.nextFloat();
        for (int c = 0; c < cols; c++) {
          batch.set(r, c, rest - range * random.nextFloat());
        }
        labels[r] = r < 2 ? 0 : random.nextInt(cols);
        batch.set(r, labels[r], top);
      }
      for (Operation operation : SIGNED) {
        Call call = new Call(operation).in(batch);
        call.labels = labels;
        call.options = CrossEntropy.DEFAULT;
        call.scores = SoftmaxOptions.DEFAULT.withSinks(sinks(rows, Float.NEGATIVE_INFINITY));
        call.outputs(Batch.empty(batch.rows())).run(kernels());
        assertSigns(call, "dominated");
        call.scores = SoftmaxOptions.DEFAULT.withScale(1.5f).withLengths(full(rows, cols));
        call.options = CrossEntropy.DEFAULT.withZLoss(1e-9f);
        assertSigns(call.run(kernels()), "dominated, with options");
      }
    }
  }

  private static float[] sinks(int rows, float value) {
    float[] sinks = new float[rows];
    Arrays.fill(sinks, value);
    return sinks;
  }

  private static int[] full(int rows, int cols) {
    int[] lengths = new int[rows];
    Arrays.fill(lengths, cols);
    return lengths;
  }

  /** One finite logit, of any size, in any column. */
  @Test
  default void oneFiniteLogit() {
    SplittableRandom random = new SplittableRandom(2);
    for (int cols : SIGN_COLS) {
      int rows = Math.clamp(100_000 / cols, 20, 4000);
      Batch batch = new Batch(new float[rows * cols], Rows.of(rows, cols));
      Arrays.fill(batch.data(), Float.NEGATIVE_INFINITY);
      float[] finite = new float[rows];
      int[] at = new int[rows];
      for (int r = 0; r < rows; r++) {
        finite[r] = finite(random, r);
        at[r] = random.nextInt(cols);
        batch.set(r, at[r], finite[r]);
      }
      String what = cols + " columns";
      assertExact(batch, SoftmaxOptions.DEFAULT, finite, at, what);
      assertExactLosses(batch, finite, at, what);
      // Rows apart, so that none goes with another.
      Batch wide = Batch.empty(new Rows(3, rows, cols, cols + 5));
      for (int r = 0; r < rows; r++) {
        System.arraycopy(batch.data(), r * cols, wide.data(), wide.index(r, 0), cols);
      }
      assertExact(wide, SoftmaxOptions.DEFAULT, finite, at, what + ", apart");
      assertExactLosses(wide, finite, at, what + ", apart");
    }
  }

  /** The same by options: what masks, lengths and sinks leave, and what a scale makes of it. */
  @Test
  default void oneScoreThatIsLeft() {
    SplittableRandom random = new SplittableRandom(3);
    for (int cols : SIGN_COLS) {
      int rows = Math.clamp(60_000 / cols, 20, 1000);
      Batch batch = new Batch(new float[rows * cols], Rows.of(rows, cols));
      Batch mask = new Batch(new float[rows * cols], Rows.of(rows, cols));
      Arrays.fill(mask.data(), Float.NEGATIVE_INFINITY);
      float[] first = new float[rows];
      float[] left = new float[rows];
      float[] scaled = new float[rows];
      int[] at = new int[rows];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < cols; c++) {
          batch.set(r, c, (float) (3 * random.nextGaussian()));
        }
        at[r] = random.nextInt(cols);
        batch.set(r, at[r], finite(random, r));
        mask.set(r, at[r], 0);
        left[r] = batch.get(r, at[r]) + 0f;
        scaled[r] = batch.get(r, at[r]) * 0.7f + 0f;
        first[r] = batch.get(r, 0);
      }
      String what = cols + " columns";
      SoftmaxOptions none = SoftmaxOptions.DEFAULT;
      SoftmaxOptions masked = none.withMask(mask.data(), mask.rows());
      float[] noSinks = sinks(rows, Float.NEGATIVE_INFINITY);
      assertExact(batch, masked, left, at, what + ", masked");
      assertExact(batch, masked.withScale(0.7f), scaled, at, what + ", masked and scaled");
      assertExact(batch, masked.withSinks(noSinks), left, at, what + ", masked, no sink");
      int[] firstColumn = new int[rows];
      SoftmaxOptions one = none.withLengths(full(rows, 1));
      assertExact(batch, one, first, firstColumn, what + ", length 1");
      assertExact(batch, one.withSinks(noSinks), first, firstColumn, what + ", length 1, no sink");
      // A sink that is all that is left: nothing comes to the columns.
      float[] sinks = new float[rows];
      for (int r = 0; r < rows; r++) {
        sinks[r] = finite(random, r);
      }
      SoftmaxOptions alone = none.withLengths(new int[rows]).withSinks(sinks);
      assertLse(batch, alone, sinks, what + ", a sink alone");
      Batch gone = new Batch(sinks(rows * cols, Float.NEGATIVE_INFINITY), mask.rows());
      SoftmaxOptions sink = none.withMask(gone.data(), gone.rows()).withSinks(sinks);
      assertLse(batch, sink, sinks, what + ", all masked but a sink");
      float[] l = new float[rows * cols];
      kernels().logSoftmax(batch.data(), batch.rows(), sink, l, batch.rows());
      assertEquals(-1, Arrays.mismatch(gone.data(), l), what + ", all masked but a sink");
    }
  }

  /** Small and large, plain and not, those that terms have most wrong, and zeros. */
  private static float finite(SplittableRandom random, int r) {
    return switch (r % 8) {
      case 0 -> random.nextBoolean() ? 0f : -0f;
      case 1 -> HardArguments.any(random, random.nextBoolean());
      case 2 -> 1e-40f * (random.nextFloat() - 0.5f);
      case 3 -> (2 * random.nextFloat() - 1) * Float.MAX_VALUE;
      case 4 -> 1200 * (random.nextFloat() - 0.5f);
      default -> 90 * (random.nextFloat() - 0.5f);
    };
  }

  private void assertLse(Batch batch, SoftmaxOptions options, float[] exact, String what) {
    float[] lse = new float[exact.length];
    kernels().logSumExp(batch.data(), batch.rows(), options, lse);
    for (int r = 0; r < exact.length; r++) {
      Ulps.assertBits(lse[r], exact[r], what + ", logSumExp", r, 0);
    }
  }

  private void assertExact(
      Batch batch, SoftmaxOptions options, float[] exact, int[] at, String what) {
    assertLse(batch, options, exact, what);
    Rows rows = batch.rows();
    Batch l = Batch.empty(rows);
    kernels().logSoftmax(batch.data(), rows, options, l.data(), rows);
    assertOneHot(l, at, what);
    Batch p = Batch.empty(rows);
    kernels().softmax(batch.data(), rows, options, p.data(), rows);
    for (int r = 0; r < exact.length; r++) {
      Ulps.assertBits(p.get(r, at[r]), 1, what + ", softmax", r, at[r]);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = Memory.UNALIGNED.of(arena, batch.data());
      MemorySegment out = Memory.UNALIGNED.of(arena, Batch.empty(rows).data());
      kernels().logSoftmax(in, rows, options, out, rows);
      assertOneHot(new Batch(Memory.get(out, l.data().length), rows), at, what + ", native");
      float[] lse = new float[exact.length];
      kernels().logSumExp(in, rows, options, lse);
      for (int r = 0; r < exact.length; r++) {
        Ulps.assertBits(lse[r], exact[r], what + ", logSumExp, native", r, 0);
      }
    }
  }

  /** +0 there, -inf elsewhere. */
  private static void assertOneHot(Batch l, int[] at, String what) {
    for (int r = 0; r < at.length; r++) {
      for (int c = 0; c < l.rows().cols(); c++) {
        float expected = c == at[r] ? 0f : Float.NEGATIVE_INFINITY;
        Ulps.assertBits(l.get(r, c), expected, what + ", logSoftmax", r, c);
      }
    }
  }

  private void assertExactLosses(Batch batch, float[] exact, int[] at, String what) {
    float[] zeros = new float[exact.length];
    float[] results = new float[exact.length];
    Rows rows = batch.rows();
    kernels().entropy(batch.data(), rows, results);
    assertEquals(-1, Arrays.mismatch(zeros, results), what + ", entropy");
    float[] weights = new float[rows.cols()];
    Arrays.fill(weights, 0.3f);
    CrossEntropy[] options = {
      CrossEntropy.DEFAULT,
      CrossEntropy.DEFAULT.withReduction(CrossEntropy.Reduction.SUM),
      CrossEntropy.DEFAULT.withClassWeights(weights)
    };
    for (CrossEntropy o : options) {
      kernels().crossEntropy(batch.data(), rows, at, o, results);
      assertEquals(-1, Arrays.mismatch(zeros, results), what + ", losses");
      Arrays.fill(results, 7);
      Batch gradient = Batch.empty(rows);
      kernels().crossEntropyGradient(batch.data(), rows, at, o, results, gradient.data(), rows);
      assertEquals(-1, Arrays.mismatch(zeros, results), what + ", losses beside gradients");
    }
    float z = 0.01f;
    kernels().crossEntropy(batch.data(), rows, at, CrossEntropy.DEFAULT.withZLoss(z), results);
    for (int r = 0; r < exact.length; r++) {
      float expected = (float) (z * ((double) exact[r] * exact[r]));
      Ulps.assertBits(results[r], expected, what + ", z-loss", r, 0);
    }
  }
}
