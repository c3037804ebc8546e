package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is refused of {@link SoftmaxOptions}, with nothing written. */
interface ScoresRefusalContract {
  int SCORE_ROWS = 3;
  int SCORE_COLS = 5;

  SoftmaxKernels kernels();

  private static Call legal(Operation operation) {
    Call call = Call.of(operation, new Sample(Logits.NORMAL, SCORE_ROWS, SCORE_COLS, 3));
    call.scores = Scores.all(SCORE_ROWS, SCORE_COLS);
    return call;
  }

  /** Changes a legal call of every operation with options, and expects a refusal. */
  private void refused(Class<? extends Exception> type, Consumer<Call> change, Object... named) {
    for (Operation operation : ScoresContract.SCORED) {
      Call call = legal(operation);
      change.accept(call);
      refused(type, call, named);
    }
  }

  private void refused(Class<? extends Exception> type, Call call, Object... named) {
    Call before = call.copy();
    float[] mask = call.scores.mask() == null ? null : call.scores.mask().clone();
    float[] sinks = call.scores.sinks() == null ? null : call.scores.sinks().clone();
    Exception thrown = assertThrows(type, () -> call.run(kernels()), call::toString);
    assertEquals(type, thrown.getClass(), call::toString);
    for (Object value : named) {
      String message = thrown.getMessage();
      assertTrue(message.contains(value.toString()), () -> "no " + value + " in: " + message);
    }
    assertUntouched(before.in, call.in);
    assertUntouched(before.out, call.out);
    assertUntouched(before.results, call.results);
    assertUntouched(mask, call.scores.mask());
    assertUntouched(sinks, call.scores.sinks());
  }

  private static void assertUntouched(float[] before, float[] after) {
    assertArrayEquals(
        before == null ? null : LayoutContract.bits(before),
        after == null ? null : LayoutContract.bits(after),
        "written before it was refused");
  }

  private static Consumer<Call> scores(SoftmaxOptions options) {
    return call -> call.scores = options;
  }

  @Test
  default void badScales() {
    float[] bad = {0, -0f, -1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    for (float scale : bad) {
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> SoftmaxOptions.DEFAULT.withScale(scale))
              .getMessage();
      assertTrue(message.contains(Float.toString(scale)), message);
    }
    for (float scale : new float[] {Float.MIN_VALUE, Float.MAX_VALUE, 1}) {
      assertEquals(scale, SoftmaxOptions.DEFAULT.withScale(scale).scale());
    }
  }

  @Test
  default void nullsInOptions() {
    SoftmaxOptions d = SoftmaxOptions.DEFAULT;
    Rows rows = Rows.of(1, 2);
    Class<NullPointerException> npe = NullPointerException.class;
    assertThrows(npe, () -> d.withMask(null, rows));
    assertThrows(npe, () -> d.withMask(new float[2], null));
    assertThrows(npe, () -> d.withLengths(null));
    assertThrows(npe, () -> d.withSinks(null));
    assertThrows(
        npe, () -> new SoftmaxOptions(1, Float.POSITIVE_INFINITY, null, rows, null, null, false));
    assertThrows(npe, () -> new SoftmaxOptions(1, 1, new float[2], null, null, null, false));
  }

  @Test
  default void lengthsOutOfRange() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    for (int length : new int[] {-1, SCORE_COLS + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      for (int r = 0; r < SCORE_ROWS; r++) {
        int[] lengths = new int[SCORE_ROWS];
        lengths[r] = length;
        SoftmaxOptions options = SoftmaxOptions.DEFAULT.withLengths(lengths);
        refused(illegal, scores(options), length, "row " + r, SCORE_COLS);
        SoftmaxOptions all = Scores.all(SCORE_ROWS, SCORE_COLS).withLengths(lengths);
        refused(illegal, scores(all), length, "row " + r, SCORE_COLS);
      }
    }
  }

  @Test
  default void arraysTooShort() {
    Class<IndexOutOfBoundsException> bounds = IndexOutOfBoundsException.class;
    SoftmaxOptions all = Scores.all(SCORE_ROWS, SCORE_COLS);
    for (int n : new int[] {0, SCORE_ROWS - 1}) {
      refused(bounds, scores(all.withLengths(new int[n])), n, SCORE_ROWS);
      refused(bounds, scores(all.withSinks(new float[n])), n, SCORE_ROWS);
    }
    Rows mask = new Rows(4, 2, SCORE_COLS, 7);
    for (int n : new int[] {0, 15}) {
      refused(bounds, scores(all.withMask(new float[n], mask)), n, 15, "mask");
    }
    for (long far : new long[] {1L << 31, 1L << 32, Long.MAX_VALUE / 2}) {
      refused(bounds, scores(all.withMask(new float[40], mask.at(far))), far, 40);
      refused(bounds, scores(all.withMask(new float[40], mask.withStride(far))), far, 40);
    }
  }

  @Test
  default void masksOfAnotherShape() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    for (int cols : new int[] {1, SCORE_COLS - 1, SCORE_COLS + 1}) {
      Rows rows = Rows.of(2, cols);
      SoftmaxOptions options = SoftmaxOptions.DEFAULT.withMask(new float[40], rows);
      refused(illegal, scores(options), cols, SCORE_COLS);
    }
    SoftmaxOptions none = SoftmaxOptions.DEFAULT.withMask(new float[40], Rows.of(0, SCORE_COLS));
    refused(illegal, scores(none), "0 x " + SCORE_COLS);
    // Also of a batch of no rows, which reads none of it.
    refused(illegal, scores(none).andThen(ScoresRefusalContract::noRows), "0 x " + SCORE_COLS);
  }

  private static void noRows(Call call) {
    call.inRows = call.inRows.slice(0, 0);
    call.outRows = call.outRows == null ? null : call.outRows.slice(0, 0);
  }

  /** By extent, first to last element, also where no element is in common. */
  @Test
  default void masksThatOverlapAnOutput() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    for (Operation operation : ScoresContract.SCORED) {
      Call call = legal(operation);
      if (call.out == null) {
        // The results' last element is the mask's first, and the other way round.
        float[] both = Batch.guards(60);
        call.results = both;
        Rows mask = new Rows(SCORE_ROWS - 1, 2, SCORE_COLS, 9);
        call.scores = SoftmaxOptions.DEFAULT.withMask(both, mask);
        refused(illegal, call, "lse", "mask", SCORE_ROWS - 1);
        call.scores = call.scores.withMask(both, mask.at(0));
        refused(illegal, call, "lse", "mask");
        call.scores = call.scores.withMask(new float[60], mask.at(0));
        call.run(kernels());
        call.scores = call.scores.withMask(both, mask.at(SCORE_ROWS));
        call.run(kernels());
        continue;
      }
      Rows out = new Rows(4, SCORE_ROWS, SCORE_COLS, 12);
      Rows[] masks = {
        out.at(5),
        out.at(9), // beside each row, not in it
        out.withStride(13),
        out.slice(0, 2), // in place, but for fewer rows
        out.slice(2, 3),
        new Rows(0, 1, SCORE_COLS, SCORE_COLS)
      };
      call.out(new Batch(new float[80], out));
      for (Rows mask : masks) {
        call.scores = SoftmaxOptions.DEFAULT.withMask(call.out, mask);
        refused(illegal, call, mask.offset(), "mask");
      }
      call.scores = SoftmaxOptions.DEFAULT.withMask(call.out, out.at(33));
      call.run(kernels());
      call.scores = SoftmaxOptions.DEFAULT.withMask(call.out, out);
      call.run(kernels());
      // An input may overlap it.
      call.scores = SoftmaxOptions.DEFAULT.withMask(call.in, Rows.of(1, SCORE_COLS));
      call.run(kernels());
    }
  }

  @Test
  default void sinksThatOverlapAnOutput() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    for (Operation operation : ScoresContract.SCORED) {
      Call call = legal(operation);
      if (call.out == null) {
        call.scores = call.scores.withSinks(call.results);
        refused(illegal, call, "lse", "sinks");
        continue;
      }
      // The sinks' last element is the output's first.
      Rows out = new Rows(SCORE_ROWS - 1, SCORE_ROWS, SCORE_COLS, 6);
      call.out(new Batch(new float[80], out));
      call.scores = call.scores.withSinks(call.out);
      refused(illegal, call, "sinks", SCORE_ROWS - 1);
      call.outRows = out.at(SCORE_ROWS);
      call.run(kernels());
    }
  }

  /** The plain calls' own refusals come with options too, DEFAULT or not. */
  @Test
  default void plainRefusals() {
    for (SoftmaxOptions options :
        new SoftmaxOptions[] {SoftmaxOptions.DEFAULT, Scores.all(SCORE_ROWS, SCORE_COLS)}) {
      Consumer<Call> with = scores(options);
      refused(NullPointerException.class, with.andThen(c -> c.inRows = null));
      Consumer<Call> far = with.andThen(c -> c.inRows = c.inRows.at(1L << 40));
      refused(IndexOutOfBoundsException.class, far, 1L << 40);
      for (Operation operation : ScoresContract.SCORED) {
        Call call = legal(operation);
        call.scores = options;
        if (call.out == null) {
          call.results = call.in = Arrays.copyOf(call.in, 200);
          call.inRows = call.inRows.at(1);
          refused(IllegalArgumentException.class, call, "lse", "logits");
        } else {
          call.out = call.in = Arrays.copyOf(call.in, 200);
          call.outRows = call.inRows.at(call.inRows.offset() + 1);
          refused(IllegalArgumentException.class, call, "logits");
        }
      }
    }
  }
}
