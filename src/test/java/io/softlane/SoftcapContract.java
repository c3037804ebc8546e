package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** {@code cap * tanh(x / cap)}, with the contract's bound: 2 ULP. */
interface SoftcapContract {
  SoftmaxKernels kernels();

  private void check(float cap, float[] x) {
    float[] out = new float[x.length];
    Rows rows = Rows.of(1, x.length);
    kernels().softcap(x, rows, cap, out, rows);
    for (int c = 0; c < x.length; c++) {
      String what = "softcap " + cap + " of " + x[c];
      // StrictMath's is right to 2.5 ULP of a double.
      double exact = (double) cap * StrictMath.tanh((double) x[c] / cap);
      Ulps.assertUlps(out[c], exact, 2, what, 0, c);
      assertTrue(!(Math.abs(out[c]) > cap), what);
      assertEquals(Math.copySign(1, x[c]), Math.copySign(1, out[c]), what + ", sign");
    }
    float[] negative = new float[x.length];
    for (int c = 0; c < x.length; c++) {
      negative[c] = -x[c];
    }
    kernels().softcap(negative, rows, cap, negative, rows);
    for (int c = 0; c < x.length; c++) {
      assertEquals(-out[c], negative[c], "odd, in place");
    }
  }

  /** Caps of all sizes, and many of those that are used, with the floats where tanh bends. */
  @Test
  default void softcapIsWithinTwoUlps() {
    SplittableRandom random = new SplittableRandom(9);
    float[] some = {30, 50, 1, Math.nextDown(2f), 1.3775191f, 1.4082851f, 0x1p-9f, 0x1p9f};
    float[] odd = {Float.MIN_VALUE, 1e-40f, 1e-30f, 0x1.fffffep-10f, 0x1.000002p9f, 1e30f, 3e38f};
    float[] x = new float[4001];
    for (int i = 0; i < 300; i++) {
      float usual = (float) Math.exp(12 * random.nextDouble() - 6);
      float cap = i < 8 ? some[i] : i < 15 ? odd[i - 8] : usual;
      for (int c = 0; c < x.length; c++) {
        int way = i % 4 == 3 ? 0 : c % 4;
        x[c] =
            switch (way) {
              case 0 -> Float.intBitsToFloat(random.nextInt() & Integer.MAX_VALUE);
              case 1 -> cap * (0.8f + 0.3f * random.nextFloat());
              case 2 -> cap * 10 * random.nextFloat();
              default -> cap * random.nextFloat();
            };
        x[c] = Float.isFinite(x[c]) ? x[c] : 0;
      }
      check(cap, x);
    }
  }

  /** Every 97th float from where the cap begins to show to where it is reached. */
  @Test
  default void softcapOfManyFloats() {
    for (float cap : new float[] {30, 1.3775191f}) {
      int bits = Float.floatToRawIntBits(cap * 0x1p-13f);
      float[] x = new float[4096];
      while (Float.intBitsToFloat(bits) < 10 * cap) {
        for (int c = 0; c < x.length; c++, bits += 97) {
          x[c] = Float.intBitsToFloat(bits);
        }
        check(cap, x);
      }
    }
  }

  @Test
  default void softcapOfSpecialValues() {
    float inf = Float.POSITIVE_INFINITY;
    for (float cap : new float[] {30, 1e-45f, 3e38f, 1, 512, 513}) {
      for (int n : new int[] {1, 16, 33}) {
        float[] x = new float[n];
        for (float v : new float[] {0, -0f, inf, -inf, Float.NaN, Float.MIN_VALUE}) {
          Arrays.fill(x, v);
          kernels().softcap(x, Rows.of(1, n), cap, x, Rows.of(1, n));
          float expected = Float.isInfinite(v) ? Math.copySign(cap, v) : v;
          for (int c = 0; c < n; c++) {
            if (v != Float.MIN_VALUE || cap >= 1) {
              Ulps.assertBits(x[c], expected, "softcap " + cap + " of " + v, 0, c);
            }
          }
        }
      }
    }
  }

  @Test
  default void whatSoftcapRefuses() {
    Class<IllegalArgumentException> iae = IllegalArgumentException.class;
    float[] x = {1, 2, 3};
    Rows rows = Rows.of(1, 3);
    for (float bad : new float[] {0, -0f, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThrows(iae, () -> kernels().softcap(x, rows, bad, x, rows));
      assertThrows(iae, () -> kernels().softcap(x, Rows.of(0, 3), bad, x, Rows.of(0, 3)));
      assertThrows(iae, () -> SoftmaxOptions.DEFAULT.withSoftcap(bad));
    }
    assertEquals(1, x[0]);
  }
}
