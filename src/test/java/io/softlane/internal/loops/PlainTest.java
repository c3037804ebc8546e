package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Terms of plain logits are the terms; what is not plain is noticed, wherever it stands. */
class PlainTest {
  private static final List<Loops> LOOPS = List.of(ScalarLoops.INSTANCE, VectorLoops.INSTANCE);

  /** A prime, so that the sample takes every pattern of low bits. */
  private static final int STEP = 997;

  private static final int COLS = 1200;
  private static final int[] EXPONENTS = {52, 28, 76};

  @Test
  void plainTermsAreTheTermsOverAllFloats() {
    for (int k : EXPONENTS) {
      float rounder = Exp.plainRounder(k);
      int plain = 0;
      for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STEP) {
        float x = Float.intBitsToFloat((int) bits);
        float t = Math.fma(x, Exp.LOG2_E, rounder);
        if (isPlain(x, k)) {
          float scaled = Exp.scaled(x, Exp.rounder(k), Exp.floor(k));
          assertEquals(scaled, Exp.plain(x, t, rounder), () -> x + " under k = " + k);
          plain++;
        }
      }
      assertTrue(plain > 2_000_000, "plain logits in the sample: " + plain);
    }
  }

  @Test
  void plainIsWhatTheDocumentationSays() {
    assertTrue(isPlain(-45, 52) && isPlain(43, 52), "-45 to 43");
    assertTrue(!isPlain(-46, 52) && !isPlain(44, 52), "beyond");
  }

  @Test
  void oneLogitThatIsNotPlainIsNoticedInEveryColumn() {
    strays();
  }

  static void strays() {
    float[] strays = {
      Float.NaN,
      Float.intBitsToFloat(0xffc00001),
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      -46,
      44,
      200,
      -200,
      1e30f,
      -Float.MAX_VALUE
    };
    float[] x = normal(new SplittableRandom(1), COLS);
    // With the sum of another row, which is one loop more.
    Turn turn = turn(x, COLS, 52);
    turn.b = COLS + 20;
    for (int n : new int[] {1, 10, 16, 17, 100, 511, 512, 515, COLS}) {
      for (int c = 0; c < n; c++) {
        float own = x[c];
        x[c] = strays[c % strays.length];
        String where = x[c] + " in column " + c + " of " + n;
        for (Loops loops : LOOPS) {
          for (int kind : new int[] {Kind.TERMS, Kind.TERMS | Kind.SUM}) {
            turn.n = n;
            turn.all = n;
            turn.plain = true;
            loops.turn(kind, turn);
            assertFalse(turn.plain, () -> loops + ", " + where);
          }
        }
        x[c] = own;
      }
      for (Loops loops : LOOPS) {
        turn.n = n;
        turn.plain = false;
        loops.turn(Kind.TERMS, turn);
        assertTrue(turn.plain, () -> loops + ": none of them");
      }
    }
  }

  @Test
  void vectorTermsAreTheScalarOnes() {
    terms();
  }

  /** Both are the terms as the clamp has them, too. */
  static void terms() {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 2000; round++) {
      int n = random.nextInt(1, COLS);
      float[] x = new float[n];
      for (int c = 0; c < n; c++) {
        x[c] = -45 + 87 * random.nextFloat();
      }
      int k = EXPONENTS[random.nextInt(3)];
      boolean plain = true;
      for (float a : x) {
        plain &= isPlain(a, k);
      }
      float[] expected = new float[n];
      for (int c = 0; c < n; c++) {
        expected[c] = Exp.scaled(x[c], Exp.rounder(k), Exp.floor(k));
      }
      for (Loops loops : LOOPS) {
        String what = loops + ": " + n + " terms under k = " + k;
        Turn turn = turn(x, n, k);
        loops.turn(Kind.TERMS, turn);
        assertEquals(plain, turn.plain, what);
        if (plain) {
          assertTrue(Arrays.equals(expected, Arrays.copyOf(turn.s, n)), what);
        }
        loops.turn(Kind.TERMS | Kind.CLAMPED, turn);
        assertTrue(Arrays.equals(expected, Arrays.copyOf(turn.s, n)), what + ", clamped");
      }
    }
  }

  @Test
  void vectorSumsAreTheScalarOnes() {
    sums();
  }

  /**
   * In one turn, and in parts of whole groups, a turn each; terms in the order of {@link
   * ScalarLoops}, said once more.
   */
  static void sums() {
    SplittableRandom random = new SplittableRandom(3);
    int[] longer = {4095, 4096, 4097, 4100, 4112, 4113, 4607, 4608, 8195};
    for (int n : IntStream.concat(IntStream.range(1, 100), IntStream.of(longer)).toArray()) {
      float[] e = wide(random, n);
      double expected = inOrder(e, n);
      for (Loops loops : LOOPS) {
        Turn turn = turn(new float[0], n, 52);
        turn.s = e;
        turn.isFirst = true;
        loops.turn(Kind.SUM, turn);
        assertBits(expected, turn.total(), loops + ": " + n + " terms");
        for (int part : new int[] {16, 48, 1024}) {
          for (int c = 0; c < n; c += part) {
            turn.isFirst = c == 0;
            turn.b = c;
            turn.n = Math.min(part, n - c);
            turn.all = turn.n;
            loops.turn(Kind.SUM, turn);
          }
          assertBits(expected, turn.total(), loops + ": " + n + " terms by " + part);
        }
      }
    }
  }

  /** A sink follows the other terms, in the next place of its lane. */
  @Test
  void oneTermMore() {
    SplittableRandom random = new SplittableRandom(5);
    for (int n = 1; n < 100; n++) {
      float[] e = wide(random, n + 1);
      for (Loops loops : LOOPS) {
        Turn turn = turn(new float[0], n, 52);
        turn.s = e;
        turn.all = n + 1;
        turn.isFirst = true;
        loops.turn(Kind.SUM, turn);
        assertBits(inOrder(e, n + 1), turn.total(), loops + ": " + n + " terms and a sink");
      }
    }
  }

  @Test
  void sumsOfShortRowsHaveTheOrderOfLongOnes() {
    sumsOfBlocks();
  }

  /** Terms so unlike that the order of the additions shows in the sum's last bits. */
  static void sumsOfBlocks() {
    SplittableRandom random = new SplittableRandom(4);
    int seen = 0;
    for (int round = 0; round < 4000; round++) {
      int n = random.nextInt(1, random.nextInt(4) == 0 ? 300 : 40);
      int rows = random.nextInt(1, 12);
      int i = random.nextInt(20);
      int end = i + rows * n;
      float[] e = Arrays.copyOf(wide(random, end), end + Loops.GROUP);
      // Beside the rows what would show.
      Arrays.fill(e, 0, i, 1e30f);
      Arrays.fill(e, end, e.length, 1e30f);
      for (Loops loops : LOOPS) {
        double[] sums = new double[3 * rows];
        loops.sums(e, i, rows, n, sums);
        for (int r = 0; r < rows; r++) {
          float[] row = Arrays.copyOfRange(e, i + r * n, i + (r + 1) * n);
          double expected = inOrder(row, n);
          assertBits(expected, sums[r], loops + ": row " + r + " of " + n + " terms");
          double otherwise = 0;
          for (float term : row) {
            otherwise += term;
          }
          seen += otherwise == expected ? 0 : 1;
        }
      }
    }
    assertTrue(seen > 1000, "rows where the order shows: " + seen);
  }

  /** The order of the additions, in the words of {@link ScalarLoops}. */
  private static double inOrder(float[] e, int n) {
    double[] lanes = new double[8];
    for (int c = 0; c < n; c += 2) {
      double pair = c + 1 < n ? (double) e[c] + e[c + 1] : e[c];
      lanes[c / 2 % 8] += pair;
    }
    double first = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    double second = (lanes[4] + lanes[5]) + (lanes[6] + lanes[7]);
    return first + second;
  }

  /** Terms of plain logits: 44 binades up and down. */
  private static float[] wide(SplittableRandom random, int n) {
    float[] e = new float[n];
    for (int c = 0; c < n; c++) {
      float x = -44 + 86 * random.nextFloat();
      e[c] = Exp.scaled(x, Exp.rounder(52), Exp.floor(52));
    }
    return e;
  }

  private static float[] normal(SplittableRandom random, int n) {
    float[] x = new float[n];
    for (int c = 0; c < n; c++) {
      x[c] = (float) (3 * random.nextGaussian());
    }
    return x;
  }

  private static Turn turn(float[] x, int n, int k) {
    Turn turn = new Turn();
    turn.n = n;
    turn.all = n;
    turn.x = x;
    turn.s = new float[2 * n + 40];
    turn.k = k;
    return turn;
  }

  private static boolean isPlain(float x, int k) {
    double n = Math.rint(x * 1.4426950408889634) + k + 13;
    return n >= 0 && n <= 127;
  }

  private static void assertBits(double expected, double actual, String what) {
    assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(actual), what);
  }
}
