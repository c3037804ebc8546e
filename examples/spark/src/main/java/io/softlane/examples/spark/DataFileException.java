package io.softlane.examples.spark;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** A data file that is missing or damaged. The message is one line: file, line, what is wrong. */
final class DataFileException extends IOException {
  private static final long serialVersionUID = 1;

  DataFileException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }

  DataFileException(Path file, int line, String problem) {
    super(file + ", line " + line + ": " + problem);
  }

  /** What became of reading a file; one of these stays as it is. */
  static DataFileException of(Path file, IOException e) {
    return e instanceof DataFileException already
        ? already
        : new DataFileException(file, problem(e), e);
  }

  /** In words: the messages of Java's own exceptions are often no more than the file's name. */
  static String problem(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file";
      case AccessDeniedException denied -> "permission denied";
      case EOFException end -> "the data is cut off";
      case ZipException damage -> "damaged gzip data: " + damage.getMessage();
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
