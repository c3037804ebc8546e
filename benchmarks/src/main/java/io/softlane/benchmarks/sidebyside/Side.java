package io.softlane.benchmarks.sidebyside;

/** One version of the library with one batch: all that the rounds know of it. */
public interface Side {
  /** Calls so many times, and returns the nanoseconds of it. */
  long time(int calls);
}
