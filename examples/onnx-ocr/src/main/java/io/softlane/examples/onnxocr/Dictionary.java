package io.softlane.examples.onnxocr;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the model's classes stand for: class 0 is CTC's blank, then come the characters of the file,
 * one a line, and after them the space, which the file leaves out.
 *
 * @param symbols one per class; the blank's is empty
 */
record Dictionary(List<String> symbols) {
  static final int BLANK = 0;

  Dictionary {
    symbols = List.copyOf(symbols);
  }

  /** Reads the file. A line may be a character that looks like nothing: U+3000 is one of them. */
  static Dictionary parse(byte[] file) {
    List<String> symbols = new ArrayList<>();
    symbols.add("");
    new String(file, StandardCharsets.UTF_8).lines().forEach(symbols::add);
    symbols.add(" ");
    return new Dictionary(symbols);
  }

  int classes() {
    return symbols.size();
  }

  String symbol(int label) {
    return symbols.get(label);
  }

  /** The characters of these texts that no class stands for, with spaces between. */
  String unknown(List<String> texts) {
    Set<String> known = new HashSet<>(symbols);
    return texts.stream()
        .flatMapToInt(String::codePoints)
        .distinct()
        .mapToObj(Character::toString)
        .filter(symbol -> !known.contains(symbol))
        .collect(Collectors.joining(" "));
  }
}
