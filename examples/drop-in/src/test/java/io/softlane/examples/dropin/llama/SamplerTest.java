package io.softlane.examples.dropin.llama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.examples.dropin.Inputs;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
  private static final int OFFSET = SamplerShapes.OFFSET;
  private static final float TEMPERATURE = SamplerShapes.TEMPERATURE;
  private static final int COINS = 2000;

  private static float[] logits(int size) {
    float[] logits = new float[OFFSET + size];
    System.arraycopy(Inputs.floats(size, SamplerShapes.DEVIATION), 0, logits, OFFSET, size);
    return logits;
  }

  private static int before(Sampler sampler, float[] logits, int size, float coin) {
    return sampler.before(logits.clone(), OFFSET, size, new int[size], coin);
  }

  private static int after(Sampler sampler, float[] logits, int size, float coin) {
    int[] token = new int[1];
    sampler.after(logits, OFFSET, size, new float[] {coin}, token);
    return token[0];
  }

  @Test
  void drawsTheSameTokens() {
    Sampler sampler = new Sampler(TEMPERATURE, 1);
    float[] logits = logits(1000);
    for (float coin = 0; coin < 1; coin += 0.01f) {
      assertEquals(before(sampler, logits, 1000, coin), after(sampler, logits, 1000, coin));
    }
  }

  /** Loop and kernels add up in another order: what agrees is how often a token is drawn. */
  @ParameterizedTest
  @CsvSource({"1, 0.9", "2, 0.5", "10, 0.3", "100, 0.9", "1000, 0.95", "1000, 0.001"})
  void drawsFromTheSameTopP(int size, float topP) {
    Sampler sampler = new Sampler(TEMPERATURE, topP);
    float[] logits = logits(size);
    int[] before = new int[size];
    int[] after = new int[size];
    for (int i = 0; i < COINS; i++) {
      float coin = (i + 0.5f) / COINS;
      before[before(sampler, logits, size, coin)]++;
      after[after(sampler, logits, size, coin)]++;
    }
    for (int c = 0; c < size; c++) {
      assertTrue(Math.abs(before[c] - after[c]) <= 2, c + ": " + before[c] + ", " + after[c]);
    }
    assertEquals(count(before), count(after), 2);
    if (topP < 0.9f && size > 2) {
      assertTrue(count(after) < size / 2, "cut");
    }
  }

  private static long count(int[] drawn) {
    return Arrays.stream(drawn).filter(n -> n > 0).count();
  }

  @Test
  void leavesTheLogits() {
    float[] logits = logits(100);
    float[] given = logits.clone();
    after(new Sampler(TEMPERATURE, 0.9f), logits, 100, 0.5f);
    assertArrayEquals(given, logits);
  }

  /** The loop draws the last token where a logit is NaN, and nothing tells so. */
  @Test
  void saysWhereNothingCanBeDrawn() {
    Sampler sampler = new Sampler(TEMPERATURE, 1);
    float[] logits = logits(10);
    logits[OFFSET + 3] = Float.NEGATIVE_INFINITY;
    for (float coin = 0; coin < 1; coin += 0.01f) {
      assertTrue(after(sampler, logits, 10, coin) != 3, "banned");
    }
    logits[OFFSET + 3] = Float.NaN;
    assertEquals(9, before(sampler, logits, 10, 0.5f));
    assertEquals(-1, after(sampler, logits, 10, 0.5f));
  }
}
