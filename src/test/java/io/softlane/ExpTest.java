package io.softlane;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** exp, through expSum: at most 1 ULP over a sample of all floats, and under shifts. */
class ExpTest {
  /** A prime, so that the sample takes every pattern of low bits. */
  private static final int STEP = 997;

  private static final int COLS = 4096;

  @Test
  void scalarOverAllFloats() {
    overAllFloats(SoftmaxKernels.scalar());
  }

  @Test
  void vectorOverAllFloats() {
    overAllFloats(SoftmaxKernels.vector());
  }

  @Test
  void scalarUnderShifts() {
    underShifts(SoftmaxKernels.scalar());
  }

  @Test
  void vectorUnderShifts() {
    underShifts(SoftmaxKernels.vector());
  }

  private static void overAllFloats(SoftmaxKernels kernels) {
    float[] x = new float[COLS];
    long bits = Integer.MIN_VALUE;
    while (bits <= Integer.MAX_VALUE) {
      for (int c = 0; c < COLS; c++) {
        x[c] = Float.intBitsToFloat((int) Math.min(bits, Integer.MAX_VALUE));
        bits += STEP;
      }
      check(kernels, x, 0);
    }
  }

  /** Differences from where exp is zero to where it is infinite, at shifts of every size. */
  private static void underShifts(SoftmaxKernels kernels) {
    SplittableRandom random = new SplittableRandom(3);
    float[] x = new float[COLS];
    float[] shifts = {
      1, -1, 0.1f, 1e-3f, -1e-10f, 88.7f, -104, 500, -777.7f, 12345.678f, -1e6f, 3e7f
    };
    for (float shift : shifts) {
      for (int round = 0; round < 20; round++) {
        for (int c = 0; c < COLS; c++) {
          x[c] = (float) (shift - 106 + 196 * random.nextDouble());
        }
        check(kernels, x, shift);
        check(kernels, x, -shift);
      }
    }
    // Both of any size: the difference may round, be subnormal, or overflow.
    for (int round = 0; round < 200; round++) {
      for (int c = 0; c < COLS; c++) {
        x[c] = Float.intBitsToFloat(random.nextInt());
      }
      check(kernels, x, Logits.ANY_FINITE.logit(random, 0));
      float near = x[0];
      for (int c = 0; c < COLS; c++) {
        x[c] = near + Math.scalb((float) random.nextGaussian(), random.nextInt(-30, 8));
      }
      check(kernels, x, near);
    }
  }

  private static void check(SoftmaxKernels kernels, float[] x, float shift) {
    Rows rows = Rows.of(1, COLS);
    float[] e = new float[COLS];
    kernels.expSum(x, rows, new float[] {shift}, e, rows, new float[1]);
    for (int c = 0; c < COLS; c++) {
      double exact = StrictMath.exp((double) x[c] - shift);
      if (!(Ulps.between(e[c], exact) <= 1)) {
        Ulps.assertUlps(e[c], exact, 1, kernels + ": exp(" + x[c] + " - " + shift + ")", 0, c);
      }
    }
  }
}
