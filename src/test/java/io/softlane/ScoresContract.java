package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.softlane.Operation.Argument;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@link SoftmaxOptions} in every combination: the bits of the caller's own preparation, in plain
 * float arithmetic, followed by the plain call on each row.
 */
interface ScoresContract {
  float INF = Float.POSITIVE_INFINITY;

  List<Operation> SCORED =
      List.of(
          Operation.LOG_SUM_EXP_OF_SCORES,
          Operation.SOFTMAX_OF_SCORES,
          Operation.LOG_SOFTMAX_OF_SCORES);

  SoftmaxKernels kernels();

  // ---- what a caller without options would do ----

  /** Holds a call's results to the plain call's, row by row, and by the contract beyond them. */
  private void assertPrepared(Call before, Call after, String what) {
    String name = before + ", " + what;
    for (int r = 0; r < before.inRows.rows(); r++) {
      float[] expected = Scores.expected(kernels(), before, r);
      for (int c = 0; c < expected.length; c++) {
        float actual = after.out == null ? after.results[r] : after.out().get(r, c);
        Ulps.assertBits(actual, expected[c], name, r, c);
      }
    }
  }

  private void check(Call call, boolean inPlace, String what) {
    Call before = call.copy();
    if (inPlace && call.out != null) {
      call.out(new Batch(call.in, call.inRows));
    }
    Object[] arrays = arrays(call.scores);
    call.run(kernels());
    assertPrepared(before, call, what);
    assertArrayEquals(arrays, arrays(call.scores), "arrays of the options");
    if (call.out != null) {
      call.out().assertGuards(what);
    }
    if (call.in != call.out) {
      assertArrayEquals(LayoutContract.bits(before.in), LayoutContract.bits(call.in), "input");
    }
  }

  private static Object[] arrays(SoftmaxOptions o) {
    return new Object[] {
      o.mask() == null ? null : LayoutContract.bits(o.mask()),
      o.lengths() == null ? null : o.lengths().clone(),
      o.sinks() == null ? null : LayoutContract.bits(o.sinks())
    };
  }

  // ---- bits ----

  @Property(tries = 3000)
  default void callersOwnPreparation(
      @ForAll @IntRange(max = 2) int operation,
      @ForAll boolean inPlace,
      @ForAll(supplier = Sample.Any.class) Sample sample) {
    check(Call.of(SCORED.get(operation), sample), inPlace, "in place: " + inPlace);
  }

  @Property(tries = 1000)
  default void callersOwnCap(
      @ForAll @IntRange(max = 2) int operation,
      @ForAll boolean inPlace,
      @ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(SCORED.get(operation), sample);
    float[] caps = {30, 0.5f, 5, Float.MIN_VALUE, Float.MAX_VALUE, 1e-3f, 2000};
    call.scores = call.scores.withSoftcap(caps[Math.floorMod(sample.seed(), 7)]);
    check(call, inPlace, "capped, in place: " + inPlace);
  }

  /** Rows that pass through the buffer together, 1024 elements at a time, and a few more. */
  @Property(tries = 150)
  default void groupsOfRows(
      @ForAll @IntRange(max = 2) int operation,
      @ForAll boolean inPlace,
      @ForAll @IntRange(min = 1, max = 1100) int cols,
      @ForAll long seed) {
    int rows = 1 + new SplittableRandom(seed).nextInt(1 + 3500 / cols);
    Call call = Call.of(SCORED.get(operation), new Sample(null, rows, cols, seed));
    check(call, inPlace, "groups");
    check(call.packedRows(0, rows), inPlace, "dense groups");
  }

  /**
   * Masks of fewer, as many and more rows than are done together, with a gap between and without.
   */
  @Test
  default void masksOfAnyNumberOfRows() {
    int rows = 450;
    int cols = 10;
    RandomGenerator random = new SplittableRandom(3);
    for (Operation operation : SCORED) {
      for (int maskRows : new int[] {1, 2, 7, 186, 203, 204, 205, 250, 449, 450, 900}) {
        for (int stride : new int[] {cols, cols + 3}) {
          Batch mask = Batch.empty(new Rows(5, maskRows, cols, stride));
          for (int r = 0; r < maskRows; r++) {
            for (int c = 0; c < cols; c++) {
              mask.set(r, c, random.nextInt(4) == 0 ? Float.NEGATIVE_INFINITY : -r / 32f - c);
            }
          }
          Call call = Call.of(operation, new Sample(Logits.NORMAL, rows, cols, maskRows));
          SoftmaxOptions options = SoftmaxOptions.DEFAULT.withMask(mask.data(), mask.rows());
          options = maskRows % 2 == 0 ? options : options.withScale(0.3f);
          call.scores = stride == cols ? options : options.withSinks(new float[2 * rows]);
          check(call.copy(), false, "mask of " + mask.rows());
          check(call.copy(), true, "in place, mask of " + mask.rows());
          Call dense = call.packedRows(0, rows);
          dense.scores = options;
          check(dense, false, "dense, mask of " + mask.rows());
        }
      }
    }
  }

  /** Rows around one and two blocks of 4096 columns, the group of 1024, and what is alone in it. */
  @Test
  default void longScoredRows() {
    for (Operation operation : SCORED) {
      for (int cols : new int[] {511, 512, 513, 1023, 1024, 1025, 4095, 4096, 4097, 9000}) {
        for (int seed = 0; seed < 6; seed++) {
          Call call = Call.of(operation, new Sample(Logits.NORMAL, 3, cols, seed));
          check(call.copy(), false, "long");
          check(call, true, "long, in place");
        }
      }
    }
  }

  /** Rows that need clamps, or their maximum, and masks with -inf. */
  @Test
  default void longScoredRowsOfAllKinds() {
    int seed = 0;
    for (Operation operation : SCORED) {
      for (Logits kind : Logits.values()) {
        for (int cols : new int[] {513, 1100, 4103}) {
          Call call = Call.of(operation, new Sample(kind, 20, cols, seed++));
          check(call.copy(), false, "long, " + kind);
          check(call, true, "long, in place, " + kind);
        }
      }
    }
  }

  /** Rows that are three at a time in the kernels, with scale and mask, and one of another kind. */
  @Test
  default void oddScoredRows() {
    int rows = 9;
    for (Operation operation : SCORED) {
      for (Logits kind : Logits.values()) {
        for (int odd = 0; odd < rows; odd++) {
          for (int bits = 1; bits <= 3; bits++) {
            Call call = Call.of(operation, new Sample(Logits.NORMAL, rows, 600, odd));
            call.scores = some(Scores.all(rows, 600), bits);
            int i = new Batch(call.in, call.inRows).index(odd, 0);
            kind.fill(new SplittableRandom(odd), call.in, i, 600);
            check(call, (odd & 1) != 0, kind + " at row " + odd + ", combination " + bits);
          }
        }
      }
    }
  }

  /** One option at a time, and all 32 combinations at several widths. */
  @Test
  default void everyCombination() {
    for (Operation operation : SCORED) {
      for (int cols : new int[] {1, 2, 7, 15, 16, 17, 33, 100}) {
        for (int bits = 0; bits < 32; bits++) {
          Call call = Call.of(operation, new Sample(null, 9, cols, 31L * cols + bits));
          call.scores = some(Scores.all(9, cols), bits);
          Scores.poisonBeyond(call.scores.lengths(), new Batch(call.in, call.inRows));
          check(call, bits % 3 == 0, "combination " + bits);
        }
      }
    }
  }

  /**
   * One option at a time, and all, in batches beyond the caches, whose rows go another way: lengths
   * were once taken there for those of whole rows.
   */
  @Test
  @Tag("long")
  default void optionsBeyondTheCaches() {
    int[][] shapes = {{2200, 1000}, {8000, 300}};
    for (Operation operation : SCORED) {
      for (int[] shape : shapes) {
        for (int bits : new int[] {1, 2, 4, 8, 31}) {
          Call call = Call.of(operation, new Sample(Logits.NORMAL, shape[0], shape[1], bits));
          call.scores = some(Scores.all(shape[0], shape[1]), bits);
          check(call, false, "beyond the caches, combination " + bits);
        }
      }
    }
  }

  /** Some of all options. */
  private static SoftmaxOptions some(SoftmaxOptions all, int bits) {
    SoftmaxOptions some = SoftmaxOptions.DEFAULT;
    some = (bits & 1) == 0 ? some : some.withScale(all.scale());
    some = (bits & 2) == 0 ? some : some.withMask(all.mask(), all.maskRows());
    some = (bits & 4) == 0 ? some : some.withLengths(all.lengths());
    some = (bits & 8) == 0 ? some : some.withSinks(all.sinks());
    return (bits & 16) == 0 ? some : some.withEmptyRowsZero();
  }

  @Property(tries = 200)
  default void defaultIsThePlainCall(@ForAll(supplier = Sample.Any.class) Sample sample) {
    for (int i = 0; i < SCORED.size(); i++) {
      Operation plain =
          List.of(Operation.LOG_SUM_EXP, Operation.SOFTMAX, Operation.LOG_SOFTMAX).get(i);
      Call expected = Call.of(plain, sample);
      Call call = new Call(SCORED.get(i)).in(new Batch(expected.in, expected.inRows));
      call.outputs(Batch.empty(expected.inRows));
      expected.run(kernels());
      call.scores = SoftmaxOptions.DEFAULT;
      call.run(kernels()).assertSameResults(expected, 0, "DEFAULT");
      call.scores = SoftmaxOptions.DEFAULT.withScale(1).withSinks(filled(sample.rows(), -INF));
      call.run(kernels()).assertSameResults(expected, 0, "a sink of -inf is none");
    }
  }

  private static float[] filled(int n, float value) {
    float[] array = new float[n];
    Arrays.fill(array, value);
    return array;
  }

  /** The mask's own memory may take the result. */
  @Property(tries = 300)
  default void inPlaceOfTheMask(
      @ForAll @IntRange(min = 1, max = 2) int operation,
      @ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(SCORED.get(operation), sample);
    SoftmaxOptions other = call.scores;
    Batch mask = Batch.empty(call.outRows);
    for (int r = 0; r < sample.rows(); r++) {
      for (int c = 0; c < sample.cols(); c++) {
        mask.set(r, c, (r + c) % 4 == 1 ? -INF : c % 5 - 2);
      }
    }
    Batch copy = mask.copy();
    Call before = call.copy();
    before.scores = other.withMask(copy.data(), copy.rows());
    call.scores = other.withMask(mask.data(), mask.rows());
    assertPrepared(before, call.out(mask).run(kernels()), "in place of the mask");
    mask.assertGuards("mask");
  }

  // ---- values ----

  /** The plain call's bounds, for the scores. */
  @Property(tries = 1000)
  default void accuracyOfScores(
      @ForAll @IntRange(max = 2) int operation,
      @ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(SCORED.get(operation), sample).run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      float[] prepared = Scores.prepared(call.scores, new Batch(call.in, call.inRows), r);
      if (prepared.length == 0) {
        continue;
      }
      double[] o = Oracle.row(prepared, Rows.of(1, prepared.length), 0);
      boolean zeros = call.scores.emptyRowsZero() && Oracle.max(o) == -INF;
      int n = Scores.length(call.scores, sample.cols(), r);
      if (call.out == null) {
        Ulps.assertLog(call.results[r], Oracle.lse(o), call.toString(), r, 0);
      } else if (operation == 1) {
        double[] p = Oracle.softmax(o);
        for (int c = 0; c < n && !zeros; c++) {
          Ulps.assertProbability(call.out().get(r, c), p[c], call.toString(), r, c);
        }
      } else {
        double[] l = Oracle.logSoftmax(o);
        for (int c = 0; c < n && !zeros; c++) {
          Ulps.assertLog(call.out().get(r, c), l[c], call.toString(), r, c);
        }
      }
    }
  }

  /** softmax, logSoftmax and logSumExp of three logits, of which some are left out. */
  private void assertRow(
      float[] row, SoftmaxOptions options, float[] p, float[] l, float lse, String what) {
    Rows rows = Rows.of(1, row.length);
    float[] out = new float[row.length];
    kernels().softmax(row, rows, options, out, rows);
    assertArrayEquals(p, out, 1e-6f, what);
    kernels().logSoftmax(row, rows, options, out, rows);
    assertArrayEquals(l, out, 1e-6f, what);
    float[] one = new float[1];
    kernels().logSumExp(row, rows, options, one);
    assertEquals(lse, one[0], 1e-6f, what);
  }

  /** The contract's sentences on rows with nothing left, sinks and NaN, one by one. */
  @Test
  default void specialRows() {
    float nan = Float.NaN;
    float ln2 = (float) Math.log(2);
    float[] x = {0, 1, 2};
    float[] nans = {nan, nan, nan};
    float[] zeros = {0, 0, 0};
    float[] masked = {-INF, -INF, -INF};
    SoftmaxOptions d = SoftmaxOptions.DEFAULT;
    SoftmaxOptions none = d.withLengths(new int[] {0});
    assertRow(x, none, nans, nans, -INF, "length 0");
    assertRow(x, none.withEmptyRowsZero(), zeros, masked, -INF, "length 0, zeros");
    assertRow(nans, none.withEmptyRowsZero(), zeros, masked, -INF, "NaN beyond the length");
    for (float sink : new float[] {0, 5, -1e30f, 1e30f}) {
      SoftmaxOptions alone = none.withSinks(new float[] {sink});
      assertRow(x, alone, zeros, masked, sink, "a sink alone");
      assertRow(x, alone.withEmptyRowsZero(), zeros, masked, sink, "a sink alone");
    }
    for (SoftmaxOptions o : new SoftmaxOptions[] {none, none.withEmptyRowsZero()}) {
      assertRow(x, o.withSinks(new float[] {INF}), nans, nans, INF, "a sink of +inf");
      assertRow(x, o.withSinks(new float[] {nan}), nans, nans, nan, "a sink of NaN");
    }
    SoftmaxOptions gone = none.withSinks(new float[] {-INF});
    assertRow(x, gone, nans, nans, -INF, "a sink of -inf is none");
    assertRow(x, gone.withEmptyRowsZero(), zeros, masked, -INF, "a sink of -inf is none");
    SoftmaxOptions first = d.withLengths(new int[] {1});
    float[] one = {0, nan, nan};
    assertRow(one, first, new float[] {1, 0, 0}, new float[] {0, -INF, -INF}, 0, "one column");
    SoftmaxOptions offByOne = first.withSinks(new float[1]);
    float[] half = {0.5f, 0, 0};
    assertRow(one, offByOne, half, new float[] {-ln2, -INF, -INF}, ln2, "off by one");
    SoftmaxOptions all = d.withMask(masked, Rows.of(1, 3));
    assertRow(x, all, nans, nans, -INF, "all masked");
    assertRow(x, all.withEmptyRowsZero(), zeros, masked, -INF, "all masked, zeros");
    float[] poisoned = {0, nan, -INF};
    assertRow(poisoned, all.withEmptyRowsZero(), nans, nans, nan, "NaN is not masked");
    SoftmaxOptions two = d.withLengths(new int[] {2}).withEmptyRowsZero();
    assertRow(poisoned, two, nans, nans, nan, "NaN within the length");
    // Scale and mask act on the logits alone, the sum is rounded after the product.
    SoftmaxOptions scaled = offByOne.withScale(1e30f).withMask(new float[3], Rows.of(1, 3));
    assertRow(one, scaled, half, new float[] {-ln2, -INF, -INF}, ln2, "a sink is not scaled");
  }

  /** NaN within a row poisons that row only, wherever its sink, mask or logit has it. */
  @Test
  default void neighboursOfNaN() {
    for (Operation operation : SCORED) {
      for (int cols : new int[] {1, 5, 16, 40, 700}) {
        Call clean = Call.of(operation, new Sample(Logits.NORMAL, 5, cols, cols));
        clean.scores = SoftmaxOptions.DEFAULT.withScale(0.5f).withSinks(new float[5]);
        Call logit = clean.copy();
        logit.in[new Batch(logit.in, logit.inRows).index(2, cols - 1)] = Float.NaN;
        Call sink = clean.copy();
        sink.scores = clean.scores.withSinks(new float[] {0, 0, Float.NaN, 0, 0});
        clean.run(kernels());
        for (Call poisoned : List.of(logit, sink)) {
          poisoned.run(kernels());
          for (int r = 0; r < 5; r++) {
            for (int c = 0; c < (clean.out == null ? 1 : cols); c++) {
              float expected = clean.out == null ? clean.results[r] : clean.out().get(r, c);
              float actual = clean.out == null ? poisoned.results[r] : poisoned.out().get(r, c);
              Ulps.assertBits(actual, r == 2 ? Float.NaN : expected, "beside NaN", r, c);
            }
          }
        }
      }
    }
  }

  /** Arrays are held, not copied: a decoder's lengths grow between two calls. */
  @Test
  default void arraysAreReadDuringTheCall() {
    int[] lengths = {1};
    SoftmaxOptions options = SoftmaxOptions.DEFAULT.withLengths(lengths);
    assertSame(lengths, options.lengths());
    for (int n = 1; n <= 4; n++) {
      lengths[0] = n;
      float[] p = new float[4];
      kernels().softmax(new float[4], Rows.of(1, 4), options, p, Rows.of(1, 4));
      for (int c = 0; c < 4; c++) {
        assertEquals(c < n ? 1f / n : 0, p[c], 1e-7f);
      }
    }
  }

  /** The operations here are all that take scores. */
  @Test
  default void everyScoredOperation() {
    assertEquals(
        SCORED, Arrays.stream(Operation.values()).filter(o -> o.takes(Argument.SCORES)).toList());
  }
}
