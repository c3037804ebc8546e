package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.Operation.Argument;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every refusal: the exception, the values in its message, and that nothing was written. */
interface RefusalContract {
  int ROWS = 3;
  int COLS = 5;

  SoftmaxKernels kernels();

  /** A legal call whose batches all start at element 4. */
  private static Call legal(Operation operation) {
    Rows rows = new Rows(4, ROWS, COLS, COLS + 2);
    Call call = new Call(operation).in(batch(rows)).second(batch(rows)).out(batch(rows));
    call.perRow = batch(rows).data();
    call.labels = new int[] {0, COLS - 1, 2};
    call.options = CrossEntropy.DEFAULT;
    call.scores = Scores.all(ROWS, COLS);
    call.results = batch(rows).data();
    call.indices = new int[ROWS];
    return call;
  }

  private static Batch batch(Rows rows) {
    float[] data = new float[40];
    for (int i = 0; i < data.length; i++) {
      data[i] = i / 8f;
    }
    return new Batch(data, rows);
  }

  /** Changes a legal call of every operation that takes the argument, and expects a refusal. */
  private void refused(
      Class<? extends Exception> type, Argument taken, Consumer<Call> change, Object... named) {
    int tested = 0;
    for (Operation operation : Operation.values()) {
      if (taken == null || operation.takes(taken)) {
        Call call = legal(operation);
        change.accept(call);
        assertRefused(type, call, named);
        tested++;
      }
    }
    assertTrue(tested > 0, "no operation takes " + taken);
  }

  private void assertRefused(Class<? extends Exception> type, Call call, Object... named) {
    Object[] before = snapshot(call);
    Exception refusal = assertThrows(type, () -> call.run(kernels()), call::toString);
    assertTrue(type == refusal.getClass(), () -> call + " threw " + refusal);
    for (Object value : named) {
      assertTrue(
          refusal.getMessage().contains(value.toString()),
          () -> call + ": no " + value + " in: " + refusal.getMessage());
    }
    assertArrayEquals(before, snapshot(call), () -> call + " wrote before it refused");
  }

  private static Object[] snapshot(Call call) {
    return new Object[] {
      bits(call.in),
      bits(call.second),
      bits(call.perRow),
      bits(call.out),
      bits(call.results),
      call.labels == null ? null : call.labels.clone(),
      call.indices == null ? null : call.indices.clone()
    };
  }

  private static int[] bits(float[] values) {
    return values == null ? null : LayoutContract.bits(values);
  }

  @Test
  default void legalCallsAreNotRefused() {
    for (Operation operation : Operation.values()) {
      legal(operation).run(kernels());
    }
  }

  @Test
  default void nulls() {
    for (int rows : new int[] {ROWS, 0}) {
      Consumer<Call> size =
          call -> {
            call.inRows = call.inRows.slice(0, rows);
            call.secondRows = call.inRows;
            call.outRows = call.inRows;
          };
      Class<NullPointerException> npe = NullPointerException.class;
      refused(npe, null, size.andThen(call -> call.in = null));
      // Of which batch: the JVM's own message would not say.
      refused(npe, null, size.andThen(call -> call.inRows = null), "rows of ");
      refused(npe, Argument.SECOND, size.andThen(call -> call.second = null));
      refused(npe, Argument.SECOND, size.andThen(call -> call.secondRows = null), "rows of ");
      refused(npe, Argument.PER_ROW, size.andThen(call -> call.perRow = null));
      refused(npe, Argument.LABELS, size.andThen(call -> call.labels = null));
      refused(npe, Argument.OPTIONS, size.andThen(call -> call.options = null));
      refused(npe, Argument.SCORES, size.andThen(call -> call.scores = null));
      refused(npe, Argument.OUT, size.andThen(call -> call.out = null));
      refused(npe, Argument.OUT, size.andThen(call -> call.outRows = null), "rows of ");
      for (Operation operation : Operation.values()) {
        Call call = legal(operation);
        size.accept(call);
        call.results = null;
        if (operation.mayLack(Argument.RESULTS)) { // which not every caller wants
          Call with = legal(operation);
          size.accept(with);
          assertEquals(with.run(kernels()).loss, call.run(kernels()).loss);
        } else if (operation.takes(Argument.RESULTS)) {
          assertRefused(npe, call);
        }
        call = legal(operation);
        size.accept(call);
        call.indices = null;
        if (operation.mayLack(Argument.INDICES)) {
          call.run(kernels());
          call.results = null;
        }
        if (operation.takes(Argument.INDICES)) {
          assertRefused(npe, call);
        }
      }
    }
  }

  /** The last element is missing: length 23 - 1, extent 4 to 22. */
  @Test
  default void batchesThatDoNotFit() {
    Class<IndexOutOfBoundsException> bounds = IndexOutOfBoundsException.class;
    refused(bounds, null, call -> call.in = new float[22], 22, 4);
    refused(bounds, Argument.SECOND, call -> call.second = new float[22], 22, 4);
    refused(bounds, Argument.OUT, call -> call.out = new float[22], 22, 4);
    refused(bounds, null, call -> call.in = new float[0], 0, 22);
    refused(bounds, Argument.OUT, call -> call.out = new float[0], 0, 22);
  }

  /** Indices that an int would fold back into the array. */
  @Test
  default void batchesBeyondAnyArray() {
    Class<IndexOutOfBoundsException> bounds = IndexOutOfBoundsException.class;
    for (long far : new long[] {1L << 31, 1L << 32, (1L << 32) + 4, Long.MAX_VALUE / 2}) {
      refused(bounds, null, call -> call.inRows = call.inRows.at(far), far, 40);
      refused(bounds, Argument.SECOND, call -> call.secondRows = call.inRows.at(far), far, 40);
      refused(bounds, Argument.OUT, call -> call.outRows = call.inRows.at(far), far, 40);
      long stride = far / 2;
      refused(bounds, null, call -> call.inRows = call.inRows.withStride(stride), stride, 40);
    }
  }

  @Test
  default void perRowArraysThatDoNotFit() {
    Class<IndexOutOfBoundsException> bounds = IndexOutOfBoundsException.class;
    for (int length : new int[] {ROWS - 1, 0}) {
      refused(bounds, Argument.PER_ROW, c -> c.perRow = new float[length], length, ROWS - 1);
      refused(bounds, Argument.LABELS, c -> c.labels = new int[length], length, ROWS - 1);
      refused(bounds, Argument.RESULTS, c -> c.results = new float[length], length, ROWS - 1);
      refused(bounds, Argument.INDICES, c -> c.indices = new int[length], length, ROWS - 1);
    }
  }

  @Test
  default void shapesThatDiffer() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    for (Rows other : new Rows[] {Rows.of(ROWS, COLS + 1), Rows.of(ROWS, COLS - 1)}) {
      refused(illegal, Argument.SECOND, call -> call.secondRows = other, other.cols(), COLS);
      refused(illegal, Argument.OUT, call -> call.outRows = other, other.cols(), COLS);
    }
    for (Rows other : new Rows[] {Rows.of(ROWS + 1, COLS), Rows.of(0, COLS)}) {
      refused(illegal, Argument.SECOND, call -> call.secondRows = other, other.rows(), ROWS);
      refused(illegal, Argument.OUT, call -> call.outRows = other, other.rows(), ROWS);
    }
  }

  /** By extent, first to last element: also where rows interleave without a common element. */
  @Test
  default void outputsThatOverlapABatch() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    Rows rows = legal(Operation.SOFTMAX).inRows;
    Rows[] others = {
      rows.at(5), rows.at(3), rows.at(22), rows.withStride(COLS), rows.withStride(COLS + 3)
    };
    for (Rows other : others) {
      Consumer<Call> first = call -> call.out(new Batch(call.in, other));
      refused(illegal, Argument.OUT, fitting(first), 4, 22, other.offset());
      for (Operation operation : Operation.values()) {
        if (operation.takes(Argument.SECOND) && operation.takes(Argument.OUT)) {
          Call call = legal(operation);
          fitting(c -> c.out(new Batch(c.second, other))).accept(call);
          assertRefused(illegal, call, 4, 22, other.offset());
        }
      }
    }
    // Both extents, first to last element: 4 to 22 and 5 to 23.
    String extents = "(elements 5 to 23) overlaps logits (elements 4 to 22)";
    Call softmax = legal(Operation.SOFTMAX);
    fitting(call -> call.out(new Batch(call.in, rows.at(5)))).accept(softmax);
    assertRefused(illegal, softmax, extents);
    // Rows 2 and 4 apart in strides of 12: no common element, but common extents.
    Rows wide = new Rows(0, ROWS, COLS, 12);
    Consumer<Call> interleaved =
        call -> call.in(new Batch(call.in, wide)).out(new Batch(call.in, wide.at(6)));
    refused(illegal, Argument.OUT, fitting(interleaved.andThen(c -> c.secondRows = wide)), 28, 6);
  }

  /** With room for the other extent at the end of each array. */
  private static Consumer<Call> fitting(Consumer<Call> change) {
    return call -> {
      call.in = Arrays.copyOf(call.in, 60);
      call.second = Arrays.copyOf(call.second, 60);
      change.accept(call);
    };
  }

  @Test
  default void perRowOutputsThatOverlap() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    // One element in common: the results' last and the batch's first.
    Rows rows = legal(Operation.SOFTMAX).inRows.at(ROWS - 1);
    refused(illegal, Argument.RESULTS, c -> c.in(new Batch(c.results, rows)), 0, ROWS - 1);
    for (Operation operation : Operation.values()) {
      Call call = legal(operation);
      if (operation.takes(Argument.RESULTS) && operation.takes(Argument.OUT)) {
        assertRefused(illegal, call.out(new Batch(call.results, rows)), 0, ROWS - 1);
      }
      call = legal(operation);
      if (operation.takes(Argument.RESULTS) && operation.takes(Argument.SECOND)) {
        assertRefused(illegal, call.second(new Batch(call.results, rows)), 0, ROWS - 1);
      }
      call = legal(operation);
      if (operation.takes(Argument.RESULTS) && operation.takes(Argument.PER_ROW)) {
        call.perRow = call.results;
        assertRefused(illegal, call, 0, ROWS - 1);
      }
      call = legal(operation);
      if (operation.takes(Argument.PER_ROW) && operation.takes(Argument.OUT)) {
        assertRefused(illegal, call.out(new Batch(call.perRow, rows)), 0, ROWS - 1);
      }
    }
  }

  /** Extents that only touch share an array lawfully. */
  @Test
  default void perRowArraysBesideABatch() {
    for (Operation operation : Operation.values()) {
      Call apart = legal(operation);
      apart.inRows = apart.inRows.at(ROWS);
      Call beside = apart.copy();
      if (operation.takes(Argument.RESULTS)) {
        beside.results = beside.in;
      }
      beside.run(kernels()).assertSameResults(apart.run(kernels()), 0, "beside its results");
    }
  }

  @Test
  default void labelsThatAreNoClass() {
    Class<IndexOutOfBoundsException> bounds = IndexOutOfBoundsException.class;
    for (int label : new int[] {-1, COLS, -100, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      for (int r = 0; r < ROWS; r++) {
        int row = r;
        Consumer<Call> bad = call -> call.labels[row] = label;
        refused(bounds, Argument.LABELS, bad, row, label, COLS, "0 to " + (COLS - 1));
        // Another label that is ignored does not make this one legal.
        CrossEntropy ignoring = CrossEntropy.DEFAULT.withIgnoreIndex(-7);
        refused(bounds, Argument.LABELS, bad.andThen(c -> c.options = ignoring), row, label, COLS);
      }
    }
  }

  @Test
  default void classWeightsOfAnotherNumber() {
    for (int n : new int[] {0, COLS - 1, COLS + 1}) {
      CrossEntropy options = CrossEntropy.DEFAULT.withClassWeights(new float[n]);
      refused(IllegalArgumentException.class, Argument.OPTIONS, c -> c.options = options, n, COLS);
    }
  }
}
