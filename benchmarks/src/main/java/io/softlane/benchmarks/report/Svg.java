package io.softlane.benchmarks.report;

import java.util.Locale;
import java.util.Map;

/**
 * A picture as text: it has a page of its own, light or dark as the reader's, and the reader's
 * font, so that all machines write the same bytes. Colours are those of Okabe and Ito, which
 * readers with any kind of colour vision can tell apart.
 */
final class Svg {
  static final int WIDTH = 880;

  private static final String STYLE =
      """
      <style>
      svg{font:13px -apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif;fill:#24292f}
      .page{fill:#fff}.title{font-size:16px;font-weight:600}.soft{fill:#57606a}.bold{font-weight:600}
      .grid{stroke:#d0d7de}.one{stroke:#24292f;stroke-width:2}
      @media(prefers-color-scheme:dark){svg{fill:#e6edf3}.page{fill:#0d1117}.soft{fill:#9198a1}.grid{stroke:#3d444d}.one{stroke:#e6edf3}}
      </style>
      """;

  private static final String OURS = "#0072b2";

  private static final Map<String, String> COLOURS =
      Map.of(
          "plain Java loop", "#999999",
          "Vector API, `lanewise(EXP)`", "#56b4e9",
          "C with intrinsics", "#009e73",
          "oneDNN", "#cc79a7",
          "ONNX Runtime", "#e69f00",
          "PyTorch", "#d55e00",
          "Smile", "#999999",
          "Tribuo", "#56b4e9",
          "ND4J", "#e69f00",
          "DJL", "#d55e00");

  private final StringBuilder body = new StringBuilder();
  private final String title;

  Svg(String title) {
    this.title = title;
    text(16, 26, "title", title);
  }

  static String colour(Contestants.Column column) {
    return column == null ? OURS : COLOURS.getOrDefault(column.label(), "#b8860b");
  }

  void text(double x, double y, String look, String text) {
    add("<text x=\"%s\" y=\"%s\"%s>%s</text>", x, y, look, text);
  }

  /** Ends at x. */
  void textBefore(double x, double y, String look, String text) {
    add("<text x=\"%s\" y=\"%s\" text-anchor=\"end\"%s>%s</text>", x, y, look, text);
  }

  void textAround(double x, double y, String look, String text) {
    add("<text x=\"%s\" y=\"%s\" text-anchor=\"middle\"%s>%s</text>", x, y, look, text);
  }

  private void add(String format, double x, double y, String look, String text) {
    body.append(
            format.formatted(
                number(x),
                number(y),
                look.isEmpty() ? "" : " class=\"" + look + "\"",
                escaped(text)))
        .append('\n');
  }

  void rect(double x, double y, double width, double height, String colour) {
    body.append(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>\n"
            .formatted(number(x), number(y), number(width), number(height), colour));
  }

  void circle(double x, double y, double radius, String colour) {
    body.append(
        "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"/>\n"
            .formatted(number(x), number(y), number(radius), colour));
  }

  void line(double x1, double y1, double x2, double y2, String look) {
    body.append(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>\n"
            .formatted(number(x1), number(y1), number(x2), number(y2), look));
  }

  /** Backquotes are Markdown's. */
  private static String escaped(String text) {
    return text.replace("`", "").replace("&", "&amp;").replace("<", "&lt;");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
  }

  String drawn(double height) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %1$s %2$s\" role=\"img\">\n"
            .formatted(number(WIDTH), number(height))
        + "<title>"
        + escaped(title)
        + "</title>\n"
        + STYLE
        + "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n"
        + body
        + "</svg>\n";
  }
}
