package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.Operation.Argument;
import io.softlane.internal.calls.Batches;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every sum and product of {@link Rows} and {@link Batches}, where an int or a long would wrap
 * around. {@link RawRows} says, in an arithmetic without overflow, what is right.
 */
class OverflowTest {
  private static final long MAX = Long.MAX_VALUE;
  private static final int INT = Integer.MAX_VALUE;
  private static final int ROWS = 3;
  private static final int COLS = 5;

  /** On both sides of each number at which some sum wraps around. */
  private static final long[] OFFSETS = {
    0,
    1,
    INT - 1,
    INT,
    INT + 1L,
    1L << 32,
    (1L << 32) + 4,
    1L << 62,
    MAX / 2,
    MAX - INT - 1,
    MAX - INT,
    MAX - INT + 1,
    MAX - 16,
    MAX - 15,
    MAX - 14,
    MAX - 6,
    MAX - 5,
    MAX - 4,
    MAX - 2,
    MAX - 1,
    MAX,
    -1,
    Long.MIN_VALUE
  };

  private static final long[] STRIDES = {
    1,
    5,
    6,
    INT - 1,
    INT,
    INT + 1L,
    1L << 32,
    (1L << 32) + 5,
    1L << 33,
    1L << 34,
    1L << 61,
    (1L << 62) - 3,
    (1L << 62) - 2,
    1L << 62,
    MAX / 3,
    MAX / 2 - 2,
    MAX / 2,
    MAX / 2 + 1,
    MAX - 5,
    MAX - 4,
    MAX - 1,
    MAX,
    -5,
    Long.MIN_VALUE
  };

  private static final List<SoftmaxKernels> KERNELS =
      List.of(SoftmaxKernels.scalar(), SoftmaxKernels.vector(), SoftmaxKernels.best());

  private static void assertMade(RawRows raw, Supplier<Rows> way) {
    if (raw.legal()) {
      Rows rows = way.get();
      assertEquals(raw, new RawRows(rows.offset(), rows.rows(), rows.cols(), rows.stride()));
      assertEquals(raw.end().longValueExact(), Batches.end(rows));
      return;
    }
    String message =
        assertThrows(IllegalArgumentException.class, way::get, raw::toString).getMessage();
    for (long value : new long[] {raw.offset(), raw.rows(), raw.cols(), raw.stride()}) {
      assertTrue(message.contains(Long.toString(value)), () -> "no " + value + " in " + message);
    }
  }

  /** offset + (rows - 1) * stride + cols, at every combination: by constructor, at, withStride. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 1 << 16, (1 << 30) + 1, INT - 1, INT, -1, Integer.MIN_VALUE})
  void lastIndex(int rows) {
    int legal = 0;
    for (int cols : new int[] {1, 5, INT - 1, INT, 0, -1, Integer.MIN_VALUE}) {
      for (long offset : OFFSETS) {
        for (long stride : STRIDES) {
          RawRows raw = new RawRows(offset, rows, cols, stride);
          assertMade(raw, raw::build);
          legal += raw.legal() ? 1 : 0;
          RawRows still = new RawRows(0, rows, cols, stride);
          if (still.legal()) {
            assertMade(raw, () -> still.build().at(offset));
          }
          RawRows packed = new RawRows(offset, rows, cols, cols);
          if (packed.legal()) {
            assertMade(raw, () -> packed.build().withStride(stride));
          }
        }
      }
      assertMade(new RawRows(0, rows, cols, cols), () -> Rows.of(rows, cols));
    }
    assertEquals(rows >= 0, legal > 0, "legal batches of " + rows + " rows");
  }

  /** offset + fromRow * stride, of batches that reach as far as a long does. */
  @ParameterizedTest
  @CsvSource({
    "0, 2147483647, 2147483647, 2147483647", // rows * cols is 2^62
    "0, 65536, 65536, 65536", // 2^32: 0 as an int
    "4294967296, 3, 5, 4294967301",
    "0, 2147483647, 4, 4294967298", // the largest stride for as many rows
    "0, 2, 1, 9223372036854775806",
    "0, 3, 1, 4611686018427387903",
    "9223372036854775801, 2, 1, 5",
    "9223372036854775806, 1, 1, 9223372036854775807"
  })
  void slices(long offset, int rows, int cols, long stride) {
    Rows batch = new Rows(offset, rows, cols, stride);
    int[] cuts = {
      0, 1, 2, rows / 2, rows - 1, rows, rows + 1, -1, INT, Integer.MIN_VALUE, 1 << 30, 1 << 16
    };
    for (int from : cuts) {
      for (int to : cuts) {
        if (from < 0 || from > to || to > rows) {
          String message =
              assertThrows(IndexOutOfBoundsException.class, () -> batch.slice(from, to))
                  .getMessage();
          assertTrue(message.contains(from + " to " + to), message);
          continue;
        }
        Rows slice = batch.slice(from, to);
        assertEquals(to - from, slice.rows());
        assertEquals(cols, slice.cols());
        assertEquals(stride, slice.stride());
        if (from < to) {
          BigInteger start = BigInteger.valueOf(stride).multiply(BigInteger.valueOf(from));
          assertEquals(start.add(BigInteger.valueOf(offset)).longValueExact(), slice.offset());
        }
      }
    }
  }

  private static Call call(Operation operation, int rows) {
    return Call.of(operation, new Sample(Logits.NORMAL, rows, COLS, 1));
  }

  private static void assertBeyond(Call call, float[] array, Rows rows) {
    Call before = call.copy();
    for (SoftmaxKernels kernels : KERNELS) {
      Exception thrown = assertThrows(Exception.class, () -> call.run(kernels), call::toString);
      assertEquals(IndexOutOfBoundsException.class, thrown.getClass(), call::toString);
      String message = thrown.getMessage();
      String end = last(rows).toString();
      assertTrue(message.contains(end), () -> "no element " + end + " in " + message);
      assertTrue(message.contains("length " + array.length), message);
      assertUntouched(before, call);
    }
  }

  private static BigInteger last(Rows rows) {
    RawRows raw = new RawRows(rows.offset(), rows.rows(), rows.cols(), rows.stride());
    return raw.end().subtract(BigInteger.ONE);
  }

  private static void assertUntouched(Call before, Call call) {
    if (call.out != null) {
      assertArrayEquals(LayoutContract.bits(before.out), LayoutContract.bits(call.out));
    }
    if (call.results != null) {
      assertArrayEquals(LayoutContract.bits(before.results), LayoutContract.bits(call.results));
    }
    assertArrayEquals(before.indices, call.indices);
  }

  /**
   * The index after the last element against an array's length, for each batch of each operation.
   */
  @ParameterizedTest
  @EnumSource
  void batchesBeyondTheirArrays(Operation operation) {
    int refused = 0;
    for (long offset : OFFSETS) {
      for (long stride : STRIDES) {
        RawRows raw = new RawRows(offset, ROWS, COLS, stride);
        if (!raw.legal() || raw.fits(200)) {
          continue;
        }
        Call call = call(operation, ROWS);
        call.inRows = raw.build();
        assertBeyond(call, call.in, call.inRows);
        if (operation.takes(Argument.SECOND)) {
          call = call(operation, ROWS);
          call.secondRows = raw.build();
          assertBeyond(call, call.second, call.secondRows);
        }
        if (operation.takes(Argument.OUT)) {
          call = call(operation, ROWS);
          call.outRows = raw.build();
          assertBeyond(call, call.out, call.outRows);
        }
        refused++;
      }
    }
    assertTrue(refused > 100, "only " + refused);
  }

  /** rows * cols, which as an int would be 0, negative, or what the array holds. */
  @ParameterizedTest
  @CsvSource({
    "65536, 65536",
    "65536, 32768",
    "65537, 65536",
    "2147483647, 1",
    "2147483647, 2147483647",
    "1, 2147483647",
    "3, 1431655766",
    "1073741825, 4"
  })
  void moreElementsThanAnArray(int rows, int cols) {
    for (Operation operation : Operation.values()) {
      Call call = call(operation, ROWS);
      call.inRows = Rows.of(rows, cols);
      call.secondRows = call.second == null ? null : call.inRows;
      call.outRows = call.out == null ? null : call.inRows;
      assertBeyond(call, call.in, call.inRows);
    }
  }

  /** One row has no second to which a stride would lead: any is lawful, and changes nothing. */
  @ParameterizedTest
  @EnumSource
  void anyStrideOfOneRow(Operation operation) {
    Call packed = call(operation, 1).run(SoftmaxKernels.scalar());
    for (long stride : STRIDES) {
      RawRows raw = new RawRows(packed.inRows.offset(), 1, COLS, stride);
      if (!raw.legal()) {
        continue;
      }
      for (SoftmaxKernels kernels : KERNELS) {
        Call call = call(operation, 1);
        call.inRows = call.inRows.withStride(stride);
        call.secondRows = call.second == null ? null : call.secondRows.withStride(stride);
        call.outRows = call.out == null ? null : call.outRows.withStride(stride);
        call.run(kernels).assertSameResults(packed, 0, "stride " + stride);
        // In place, and the extents of results: the same sums once more.
        if (call.out != null) {
          Call inPlace = call(operation, 1);
          inPlace.inRows = inPlace.inRows.withStride(stride);
          inPlace.out(new Batch(inPlace.in, inPlace.inRows)).run(kernels);
          inPlace.assertSameResults(packed, 0, "in place, stride " + stride);
        }
      }
    }
  }

  /** No rows lie nowhere: they fit any array and overlap nothing. */
  @ParameterizedTest
  @EnumSource
  void noRowsAnywhere(Operation operation) {
    for (long offset : OFFSETS) {
      RawRows raw = new RawRows(offset, 0, COLS, COLS);
      if (!raw.legal()) {
        continue;
      }
      for (SoftmaxKernels kernels : KERNELS) {
        Call call = call(operation, 0);
        Call before = call.copy();
        call.inRows = raw.build();
        call.secondRows = call.second == null ? null : call.inRows.at(offset / 2);
        call.outRows = call.out == null ? null : call.inRows.at(offset / 3);
        call.run(kernels);
        assertUntouched(before, call);
        if (call.out != null) {
          call.out = call.in;
          call.run(kernels);
          assertArrayEquals(LayoutContract.bits(before.in), LayoutContract.bits(call.in));
        }
      }
    }
  }
}
