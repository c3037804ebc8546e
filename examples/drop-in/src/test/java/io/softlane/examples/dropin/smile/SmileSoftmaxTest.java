package io.softlane.examples.dropin.smile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.examples.dropin.Difference;
import io.softlane.examples.dropin.Inputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmileSoftmaxTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 17, 100, 1000})
  void agreesOnDoubles(int cols) {
    double[] before = Inputs.doubles(cols, 2);
    double[] after = before.clone();
    assertEquals(SmileSoftmax.before(before), SmileSoftmax.after(after));
    Difference difference = Difference.between(before, after);
    assertTrue(difference.ulps() <= 12 && difference.absolute() <= 1e-7, difference.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 17, 100, 1000})
  void agreesOnFloats(int cols) {
    float[] before = Inputs.floats(cols, 2);
    float[] after = before.clone();
    assertEquals(SmileSoftmax.before(before), SmileSoftmax.after(after));
    Difference difference = Difference.between(before, after);
    assertTrue(difference.ulps() <= 12 && difference.absolute() <= 1e-7, difference.toString());
  }

  @Test
  void masksAsSmileDoes() {
    double[] before = {-INF, 1, 1};
    double[] after = before.clone();
    assertEquals(SmileSoftmax.before(before), SmileSoftmax.after(after));
    assertArrayEquals(new double[] {0, 0.5, 0.5}, before);
    assertArrayEquals(before, after);
  }

  /** The one difference is the index of a row with NaN: no logit is larger than that. */
  @Test
  void poisonsTheRowAsSmileDoes() {
    double[] before = {Double.NaN, 1};
    double[] after = before.clone();
    assertEquals(0, SmileSoftmax.before(before));
    assertEquals(1, SmileSoftmax.after(after));
    assertAllNaN(before);
    assertAllNaN(after);

    float[] floatsBefore = {1, Float.NaN, 2};
    float[] floatsAfter = floatsBefore.clone();
    assertEquals(2, SmileSoftmax.before(floatsBefore));
    assertEquals(1, SmileSoftmax.after(floatsAfter));

    for (double[] row : new double[][] {{INF, 1}, {-INF, -INF}}) {
      before = row.clone();
      after = row.clone();
      assertEquals(SmileSoftmax.before(before), SmileSoftmax.after(after));
      assertAllNaN(before);
      assertAllNaN(after);
    }
  }

  private static void assertAllNaN(double[] row) {
    for (double p : row) {
      assertTrue(Double.isNaN(p));
    }
  }
}
