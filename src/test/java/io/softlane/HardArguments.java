package io.softlane;

import io.softlane.internal.loops.Exp;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Logits whose terms {@link Exp} has most wrong: the worst of each four units of argument, among
 * all floats from -87 to 87, where that is 1.19 * 2^-24 or more (the bounds are -1.238 and 1.252);
 * and, sampled, some thousands of others. A softmax of low terms beside high ones has the largest
 * error.
 */
final class HardArguments {
  private static final float[] WORST_LOW = {
    -0x1.460d46p6f, -0x1.19cc6ap6f, -0x1.dfb966p5f, -0x1.8c5572p5f, -0x1.2ef44p5f,
    -0x1.b7867p4f, -0x1.05eeaep4f, -0x1.525046p2f, 0x1.46cc78p2f, 0x1.f3b022p3f,
    0x1.048ddp4f, 0x1.b4bc9cp4f, 0x1.28dcaap5f, 0x1.8656c4p5f, 0x1.dfa068p5f,
    0x1.19258ap6f, 0x1.45c41ep6f
  };

  private static final float[] WORST_HIGH = {
    -0x1.4310d6p6f, -0x1.16f04cp6f, -0x1.da5a78p5f, -0x1.819492p5f, -0x1.290112p5f,
    -0x1.ab9abap4f, -0x1.f44ca4p3f, -0x1.2429fap2f, -0x1.ee4462p1f, 0x1.76b4e8p2f,
    0x1.04a072p4f, 0x1.b620c6p4f, 0x1.c091c4p4f, 0x1.337142p5f, 0x1.8c4b82p5f,
    0x1.e4d9bcp5f, 0x1.1c031cp6f, 0x1.484944p6f
  };

  private static final int SAMPLES = 1 << 21;
  private static final double HARD = 0.95; // 2^-24, relative

  /** Terms that are too small, in ascending order. */
  static final float[] LOW = sampled(WORST_LOW, -1);

  /** Terms that are too large, in ascending order. */
  static final float[] HIGH = sampled(WORST_HIGH, 1);

  private HardArguments() {}

  private static float[] sampled(float[] worst, int sign) {
    float rounder = Exp.rounder(0);
    float floor = Exp.floor(0);
    float[] found = Arrays.copyOf(worst, worst.length + SAMPLES);
    int n = worst.length;
    for (int i = 0; i < SAMPLES; i++) {
      // Odd, so that the samples are no round numbers.
      float x = (float) (87 * (2.0 * i + 1 - SAMPLES) / SAMPLES + 0x1p-20);
      double error = Exp.scaled(x, rounder, floor) / StrictMath.exp(x) - 1;
      if (sign * error > HARD * 0x1p-24) {
        found[n++] = x;
      }
    }
    float[] hard = Arrays.copyOf(found, n);
    Arrays.sort(hard);
    return hard;
  }

  /** One of the worst, as often as one of the others. */
  static float any(RandomGenerator random, boolean high) {
    float[] some = random.nextBoolean() ? (high ? WORST_HIGH : WORST_LOW) : (high ? HIGH : LOW);
    return some[random.nextInt(some.length)];
  }

  /** The hard argument next to x. */
  static float near(float x, boolean high) {
    float[] hard = high ? HIGH : LOW;
    int i = Arrays.binarySearch(hard, x);
    return hard[Math.min(i < 0 ? -1 - i : i, hard.length - 1)];
  }
}
