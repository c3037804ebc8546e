package io.softlane.internal;

import java.util.function.Function;

/**
 * The class weights of a loss's options, not copied: what callers get of them is a copy, and a call
 * of the kernels must not allocate. Only {@code CrossEntropy} knows how to hand them out, and only
 * the library can ask.
 */
public final class ClassWeights {
  private static Function<Object, float[]> door;

  private ClassWeights() {}

  /** Called once, when the class of the options is loaded. */
  public static void through(Function<Object, float[]> options) {
    door = options;
  }

  /** Of a {@code CrossEntropy}; null where it has none. */
  public static float[] of(Object options) {
    return door.apply(options);
  }
}
