package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Softcap: its bound for caps and floats of all sizes, its symmetry, and scores that are capped.
 */
interface SoftcapContract {
  SoftmaxKernels kernels();

  /** Caps of all sizes, and those that are used, with the floats where tanh bends, and any. */
  @Test
  default void softcapIsWithinTwoUlps() {
    SplittableRandom random = new SplittableRandom(9);
    float[] some = {30, 50, 1, Math.nextDown(2f), 1.3957946f, 0x1p-9f, Math.nextDown(0x1p-9f)};
    float[] other = {0x1p9f, Math.nextDown(0x1p9f), 1e-30f, 1e30f, Float.MAX_VALUE, 1e-40f, 1e-45f};
    float[] x = new float[4001];
    for (int i = 0; i < 300; i++) {
      float usual = (float) Math.exp(12 * random.nextDouble() - 6);
      float any = Float.intBitsToFloat(random.nextInt(1, 0x7f800000));
      float cap = i < 7 ? some[i] : i < 14 ? other[i - 7] : i % 2 == 0 ? usual : any;
      for (int c = 0; c < x.length; c++) {
        x[c] =
            switch (c % 4) {
              case 0 -> Float.intBitsToFloat(random.nextInt(0x7f800000));
              case 1 -> Math.min(Float.MAX_VALUE, cap * (0.8f + 0.3f * random.nextFloat()));
              case 2 -> Math.min(Float.MAX_VALUE, cap * 10 * random.nextFloat());
              default -> cap * random.nextFloat();
            };
      }
      check(cap, x);
    }
  }

  private void check(float cap, float[] x) {
    float[] out = new float[x.length];
    float[] negative = new float[x.length];
    for (int c = 0; c < x.length; c++) {
      negative[c] = -x[c];
    }
    Rows rows = Rows.of(1, x.length);
    kernels().softcap(x, rows, cap, out, rows);
    kernels().softcap(negative, rows, cap, negative, rows);
    for (int c = 0; c < x.length; c++) {
      String what = "softcap " + cap + " of " + x[c];
      Ulps.assertUlps(out[c], exact(x[c], cap), 2, what, 0, c);
      Ulps.assertBits(negative[c], -out[c], what + ": odd, in place", 0, c);
      assertTrue(out[c] <= cap, what + " is beyond the cap");
    }
  }

  /** {@code cap * tanh(x / cap)} from expm1, which the library does not use. */
  private static double exact(float x, float cap) {
    double y = Math.min(40, (double) x / cap);
    double e = Math.expm1(2 * y);
    return cap * (y < 0x1p-20 ? y - y * y * y / 3 : e / (e + 2));
  }

  @Test
  default void softcapOfSpecialValues() {
    float inf = Float.POSITIVE_INFINITY;
    for (float cap : new float[] {30, 1e-45f, Float.MAX_VALUE, 1, 512, 513}) {
      for (int n : new int[] {1, 16, 33}) {
        float[] x = new float[n];
        for (float v : new float[] {0, -0f, inf, -inf, Float.NaN, Float.MIN_VALUE}) {
          Arrays.fill(x, v);
          kernels().softcap(x, Rows.of(1, n), cap, x, Rows.of(1, n));
          float expected = Float.isInfinite(v) ? Math.copySign(cap, v) : v;
          for (int c = 0; c < n; c++) {
            Ulps.assertBits(x[c], expected, "softcap " + cap + " of " + v, 0, c);
          }
        }
      }
    }
  }

  /** Scale, cap, mask: as the caller's own preparation, bit for bit, every way that rows may go. */
  @Test
  default void cappedScores() {
    SplittableRandom random = new SplittableRandom(1);
    for (int cols : new int[] {1, 7, 16, 100, 300, 1000, 3000}) {
      for (int i = 0; i < 8; i++) {
        int rows = 1 + random.nextInt(12);
        Batch batch = new Batch(new float[rows * cols], Rows.of(rows, cols));
        Logits.NORMAL.fill(random, batch.data(), 0, rows * cols);
        float[] mask = new float[cols];
        for (int c = 0; c < cols; c++) {
          mask[c] = random.nextInt(5) == 0 ? Float.NEGATIVE_INFINITY : random.nextFloat();
        }
        float scale = i % 2 == 0 ? 1 : 3;
        SoftmaxOptions options = SoftmaxOptions.DEFAULT.withSoftcap(2).withScale(scale);
        options = i % 4 < 2 ? options : options.withMask(mask, Rows.of(1, cols));
        float[] prepared = batch.data().clone();
        for (int c = 0; c < prepared.length; c++) {
          prepared[c] *= scale;
        }
        kernels().softcap(prepared, batch.rows(), 2, prepared, batch.rows());
        for (int c = 0; c < prepared.length && i % 4 >= 2; c++) {
          prepared[c] += mask[c % cols];
        }
        float[] expected = new float[prepared.length];
        float[] actual = batch.data().clone();
        Rows in = batch.rows();
        kernels().softmax(prepared, in, expected, in);
        kernels().softmax(actual, in, options, actual, in);
        SpecialValuesContract.assertSame(expected, actual);
        kernels().logSoftmax(prepared, in, expected, in);
        kernels().logSoftmax(batch.data(), in, options, actual, in);
        SpecialValuesContract.assertSame(expected, actual);
        float[] lse = new float[rows];
        float[] lses = new float[rows];
        kernels().logSumExp(prepared, in, lse);
        kernels().logSumExp(batch.data(), in, options, lses);
        SpecialValuesContract.assertSame(lse, lses);
      }
    }
  }

  @Test
  default void whatSoftcapRefuses() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    float[] x = {1, 2, 3};
    Rows row = Rows.of(1, 3);
    for (float bad : new float[] {0, -0f, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThrows(illegal, () -> kernels().softcap(x, row, bad, x, row));
      assertThrows(illegal, () -> kernels().softcap(x, Rows.of(0, 3), bad, x, Rows.of(0, 3)));
      assertThrows(illegal, () -> SoftmaxOptions.DEFAULT.withSoftcap(bad));
    }
    assertThrows(illegal, () -> kernels().softcap(x, row, 1, x, Rows.of(1, 2).at(1)));
    assertThrows(NullPointerException.class, () -> kernels().softcap(x, row, 1, null, row));
    assertEquals(1, x[0], "nothing is written");
  }
}
