package io.softlane;

import static io.softlane.Lanes.WIDTH;

/**
 * The constants of the vector loops, each as often as a vector has lanes, at the offsets below: to
 * be loaded before a loop, not broadcast. A broadcast is something that C2 may do again at every
 * use, when it runs short of registers or believes the loop short; a load it keeps. (With
 * broadcasts log-sum-exp of 64 x 1000 took 0.24 ns an element in one JVM and 0.36 in the next.)
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
  static final int ZERO = 10 * WIDTH;

  /** For any logits. */
  static final float[] ANY = table(1);

  /** For plain logits: the polynomial's coefficients times {@link ScalarExp#PLAIN}. */
  static final float[] PLAIN = table(ScalarExp.PLAIN);

  private Constants() {}

  private static float[] table(float scale) {
    float[] constants = {
      ScalarExp.LOG2_E,
      -ScalarExp.LN2_HI,
      -ScalarExp.LN2_LO,
      scale * ScalarExp.C6,
      scale * ScalarExp.C5,
      scale * ScalarExp.C4,
      scale * ScalarExp.C3,
      scale * ScalarExp.C2,
      scale,
      ScalarExp.ROUNDER,
      0
    };
    float[] table = new float[constants.length * WIDTH];
    for (int i = 0; i < table.length; i++) {
      table[i] = constants[i / WIDTH];
    }
    return table;
  }
}
