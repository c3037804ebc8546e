package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Times and errors as two columns of bars, for the README. Colours are seen on a white page and on
 * a dark one, and text is the reader's font: so all machines write the same bytes.
 */
final class Bars {
  /** A contestant; the error may be NaN, where it is not known. */
  record Bar(String name, double nanos, double ulps, boolean ours) {
    String time() {
      return number(nanos, 2) + " ns";
    }

    String error() {
      return Double.isNaN(ulps) ? "" : Tables.error(ulps) + " ULP";
    }
  }

  private static final int WIDTH = 880;
  private static final int NAMES = 130;
  private static final int LENGTH = 270;
  private static final int FIRST = NAMES + 12;
  private static final int SECOND = FIRST + LENGTH + 110;
  private static final int TOP = 40;
  private static final int STEP = 32;
  private static final int THICK = 20;

  private static final String TEXT = "#737c87";
  private static final String OURS = "#2f81f7";
  private static final String OTHERS = "#959da8";

  private final StringBuilder svg = new StringBuilder();

  private Bars() {}

  static String svg(String title, List<Bar> bars) {
    Bars b = new Bars();
    b.draw(title, bars);
    return b.svg.toString();
  }

  private void draw(String title, List<Bar> bars) {
    int height = TOP + STEP * bars.size();
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %1$d %2$d\""
            + " role=\"img\" font-family=\"-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif\""
            + " font-size=\"15\" fill=\"%s\">",
        WIDTH, height, TEXT);
    line("<title>%s</title>", title);
    line("<text x=\"%d\" y=\"20\" font-weight=\"600\">time per element</text>", FIRST);
    line("<text x=\"%d\" y=\"20\" font-weight=\"600\">largest error</text>", SECOND);
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = TOP + STEP * i;
      line(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\"%s>%s</text>",
          NAMES, y + 15, look(bar), bar.name());
      bar(bar, FIRST, y, share(bars, bar, Bar::nanos), bar.time());
      if (!Double.isNaN(bar.ulps())) {
        bar(bar, SECOND, y, share(bars, bar, Bar::ulps), bar.error());
      }
    }
    line("</svg>");
  }

  private static double share(List<Bar> bars, Bar bar, ToDoubleFunction<Bar> value) {
    double most =
        bars.stream().mapToDouble(value).filter(v -> !Double.isNaN(v)).max().orElseThrow();
    return value.applyAsDouble(bar) / most;
  }

  private void bar(Bar bar, int x, int y, double share, String value) {
    int width = Math.max(2, (int) Math.round(LENGTH * share));
    line(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" fill=\"%s\"/>",
        x, y, width, THICK, bar.ours() ? OURS : OTHERS);
    line("<text x=\"%d\" y=\"%d\"%s>%s</text>", x + width + 8, y + 15, look(bar), value);
  }

  private static String look(Bar bar) {
    return bar.ours() ? " font-weight=\"600\" fill=\"" + OURS + "\"" : "";
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
