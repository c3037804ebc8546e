package io.softlane.examples.onnxocr;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

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

  /** In words: the messages of Java's own exceptions are often no more than the file's name. */
  static String problem(Exception e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file or directory";
      case FileAlreadyExistsException other -> "a file that is no directory has this name";
      case AccessDeniedException denied -> "permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
