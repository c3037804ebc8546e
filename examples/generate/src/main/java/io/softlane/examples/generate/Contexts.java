package io.softlane.examples.generate;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The contexts that a text has more than once: its sequences of 0 to {@link #LONGEST} characters.
 * Each has a number. What stands before a character is one context of each length.
 */
final class Contexts {
  /** Characters of the longest. */
  static final int LONGEST = 7;

  /** Of one character: from no character at all to the longest. */
  static final int MOST = LONGEST + 1;

  /** Classes are below 128. */
  private static final int BITS = 7;

  /** Ascending. A context is a 1 and its classes, 7 bits each: no two lengths share a value. */
  private final long[] known;

  Contexts(int[] text) {
    long[] all =
        IntStream.range(LONGEST, text.length)
            .mapToObj(i -> IntStream.range(0, MOST).mapToLong(length -> value(text, i, length)))
            .flatMapToLong(values -> values)
            .sorted()
            .toArray();
    known =
        IntStream.range(1, all.length)
            .filter(i -> all[i] == all[i - 1])
            .mapToLong(i -> all[i])
            .distinct()
            .toArray();
  }

  int size() {
    return known.length;
  }

  /**
   * Finds what stands before the character at {@code end}.
   *
   * @param numbers receives the contexts' numbers from {@code at} on, that of the shortest first
   * @return how many there are: where one is not known, no longer one is
   */
  int find(int[] text, int end, int[] numbers, int at) {
    int found = 0;
    while (found <= Math.min(LONGEST, end)) {
      int number = Arrays.binarySearch(known, value(text, end, found));
      if (number < 0) {
        break;
      }
      numbers[at + found] = number;
      found++;
    }
    return found;
  }

  private static long value(int[] text, int end, int length) {
    long value = 1;
    for (int i = end - length; i < end; i++) {
      value = value << BITS | text[i];
    }
    return value;
  }
}
