package io.softlane.examples.dropin;

/** Softmax in double, of the logits as they are given. */
public final class Oracle {
  private Oracle() {}

  /** Probabilities of a part of an array, after multiplication by the scale in float. */
  public static double[] softmax(float[] logits, float scale) {
    double[] scores = new double[logits.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = scale * logits[i];
    }
    return softmax(scores);
  }

  /** Probabilities. */
  public static double[] softmax(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double x : logits) {
      max = Math.max(max, x);
    }
    double sum = 0;
    double[] p = new double[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = StrictMath.exp(logits[i] - max);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  /** Floats as doubles. */
  public static double[] widened(float[] values) {
    double[] row = new double[values.length];
    Doubles.widen(values, row);
    return row;
  }
}
