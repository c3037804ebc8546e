package io.softlane.internal.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.ScalarLoops;
import io.softlane.internal.loops.VectorLoops;
import io.softlane.internal.loops.Window;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which sums hold, and which rows have the anchor 0: to 17 in magnitude, to 2^20 columns. */
class WindowTest {
  private static final List<Loops> LOOPS = List.of(ScalarLoops.INSTANCE, VectorLoops.INSTANCE);
  private static final float SURE = 17;
  private static final float MORE = Math.nextUp(SURE);

  @Test
  void sumsThatHold() {
    for (double sum : new double[] {0x1p26, 0x1p52, 0x1p97}) {
      assertTrue(Window.holds(sum), () -> "sum " + sum);
    }
    double[] outside = {
      Math.nextDown(0x1p26), Math.nextUp(0x1p97), 0, -0x1p52, Double.POSITIVE_INFINITY, Double.NaN
    };
    for (double sum : outside) {
      assertFalse(Window.holds(sum), () -> "sum " + sum);
    }
  }

  /** The anchor from the largest logit of a row, in any column, as the loops find it. */
  @Test
  void logitsUpToSeventeen() {
    // Short rows, and those of more than one vector.
    for (int n : new int[] {1, 3, 16, 50, 200}) {
      for (float sign : new float[] {1, -1}) {
        check(n, sign * SURE, 0);
        check(n, sign * MORE, sign * MORE);
      }
      check(n, Float.NaN, Float.NaN);
      check(n, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY);
      check(n, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);
    }
  }

  /** One logit in any column; beside it what is below it. */
  private static void check(int n, float logit, float anchor) {
    for (int c = 0; c < n; c++) {
      float[] x = new float[n];
      Arrays.fill(x, Float.NEGATIVE_INFINITY);
      x[c] = logit;
      for (Loops loops : LOOPS) {
        String what = loops + ": " + logit + " in column " + c + " of " + n;
        assertEquals(anchor, Window.anchor(max(loops, x), n), what);
      }
    }
  }

  private static float max(Loops loops, float[] x) {
    try (Work work = Work.take(loops)) {
      float[] max = {0};
      work.from(x, Rows.of(1, x.length), SoftmaxOptions.DEFAULT).perRow(null, max);
      work.extremes.max();
      return max[0];
    }
  }

  @Test
  void columnsUpToTwoToTheTwenty() {
    assertEquals(0, Window.anchor(3, 1 << 20));
    assertEquals(3, Window.anchor(3, (1 << 20) + 1));
  }

  /** Every finite anchor puts its row's largest term to 2^51 up to 2^53. */
  @Test
  void exponentsAndShifts() {
    assertEquals(52, Window.k(0));
    assertEquals(0, Window.shift(0));
    for (float anchor : new float[] {-511.9f, -100, -17.1f, 17.1f, 100, Math.nextDown(512f)}) {
      assertEquals(0, Window.shift(anchor));
      int k = Window.k(anchor);
      assertEquals(0, k & 1, "even");
      double term = anchor / StrictMath.log(2) + k;
      assertTrue(term >= 51 && term <= 53, () -> anchor + " under k = " + k);
    }
    for (float anchor : new float[] {-Float.MAX_VALUE, -512, 512, 1e10f, Float.MAX_VALUE}) {
      assertEquals(anchor, Window.shift(anchor));
      assertEquals(52, Window.k(anchor));
    }
    // A maximum that is not finite is the shift, which says that there is no sum.
    for (float none : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
      assertEquals(none, Window.shift(none));
    }
  }

  /** Sixteen rows after one that missed; twice as many where the next to be asked misses, too. */
  @Test
  void rowsAfterAMissAreNotTriedAsPlain() {
    Ladder ladder = new Ladder();
    ladder.begin(0, 1000);
    int row = 0;
    for (int rows : new int[] {16, 32, 64, 128, 256, 256, 256}) {
      assertEquals(Ladder.PLAIN, ladder.first(row), () -> "before " + rows);
      ladder.ended(row++, 1, Ladder.CLAMPED);
      for (int i = 1; i <= rows; i++) {
        assertEquals(Ladder.CLAMPED, ladder.first(row), "row " + i + " of " + rows);
        ladder.ended(row++, 1, Ladder.CLAMPED);
      }
    }
    assertEquals(Ladder.PLAIN, ladder.first(row));
    // As many plain rows, and patience is what it was.
    for (int i = 0; i < 16; i++) {
      assertEquals(Ladder.PLAIN, ladder.first(row));
      ladder.ended(row++, 1, Ladder.PLAIN);
    }
    ladder.ended(row, 1, Ladder.CLAMPED);
    assertEquals(Ladder.CLAMPED, ladder.first(row + 16));
    assertEquals(Ladder.PLAIN, ladder.first(row + 17));
    ladder.begin(0, 1000);
    assertEquals(Ladder.PLAIN, ladder.first(row), "another batch");
  }

  /** Of one row a call, calls are as rows of one batch, whatever numbers they have. */
  @Test
  void callsOfOneRowAreAsRows() {
    Ladder ladder = new Ladder();
    ladder.begin(7, 1);
    ladder.ended(7, 1, Ladder.ANCHORED);
    for (int call = 1; call <= 16; call++) {
      int row = call * 1_000_003 % 99;
      ladder.begin(row, 1);
      assertEquals(Ladder.ANCHORED, ladder.first(row), "call " + call);
    }
    ladder.begin(Integer.MAX_VALUE - 1, 1);
    assertEquals(Ladder.PLAIN, ladder.first(Integer.MAX_VALUE - 1));
    ladder.ended(Integer.MAX_VALUE - 1, 1, Ladder.CLAMPED);
    for (int call = 1; call <= 32; call++) {
      ladder.begin(0, 1);
      assertEquals(Ladder.CLAMPED, ladder.first(0), "twice as many: call " + call);
    }
    ladder.begin(0, 1);
    ladder.ended(0, 1, Ladder.CLAMPED);
    ladder.begin(0, 2);
    assertEquals(Ladder.PLAIN, ladder.first(0), "a batch");
    ladder.ended(0, 1, Ladder.CLAMPED);
    assertEquals(Ladder.CLAMPED, ladder.first(1));
    ladder.begin(2, 1);
    assertEquals(Ladder.PLAIN, ladder.first(2), "behind a batch");
  }

  /** A call of one row counts once, and begins where the one before ended. */
  @Test
  void callsOfEntropyAreAsRows() throws InterruptedException {
    for (int n : new int[] {10, 200}) {
      int[] rungs = new int[18];
      Thread thread =
          new Thread(
              () -> {
                float[] row = new float[n];
                row[3] = Float.NEGATIVE_INFINITY;
                for (int call = 1; call < rungs.length; call++) {
                  SoftmaxKernels.scalar().entropy(row, Rows.of(1, n), new float[1]);
                  row[3] = 0;
                  rungs[call] = Work.take(ScalarLoops.INSTANCE).ladder.first(1);
                }
              });
      thread.start();
      thread.join();
      for (int call = 1; call < rungs.length; call++) {
        int rung = call <= 16 ? Ladder.CLAMPED : Ladder.PLAIN;
        assertEquals(rung, rungs[call], n + " columns, behind call " + call);
      }
    }
  }

  /** Blocks of rows count as many; a higher rung is kept to the end. */
  @Test
  void theHighestRungIsKept() {
    Ladder ladder = new Ladder();
    ladder.begin(0, 1000);
    ladder.ended(0, 3, Ladder.CLAMPED);
    assertEquals(Ladder.CLAMPED, ladder.first(3));
    ladder.ended(3, 10, Ladder.ANCHORED);
    assertEquals(Ladder.ANCHORED, ladder.first(13));
    ladder.ended(13, 10, Ladder.PLAIN);
    assertEquals(Ladder.ANCHORED, ladder.first(13 + 160 - 1));
    assertEquals(Ladder.PLAIN, ladder.first(13 + 160), "160 rows to come after 13");
    ladder.ended(13 + 160, 3, Ladder.CLAMPED);
    assertEquals(Ladder.CLAMPED, ladder.first(13 + 160 + 3 + 32 * 3 - 1));
    assertEquals(Ladder.PLAIN, ladder.first(13 + 160 + 3 + 32 * 3));
  }

  /** One row that climbs higher than the others does not take them with it for long. */
  @Test
  void aHigherRungHasPatienceOfItsOwn() {
    Ladder ladder = new Ladder();
    ladder.begin(0, 1000);
    int row = 0;
    for (int misses = 0; misses < 4; misses++) {
      ladder.ended(row++, 1, Ladder.CLAMPED);
      while (ladder.first(row) == Ladder.CLAMPED && misses < 3) {
        row++;
      }
    }
    ladder.ended(row++, 1, Ladder.ANCHORED);
    assertEquals(Ladder.ANCHORED, ladder.first(row + 15));
    assertEquals(Ladder.PLAIN, ladder.first(row + 16), "and not 128 rows");
  }

  /**
   * Batches that are all alike come to fewer misses; one that is not, to as few rows as at first.
   */
  @Test
  void aBatchGoesOnWithTheLastOnesPatience() {
    Ladder ladder = new Ladder();
    int misses = 0;
    for (int batch = 0; batch < 30; batch++) {
      ladder.begin(0, 64);
      for (int row = 0; row < 64; row++) {
        misses += ladder.first(row) == Ladder.PLAIN ? 1 : 0;
        ladder.ended(row, 1, Ladder.CLAMPED);
      }
    }
    assertTrue(misses <= 45, misses + " misses in 30 batches; 3 in each without");
    int clamped = 0;
    for (int batch = 0; batch < 30; batch++) {
      ladder.begin(0, 64);
      for (int row = 0; row < 64; row++) {
        clamped += ladder.first(row) == Ladder.CLAMPED ? 1 : 0;
        if (row == 0) {
          ladder.ended(row, 1, Ladder.CLAMPED);
        }
      }
    }
    assertTrue(clamped <= 30 * 16 + 100, clamped + " rows behind one, in 30 batches");
  }
}
