package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Terms of plain logits are the terms; what is not plain is noticed, wherever it stands. */
class PlainTest {
  /** A prime, so that the sample takes every pattern of low bits. */
  private static final int STEP = 997;

  private static final int COLS = 1200;
  private static final int[] EXPONENTS = {52, 28, 76};

  @Test
  void plainTermsAreTheTermsOverAllFloats() {
    for (int k : EXPONENTS) {
      float rounder = ScalarExp.plainRounder(k);
      int plain = 0;
      for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STEP) {
        float x = Float.intBitsToFloat((int) bits);
        float t = Math.fma(x, ScalarExp.LOG2_E, rounder);
        if (isPlain(x, k)) {
          float scaled = ScalarExp.scaled(x, ScalarExp.rounder(k), ScalarExp.floor(k));
          assertEquals(scaled, ScalarExp.plain(x, t, rounder), () -> x + " under k = " + k);
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
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[COLS];
    float[] e = new float[COLS];
    for (int c = 0; c < COLS; c++) {
      x[c] = Logits.NORMAL.logit(random, c);
    }
    assertEquals(
        Double.doubleToRawLongBits(ScalarRow.plainExpSum(x, 0, COLS, 52, e, 0)),
        Double.doubleToRawLongBits(VectorRow.plainExpSum(x, 0, COLS, 52, e, 0)));
    for (int n = 1; n < 100; n++) {
      double stored = ScalarRow.plainExpSum(x, 0, n, 52, e, 0);
      assertEquals(stored, ScalarRow.plainExpSum(x, 0, n, 52, null, 0), n + " terms not stored");
      assertEquals(stored, VectorRow.plainExpSum(x, 0, n, 52, e, 0), n + " terms, vector");
      assertEquals(stored, VectorRow.plainExpSum(x, 0, n, 52, null, 0), n + " terms not stored");
    }
    for (int n : new int[] {1, 10, 16, 100, 511, 512, 515, COLS}) {
      for (int c = 0; c < n; c++) {
        float own = x[c];
        x[c] = strays[c % strays.length];
        String where = x[c] + " in column " + c + " of " + n;
        for (float[] out : new float[][] {e, null}) {
          assertNaN(ScalarRow.plainExpSum(x, 0, n, 52, out, 0), "scalar, " + where);
          assertNaN(VectorRow.plainExpSum(x, 0, n, 52, out, 0), "vector, " + where);
        }
        x[c] = own;
      }
    }
  }

  @Test
  void vectorTermsAreTheScalarOnes() {
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
      float[] scalar = new float[n];
      float[] vector = new float[n];
      assertEquals(plain, ScalarRow.plainTerms(x, 0, n, k, scalar, 0));
      assertEquals(plain, VectorPlain.terms(x, 0, n, k, vector, 0));
      if (plain) {
        assertTrue(Arrays.equals(scalar, vector), () -> n + " terms under k = " + k);
      }
    }
  }

  /** Rows that end where their array does, and rows whose last block is a short one. */
  @Test
  void vectorSumsAreTheScalarOnes() {
    SplittableRandom random = new SplittableRandom(3);
    int[] longer = {4095, 4096, 4097, 4100, 4112, 4113, 4607, 4608, 8195};
    for (int n : IntStream.concat(IntStream.range(1, 100), IntStream.of(longer)).toArray()) {
      float[] x = new float[n];
      Logits.NORMAL.fill(random, x, 0, n);
      float[] scalar = new float[n];
      float[] vector = new float[n];
      double sum = ScalarRow.plainExpSum(x, 0, n, 52, scalar, 0);
      assertTrue(Double.isFinite(sum), n + " plain terms");
      assertEquals(sum, VectorRow.plainExpSum(x, 0, n, 52, vector, 0), n + " terms, vector");
      assertTrue(Arrays.equals(scalar, vector), n + " terms, vector");
      assertEquals(sum, VectorRow.plainExpSum(x, 0, n, 52, null, 0), n + " terms not stored");
    }
  }

  /** Terms so unlike that the order of the additions shows in the sum's last bits. */
  @Test
  void sumsOfFewHaveTheOrderOfStoredTerms() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 4000; round++) {
      int n = random.nextInt(1, 40);
      float[] x = new float[n];
      float[] e = new float[n];
      for (int c = 0; c < n; c++) {
        x[c] = -44 + 86 * random.nextFloat();
      }
      double stored = ScalarRow.plainExpSum(x, 0, n, 52, e, 0);
      assertEquals(stored, ScalarRow.plainExpSum(x, 0, n, 52, null, 0), n + " plain terms");
      assertEquals(stored, ScalarRow.scaledExpSum(x, 0, n, 0, 52, null, 0), n + " terms");
      assertEquals(stored, VectorRow.plainExpSum(x, 0, n, 52, null, 0), n + " plain, vector");
      assertEquals(stored, VectorRow.scaledExpSum(x, 0, n, 0, 52, null, 0), n + " vector");
    }
  }

  private static boolean isPlain(float x, int k) {
    double n = Math.rint(x * 1.4426950408889634) + k + 13;
    return n >= 0 && n <= 127;
  }

  private static void assertNaN(double sum, String message) {
    assertTrue(Double.isNaN(sum), () -> message + ": " + sum);
  }
}
