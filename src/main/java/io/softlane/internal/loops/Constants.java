package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.WIDTH;

import java.util.Arrays;

/**
 * The constants of the vector loops, each as often as a vector has lanes, at the offsets below: to
 * be loaded before a loop, not broadcast. A broadcast is something that C2 may do again at every
 * use, when it runs short of registers or believes the loop short; a load it keeps. (With
 * broadcasts log-sum-exp of 64 x 1000 took 0.24 ns an element in one JVM and 0.36 in the next.)
 *
 * <p>What is no constant is broadcast from a vector of zeros that was loaded, not by {@code
 * FloatVector.broadcast}. C2 must know a vector's exact class before it can keep it in a register.
 * The methods of a vector tell it; static ones, and sums that a loop carries, do not, so that it
 * goes by type profiles. Where these were not ripe when C2 began, in a JVM that had much to
 * compile, it left a call or a merge behind, and vectors were boxed for good (softmax of 64
 * columns: 500 bytes a row). For the same reason the receiver of an operation is the newest vector,
 * and the sum or constant its argument; and {@code check} tells C2 the class where an operation on
 * a loaded vector is stored at once, or where a loop's sum is reduced. (With a constant for its
 * receiver the last stage of a softmax was boxed in 3 of 8 JVMs that called all operations on short
 * rows in turn, and so in 0 of 10.)
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
