package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodingTest {
  @Test
  void countsRepeatedStepsOnce() {
    assertArrayEquals(new int[] {1, 3}, steps(0, 5, 5, 7, 7, 7, 0));
  }

  @Test
  void takesABlankBetweenForTwoCharacters() {
    assertArrayEquals(new int[] {0, 2, 5}, steps(5, 0, 5, 5, 0, 5));
  }

  @Test
  void readsNothingInBlanks() {
    assertArrayEquals(new int[0], steps(0, 0, 0));
    assertArrayEquals(new int[0], steps());
  }

  @Test
  void startsAnewWithEachImage() {
    int[] best = {4, 4, 4, 4, 0, 6};
    assertArrayEquals(new int[] {3, 5}, Decoding.steps(best, 3, 6));
    Batch batch = new Batch(List.of(0, 1), List.of(strip(), strip()), 3 * Batch.STEP);
    List<int[]> steps = Decoding.of(best, batch);
    assertEquals(2, steps.size());
    assertArrayEquals(new int[] {0}, steps.get(0));
    assertArrayEquals(new int[] {3, 5}, steps.get(1));
  }

  @Test
  void namesTheClasses() {
    // The second character of the file is U+3000, an ideographic space; the last has no line end.
    byte[] file = "a\n\u3000\nc".getBytes(StandardCharsets.UTF_8);
    Dictionary dictionary = Dictionary.parse(file);
    assertEquals(List.of("", "a", "\u3000", "c", " "), dictionary.symbols());
    assertEquals(5, dictionary.classes());
    assertEquals("ü \ud83d\ude00", dictionary.unknown(List.of("aüc", " ü\ud83d\ude00")));
    assertEquals("", dictionary.unknown(List.of("a c")));
  }

  private static Strip strip() {
    return new Strip(new float[Strip.PLANES * Strip.HEIGHT], 1);
  }

  private static int[] steps(int... best) {
    return Decoding.steps(best, 0, best.length);
  }
}
