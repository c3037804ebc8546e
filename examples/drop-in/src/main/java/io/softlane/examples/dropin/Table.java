package io.softlane.examples.dropin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results, a table of Markdown for each library, so that they fit a terminal and can be taken
 * into a page as they are.
 */
final class Table {
  private static final List<String> TIMES = List.of("before", "after", "speed-up");

  private final List<String> head = new ArrayList<>(List.of("shape"));
  private final Map<Replacement, List<List<String>>> tables = new LinkedHashMap<>();

  /** With or without times. */
  Table(boolean timed) {
    if (timed) {
      head.addAll(TIMES);
    }
    head.add("largest difference");
  }

  void add(Replacement replacement, Shape shape, Timing.Result timing, Difference difference) {
    List<String> line = new ArrayList<>(List.of(shape.name()));
    if (timing != null) {
      line.add(time(timing.before()));
      line.add(time(timing.after()));
      line.add(String.format(Locale.ROOT, "%.2fx", timing.ratio()));
    }
    line.add(difference.toString());
    tables.computeIfAbsent(replacement, r -> new ArrayList<>(List.of(head))).add(line);
  }

  /** In the unit that suits it. */
  static String time(double nanos) {
    return nanos < 1e6
        ? String.format(Locale.ROOT, nanos < 1e4 ? "%.2f us" : "%.0f us", nanos / 1e3)
        : String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }

  /** Aligned, all tables alike, for those who read it unrendered. */
  @Override
  public String toString() {
    int[] widths = new int[head.size()];
    tables.values().stream()
        .flatMap(List::stream)
        .forEach(
            line -> {
              for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
              }
            });
    StringBuilder text = new StringBuilder();
    tables.forEach(
        (replacement, lines) -> {
          text.append(text.isEmpty() ? "" : "\n");
          text.append("**%s**: %s\n".formatted(replacement.library(), replacement.seam()));
          text.append(replacement.changed()).append("\n\n");
          for (List<String> line : lines) {
            for (int c = 0; c < widths.length; c++) {
              text.append("| ")
                  .append(line.get(c))
                  .repeat(' ', widths[c] - line.get(c).length() + 1);
            }
            text.append("|\n");
            if (line == head) {
              for (int width : widths) {
                text.append('|').repeat('-', width + 2);
              }
              text.append("|\n");
            }
          }
        });
    return text.toString();
  }
}
