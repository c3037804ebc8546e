package io.softlane.examples.dropin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.SoftmaxKernels;
import org.junit.jupiter.api.Test;

class DoublesTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  /** The kernels' 3, and half a ULP of the distance, which is 2^-24 of it, on each probability. */
  @Test
  void errsByTheKernelsErrorAndTheNarrowing() {
    for (double size : new double[] {1, 10, 100}) {
      for (double offset : new double[] {0, 1e3, -1e9}) {
        double[] logits = Inputs.doubles(777, size);
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
          logits[i] += offset;
          max = Math.max(max, logits[i]);
        }
        double[] expected = Oracle.softmax(logits);
        double[] row = softmax(logits);
        for (int i = 0; i < row.length; i++) {
          double narrowing = 0x1p-24 * (max - logits[i] + 1);
          double bound = 3 * Math.ulp((float) expected[i]) + 2 * narrowing * expected[i];
          assertTrue(Math.abs(row[i] - expected[i]) <= bound, row[i] + ", not " + expected[i]);
        }
      }
    }
  }

  @Test
  void keepsWhatIsSpecial() {
    assertArrayEquals(new double[] {0, 0.5, 0.5}, softmax(-INF, 3, 3));
    assertArrayEquals(new double[] {0, 1}, softmax(-1e300, 1e300));
    for (double[] poisoned :
        new double[][] {{-INF, -INF}, {INF, 1}, {INF, INF}, {Double.NaN, 1}, {2, Double.NaN}}) {
      assertArrayEquals(new double[] {Double.NaN, Double.NaN}, softmax(poisoned));
    }
  }

  /** Where the doubles differ by less than floats can, the first is not the largest. */
  @Test
  void findsTheLargestOfTheDoubles() {
    assertEquals(1, Doubles.argmax(new double[] {1, 1 + 1e-15, 0}, 3));
    assertEquals(0, Doubles.argmax(new double[] {7, 7}, 2));
    assertEquals(1, Doubles.argmax(new double[] {Double.NaN, 7, 8}, 2));
    assertEquals(0, Doubles.argmax(new double[] {Double.NaN, Double.NaN}, 2));
    assertEquals(0, Doubles.argmax(new double[] {-INF, -INF}, 2));
  }

  private static double[] softmax(double... logits) {
    double[] row = logits.clone();
    Doubles.softmax(SoftmaxKernels.best(), row, row.length);
    return row;
  }
}
