package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.internal.calls.Batches;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Batches in memory segments of every kind have the bits of batches in arrays. */
interface SegmentsContract {
  SoftmaxKernels kernels();

  /** A call from and to some kinds of memory has the results of the same in arrays. */
  private void asArrays(Call arrays, Memory from, Memory to, String what) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = from.of(arena, arrays.in);
      MemorySegment out = arrays.out == null ? null : to.of(arena, arrays.out);
      SegmentCall call = new SegmentCall(arrays.copy(), in, out);
      arrays.run(kernels());
      call.run(kernels()).assertSame(arrays, what);
    }
  }

  /** Guards around the batch too; out of place, from and to any two kinds of memory. */
  @Property(tries = 2000)
  default void sameBitsAsArrays(
      @ForAll @IntRange(max = 9) int operation,
      @ForAll Memory from,
      @ForAll Memory to,
      @ForAll boolean readOnly,
      @ForAll boolean shared,
      @ForAll(supplier = Sample.Any.class) Sample sample) {
    Call arrays = Call.of(SegmentCall.OPERATIONS.get(operation), sample);
    try (Arena arena = shared ? Arena.ofShared() : Arena.ofConfined()) {
      MemorySegment in = from.of(arena, arrays.in);
      MemorySegment out = arrays.out == null ? null : to.of(arena, arrays.out);
      SegmentCall call = new SegmentCall(arrays.copy(), readOnly ? in.asReadOnly() : in, out);
      arrays.run(kernels());
      call.run(kernels()).assertSame(arrays, from + " to " + to);
    }
  }

  /** The same object, another object, and one that starts elsewhere, with rows that make up. */
  @Property(tries = 1500)
  default void inPlaceInSegments(
      @ForAll @IntRange(max = 9) int operation,
      @ForAll Memory memory,
      @ForAll @IntRange(max = 3) int way,
      @ForAll(supplier = Sample.Any.class) Sample sample) {
    Call arrays = Call.of(SegmentCall.OPERATIONS.get(operation), sample);
    Assume.that(arrays.out != null);
    arrays.out(new Batch(arrays.in, arrays.inRows));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = memory.of(arena, arrays.in);
      MemorySegment out = way == 0 ? in : in.asSlice(0);
      Call copy = arrays.copy();
      long offset = copy.inRows.offset();
      SegmentCall call = new SegmentCall(copy, way == 3 ? in.asReadOnly() : in, out);
      if (way == 2) {
        copy.outRows = copy.outRows.at(0);
        call.out = in.asSlice(4 * offset);
      }
      arrays.run(kernels());
      call.run(kernels());
      call.out = in;
      call.assertSame(arrays, memory + ", in place, way " + way);
    }
  }

  /** Batches of one segment, one behind the other. */
  @Property(tries = 300)
  default void besideInOneSegment(
      @ForAll @IntRange(max = 9) int operation,
      @ForAll Memory memory,
      @ForAll(supplier = Sample.Any.class) Sample sample) {
    Call arrays = Call.of(SegmentCall.OPERATIONS.get(operation), sample);
    Assume.that(arrays.out != null);
    int end = (int) Batches.end(arrays.inRows);
    float[] both = Batch.guards(end + arrays.out.length);
    System.arraycopy(arrays.in, 0, both, 0, end);
    arrays.in = both;
    arrays.out(new Batch(both, arrays.outRows.at(end)));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = memory.of(arena, both);
      SegmentCall call = new SegmentCall(arrays.copy(), segment, segment.asSlice(0));
      arrays.run(kernels());
      call.run(kernels()).assertSame(arrays, "beside, in " + memory);
    }
  }

  /** Dense rows, which pass the buffer in groups that one copy brings. */
  @Property(tries = 150)
  default void groupsOfRowsInSegments(
      @ForAll @IntRange(max = 9) int operation,
      @ForAll Memory from,
      @ForAll Memory to,
      @ForAll @IntRange(min = 1, max = 1100) int cols,
      @ForAll long seed) {
    int rows = 1 + new SplittableRandom(seed).nextInt(1 + 3500 / cols);
    Call padded =
        Call.of(SegmentCall.OPERATIONS.get(operation), new Sample(null, rows, cols, seed));
    Call arrays = padded.packedRows(0, rows);
    asArrays(arrays, from, to, "groups, " + from + " to " + to);
  }

  /** A row one shorter than the batch: with its sink it is as long, but not the batch's own. */
  @Test
  default void sinksBehindRowsOneShorter() {
    for (Operation operation : ScoresContract.SCORED) {
      for (int cols : new int[] {1, 2, 17}) {
        Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 3, cols, 1)).packedRows(0, 3);
        arrays.scores =
            SoftmaxOptions.DEFAULT
                .withLengths(new int[] {cols - 1, cols - 1, cols})
                .withSinks(new float[] {1, Float.POSITIVE_INFINITY, 2});
        asArrays(arrays, Memory.NATIVE, Memory.NATIVE, "a sink in the last column's place");
      }
    }
  }

  /** Rows that are plain, that need clamps, and that need their maximum, one after the other. */
  @Test
  @Tag("long")
  default void longRowsOfAllKindsInSegments() {
    Memory[][] ways = {
      {Memory.NATIVE, Memory.UNALIGNED},
      {Memory.UNALIGNED, Memory.FLOATS},
      {Memory.FLOATS, Memory.NATIVE},
      {Memory.NATIVE, Memory.MAPPED}
    };
    int seed = 0;
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (Logits kind : Logits.values()) {
        for (int cols : new int[] {513, 1100, 1537, 4103}) {
          seed++;
          Call arrays = Call.of(operation, new Sample(kind, 20, cols, seed));
          Call plain = Call.of(operation, new Sample(Logits.NORMAL, 20, cols, seed));
          // The first rows are plain where both batches have one layout, as they do for one seed.
          assertEquals(plain.inRows, arrays.inRows);
          int some = new Batch(arrays.in, arrays.inRows).index(seed % 20, 0);
          System.arraycopy(plain.in, 0, arrays.in, 0, some);
          Memory[] way = ways[seed % ways.length];
          asArrays(arrays, way[0], way[1], way[0] + " to " + way[1] + ", " + kind);
        }
      }
    }
  }

  /** Batches beyond the caches, whose rows go another way, with some that are not plain. */
  @Test
  @Tag("long")
  default void segmentsBeyondTheCaches() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (Logits kind : new Logits[] {Logits.NORMAL, Logits.MASKED, Logits.SHIFTED}) {
        Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 2200, 1000, 1));
        Batch in = new Batch(arrays.in, arrays.inRows);
        for (int r = 0; r < 2200; r++) {
          if (r % 100 > 50) {
            kind.fill(new SplittableRandom(r), in.data(), in.index(r, 0), 1000);
          }
        }
        asArrays(arrays, Memory.NATIVE, Memory.FLOATS, "beyond the caches, " + kind);
      }
    }
  }

  /** Gradients so small, or so large, that terms cannot wait for them at their scale. */
  @Test
  @Tag("long")
  default void longRowsOfSmallAndLargeWeightsInSegments() {
    List<Operation> losses = List.of(Operation.LOSS_OF_LABELS, Operation.GRADIENT_OF_LABELS);
    for (int cols : new int[] {700, 2100, 4103}) {
      for (float weight : new float[] {1e-20f, 0x1p-20f, 0x1p20f, 1e20f}) {
        float[] weights = new float[cols];
        Arrays.fill(weights, weight);
        CrossEntropy sum =
            CrossEntropy.DEFAULT
                .withClassWeights(weights)
                .withReduction(CrossEntropy.Reduction.SUM);
        for (Logits kind : Logits.values()) {
          for (Operation operation : losses) {
            Call arrays = Call.of(operation, new Sample(kind, 5, cols, 4));
            arrays.options = kind.ordinal() % 2 == 0 ? sum : sum.withLabelSmoothing(0.1f);
            CrossEntropyCheck.run(kernels(), arrays.copy());
            asArrays(arrays, Memory.NATIVE, Memory.UNALIGNED, "weights of " + weight + ", " + kind);
          }
        }
      }
    }
  }

  /** Every operation, from every kind of memory and to it: rows of all the ways that rows take. */
  @Test
  default void everyKindOfMemory() {
    for (Memory memory : Memory.values()) {
      for (Operation operation : SegmentCall.OPERATIONS) {
        for (int cols : new int[] {3, 37, 300, 2100, 4100}) {
          Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 4, cols, cols));
          asArrays(arrays, memory, memory, memory + " of " + cols);
        }
      }
    }
  }

  /** The largest of a long row, as both zeros, in two of the parts that it is looked for in. */
  @Test
  default void zerosThatTieInLongSegments() {
    int cols = 5000;
    int[] places = {0, 1, 1023, 1024, 1025, 2047, 2048, 4095, 4096, 4990, 4999};
    float[] row = new float[cols];
    float[] max = new float[1];
    int[] argmax = new int[1];
    Rows rows = Rows.of(1, cols);
    for (int first : places) {
      for (int second : places) {
        if (first < second) {
          for (float zero : new float[] {0f, -0f}) {
            Arrays.fill(row, -1);
            row[first] = zero;
            row[second] = -zero;
            String what = zero + " at " + first + ", the other at " + second;
            kernels().argmax(row, rows, argmax);
            assertEquals(first, argmax[0], what);
            for (Memory memory : List.of(Memory.NATIVE, Memory.UNALIGNED, Memory.LONGS)) {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment in = memory.of(arena, row);
                kernels().argmax(in, rows, argmax);
                assertEquals(first, argmax[0], what + ", " + memory);
                kernels().max(in, rows, max);
                assertEquals(0f, max[0], what + ", " + memory);
              }
            }
          }
        }
      }
    }
  }

  @Test
  default void longRowsInSegments() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (int cols : new int[] {511, 512, 513, 1023, 1024, 1025, 4095, 4096, 4097, 9000, 70_000}) {
        for (Memory memory : new Memory[] {Memory.UNALIGNED, Memory.FLOATS, Memory.LONGS}) {
          Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 2, cols, cols));
          asArrays(arrays, memory, memory, memory + " of " + cols);
        }
      }
    }
  }

  /** A segment that ends with its last float, or some bytes after it, is large enough. */
  @Test
  default void segmentsThatJustFit() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (int more = 0; more < 4; more++) {
        Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 3, 17, 5));
        try (Arena arena = Arena.ofConfined()) {
          long size = 4 * Batches.end(arrays.inRows) + more;
          MemorySegment in = arena.allocate(size);
          MemorySegment.copy(MemorySegment.ofArray(arrays.in), 0, in, 0, size - more);
          MemorySegment out = null;
          if (arrays.out != null) {
            out = arena.allocate(4 * Batches.end(arrays.outRows) + more);
          }
          SegmentCall call = new SegmentCall(arrays.copy(), in, out).run(kernels());
          arrays.run(kernels());
          if (out != null) {
            call.call.out(
                new Batch(Memory.get(out, (int) Batches.end(arrays.outRows)), arrays.outRows));
          }
          call.call.assertSameResults(arrays, 0, more + " bytes more");
        }
      }
    }
  }

  /** No rows: nothing is read or written, wherever they lie. */
  @Test
  default void noRowsInSegments() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (Memory memory : Memory.values()) {
        try (Arena arena = Arena.ofConfined()) {
          Rows none = new Rows(Long.MAX_VALUE / 3, 0, 3, 5);
          Call call = new Call(operation);
          call.in(new Batch(Batch.guards(9), none)).out(new Batch(call.in, none));
          call.labels = new int[0];
          call.options = CrossEntropy.DEFAULT;
          call.scores = Scores.all(0, 3);
          call.results = Batch.guards(2);
          call.indices = new int[] {5};
          Call before = call.copy();
          MemorySegment segment = memory.of(arena, call.in);
          before.loss = operation.takes(Operation.Argument.OPTIONS) ? new Loss(0, 0) : null;
          new SegmentCall(call, segment, segment).run(kernels()).assertSame(before, "no rows");
        }
      }
    }
  }

  /** Beyond 2^31 floats and 2^33 bytes, of a sparse file, by offset and by stride. */
  @Test
  default void beyondTwoToThe31() {
    try (Arena arena = Arena.ofShared()) {
      beyondTwoToThe31(Memory.map(arena, BEYOND), 3, 1000);
    }
  }

  /** The same memory as native memory, which is read and written where it is. */
  @Test
  @Tag("long")
  default void beyondTwoToThe31OfNativeMemory() {
    for (int cols : new int[] {5, 40, 1000, 4100, 9000}) {
      try (Arena arena = Arena.ofShared()) {
        beyondTwoToThe31(Memory.sparse(arena, BEYOND), 3, cols);
      }
    }
  }

  /** In bytes. */
  long BEYOND = 4 * ((1L << 31) + 212_345);

  private void beyondTwoToThe31(MemorySegment all, int count, int cols) {
    long far = (1L << 31) + 12_345;
    for (Operation operation : SegmentCall.OPERATIONS) {
      Call arrays = Call.of(operation, new Sample(null, count, cols, 7));
      Rows wide = new Rows(77, count, cols, (1L << 30) + 1000);
      Rows beyond = new Rows(far, count, cols, cols + 1);
      assertTrue(Batches.end(wide) > 1L << 31);
      Batch in = new Batch(arrays.in, arrays.inRows);
      Call before = arrays.copy();
      arrays.run(kernels());
      for (Rows rows : new Rows[] {wide, beyond}) {
        place(all, in, rows);
        Call call = before.copy();
        call.inRows = rows;
        call.outRows = call.outRows == null ? null : rows.at(rows.offset() + 50_000);
        // Out of place where the extents are apart, and in place.
        if (rows == beyond || call.out == null) {
          new SegmentCall(call, all, all.asSlice(0)).run(kernels());
          assertPlaced(arrays, call, all);
        }
        if (call.out != null) {
          call.outRows = rows;
          new SegmentCall(call, all, all.asSlice(0)).run(kernels());
          assertPlaced(arrays, call, all);
        }
      }
    }
  }

  private static void place(MemorySegment all, Batch batch, Rows rows) {
    for (int r = 0; r < rows.rows(); r++) {
      long at = rows.offset() + r * rows.stride();
      float[] row = new float[rows.cols()];
      System.arraycopy(batch.data(), batch.index(r, 0), row, 0, row.length);
      Memory.set(all.asSlice(4 * at), row);
    }
  }

  private static void assertPlaced(Call arrays, Call call, MemorySegment all) {
    if (arrays.loss != null) {
      assertEquals(arrays.loss, call.loss);
    }
    for (int r = 0; r < arrays.inRows.rows(); r++) {
      if (arrays.results != null) {
        Ulps.assertBits(call.results[r], arrays.results[r], call.toString(), r, 0);
      }
      if (arrays.indices != null) {
        assertEquals(arrays.indices[r], call.indices[r], call::toString);
      }
      if (arrays.out != null) {
        long at = call.outRows.offset() + r * call.outRows.stride();
        float[] row = Memory.get(all.asSlice(4 * at), call.inRows.cols() + 1);
        for (int c = 0; c < row.length - 1; c++) {
          Ulps.assertBits(row[c], arrays.out().get(r, c), call.toString(), r, c);
        }
        assertEquals(0f, row[row.length - 1], "behind the row");
      }
    }
  }
}
