package io.softlane.examples.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContextsTest {
  /** Beside strings in a map. */
  @Test
  void knowsWhatOccursTwice() {
    SplittableRandom random = new SplittableRandom(1);
    int[] text = random.ints(3000, 0, 5).toArray();
    Map<String, Integer> times = new HashMap<>();
    for (int i = Contexts.LONGEST; i < text.length; i++) {
      for (int length = 0; length <= Contexts.LONGEST; length++) {
        times.merge(string(text, i, length), 1, Integer::sum);
      }
    }
    Contexts contexts = new Contexts(text);
    assertEquals(times.values().stream().filter(n -> n > 1).count(), contexts.size());

    Map<Integer, String> names = new HashMap<>();
    int[] other = random.ints(3000, 0, 5).toArray();
    int[] numbers = new int[Contexts.MOST + 3];
    for (int i = 0; i < other.length; i++) {
      int found = contexts.find(other, i, numbers, 3);
      for (int length = 0; length <= Math.min(i, Contexts.LONGEST); length++) {
        String context = string(other, i, length);
        assertEquals(times.getOrDefault(context, 0) > 1, length < found, context);
        if (length < found) {
          int number = numbers[3 + length];
          assertTrue(number >= 0 && number < contexts.size());
          String known = names.putIfAbsent(number, context);
          assertTrue(known == null || known.equals(context), known);
        }
      }
    }
    assertEquals(names.size(), names.values().stream().distinct().count());
  }

  private static String string(int[] text, int end, int length) {
    StringBuilder string = new StringBuilder();
    for (int i = end - length; i < end; i++) {
      string.append(text[i]);
    }
    return string.toString();
  }
}
