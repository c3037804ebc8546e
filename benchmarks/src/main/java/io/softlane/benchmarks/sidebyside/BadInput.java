package io.softlane.benchmarks.sidebyside;

/** What the caller asks for cannot be; the message is the one line to print. */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  BadInput(String message) {
    super(message);
  }
}
