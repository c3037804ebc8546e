package io.softlane.benchmarks;

import java.util.function.Consumer;

/** A variant's version of one operation: reads a workload, and writes its results there. */
@FunctionalInterface
interface Operation {
  void run(Workload work);

  /** Brings results that {@link #run} left in native memory into the workload: never timed. */
  default void fetch(Workload work) {}

  static Operation of(Consumer<Workload> run, Consumer<Workload> fetch) {
    return new Operation() {
      @Override
      public void run(Workload work) {
        run.accept(work);
      }

      @Override
      public void fetch(Workload work) {
        fetch.accept(work);
      }
    };
  }

  /** Where a switch over variants finds none. */
  static IllegalArgumentException unknown(String variant) {
    return new IllegalArgumentException("No variant here is named " + variant);
  }
}
