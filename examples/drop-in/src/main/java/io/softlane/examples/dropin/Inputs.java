package io.softlane.examples.dropin;

import java.util.SplittableRandom;

/** Logits to compare and time with: normally distributed, the same in every run. */
public final class Inputs {
  private static final int SEED = 6;

  private Inputs() {}

  /** With this standard deviation. */
  public static double[] doubles(int size, double deviation) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = deviation * random.nextGaussian();
    }
    return values;
  }

  /** With this standard deviation. */
  public static float[] floats(int size, double deviation) {
    double[] values = doubles(size, deviation);
    float[] floats = new float[size];
    for (int i = 0; i < size; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
