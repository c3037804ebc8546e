package io.softlane.examples.onnxocr;

import java.util.List;
import java.util.stream.Collectors;

/** What was read in an image. */
record Reading(List<Character> characters) {

  /**
   * One character.
   *
   * @param symbol the character
   * @param probability its probability, at the step where it begins
   * @param entropy of all classes at that step, in nats: 0 where there is no doubt at all
   */
  record Character(String symbol, float probability, float entropy) {}

  String text() {
    return characters.stream().map(Character::symbol).collect(Collectors.joining());
  }

  /** The least probability; 1 where nothing was read. */
  float weakest() {
    float weakest = 1;
    for (Character character : characters) {
      weakest = Math.min(weakest, character.probability());
    }
    return weakest;
  }
}
