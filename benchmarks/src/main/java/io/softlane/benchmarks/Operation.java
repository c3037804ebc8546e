package io.softlane.benchmarks;

/** A variant's version of one operation: reads a workload, and writes its results there. */
@FunctionalInterface
interface Operation {
  void run(Workload work);

  /** Brings results that {@link #run} left in native memory into the workload: never timed. */
  default void fetch(Workload work) {}

  /** Where a switch over variants finds none. */
  static IllegalArgumentException unknown(String variant) {
    return new IllegalArgumentException("No variant here is named " + variant);
  }
}
