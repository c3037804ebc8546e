package io.softlane.examples.dropin;

import java.util.Locale;

/**
 * How far two results lie apart at most.
 *
 * @param ulps in units of the last place of a float at the first result, also where both are double
 * @param absolute as a number
 */
public record Difference(double ulps, double absolute) {

  /** Between two results; infinite where just one is not a number. */
  public static Difference between(float[] before, float[] after) {
    return between(widened(before), widened(after));
  }

  /** Between two results; infinite where just one is not a number. */
  public static Difference between(double[] before, double[] after) {
    if (before.length != after.length) {
      throw new IllegalArgumentException(before.length + " and " + after.length + " results");
    }
    double ulps = 0;
    double absolute = 0;
    for (int i = 0; i < before.length; i++) {
      if (Double.isNaN(before[i]) && Double.isNaN(after[i]) || before[i] == after[i]) {
        continue;
      }
      double apart = Math.abs(before[i] - after[i]);
      if (!(apart <= Double.MAX_VALUE)) {
        return new Difference(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
      }
      absolute = Math.max(absolute, apart);
      ulps = Math.max(ulps, apart / Math.ulp((float) before[i]));
    }
    return new Difference(ulps, absolute);
  }

  private static double[] widened(float[] values) {
    double[] row = new double[values.length];
    Doubles.widen(values, row);
    return row;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1f ULP, %.0e", ulps, absolute);
  }
}
