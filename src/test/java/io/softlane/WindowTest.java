package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Which sums hold, and which rows have the anchor 0: to 17 in magnitude, to 2^20 columns. */
class WindowTest {
  private static final float SURE = 17;
  private static final float MORE = Math.nextUp(SURE);

  @Test
  void sumsThatHold() {
    for (double sum : new double[] {0x1p26, 0x1p52, 0x1p97}) {
      assertTrue(Window.holds(sum), () -> "sum " + sum);
    }
    double[] outside = {Math.nextDown(0x1p26), Math.nextUp(0x1p97), 0, -0x1p52, Double.NaN};
    for (double sum : outside) {
      assertFalse(Window.holds(sum), () -> "sum " + sum);
    }
  }

  /** Sixteen rows after one that missed, whatever they would have done. */
  @Test
  void rowsAfterAMissAreNotTriedAsPlain() {
    assertEquals(0, Window.wary(0, false));
    int wary = Window.wary(0, true);
    assertEquals(16, wary);
    for (int row = 1; row <= 16; row++) {
      wary = Window.wary(wary, row % 2 == 0);
      assertEquals(16 - row, wary);
    }
  }

  @Test
  void logitsUpToSeventeen() {
    // Short rows, and those of more than one vector.
    for (int n : new int[] {1, 3, 16, 50, 200}) {
      for (float sign : new float[] {1, -1}) {
        check(n, sign * SURE, true, 0);
        check(n, sign * MORE, false, sign * MORE);
      }
      check(n, Float.NaN, false, Float.NaN);
      check(n, Float.POSITIVE_INFINITY, false, Float.POSITIVE_INFINITY);
      check(n, Float.NEGATIVE_INFINITY, false, Float.NEGATIVE_INFINITY);
    }
  }

  /** One logit in any column; beside it, for the anchor, what is below it. */
  private static void check(int n, float logit, boolean within, float anchor) {
    for (int c = 0; c < n; c++) {
      float[] x = new float[n];
      x[c] = logit;
      assertEquals(within, ScalarRow.within(x, 0, n), logit + " in column " + c + " of " + n);
      assertEquals(within, VectorRow.within(x, 0, n), logit + " in column " + c + " of " + n);
      Arrays.fill(x, Float.NEGATIVE_INFINITY);
      x[c] = logit;
      assertEquals(anchor, ScalarRow.anchor(x, 0, n), logit + " in column " + c + " of " + n);
      assertEquals(anchor, VectorRow.anchor(x, 0, n), logit + " in column " + c + " of " + n);
    }
  }

  @Test
  void columnsUpToTwoToTheTwenty() {
    float[] x = new float[(1 << 20) + 1];
    Arrays.fill(x, 3);
    for (int n : new int[] {x.length - 1, x.length}) {
      boolean sure = n < x.length;
      assertEquals(sure, ScalarRow.within(x, 0, n), n + " columns");
      assertEquals(sure, VectorRow.within(x, 0, n), n + " columns");
      assertEquals(sure ? 0 : 3, ScalarRow.anchor(x, 0, n), n + " columns");
      assertEquals(sure ? 0 : 3, VectorRow.anchor(x, 0, n), n + " columns");
    }
  }
}
