package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.internal.calls.Batches;
import org.junit.jupiter.api.Test;

class RowsTest {
  @Test
  void contiguous() {
    assertEquals(new Rows(0, 3, 5, 5), Rows.of(3, 5));
    assertEquals(new Rows(0, 0, 1, 1), Rows.of(0, 1));
  }

  @Test
  void movedAndSpread() {
    assertEquals(new Rows(7, 3, 5, 5), Rows.of(3, 5).at(7));
    assertEquals(new Rows(7, 3, 5, 9), Rows.of(3, 5).at(7).withStride(9));
    assertEquals(new Rows(1, 3, 5, 9), Rows.of(3, 5).at(7).withStride(9).at(1));
  }

  @Test
  void slices() {
    Rows rows = new Rows(7, 4, 5, 9);
    assertEquals(rows, rows.slice(0, 4));
    assertEquals(new Rows(7 + 9, 2, 5, 9, 1), rows.slice(1, 3));
    assertEquals(new Rows(7 + 27, 1, 5, 9, 3), rows.slice(3, 4));
    assertEquals(0, rows.slice(2, 2).rows());
    assertEquals(0, rows.slice(4, 4).rows());
    assertEquals(5, rows.slice(4, 4).cols());
    // The last row of a batch that ends where a long does, and the empty slice after it.
    Rows last = new Rows(0, 2, 1, Long.MAX_VALUE - 1);
    assertEquals(Long.MAX_VALUE - 1, last.slice(1, 2).offset());
    assertEquals(0, last.slice(2, 2).rows());
  }

  /** No rows end where they start, however far apart they would be. */
  @Test
  void startsAndEnds() {
    Rows rows = new Rows(7, 3, 5, 9);
    assertEquals(7, rows.slice(0, 1).offset());
    assertEquals(7 + 18, rows.slice(2, 3).offset());
    assertEquals(7 + 18 + 5, Batches.end(rows));
    assertEquals(7, Batches.end(rows.slice(0, 0)));
    assertEquals(7 + 5, Batches.end(rows.slice(0, 1)));
  }

  @Test
  void slicesOutside() {
    Rows rows = Rows.of(4, 5);
    for (int[] range : new int[][] {{-1, 2}, {3, 2}, {0, 5}, {5, 5}, {Integer.MIN_VALUE, 0}}) {
      String message =
          assertThrows(IndexOutOfBoundsException.class, () -> rows.slice(range[0], range[1]))
              .getMessage();
      assertContains(message, range[0], range[1], 4);
    }
  }

  @Test
  void refused() {
    refused(-1, 1, 1, 1);
    refused(0, -1, 1, 1);
    refused(0, 1, 0, 1);
    refused(0, 1, -3, 1);
    refused(0, 1, 5, 4);
    refused(0, 0, 5, 4);
    refused(0, 1, 5, -5);
    refused(Long.MIN_VALUE, 1, 1, 1);
    assertThrows(IllegalArgumentException.class, () -> Rows.of(-1, 3));
    assertThrows(IllegalArgumentException.class, () -> Rows.of(3, 0));
    assertThrows(IllegalArgumentException.class, () -> Rows.of(3, 4).at(-1));
    assertThrows(IllegalArgumentException.class, () -> Rows.of(3, 4).withStride(3));
  }

  @Test
  void overflowing() {
    refused(Long.MAX_VALUE, 1, 1, 1);
    refused(0, 3, 1, Long.MAX_VALUE / 2 + 1);
    refused(Long.MAX_VALUE - 10, 3, 2, 5);
    // Products that wrap around to small and to positive numbers.
    refused(0, 3, 1, 1L << 62);
    refused(0, (1 << 30) + 1, 4, 1L << 34);
    refused(0, Integer.MAX_VALUE, 4, Long.MAX_VALUE / 2);
    // The largest that fits: its last index is Long.MAX_VALUE - 1.
    assertEquals(Long.MAX_VALUE - 1, new Rows(Long.MAX_VALUE - 1, 1, 1, 1).offset());
    assertThrows(
        IllegalArgumentException.class, () -> Rows.of(3, 4).withStride(2).at(Long.MAX_VALUE));
  }

  private static void refused(long offset, int rows, int cols, long stride) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Rows(offset, rows, cols, stride))
            .getMessage();
    assertContains(message, offset, rows, cols, stride);
  }

  private static void assertContains(String message, long... values) {
    for (long value : values) {
      assertTrue(message.contains(Long.toString(value)), () -> "no " + value + " in: " + message);
    }
  }
}
