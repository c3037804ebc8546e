package io.softlane.benchmarks.report;

import java.util.List;
import java.util.Locale;

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

  void table(List<String> header, List<List<String>> rows) {
    row(header);
    row(header.stream().map(h -> "---").toList());
    rows.forEach(this::row);
    end();
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
