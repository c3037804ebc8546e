package io.softlane.examples.onnxocr;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Greedy decoding of connectionist temporal classification (CTC): the best class of each step,
 * where steps of the same class in a row count once and blanks not at all.
 */
final class Decoding {
  private Decoding() {}

  /** The steps at which a character begins, of those from {@code from} on, before {@code to}. */
  static int[] steps(int[] best, int from, int to) {
    return IntStream.range(from, to)
        .filter(i -> best[i] != Dictionary.BLANK && (i == from || best[i] != best[i - 1]))
        .toArray();
  }

  /** The same for each image of a batch, of which every step has its best class. */
  static List<int[]> of(int[] best, Batch batch) {
    return IntStream.range(0, batch.size())
        .map(image -> image * batch.steps())
        .mapToObj(from -> steps(best, from, from + batch.steps()))
        .toList();
  }
}
