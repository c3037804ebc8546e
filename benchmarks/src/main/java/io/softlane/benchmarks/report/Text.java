package io.softlane.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Markdown, the same bytes in every locale and on every system. */
final class Text {
  private final StringBuilder text = new StringBuilder();

  /** "-" where there is none. */
  static String number(double value, int digits) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  static String percent(double value) {
    return number(Math.ceil(100 * value), 0) + "%";
  }

  static String count(int n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }

  /** In lines as long as those that are written by hand. */
  static String wrap(String paragraph) {
    StringBuilder wrapped = new StringBuilder();
    int length = 0;
    for (String word : paragraph.split(" ")) {
      boolean fits = length + 1 + word.length() <= 124;
      wrapped.append(wrapped.isEmpty() ? "" : fits ? " " : "\n").append(word);
      length = word.length() + (fits ? length + 1 : 0);
    }
    return wrapped.toString();
  }

  void heading(int level, String title) {
    paragraph("#".repeat(level) + " " + title);
  }

  void paragraph(String paragraph) {
    text.append(paragraph).append("\n\n");
  }

  void item(String item) {
    text.append("- ").append(item).append('\n');
  }

  void end() {
    text.append('\n');
  }

  static List<String> header(String first, List<String> others) {
    return Stream.concat(Stream.of(first), others.stream()).toList();
  }

  void table(List<String> header, List<List<String>> rows) {
    row(header);
    row(header.stream().map(h -> "-".repeat(Math.max(3, h.length()))).toList());
    rows.forEach(this::row);
    end();
  }

  /** For a terminal: numbers are what most columns hold, so all but the first are right-aligned. */
  void aligned(List<String> header, List<List<String>> rows) {
    int[] widths = new int[header.size()];
    Stream.concat(Stream.of(header), rows.stream())
        .forEach(
            row -> {
              for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
              }
            });
    table(padded(header, widths), rows.stream().map(row -> padded(row, widths)).toList());
  }

  private static List<String> padded(List<String> row, int[] widths) {
    return IntStream.range(0, row.size())
        .mapToObj(
            i -> {
              String padding = " ".repeat(widths[i] - row.get(i).length());
              return i == 0 ? row.get(i) + padding : padding + row.get(i);
            })
        .toList();
  }

  private void row(List<String> cells) {
    text.append('|');
    cells.forEach(c -> text.append(' ').append(c.replace("|", "\\|")).append(" |"));
    text.append('\n');
  }

  /** One newline at the end. */
  @Override
  public String toString() {
    return text.toString().stripTrailing() + "\n";
  }
}
