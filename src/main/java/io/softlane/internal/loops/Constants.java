package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.WIDTH;

import java.util.Arrays;

/**
 * The constants of the vector loops, each as often as a vector has lanes, at the offsets below: to
 * be loaded before a loop, not broadcast. A broadcast is something that C2 may do again at every
 * use, when it runs short of registers or believes the loop short; a load it keeps. (With
 * broadcasts log-sum-exp of 64 x 1000 took 0.24 ns an element in one JVM and 0.36 in the next.)
 *
 * <p>What is no constant is broadcast from a vector of zeros that was loaded and checked, not by
 * {@code FloatVector.broadcast}. C2 must know a vector's exact class before it can keep it in a
 * register. Arithmetic tells it, and {@code check}; static methods, and sums that a loop carries,
 * do not (docs/engineering.md, "Why C2 boxes a vector").
 */
final class Constants {
  static final int LOG2_E = 0;
  static final int MINUS_LN2_HI = WIDTH;
  static final int MINUS_LN2_LO = 2 * WIDTH;
  static final int C6 = 3 * WIDTH;
  static final int C5 = 4 * WIDTH;
  static final int C4 = 5 * WIDTH;
  static final int C3 = 6 * WIDTH;
  static final int C2 = 7 * WIDTH;
  static final int ONE = 8 * WIDTH;
  static final int ROUNDER = 9 * WIDTH;

  /** For any logits. */
  static final float[] ANY = table(1);

  /** For plain logits: the polynomial's coefficients times {@link Exp#PLAIN}. */
  static final float[] PLAIN = table(Exp.PLAIN);

  /** Masks of a row's last vectors: ones between zeros, from 2 GROUP - n on for the first n. */
  static final int[] LIVE = masks();

  /** What other vectors begin with: zeros, to be loaded. */
  static final float[] FLOAT_ZEROS = new float[Lanes.GROUP];

  static final int[] INT_ZEROS = new int[Lanes.GROUP];
  static final long[] LONG_ZEROS = new long[Lanes.LANES];
  static final double[] DOUBLE_ZEROS = new double[Lanes.LANES];

  /** The even ones of the floats in a vector of longs. */
  static final long EVENS = 0xffffffffL;

  /** Numbers of lanes, from 0 on and behind the last from 0 again. */
  static final int[] NUMBERS = numbers();

  private Constants() {}

  private static int[] numbers() {
    int[] numbers = new int[2 * WIDTH];
    for (int lane = 0; lane < numbers.length; lane++) {
      numbers[lane] = lane % WIDTH;
    }
    return numbers;
  }

  private static int[] masks() {
    int[] masks = new int[3 * Lanes.GROUP];
    Arrays.fill(masks, Lanes.GROUP, 2 * Lanes.GROUP, -1);
    return masks;
  }

  private static float[] table(float scale) {
    float[] constants = {
      Exp.LOG2_E,
      -Exp.LN2_HI,
      -Exp.LN2_LO,
      scale * Exp.C6,
      scale * Exp.C5,
      scale * Exp.C4,
      scale * Exp.C3,
      scale * Exp.C2,
      scale,
      Exp.ROUNDER
    };
    float[] table = new float[constants.length * WIDTH];
    for (int i = 0; i < table.length; i++) {
      table[i] = constants[i / WIDTH];
    }
    return table;
  }
}
