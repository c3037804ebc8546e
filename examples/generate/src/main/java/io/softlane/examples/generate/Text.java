package io.softlane.examples.generate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * A text as numbers.
 *
 * @param alphabet the characters that occur, ascending; a character's place is its class
 * @param codes the classes of the text's characters
 */
record Text(String alphabet, int[] codes) {
  private static final String FILE = "pride-and-prejudice.txt.gz";

  /** The text that comes with the example. */
  static Text read() {
    try (InputStream file = Text.class.getResourceAsStream(FILE);
        InputStream in = new GZIPInputStream(file)) {
      return of(paragraphs(new String(in.readAllBytes(), StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Text of(String text) {
    int[] characters = text.chars().sorted().distinct().toArray();
    String alphabet = new String(characters, 0, characters.length);
    return new Text(alphabet, text.chars().map(alphabet::indexOf).toArray());
  }

  /** A line for each paragraph, without headings and without the underscores of emphasis. */
  static String paragraphs(String file) {
    return file.replaceAll("(?m)^(PRIDE AND PREJUDICE|By Jane Austen|Chapter \\d+)$", "")
            .replace("_", "")
            .strip()
            .replaceAll("\n{2,}", "\0")
            .replace('\n', ' ')
            .replace('\0', '\n')
        + "\n";
  }

  int classes() {
    return alphabet.length();
  }

  /** The characters of these classes. */
  String characters(int[] classes, int from, int to) {
    StringBuilder text = new StringBuilder();
    Arrays.stream(classes, from, to).mapToObj(alphabet::charAt).forEach(text::append);
    return text.toString();
  }
}
