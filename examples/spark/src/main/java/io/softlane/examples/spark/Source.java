package io.softlane.examples.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Where the rows come from. It is small enough to travel to the executors, which read the rows
 * themselves: so Spark can read those of a lost executor again.
 *
 * @param kind what the files hold
 * @param directory where the driver finds them; executors have copies of their own
 * @param test whether the rows are those for the test
 * @param rows how many there are; the digits are repeated until there are enough
 */
record Source(Kind kind, String directory, boolean test, int rows) implements Serializable {

  /** The data sets. */
  enum Kind {
    FASHION("Fashion-MNIST", Idx.PIXELS, Idx.TRAINING, Idx.TEST),
    DIGITS("digits, repeated", Digits.PIXELS, Idx.TRAINING, Digits.ROWS - Digits.TRAINING);

    final String title;
    final int pixels;
    final int trainingRows;
    final int testRows;

    Kind(String title, int pixels, int trainingRows, int testRows) {
      this.title = title;
      this.pixels = pixels;
      this.trainingRows = trainingRows;
      this.testRows = testRows;
    }
  }

  /** Both sets have ten classes. */
  static final int CLASSES = 10;

  /** Columns of a row: its pixels and a constant 1, whose weights are the bias. */
  int cols() {
    return kind.pixels + 1;
  }

  /** Number of weights of a classifier of these rows. */
  int weights() {
    return cols() * CLASSES;
  }

  /** The names of the files that are read. */
  List<String> files() {
    return switch (kind) {
      case FASHION -> List.of(Idx.images(test), Idx.labels(test));
      case DIGITS -> List.of(Digits.FILE);
    };
  }

  /** Reads rows; {@code locate} finds a file by its name. */
  Images read(Function<String, Path> locate, int fromRow, int toRow) throws IOException {
    return switch (kind) {
      case FASHION ->
          Idx.read(locate.apply(Idx.images(test)), locate.apply(Idx.labels(test)), fromRow, toRow);
      case DIGITS -> Digits.read(locate.apply(Digits.FILE), test, fromRow, toRow);
    };
  }

  /** Reads rows where the driver has them. */
  Images read(int fromRow, int toRow) throws IOException {
    return read(name -> Path.of(directory, name), fromRow, toRow);
  }
}
