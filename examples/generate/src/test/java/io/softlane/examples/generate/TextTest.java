package io.softlane.examples.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void readsTheNovel() {
    Text text = Text.read();
    String characters = text.characters(text.codes(), 0, text.codes().length);
    assertTrue(
        characters.startsWith(
            "It is a truth universally acknowledged, that a single man in possession of a good"
                + " fortune, must be in want of a wife.\nHowever little known"),
        characters.substring(0, 150));
    assertTrue(characters.endsWith(".\n"));
    assertFalse(characters.contains("\n\n"));
    assertFalse(characters.contains("Chapter 2"));
    assertFalse(characters.contains("_"));
    assertEquals(229805, characters.length());
    assertEquals(text.alphabet().length(), text.classes());
  }

  @Test
  void makesParagraphsOfLines() {
    String file =
        "PRIDE AND PREJUDICE\n\nBy Jane Austen\n\n\nChapter 1\n\nOne _two_\nthree.\n\n\nFour\n";
    assertEquals("One two three.\nFour\n", Text.paragraphs(file));
  }

  @Test
  void numbersTheCharacters() {
    Text text = Text.of("cab a");
    assertEquals(" abc", text.alphabet());
    assertArrayEquals(new int[] {3, 1, 2, 0, 1}, text.codes());
    assertEquals("ab ", text.characters(text.codes(), 1, 4));
  }
}
