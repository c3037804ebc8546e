package io.softlane.examples.digits;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Some test digits, drawn in text, with their probabilities as bars. */
final class Picture {
  private static final int BAR = 10;
  private static final String GAP = "   ";

  private final Digits digits;
  private final float[] probabilities;
  private final int[] predictions;
  private final int firstRow;
  private final Output output;

  private Picture(
      Digits digits, float[] probabilities, int[] predictions, int firstRow, Output output) {
    this.digits = digits;
    this.probabilities = probabilities;
    this.predictions = predictions;
    this.firstRow = firstRow;
    this.output = output;
  }

  /**
   * Draws up to four digits.
   *
   * @param firstRow the row of the data file that the first digit comes from
   */
  static void draw(
      Digits digits, Inputs inputs, Classifier classifier, int firstRow, Output output) {
    float[] probabilities = classifier.probabilities(inputs);
    new Picture(digits, probabilities, classifier.predictions(inputs), firstRow, output).draw();
  }

  private void draw() {
    List<List<String>> panels = new ArrayList<>();
    panels.add(panel(0, "first test digit"));
    add(panels, surest(true, 1), "surest");
    add(panels, surest(true, -1), "closest call");
    add(panels, surest(false, 1), "surest mistake");
    for (int left = 0; left < panels.size(); left += 2) {
      output.print("");
      for (int i = 0; i < panels.get(left).size(); i++) {
        String right = left + 1 < panels.size() ? GAP + panels.get(left + 1).get(i) : "";
        output.print("%s", (panels.get(left).get(i) + right).stripTrailing());
      }
    }
  }

  private void add(List<List<String>> panels, int r, String title) {
    if (r >= 0) {
      panels.add(panel(r, title));
    }
  }

  /**
   * The digit predicted with the most (sign 1) or least (-1) confidence; -1 where there is none.
   */
  private int surest(boolean right, int sign) {
    int surest = -1;
    for (int r = 0; r < digits.rows(); r++) {
      if ((predictions[r] == digits.labels()[r]) == right
          && (surest < 0 || sign * confidence(r) > sign * confidence(surest))) {
        surest = r;
      }
    }
    return surest;
  }

  private float confidence(int r) {
    return probabilities[r * Digits.CLASSES + predictions[r]];
  }

  private List<String> panel(int r, String title) {
    int label = digits.labels()[r];
    List<String> lines = new ArrayList<>();
    lines.add("%-38s".formatted(title + ": row " + (firstRow + r) + ", a " + label));
    for (int j = 0; j < Digits.CLASSES; j++) {
      // The image has two lines less than there are classes.
      boolean inside = j >= 1 && j <= Digits.SIDE;
      String image = inside ? image(r, j - 1) : " ".repeat(2 * Digits.SIDE);
      float p = probabilities[r * Digits.CLASSES + j];
      String bar = bar(p);
      if (j == predictions[r]) {
        bar = output.colour(j == label ? "green" : "red", bar);
      }
      String percent = p < 0.0005 ? " ".repeat(7) : String.format(Locale.ROOT, "%6.1f%%", 100 * p);
      lines.add(image + "  " + (j == label ? ">" : " ") + j + " " + bar + percent);
    }
    return lines;
  }

  /** One line of the image, two characters per pixel, which makes pixels about square. */
  private String image(int r, int line) {
    String shades = output.blocks() ? " ░▒▓█" : " .:*#";
    StringBuilder text = new StringBuilder();
    for (int x = 0; x < Digits.SIDE; x++) {
      float ink = digits.pixels()[r * Digits.PIXELS + line * Digits.SIDE + x];
      text.repeat(shades.charAt(Math.round(ink * (shades.length() - 1))), 2);
    }
    return text.toString();
  }

  private String bar(float p) {
    String parts = output.blocks() ? " ▏▎▍▌▋▊▉█" : " #";
    int steps = parts.length() - 1;
    int filled = Math.round(p * BAR * steps);
    String bar = parts.substring(steps).repeat(filled / steps);
    if (filled % steps > 0) {
      bar += parts.charAt(filled % steps);
    }
    return bar + " ".repeat(BAR - bar.length());
  }
}
