package io.softlane.examples.dropin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results in Markdown, so that they can be taken into a page as they are. */
final class Table {
  private final List<Replacement> replacements = new ArrayList<>();
  private final List<List<String>> lines = new ArrayList<>();

  /** With or without times. */
  Table(boolean timed) {
    List<String> head = new ArrayList<>(List.of("library", "shape"));
    if (timed) {
      head.addAll(List.of("before", "after", "speed-up"));
    }
    head.add("difference");
    lines.add(head);
  }

  /** One line; the library is named at the first shape only. */
  void add(Replacement replacement, Shape shape, Timing.Result timing, Object difference) {
    boolean first = replacement.shapes().getFirst() == shape;
    if (first) {
      replacements.add(replacement);
    }
    List<String> line = new ArrayList<>();
    line.add(first ? replacement.library().replaceFirst(" .*", "") : "");
    line.add(shape.name());
    if (timing != null) {
      line.add(time(timing.before()));
      line.add(time(timing.after()));
      line.add(String.format(Locale.ROOT, "%.2fx", timing.ratio()));
    }
    line.add(difference.toString());
    lines.add(line);
  }

  /** In the unit that suits it. */
  static String time(double nanos) {
    return nanos < 1e6
        ? String.format(Locale.ROOT, nanos < 1e4 ? "%.2f us" : "%.0f us", nanos / 1e3)
        : String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }

  /** A list of what changes, and the table, aligned for those who read it unrendered. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Replacement r : replacements) {
      text.append("- %s, at %s:\n  %s\n".formatted(r.library(), r.seam(), r.changed()));
    }
    text.append('\n');
    int cols = lines.getFirst().size();
    int[] widths = new int[cols];
    for (List<String> line : lines) {
      for (int c = 0; c < cols; c++) {
        widths[c] = Math.max(widths[c], line.get(c).length());
      }
    }
    for (List<String> line : lines) {
      for (int c = 0; c < cols; c++) {
        text.append("| ").append(line.get(c)).repeat(' ', widths[c] - line.get(c).length() + 1);
      }
      text.append("|\n");
      if (line == lines.getFirst()) {
        for (int width : widths) {
          text.append('|').repeat('-', width + 2);
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }
}
