package io.softlane.benchmarks.sidebyside;

/** What the caller asks for cannot be; the message is what to print, one line for arguments. */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  BadInput(String message) {
    this(message, 2);
  }

  /**
   * @param status of the command's exit
   */
  BadInput(String message, int status) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
