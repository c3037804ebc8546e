package io.softlane.benchmarks.report;

/** A file that cannot be used; its message is the one line that the caller prints. */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  BadInput(String message) {
    super(message);
  }
}
