package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The pictures of one machine at one width. */
record Pictures(Results results, Group group) {
  private static final int LEFT = 130;
  private static final int RIGHT = Svg.WIDTH - 60;
  private static final int BAR = 11;

  /** About as wide as a letter is. */
  private static final double LETTER = 6.6;

  private String where() {
    return ", one thread, " + results.shortName(group);
  }

  /** A run's ratios at each point, as bars from the line at 1; null where there are no others. */
  Figure ratios(Run run) {
    Map<Contestants.Column, List<String>> columns = Contestants.columns(run.variants());
    Map<Point, Map<Contestants.Column, Double>> bars = new LinkedHashMap<>();
    run.points()
        .forEach(
            (point, samples) ->
                columns.forEach(
                    (column, variants) -> {
                      Fastest fastest = Fastest.of(samples, variants);
                      if (fastest != null) {
                        bars.computeIfAbsent(point, p -> new LinkedHashMap<>())
                            .put(column, fastest.ratio().value());
                      }
                    }));
    if (bars.isEmpty()) {
      return null;
    }
    String title = Kinds.title(run.kind()) + where();
    List<Double> all = bars.values().stream().flatMap(m -> m.values().stream()).toList();
    int from =
        (int) Math.floor(Math.min(-1, log2(all.stream().reduce(Double::min).orElseThrow())) - 0.4);
    int to = (int) Math.ceil(Math.max(1, log2(all.stream().reduce(Double::max).orElseThrow())));
    int letters = bars.keySet().stream().mapToInt(p -> p.toString().length()).max().orElseThrow();
    double left = 40 + 7.2 * letters;
    ToDoubleFunction<Double> x =
        ratio -> left + (RIGHT - left) * (log2(ratio) - from) / (double) (to - from);
    Svg svg = new Svg(title);
    svg.text(
        16,
        46,
        "soft",
        "time over Softlane's: right of the line at 1 Softlane is faster, left of it slower");
    double legend = 16;
    for (Contestants.Column column : columns.keySet()) {
      svg.rect(legend, 58, 11, 11, Svg.colour(column));
      svg.text(legend + 16, 68, "", column.label());
      legend += 40 + LETTER * column.label().length();
    }
    int rows = bars.values().stream().mapToInt(m -> m.size() * (BAR + 2) + 14).sum();
    double top = 92;
    for (int power = from; power <= to; power++) {
      double tick = x.applyAsDouble(Math.pow(2, power));
      svg.line(tick, top, tick, top + rows, "grid");
      svg.textAround(tick, top - 6, "soft", times(power));
    }
    double y = top + 7;
    double one = x.applyAsDouble(1.0);
    for (Map.Entry<Point, Map<Contestants.Column, Double>> entry : bars.entrySet()) {
      double height = entry.getValue().size() * (BAR + 2);
      svg.textBefore(left - 16, y + height / 2 + 4, "", entry.getKey().toString());
      for (Map.Entry<Contestants.Column, Double> bar : entry.getValue().entrySet()) {
        double end = x.applyAsDouble(bar.getValue());
        svg.rect(
            Math.min(one, end), y, Math.max(1, Math.abs(end - one)), BAR, Svg.colour(bar.getKey()));
        String text = Tables.times(bar.getValue());
        if (end < one) {
          svg.textBefore(end - 5, y + BAR - 1, "", text);
        } else {
          svg.text(end + 5, y + BAR - 1, "", text);
        }
        y += BAR + 2;
      }
      y += 14;
    }
    svg.line(one, top, one, top + rows, "one");
    return new Figure(
        group.slug() + "-" + run.kind() + ".svg",
        title + ": others' time over Softlane's, by shape, as in the table",
        svg.drawn(top + rows + 12));
  }

  private static String times(int power) {
    return power >= 0 ? "" + (1 << power) : number(Math.pow(2, power), -power);
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  /** Softmax's largest error against time, both logarithmic; null where errors are not known. */
  Figure errors(Point point) {
    Run run = group.runs().get("softmax");
    List<String> known =
        run == null
            ? List.of()
            : Contestants.inOrder(run.variants()).stream()
                .filter(v -> run.at(point, v) != null)
                .filter(v -> run.error(point, v) > 0 && Double.isFinite(run.error(point, v)))
                .toList();
    if (known.size() < 2) {
      return null;
    }
    Axis x = Axis.of(known.stream().map(v -> run.at(point, v).time()).toList(), LEFT, RIGHT - 90);
    Axis y = Axis.of(known.stream().map(v -> run.error(point, v)).toList(), 420, 80);
    String title = "Softmax of " + point.spaced() + ": largest error against time" + where();
    Svg svg = new Svg(title);
    svg.text(
        16,
        46,
        "soft",
        "both axes logarithmic; further down is more accurate, further left is faster");
    x.ticks()
        .forEach(
            (value, at) -> {
              svg.line(at, 80, at, 420, "grid");
              svg.textAround(at, 438, "soft", value + " ns");
            });
    y.ticks()
        .forEach(
            (value, at) -> {
              svg.line(LEFT, at, RIGHT - 90, at, "grid");
              svg.textBefore(LEFT - 8, at + 4, "soft", value + " ULP");
            });
    svg.textAround((LEFT + RIGHT - 90) / 2.0, 458, "soft", "time per element");
    List<double[]> taken = new ArrayList<>();
    for (String variant : known) {
      double px = x.at(run.at(point, variant).time());
      double py = y.at(run.error(point, variant));
      taken.add(new double[] {px - 8, py - 8, px + 8, py + 8});
    }
    for (int i = 0; i < known.size(); i++) {
      String variant = known.get(i);
      double[] dot = taken.get(i);
      double px = (dot[0] + dot[2]) / 2;
      double py = (dot[1] + dot[3]) / 2;
      boolean ours = variant.equals(Contestants.SOFTLANE);
      svg.circle(px, py, ours ? 8 : 6, Svg.colour(Contestants.column(variant)));
      double[] place = free(px, py, LETTER * Contestants.label(variant).length(), taken);
      taken.add(place);
      svg.text(place[0], place[1] + 11, ours ? "bold" : "", Contestants.label(variant));
    }
    return new Figure(
        group.slug() + "-error-" + point.shape() + ".svg",
        title
            + ": "
            + known.stream()
                .map(
                    v ->
                        Contestants.label(v).replace("`", "")
                            + " "
                            + number(run.at(point, v).time(), 2)
                            + " ns, "
                            + Tables.error(run.error(point, v))
                            + " ULP")
                .collect(Collectors.joining("; ")),
        svg.drawn(472));
  }

  /** Where a label of this width lies on nothing else: beside its dot, or a little further off. */
  private static double[] free(double x, double y, double width, List<double[]> taken) {
    double[] first = null;
    for (int away : List.of(0, -14, 14, -28, 28, -42, 42)) {
      for (double left : List.of(x + 11, x - 11 - width, x - width / 2)) {
        boolean over = left < x && left + width > x && away == 0;
        double[] place = {left, y - 7 + away, left + width, y + 7 + away};
        first = first == null ? place : first;
        boolean inside = place[0] > LEFT && place[2] < Svg.WIDTH && place[3] < 420;
        if (inside && !over && taken.stream().noneMatch(other -> overlap(place, other))) {
          return place;
        }
      }
    }
    return first;
  }

  private static boolean overlap(double[] a, double[] b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  /** From a power of ten to another. */
  private record Axis(int low, int high, double from, double to) {
    static Axis of(List<Double> values, double from, double to) {
      double least = values.stream().reduce(Double::min).orElseThrow();
      double most = values.stream().reduce(Double::max).orElseThrow();
      int low = (int) Math.floor(Math.log10(least));
      int high = (int) Math.ceil(Math.log10(most));
      return new Axis(low, Math.max(high, low + 1), from, to);
    }

    double at(double value) {
      return from + (to - from) * (Math.log10(value) - low) / (high - low);
    }

    Map<String, Double> ticks() {
      Map<String, Double> ticks = new LinkedHashMap<>();
      for (int power = low; power <= high; power++) {
        for (int digit : List.of(1, 2, 5)) {
          double value = digit * Math.pow(10, power);
          if (power < high || digit == 1) {
            ticks.put(number(value, Math.max(0, -power)), at(value));
          }
        }
      }
      return ticks;
    }
  }

  /** Time and error of softmax at one shape, for a reader who wants one picture. */
  Figure front(Point point) {
    Run run = group.runs().get("softmax");
    record Bar(String name, double nanos, double ulps, boolean ours) {}
    List<Bar> bars = new ArrayList<>();
    Contestants.columns(run.variants())
        .forEach(
            (column, variants) -> {
              Fastest fastest = Fastest.of(run.points().get(point), variants);
              if (fastest != null) {
                double nanos = run.at(point, fastest.variant()).time();
                bars.add(
                    new Bar(column.label(), nanos, run.error(point, fastest.variant()), false));
              }
            });
    bars.add(
        new Bar(
            "Softlane",
            run.at(point, Contestants.SOFTLANE).time(),
            run.error(point, Contestants.SOFTLANE),
            true));
    String title = "Softmax of " + point.spaced() + " logits" + where();
    Svg svg = new Svg(title);
    int first = 210;
    int second = 560;
    int length = 190;
    svg.text(first, 52, "soft", "time per element, ns; shorter is better");
    svg.text(second, 52, "soft", "largest error, ULP; shorter is better");
    double slowest = bars.stream().mapToDouble(Bar::nanos).max().orElseThrow();
    double worst =
        bars.stream().mapToDouble(Bar::ulps).filter(v -> !Double.isNaN(v)).max().orElse(1);
    double y = 64;
    for (Bar bar : bars) {
      String look = bar.ours() ? "bold" : "";
      String colour = bar.ours() ? Svg.colour(null) : "#999999";
      svg.textBefore(first - 12, y + 14, look, bar.name());
      double time = Math.max(2, length * bar.nanos() / slowest);
      svg.rect(first, y, time, 18, colour);
      svg.text(first + time + 7, y + 14, look, number(bar.nanos(), 2));
      if (!Double.isNaN(bar.ulps())) {
        double error = Math.max(2, length * bar.ulps() / worst);
        svg.rect(second, y, error, 18, colour);
        svg.text(second + error + 7, y + 14, look, Tables.error(bar.ulps()));
      }
      y += 28;
    }
    String alt =
        title
            + ": time per element and largest error: "
            + bars.stream()
                .map(
                    b ->
                        b.name().replace("`", "")
                            + " "
                            + number(b.nanos(), 2)
                            + " ns"
                            + (Double.isNaN(b.ulps())
                                ? ""
                                : ", " + Tables.error(b.ulps()) + " ULP"))
                .collect(Collectors.joining("; "));
    return new Figure("front.svg", alt, svg.drawn(y + 6));
  }
}
