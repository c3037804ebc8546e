package io.softlane.internal.rows;

import io.softlane.internal.loops.Exp;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.ScalarLoops;

/**
 * Softmax of one row of few columns a call, without a {@link Work}, whose taking costs more than
 * the row (10 columns: 113 ns with it, 62 without, Zen 5). The same stages, and the same bits.
 */
public final class Few {
  /** The most columns. */
  public static final int COLS = 16;

  private Few() {}

  /** False, with nothing written, where the anchor 0 may not serve the row as a plain one. */
  public static boolean softmax(float[] x, int i, int n, float[] out, int o) {
    for (int c = 0; c < n; c++) {
      if (!(Math.abs(x[i + c]) <= Window.SURE)) {
        return false;
      }
    }
    float rounder = Exp.plainRounder(Window.K);
    for (int c = 0; c < n; c++) {
      float v = x[i + c];
      out[o + c] = Exp.plain(v, Math.fma(v, Exp.LOG2_E, rounder), rounder);
    }
    double factor = Kind.LIFT / ScalarLoops.sumOfTerms(out, o, n);
    float hi = (float) factor;
    ScalarLoops.scale(out, o, n, hi, (float) (factor - hi), out, o);
    return true;
  }
}
