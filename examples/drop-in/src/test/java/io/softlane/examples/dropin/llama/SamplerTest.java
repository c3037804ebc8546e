package io.softlane.examples.dropin.llama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.examples.dropin.Difference;
import io.softlane.examples.dropin.Inputs;
import io.softlane.examples.dropin.Oracle;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
  private static final int OFFSET = SamplerShapes.OFFSET;
  private static final int GUARD = 5;

  private final Sampler sampler = new Sampler(SamplerShapes.TEMPERATURE);

  /** The loop's float sum is what lies apart: the kernels are within 3 ULP of exact arithmetic. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100, 32_000, 128_256})
  void agreesAndIsTheMoreExact(int size) {
    float[] logits = Inputs.floats(size, SamplerShapes.DEVIATION);
    float[] before = new float[OFFSET + size];
    float[] after = new float[OFFSET + size];
    sampler.before(logits, before, OFFSET, size, 0);
    sampler.after(logits, after, OFFSET, size, 0);
    Difference difference = Difference.between(before, after);
    assertTrue(difference.absolute() <= 1e-4, difference.toString());

    double[] exact = Oracle.softmax(logits, 1 / SamplerShapes.TEMPERATURE);
    Difference error = Difference.between(exact, row(after));
    assertTrue(error.ulps() <= 3, error.toString());
    if (size > 10_000) {
      Difference naive = Difference.between(exact, row(before));
      assertTrue(naive.ulps() > 100, naive.toString());
    }
  }

  @Test
  void drawsTheSameTokens() {
    int size = 1000;
    float[] logits = Inputs.floats(size, SamplerShapes.DEVIATION);
    float[] values = new float[OFFSET + size];
    for (float coin = 0; coin < 1; coin += 0.01f) {
      int before = sampler.before(logits, values, OFFSET, size, coin);
      assertEquals(before, sampler.after(logits, values, OFFSET, size, coin));
    }
  }

  @Test
  void leavesWhatLiesAround() {
    float[] values = new float[OFFSET + 100 + GUARD];
    Arrays.fill(values, 42);
    sampler.after(Inputs.floats(100, 1), values, OFFSET, 100, 0.5f);
    for (int i = 0; i < values.length; i++) {
      assertEquals(i < OFFSET || i >= OFFSET + 100, values[i] == 42);
    }
  }

  /** A banned token has probability 0 on both sides; NaN spreads over the row on both. */
  @Test
  void bansAndPoisonsAlike() {
    float[] before = new float[3];
    float[] after = new float[3];
    float[] banned = {1, Float.NEGATIVE_INFINITY, 1};
    sampler.before(banned, before, 0, 3, 0);
    sampler.after(banned, after, 0, 3, 0);
    assertArrayEquals(new float[] {0.5f, 0, 0.5f}, before);
    assertArrayEquals(before, after);

    float inf = Float.POSITIVE_INFINITY;
    float[] nan = {Float.NaN, Float.NaN, Float.NaN};
    for (float[] poisoned : new float[][] {{1, Float.NaN, 1}, {1, inf, 1}, {-inf, -inf, -inf}}) {
      sampler.before(poisoned, before, 0, 3, 0);
      sampler.after(poisoned, after, 0, 3, 0);
      assertArrayEquals(nan, before);
      assertArrayEquals(nan, after);
    }
  }

  private static double[] row(float[] values) {
    return Oracle.widened(Arrays.copyOfRange(values, OFFSET, values.length));
  }
}
