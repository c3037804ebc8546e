package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Softcap: its bound over a stride of all floats, its symmetry, and scores that are capped. */
interface SoftcapContract {
  /** A prime, so that exponents and mantissas of all kinds are met. */
  int STRIDE = 40_009;

  SoftmaxKernels kernels();

  /** {@code cap * tanh(x / cap)} from expm1, which the library does not use. */
  private static double exact(float x, float cap) {
    double y = Math.min(40, Math.abs((double) x / cap));
    double e = Math.expm1(2 * y);
    double tanh = y < 0x1p-20 ? y - y * y * y / 3 : e / (e + 2);
    return Math.copySign(cap * tanh, x);
  }

  @Test
  default void softcapOverTheFloats() {
    int n = 1 << 10;
    float[] x = new float[n];
    float[] capped = new float[n];
    Rows row = Rows.of(1, n);
    for (float cap : new float[] {30, 50, 1, 0.3f, 1e-30f, 1e30f, Float.MAX_VALUE}) {
      long bits = 0;
      while (bits < 0x7f800000L) {
        for (int c = 0; c < n; c += 2, bits += STRIDE) {
          x[c] = Float.intBitsToFloat((int) Math.min(bits, 0x7f7fffffL));
          x[c + 1] = -x[c];
        }
        kernels().softcap(x, row, cap, capped, row);
        for (int c = 0; c < n; c += 2) {
          Ulps.assertUlps(capped[c], exact(x[c], cap), 2, "cap " + cap, 0, c);
          Ulps.assertBits(capped[c + 1], -capped[c], "odd, cap " + cap, 0, c);
          assertTrue(capped[c] <= cap, "beyond the cap " + cap);
        }
      }
    }
    float[] special = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 0, -0f};
    Rows five = Rows.of(1, 5);
    kernels().softcap(special, five, 30, special, five);
    float[] expected = {30, -30, Float.NaN, 0, -0f};
    for (int c = 0; c < 5; c++) {
      Ulps.assertBits(special[c], expected[c], "special", 0, c);
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
    for (float bad : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThrows(illegal, () -> kernels().softcap(x, row, bad, x, row));
      assertThrows(illegal, () -> SoftmaxOptions.DEFAULT.withSoftcap(bad));
    }
    assertThrows(illegal, () -> kernels().softcap(x, row, 1, x, Rows.of(1, 2).at(1)));
    assertThrows(NullPointerException.class, () -> kernels().softcap(x, row, 1, null, row));
    assertEquals(1, x[0], "nothing is written");
  }
}
