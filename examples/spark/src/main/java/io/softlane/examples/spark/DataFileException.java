package io.softlane.examples.spark;

import java.io.IOException;
import java.nio.file.Path;

/** A data file that is missing or damaged. The message is one line: file, line, what is wrong. */
final class DataFileException extends IOException {
  private static final long serialVersionUID = 1;

  DataFileException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }

  DataFileException(Path file, int line, String problem) {
    super(file + ", line " + line + ": " + problem);
  }
}
