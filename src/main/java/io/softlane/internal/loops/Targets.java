package io.softlane.internal.loops;

/**
 * The target terms of a row, {@code a = (y * slope + base) * (w * unit)}: dense targets y (null for
 * 0), smoothed, times class weights w (null for 1). Sums take slope and base in double, as they
 * are; gradients in float, as the reduction scales them.
 */
public final class Targets {
  public float[] y;
  public int j;
  public double slope;
  public double base;
  public float[] w;

  /** For gradients. */
  public float scaledSlope;

  public float scaledBase;

  /** A power of two that goes with the weights of gradients. */
  public float unit = 1;

  /** The weights, with room behind them for a vector to begin at the last one. */
  private float[] room = {};

  /** Room for the lanes of a vector's sum. */
  final double[] lanes = new double[Lanes.LANES];

  /**
   * Takes class weights, which may be null. For sums they are copied: else the last columns of each
   * row would be done one by one.
   */
  public void weigh(float[] weights, boolean hasSums) {
    w = weights;
    if (weights != null && hasSums) {
      if (room.length < weights.length + Loops.GROUP) {
        room = new float[weights.length + Loops.GROUP];
      }
      System.arraycopy(weights, 0, room, 0, weights.length);
      w = room;
    }
  }

  /** The term of column c. */
  public double at(int c) {
    double a = y == null ? base : y[j + c] * slope + base;
    return w == null ? a : a * w[c];
  }

  /** The same, as gradients have it. */
  float scaledAt(int c) {
    float a = y == null ? scaledBase : Math.fma(y[j + c], scaledSlope, scaledBase);
    return w == null ? a : a * (w[c] * unit);
  }

  /** {@code a (lse - logit)}, lse being shift + logSum; 0 where a is. */
  public static double loss(double a, double shift, double logSum, float logit) {
    return a == 0 ? 0 : a * ((shift - logit) + logSum);
  }

  /**
   * The first of two floats that a gradient's factor is taken in, right to 2^-47 of it, so that
   * products with it round once; finite where the factor is.
   */
  static float first(double factor) {
    float first = (float) factor;
    if (Float.isInfinite(first) && Double.isFinite(factor)) {
      return Math.copySign(Float.MAX_VALUE, first);
    }
    return first;
  }

  /** The second. */
  static float second(double factor) {
    return Math.abs(factor) < Float.MAX_VALUE ? (float) (factor - (float) factor) : 0;
  }

  /** Lets go of what belongs to the caller. */
  public void release() {
    y = null;
    w = null;
  }
}
