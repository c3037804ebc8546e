package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Each of the loops that hold the exponential, main loops and tails, against {@link Exp}: so many
 * floats that the lowest bit of a coefficient shows.
 */
class ExpLoopsTest {
  private static final int CHUNK = 1 << 15;

  /** A prime, for all patterns. */
  private static final int STEP = 97;

  private static final int K = 52;

  /** Magnitudes where the last coefficients count, and where the parts of ln 2 do. */
  private static final float[][] DENSE = {{0.2f, 0.36f}, {30, 88}};

  private final float[] x = new float[CHUNK];
  private final float[] plain = new float[CHUNK];
  private final float[] expected = new float[CHUNK];
  private final float[] actual = new float[CHUNK];
  private final float[] few = new float[Loops.SHORT];
  private final Turn turn = new Turn();
  private int n;
  private long floats;
  private long plains;

  @Test
  void everyLoop() {
    check();
  }

  static void check() {
    new ExpLoopsTest().run();
  }

  private void run() {
    range(Integer.MIN_VALUE, Integer.MAX_VALUE, STEP);
    for (float[] range : DENSE) {
      int from = Float.floatToRawIntBits(range[0]);
      int to = Float.floatToRawIntBits(range[1]);
      range(from, to, 1);
      range(from | Integer.MIN_VALUE, to | Integer.MIN_VALUE, 1);
    }
    compare();
    assertTrue(floats > 60_000_000, () -> "floats: " + floats);
    assertTrue(plains > 25_000_000, () -> "plain ones: " + plains);
  }

  private void range(long from, long to, int step) {
    for (long bits = from; bits <= to; bits += step) {
      x[n++] = Float.intBitsToFloat((int) bits);
      if (n == CHUNK) {
        compare();
      }
    }
  }

  private void compare() {
    floats += n;
    for (int c = 0; c < n; c++) {
      expected[c] = Exp.exp(x[c], 0);
    }
    VectorLoops.INSTANCE.exps(x, 0, n, 0, actual, 0);
    assertSame(x, n, "exps");

    float rounder = Exp.rounder(K);
    float floor = Exp.floor(K);
    for (int c = 0; c < n; c++) {
      expected[c] = Exp.scaled(x[c], rounder, floor);
    }
    terms(Kind.TERMS | Kind.CLAMPED, x, n, "clamped terms");

    float plainRounder = Exp.plainRounder(K);
    int p = 0;
    for (int c = 0; c < n; c++) {
      float t = Math.fma(x[c], Exp.LOG2_E, plainRounder);
      int seen = Float.floatToRawIntBits(t) ^ Exp.ROUNDER_BITS;
      if ((seen & ~Exp.PLAIN_RANGE) == 0) {
        plain[p] = x[c];
        expected[p++] = Exp.plain(x[c], t, plainRounder);
      }
    }
    plains += p;
    terms(Kind.TERMS, plain, p, "plain terms");
    assertTrue(turn.plain);
    few(p);
    n = 0;
  }

  /** By the main loop; then by tails, each of which has one vector but the first column. */
  private void terms(int kind, float[] x, int n, String what) {
    turn.x = x;
    turn.s = actual;
    turn.k = K;
    int width = Lanes.WIDTH;
    turn.i = 0;
    turn.a = 0;
    turn.n = n & -width;
    if (turn.n > 0) {
      VectorLoops.INSTANCE.turn(kind, turn);
      assertSame(x, turn.n, what);
      Arrays.fill(actual, 0);
    }
    int last = (n - 1) / width * width - width;
    for (int c = last; c >= 0; c -= width) {
      turn.i = c;
      turn.a = c;
      turn.n = width + 1;
      VectorLoops.INSTANCE.turn(kind, turn);
    }
    assertSame(x, Math.max(0, last + width), what + " of tails");
  }

  /**
   * Plain rows of as many columns as are done at once; and of less than a vector, with their sum.
   */
  private void few(int n) {
    int most = VectorFew.MOST * Lanes.WIDTH - 1;
    int c = 0;
    for (; c <= n - most; c += most) {
      VectorLoops.INSTANCE.few(plain, c, most, few, null, 0);
      System.arraycopy(few, 0, actual, c, most);
    }
    assertSame(plain, c, "rows at once");
    int part = Lanes.WIDTH - 1;
    for (c = 0; c <= n - part; c += part) {
      double sum = ScalarLoops.INSTANCE.few(plain, c, part, few, null, 0);
      assertEquals(sum, VectorLoops.INSTANCE.few(plain, c, part, few, null, 0), "one vector");
      System.arraycopy(few, 0, actual, c, part);
    }
    assertSame(plain, c, "one vector");
  }

  private void assertSame(float[] x, int n, String what) {
    int at = Arrays.mismatch(expected, 0, n, actual, 0, n);
    if (at >= 0) {
      assertEquals(expected[at], actual[at], what + " of " + x[at]);
    }
  }
}
