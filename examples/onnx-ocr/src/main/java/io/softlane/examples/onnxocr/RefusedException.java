package io.softlane.examples.onnxocr;

/**
 * Something that the user has to put right. The message is one line: what is wrong, and the cure.
 */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message);
  }

  RefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
