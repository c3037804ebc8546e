package io.softlane.examples.onnxocr;

/**
 * How far probabilities of Softlane and of the model's own Softmax lie from exact ones, and from
 * each other, in units in the last place (ULP).
 */
final class Difference {
  /** Errors of one of them against the exact softmax. */
  static final class Errors {
    private double largest;
    private double sum;
    private double fromOne;

    private void add(double value, double exact) {
      double error = Math.abs(value - exact) / Math.ulp((float) exact);
      sum += error;
      largest = Math.max(largest, error); // NaN where one of them is
    }

    private void add(Errors other) {
      sum += other.sum;
      largest = Math.max(largest, other.largest);
      fromOne = Math.max(fromOne, other.fromOne);
    }

    /** Adds the sum, in double, of a row's probabilities. */
    private void addRow(double total) {
      fromOne = Math.max(fromOne, Math.abs(total - 1));
    }

    double largest() {
      return largest;
    }

    /** The largest distance of a row's sum from 1. */
    double fromOne() {
      return fromOne;
    }
  }

  private final Errors softlane = new Errors();
  private final Errors onnxRuntime = new Errors();
  private final Errors rounding = new Errors();
  private float lowest = Float.POSITIVE_INFINITY;
  private float highest = Float.NEGATIVE_INFINITY;
  private long count;
  private long equal;
  private long apart;
  private long distance;

  /** Adds a row: its logits, and what the two made of them. */
  void add(float[] logits, float[] ours, float[] theirs) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      lowest = Math.min(lowest, logit);
      max = Math.max(max, logit);
    }
    highest = Math.max(highest, max);
    double[] exact = exact(logits, max);
    double ourSum = 0;
    double theirSum = 0;
    for (int j = 0; j < logits.length; j++) {
      softlane.add(ours[j], exact[j]);
      onnxRuntime.add(theirs[j], exact[j]);
      float rounded = logits[j] - max;
      double lost = rounded - ((double) logits[j] - max);
      rounding.add(exact[j] * Math.exp(lost), exact[j]);
      long ulps = Math.abs((long) Float.floatToIntBits(ours[j]) - Float.floatToIntBits(theirs[j]));
      equal += ulps == 0 ? 1 : 0;
      distance += ulps;
      apart = Math.max(apart, ulps);
      ourSum += ours[j];
      theirSum += theirs[j];
    }
    softlane.addRow(ourSum);
    onnxRuntime.addRow(theirSum);
    count += logits.length;
  }

  /** Adds what another thread has found. */
  synchronized void add(Difference other) {
    softlane.add(other.softlane);
    onnxRuntime.add(other.onnxRuntime);
    rounding.add(other.rounding);
    lowest = Math.min(lowest, other.lowest);
    highest = Math.max(highest, other.highest);
    count += other.count;
    equal += other.equal;
    distance += other.distance;
    apart = Math.max(apart, other.apart);
  }

  Errors softlane() {
    return softlane;
  }

  Errors onnxRuntime() {
    return onnxRuntime;
  }

  /** Of the exact softmax of distances from the row's maximum that were rounded to float. */
  Errors rounding() {
    return rounding;
  }

  float lowest() {
    return lowest;
  }

  float highest() {
    return highest;
  }

  long count() {
    return count;
  }

  double mean(Errors errors) {
    return errors.sum / count;
  }

  /** Part of the probabilities that are the same float. */
  double equal() {
    return (double) equal / count;
  }

  /** Largest number of floats from one to the other. */
  long apart() {
    return apart;
  }

  double meanApart() {
    return (double) distance / count;
  }

  /** The softmax in double, whose error is some 2^-50: nothing against a float's 2^-24. */
  private static double[] exact(float[] logits, double max) {
    double[] exact = new double[logits.length];
    double sum = 0;
    for (int j = 0; j < exact.length; j++) {
      exact[j] = Math.exp(logits[j] - max);
      sum += exact[j];
    }
    for (int j = 0; j < exact.length; j++) {
      exact[j] /= sum;
    }
    return exact;
  }
}
