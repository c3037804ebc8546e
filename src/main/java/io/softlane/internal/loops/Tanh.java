package io.softlane.internal.loops;

/** The hyperbolic tangent, as scores are capped with it. */
public final class Tanh {
  private Tanh() {}

  /** {@code cap * tanh(x / cap)}. */
  public static float capped(float x, float cap) {
    return (float) (cap * StrictMath.tanh((double) x / cap));
  }
}
