package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.Operation.Argument;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is refused of memory segments, with nothing written. */
interface SegmentsRefusalContract {
  Class<IllegalArgumentException> ILLEGAL = IllegalArgumentException.class;
  Class<IllegalStateException> CLOSED = IllegalStateException.class;

  /** Floats in each segment of a legal call. */
  int FLOATS = 60;

  SoftmaxKernels kernels();

  /** Batches of 3 x 5 in elements 4 to 22. */
  private static SegmentCall legal(Operation operation, Memory memory, Arena arena) {
    Rows rows = new Rows(4, 3, 5, 7);
    Call call = new Call(operation).in(new Batch(new float[FLOATS], rows));
    call.out(new Batch(new float[FLOATS], rows));
    call.labels = new int[] {0, 4, 2};
    call.options = CrossEntropy.DEFAULT;
    call.scores = Scores.all(3, 5);
    call.results = Batch.guards(FLOATS);
    call.indices = new int[FLOATS];
    return new SegmentCall(call, memory.of(arena, call.in), memory.of(arena, call.out));
  }

  /** Changes legal calls of all operations, on several kinds of memory, and expects a refusal. */
  private void refused(
      Class<? extends Exception> type,
      Argument taken,
      Consumer<SegmentCall> change,
      Object... named) {
    Memory[] kinds = {Memory.NATIVE, Memory.FLOATS_FROM_THE_FIFTH_ON, Memory.BYTES, Memory.MAPPED};
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (Memory memory : kinds) {
        for (int rows : new int[] {3, 0}) {
          boolean always = type == NullPointerException.class || type == CLOSED;
          if (rows == 0 && !always || taken != null && !operation.takes(taken)) {
            continue;
          }
          try (Arena arena = Arena.ofConfined()) {
            SegmentCall call = legal(operation, memory, arena);
            call.call.inRows = call.call.inRows.slice(0, rows);
            call.call.outRows = call.call.inRows;
            change.accept(call);
            refused(type, call, named);
          }
        }
      }
    }
  }

  private void refused(Class<? extends Exception> type, SegmentCall call, Object... named) {
    List<int[]> before = snapshot(call);
    Exception thrown = assertThrows(type, () -> call.run(kernels()), () -> call.call + "");
    assertEquals(type, thrown.getClass(), () -> call.call + "");
    for (Object value : named) {
      String message = thrown.getMessage();
      assertTrue(message.contains(value.toString()), () -> "no " + value + " in: " + message);
    }
    List<int[]> after = snapshot(call);
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i), after.get(i), () -> call.call + " wrote before it refused");
    }
  }

  private static List<int[]> snapshot(SegmentCall call) {
    List<int[]> all = new ArrayList<>();
    for (MemorySegment segment : new MemorySegment[] {call.in, call.out}) {
      boolean readable =
          segment != null
              && segment.scope().isAlive()
              && segment.isAccessibleBy(Thread.currentThread());
      int length = readable ? (int) (segment.byteSize() / 4) : 0;
      all.add(readable ? LayoutContract.bits(Memory.get(segment, length)) : null);
    }
    Call c = call.call;
    all.add(c.results == null ? null : LayoutContract.bits(c.results));
    all.add(c.indices == null ? null : c.indices.clone());
    all.add(c.labels == null ? null : c.labels.clone());
    return all;
  }

  @Test
  default void legalSegmentsAreNotRefused() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (Memory memory : Memory.values()) {
        try (Arena arena = Arena.ofConfined()) {
          legal(operation, memory, arena).run(kernels());
        }
      }
    }
  }

  /** Logits are checked where no losses are asked for, and options beside segments. */
  @Test
  default void whatAnotherArgumentWouldHide() {
    Rows in = Rows.of(2, 3);
    IndexOutOfBoundsException few =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> kernels().crossEntropy(new float[3], in, new int[2], CrossEntropy.DEFAULT, null));
    assertTrue(few.getMessage().startsWith("logits has length 3"), few.getMessage());
    MemorySegment batch = MemorySegment.ofArray(new float[6]);
    SoftmaxOptions options = SoftmaxOptions.DEFAULT.withLengths(new int[] {1, 4});
    IllegalArgumentException long4 =
        assertThrows(
            IllegalArgumentException.class, () -> kernels().softmax(batch, in, options, batch, in));
    assertTrue(long4.getMessage().startsWith("the length of row 1"), long4.getMessage());
  }

  @Test
  default void nullsBesideSegments() {
    Class<NullPointerException> npe = NullPointerException.class;
    refused(npe, null, c -> c.in = null, "logits");
    refused(npe, null, c -> c.call.inRows = null, "rows of logits");
    refused(npe, Argument.OUT, c -> c.out = null);
    refused(npe, Argument.OUT, c -> c.call.outRows = null, "rows of ");
    refused(
        npe,
        Argument.RESULTS,
        c -> {
          if (c.call.operation.takes(Argument.OPTIONS)) {
            c.call.labels = null; // losses may be
          } else {
            c.call.results = null;
          }
        });
    refused(npe, Argument.INDICES, c -> c.call.indices = null, "argmax");
    refused(npe, Argument.LABELS, c -> c.call.labels = null, "labels");
    refused(npe, Argument.OPTIONS, c -> c.call.options = null, "options");
    refused(npe, Argument.SCORES, c -> c.call.scores = null, "options");
  }

  @Test
  default void closedSegments() {
    for (Arena arena : new Arena[] {Arena.ofConfined(), Arena.ofShared()}) {
      MemorySegment closed = arena.allocate(4 * FLOATS);
      MemorySegment slice = closed.asSlice(8).asReadOnly();
      arena.close();
      refused(CLOSED, null, c -> c.in = closed, "logits", "closed");
      refused(CLOSED, null, c -> c.in = slice, "logits", "closed");
      refused(CLOSED, Argument.OUT, c -> c.out = closed, "closed");
      refused(
          CLOSED,
          Argument.OUT,
          c -> {
            c.in = closed;
            c.out = closed;
          });
    }
  }

  /** Also one of a thread that has gone. */
  @Test
  default void segmentsOfAnotherThread() throws Exception {
    Class<WrongThreadException> wrong = WrongThreadException.class;
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Arena arena = other.submit(Arena::ofConfined).get();
      MemorySegment theirs = other.submit(() -> arena.allocate(4 * FLOATS)).get();
      refused(wrong, null, c -> c.in = theirs, "logits");
      refused(wrong, Argument.OUT, c -> c.out = theirs);
      other.submit(arena::close).get();
      refused(CLOSED, null, c -> c.in = theirs, "logits");
    }
    // A shared segment is everybody's.
    try (Arena arena = Arena.ofShared();
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (Operation operation : SegmentCall.OPERATIONS) {
        SegmentCall call = legal(operation, Memory.NATIVE, arena);
        other.submit(() -> call.run(kernels())).get();
      }
    }
  }

  @Test
  default void readOnlyOutputs() {
    refused(ILLEGAL, Argument.OUT, c -> c.out = c.out.asReadOnly(), "read-only");
    refused(ILLEGAL, Argument.OUT, c -> c.out = c.in = c.in.asReadOnly(), "read-only");
    for (Operation operation : SegmentCall.OPERATIONS) {
      try (Arena arena = Arena.ofConfined()) {
        SegmentCall call = legal(operation, Memory.INTS, arena);
        call.in = call.in.asReadOnly();
        call.run(kernels());
      }
    }
  }

  /** The last float has but three bytes: 4 * 23 - 1. */
  @Test
  default void segmentsTooSmall() {
    Class<IndexOutOfBoundsException> bounds = IndexOutOfBoundsException.class;
    for (int size : new int[] {91, 88, 3, 0}) {
      refused(bounds, null, c -> c.in = c.in.asSlice(0, size), "logits", 22, size);
      refused(bounds, Argument.OUT, c -> c.out = c.out.asSlice(0, size), 22, size);
    }
    // Extents whose bytes an int or a long would fold back into the segment.
    for (long far : new long[] {1L << 30, 1L << 31, 1L << 61, 1L << 62, Long.MAX_VALUE / 2}) {
      refused(bounds, null, c -> c.call.inRows = c.call.inRows.at(far), far);
      refused(bounds, Argument.OUT, c -> c.call.outRows = c.call.inRows.at(far), far);
      refused(bounds, null, c -> c.call.inRows = c.call.inRows.withStride(far / 4), far / 4);
    }
    for (int n : new int[] {0, 2}) {
      refused(bounds, Argument.RESULTS, c -> c.call.results = new float[n], n);
      refused(bounds, Argument.INDICES, c -> c.call.indices = new int[n], n);
      refused(bounds, Argument.LABELS, c -> c.call.labels = new int[n], n);
    }
    refused(bounds, Argument.LABELS, c -> c.call.labels[1] = 5, "row 1", 5);
  }

  @Test
  default void shapesOfSegmentsThatDiffer() {
    for (Rows other : new Rows[] {Rows.of(3, 4), Rows.of(3, 6), Rows.of(2, 5), Rows.of(0, 5)}) {
      String shape = other.rows() + " x " + other.cols();
      refused(ILLEGAL, Argument.OUT, c -> c.call.outRows = other, shape, "3 x 5");
    }
  }

  /** By extent, first to last element, whichever segment objects say so. */
  @Test
  default void segmentsThatOverlap() {
    Rows rows = new Rows(4, 3, 5, 7);
    Rows[] others = {rows.at(5), rows.at(3), rows.at(22), rows.withStride(5), rows.withStride(8)};
    for (Rows other : others) {
      Consumer<SegmentCall> rowsOf = c -> c.call.outRows = other;
      refused(ILLEGAL, Argument.OUT, rowsOf.andThen(c -> c.out = c.in), "overlaps");
      refused(ILLEGAL, Argument.OUT, rowsOf.andThen(c -> c.out = c.in.asSlice(0)), "overlaps");
      refused(
          ILLEGAL,
          Argument.OUT,
          rowsOf.andThen(
              c -> {
                c.out = c.in.asSlice(0);
                c.in = c.in.asReadOnly();
              }),
          "overlaps");
    }
    // The same rows of a segment that starts elsewhere, by floats and by a byte.
    for (int bytes : new int[] {1, 4, 4 * 18, 4 * 18 + 3}) {
      refused(ILLEGAL, Argument.OUT, c -> c.out = c.in.asSlice(bytes), "overlaps");
      refused(
          ILLEGAL,
          Argument.OUT,
          c -> {
            c.out = c.in;
            c.in = c.in.asSlice(bytes).asReadOnly();
          },
          "overlaps");
    }
    // Two rows that begin at one float, but the second at another than the input's.
    refused(
        ILLEGAL,
        Argument.OUT,
        c -> {
          c.call.inRows = rows.slice(0, 2);
          c.call.outRows = c.call.inRows.withStride(8);
          c.out = c.in;
        },
        "overlaps");
    // Rows 12 apart, and the output's between them.
    Consumer<SegmentCall> interleaved =
        c -> {
          c.call.inRows = rows.withStride(12);
          c.call.outRows = c.call.inRows.at(10);
          c.out = c.in;
        };
    refused(ILLEGAL, Argument.OUT, interleaved, "overlaps");
    // One behind the other, either way: nothing in common.
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (Memory memory : Memory.values()) {
        try (Arena arena = Arena.ofConfined()) {
          SegmentCall call = legal(operation, memory, arena);
          call.out = call.in.asSlice(4 * 19);
          call.run(kernels());
          call.out = call.in;
          call.in = call.out.asSlice(4 * 19);
          call.run(kernels());
        }
      }
    }
  }

  /** A segment over an array that is an argument of its own. */
  @Test
  default void arraysBehindSegments() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (boolean in : new boolean[] {true, false}) {
        for (boolean readOnly : new boolean[] {false, true}) {
          if (!in && (readOnly || !operation.takes(Argument.OUT))) {
            continue;
          }
          try (Arena arena = Arena.ofConfined()) {
            behind(operation, arena, in, readOnly);
          }
        }
      }
    }
  }

  /** The first result, number 22, is the batch's last float; number 23 is behind it. */
  @Test
  default void resultsBehindTheBatchOfOneArray() {
    float[] array = new float[FLOATS];
    for (int i = 0; i < FLOATS; i++) {
      array[i] = i;
    }
    MemorySegment batch = MemorySegment.ofArray(array);
    assertThrows(ILLEGAL, () -> kernels().max(batch, new Rows(4, 3, 5, 7, 22), array));
    kernels().max(batch, new Rows(4, 3, 5, 7, 23), array);
    assertArrayEquals(new float[] {22, 8, 15, 22, 26}, Arrays.copyOfRange(array, 22, 27));
  }

  /** The batch's first float, then its last, is the array's last element that counts, or not. */
  private void behind(Operation operation, Arena arena, boolean in, boolean readOnly) {
    for (int first : new int[] {2, 3}) {
      SegmentCall call = legal(operation, Memory.NATIVE, arena);
      Rows rows = call.call.inRows.at(first);
      call.call.inRows = in ? rows : call.call.inRows;
      call.call.outRows = in ? call.call.outRows : rows;
      float[] floats = new float[FLOATS];
      int[] ints = new int[FLOATS];
      List<Consumer<MemorySegment>> use =
          List.of(s -> call.in = readOnly ? s.asReadOnly() : s, s -> call.out = s);
      Consumer<MemorySegment> set = use.get(in ? 0 : 1);
      boolean asFloats = operation.takes(Argument.RESULTS);
      boolean asInts = operation.takes(Argument.INDICES);
      if (asFloats) {
        call.call.results = floats;
        set.accept(MemorySegment.ofArray(floats));
        refusedIf(first == 2, call);
      }
      if (asInts) {
        call.call.indices = ints;
        set.accept(MemorySegment.ofArray(ints));
        refusedIf(first == 2, call);
      }
      call.call.results = Batch.guards(FLOATS);
      if (operation.takes(Argument.LABELS)) {
        // Labels are read: they must not be behind an output.
        call.call.labels = ints;
        set.accept(MemorySegment.ofArray(ints));
        refusedIf(first == 2 && !in, call);
      }
      if (operation.takes(Argument.SCORES)) {
        scores(call, set, first == 2 && !in, floats, ints);
      }
    }
  }

  /** Lengths, sinks and a mask behind the output, or else, lawfully, behind the input. */
  private void scores(
      SegmentCall call, Consumer<MemorySegment> set, boolean refused, float[] floats, int[] ints) {
    set.accept(MemorySegment.ofArray(ints));
    call.call.scores = SoftmaxOptions.DEFAULT.withLengths(ints);
    refusedIf(refused, call);
    set.accept(MemorySegment.ofArray(floats));
    call.call.scores = SoftmaxOptions.DEFAULT.withSinks(floats);
    refusedIf(refused, call);
    // A mask of one row, whose last element is the third.
    float[] wider = new float[FLOATS + 2];
    set.accept(MemorySegment.ofArray(wider).asSlice(8));
    Rows mask = Rows.of(1, 5);
    call.call.scores = SoftmaxOptions.DEFAULT.withMask(wider, mask);
    refusedIf(refused, call);
  }

  private void refusedIf(boolean refused, SegmentCall call) {
    if (refused) {
      refused(ILLEGAL, call, "overlaps");
    } else {
      call.run(kernels());
    }
  }

  /** A mask in place of an output in a segment, and one beside it. */
  @Test
  default void masksInPlaceOfSegments() {
    Rows rows = new Rows(4, 3, 5, 7);
    for (Operation operation :
        new Operation[] {Operation.SOFTMAX_OF_SCORES, Operation.LOG_SOFTMAX_OF_SCORES}) {
      try (Arena arena = Arena.ofConfined()) {
        SegmentCall call = legal(operation, Memory.NATIVE, arena);
        float[] mask = new float[FLOATS];
        call.out = MemorySegment.ofArray(mask);
        call.call.scores = SoftmaxOptions.DEFAULT.withMask(mask, rows);
        call.run(kernels());
        call.out = MemorySegment.ofArray(mask).asSlice(4);
        refused(ILLEGAL, call, "mask", "overlaps");
        call.call.outRows = rows.at(3);
        call.run(kernels());
        call.call.scores = SoftmaxOptions.DEFAULT.withMask(mask, rows.slice(0, 2));
        refused(ILLEGAL, call, "mask", "overlaps");
      }
    }
  }
}
