package io.softlane.benchmarks;

/** A variant's version of one operation: reads a workload, and writes its results there. */
@FunctionalInterface
interface Operation {
  void run(Workload work);

  /** Where a switch over variants finds none. */
  static IllegalArgumentException unknown(String variant) {
    return new IllegalArgumentException("No variant here is named " + variant);
  }
}
