package io.softlane.examples.dropin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results in Markdown, so that they can be taken into a page as they are. */
final class Table {
  private static final List<String> PLACE = List.of("library", "seam", "what changed", "shape");
  private static final List<String> TIMES = List.of("before", "after", "speed-up");

  private final List<List<String>> lines = new ArrayList<>();

  /** With or without times. */
  Table(boolean timed) {
    List<String> head = new ArrayList<>(PLACE);
    if (timed) {
      head.addAll(TIMES);
    }
    head.add("largest difference");
    lines.add(head);
  }

  /** One line; library, seam and change are named at the first shape only. */
  void add(Replacement replacement, Shape shape, Timing.Result timing, Difference difference) {
    List<String> line = new ArrayList<>();
    if (replacement.shapes().getFirst() == shape) {
      line.addAll(List.of(replacement.library(), replacement.seam(), replacement.changed()));
    } else {
      line.addAll(List.of("", "", ""));
    }
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

  /** Aligned, for those who read it unrendered. */
  @Override
  public String toString() {
    int cols = lines.getFirst().size();
    int[] widths = new int[cols];
    for (List<String> line : lines) {
      for (int c = 0; c < cols; c++) {
        widths[c] = Math.max(widths[c], line.get(c).length());
      }
    }
    StringBuilder text = new StringBuilder();
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
