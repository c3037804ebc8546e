package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.CrossEntropy.Reduction;
import io.softlane.Operation.Argument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Rows go by the numbers that they have in the call's first batch, up to the last that an int has:
 * what is done in slices, in any order, writes what one call writes.
 */
interface RowNumbersContract {
  int MAX = Integer.MAX_VALUE;

  /** Rows and columns of calls that a pool shares, and of some that it does not. */
  int[][] SHARED = {{5300, 50}, {530, 500}, {90, 3000}, {60, 4500}, {3, 90_000}, {9, 70}, {40, 7}};

  SoftmaxKernels kernels();

  /** Slices in any order, each on the plain kernels or on a view; other rows' numbers are any. */
  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void anySlices(
      @ForAll Operation operation,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 700) int cols,
      @ForAll long seed) {
    Random random = new Random(seed);
    Call whole = Call.of(operation, new Sample(null, rows, cols, seed));
    whole.options = whole.options == null ? null : whole.options.withReduction(Reduction.SUM);
    inSlices(whole, random);
  }

  /** The same of batches that a view splits again. */
  @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
  default void anyLargeSlices(
      @ForAll Operation operation, @ForAll @IntRange(max = 4) int shape, @ForAll long seed) {
    int[] size = SHARED[shape];
    Call whole = Call.of(operation, new Sample(null, 2 * size[0], size[1], seed));
    whole.options = whole.options == null ? null : whole.options.withReduction(Reduction.SUM);
    inSlices(whole, new Random(seed));
  }

  private void inSlices(Call whole, Random random) {
    SoftmaxKernels[] either = {kernels(), kernels().parallel()};
    int rows = whole.inRows.rows();
    Call parts = whole.copy();
    List<int[]> slices = new ArrayList<>();
    int most = 1 + random.nextInt(rows);
    for (int from = 0; from < rows; from = slices.getLast()[1]) {
      slices.add(new int[] {from, Math.min(rows, from + 1 + random.nextInt(most))});
    }
    Collections.shuffle(slices, random);
    for (int[] slice : slices) {
      elsewhere(parts.slice(slice[0], slice[1]), random).run(either[random.nextInt(2)]);
    }
    parts.assertSameResults(whole.run(kernels()), 0, "in slices");
    parts.assertSpareResults();
    if (parts.out != null) {
      parts.out().assertGuards(whole.operation + " in slices");
    }
  }

  /** The numbers that the rows of an output, a second input or a mask have play no part. */
  private static Call elsewhere(Call call, Random random) {
    if (call.second != null) {
      call.secondRows = numbered(call.secondRows, random);
    }
    if (call.out != null && call.out != call.in) {
      call.outRows = numbered(call.outRows, random);
    }
    if (call.scores != null && call.scores.mask() != null) {
      Rows mask = numbered(call.scores.maskRows(), random);
      call.scores = call.scores.withMask(call.scores.mask(), mask);
    }
    return call;
  }

  private static Rows numbered(Rows rows, Random random) {
    int last = MAX - rows.rows();
    return from(rows, random.nextBoolean() ? random.nextInt(9) : last - random.nextInt(9));
  }

  private static Rows from(Rows rows, int firstRow) {
    return new Rows(rows.offset(), rows.rows(), rows.cols(), rows.stride(), firstRow);
  }

  /** In place, too, whatever number the output's rows have. */
  @Test
  default void inPlaceUnderOtherNumbers() {
    for (Operation operation : Operation.values()) {
      if (operation.takes(Argument.OUT)) {
        Call apart = Call.of(operation, new Sample(null, 7, 33, 5));
        Call call = apart.copy();
        call.out(new Batch(call.in, from(call.inRows, 1234))).run(kernels());
        call.assertSameResults(apart.run(kernels()), 0, "in place");
        assertEquals(apart.loss, call.loss);
        call.out().assertGuards("in place");
      }
    }
  }

  /** Rows of the last numbers that there are, of calls that have nothing for each row. */
  @Test
  default void theLastNumbers() {
    SoftmaxKernels view = kernels().parallel();
    for (Operation operation : Operation.values()) {
      for (int[] shape : SHARED) {
        Call call = Call.of(operation, new Sample(null, shape[0], shape[1], 3));
        if (call.perRow != null
            || call.labels != null
            || operation.takes(Argument.INDICES)
            || operation.takes(Argument.RESULTS) && !operation.mayLack(Argument.RESULTS)) {
          continue;
        }
        call.results = null; // losses
        if (call.scores != null) {
          SoftmaxOptions some = SoftmaxOptions.DEFAULT.withScale(call.scores.scale());
          if (call.scores.mask() != null) {
            some = some.withMask(call.scores.mask(), call.scores.maskRows());
          }
          call.scores = some;
        }
        Call last = call.copy();
        last.inRows = from(last.inRows, MAX - shape[0]);
        Call lastOnPool = last.copy();
        if (call.scores != null && call.scores.mask() != null) {
          // The same rows of the mask, as if the batch began there.
          call.scores = turned(call.scores, (MAX - shape[0]) % call.scores.maskRows().rows());
        }
        call.run(kernels());
        for (Call it : new Call[] {last.run(kernels()), lastOnPool.run(view)}) {
          assertEquals(call.loss, it.loss);
          it.assertSameResults(call, 0, "the last numbers, " + it);
        }
      }
    }
  }

  /** A mask whose first row is one of another's. */
  private static SoftmaxOptions turned(SoftmaxOptions options, int first) {
    int rows = options.maskRows().rows();
    int[] order = new int[rows];
    Arrays.setAll(order, r -> (r + first) % rows);
    return Scores.ofRows(options, order);
  }

  /** What has one element less than the last row's number asks for; one more is enough. */
  @Test
  default void arraysTooShortByNumber() {
    for (Operation operation : Operation.values()) {
      for (int[] shape : SHARED) {
        if (shape[0] > 5000) {
          continue;
        }
        for (SoftmaxKernels k : new SoftmaxKernels[] {kernels(), kernels().parallel()}) {
          Call whole = Call.of(operation, new Sample(null, shape[0], shape[1], 3));
          whole.scores = whole.scores == null ? null : Scores.all(shape[0], shape[1]);
          Call call = whole.slice(shape[0] / 2, shape[0]);
          int enough = shape[0];
          int few = enough - 1;
          int refused = 0;
          refused += refused(k, call, call.perRow, call.perRow = cut(call.perRow, few));
          call.perRow = cut(whole.perRow, enough);
          refused += refused(k, call, call.labels, call.labels = cut(call.labels, few));
          call.labels = cut(whole.labels, enough);
          refused += refused(k, call, call.results, call.results = cut(call.results, few * call.k));
          call.results = cut(whole.results, enough * call.k);
          refused += refused(k, call, call.indices, call.indices = cut(call.indices, few * call.k));
          call.indices = cut(whole.indices, enough * call.k);
          if (call.scores != null) {
            SoftmaxOptions all = call.scores;
            call.scores = all.withLengths(Arrays.copyOf(all.lengths(), few));
            refused += refused(k, call, all, call.scores);
            call.scores = all.withSinks(Arrays.copyOf(all.sinks(), few));
            refused += refused(k, call, all, call.scores);
            call.scores = all;
          }
          boolean has = call.perRow != null || call.labels != null || call.scores != null;
          assertEquals(has || call.results != null || call.indices != null, refused > 0);
          call.run(k);
        }
      }
    }
  }

  private static float[] cut(float[] array, int length) {
    return array == null ? null : Arrays.copyOf(array, length);
  }

  private static int[] cut(int[] array, int length) {
    return array == null ? null : Arrays.copyOf(array, length);
  }

  /** Refuses a call that has the other argument instead of the one, if it has one at all. */
  private static int refused(SoftmaxKernels kernels, Call call, Object one, Object other) {
    if (one == null) {
      return 0;
    }
    Call before = call.copy();
    Exception thrown =
        assertThrows(IndexOutOfBoundsException.class, () -> call.run(kernels), call::toString);
    assertEquals(IndexOutOfBoundsException.class, thrown.getClass());
    int number = call.inRows.firstRow() + call.inRows.rows() - 1;
    String message = thrown.getMessage();
    assertTrue(message.contains("the last row has number " + number), message);
    assertTrue(other != null, "something was replaced");
    assertUntouched(before.out, call.out);
    assertUntouched(before.results, call.results);
    assertArrayEquals(before.indices, call.indices);
    return 1;
  }

  private static void assertUntouched(float[] before, float[] after) {
    if (before != null) {
      assertArrayEquals(LayoutContract.bits(before), LayoutContract.bits(after), "written");
    }
  }

  /** What is nobody's: elements before a slice's numbers are neither looked at nor refused. */
  @Test
  default void whatIsBeforeASlice() {
    for (Operation operation : Operation.values()) {
      Call whole = Call.of(operation, new Sample(null, 12, 40, 9));
      whole.options = whole.options == null ? null : whole.options.withReduction(Reduction.SUM);
      whole.scores = whole.scores == null ? null : Scores.all(12, 40);
      Call call = whole.copy().slice(5, 12);
      for (int r = 0; r < 5; r++) {
        if (call.labels != null) {
          call.labels[r] = Integer.MIN_VALUE;
        }
        if (call.perRow != null) {
          call.perRow[r] = Float.NaN;
        }
        if (call.scores != null) {
          int[] lengths = call.scores.lengths().clone();
          lengths[r] = -1;
          call.scores = call.scores.withLengths(lengths);
        }
      }
      call.run(kernels()).assertSameResults(whole.slice(5, 12).run(kernels()), 0, "a slice");
      call.assertSpareResults();
    }
  }
}
