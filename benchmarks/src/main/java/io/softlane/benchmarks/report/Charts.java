package io.softlane.benchmarks.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Which charts one group has data for, and what they show. */
final class Charts {

  /** Where all contestants are in cache, out of it, and at few columns. */
  private static final List<String> ERROR_SHAPES = List.of("65536x10", "4096x1000", "16x262144");

  private static final List<Color> COLORS_OF_KINDS =
      List.of("vector", "onednn", "pytorch", "c3", "onnxruntime").stream()
          .map(Drawing.COLORS::get)
          .toList();

  /** The text needs to know which charts there are, but no fonts: so they are drawn when asked. */
  record Figure(String name, String caption, Supplier<String> svg) {}

  private final Group group;
  private final Model model;
  private final List<Figure> figures = new ArrayList<>();

  private Charts(Group group, Model model) {
    this.group = group;
    this.model = model;
  }

  /** By the kind that they belong to; those of the whole group under "". */
  static Map<String, List<Figure>> of(Group group, Model model) {
    Map<String, List<Figure>> all = new TreeMap<>();
    for (Run run : group.runs().values()) {
      Charts charts = new Charts(group, model);
      if (run.kind().equals("threads")) {
        charts.threads(run);
      } else if (run.points().size() > 1 && Kinds.standsAlone(run.kind())) {
        charts.times(run);
      }
      if (run.kind().equals("softmax")) {
        charts.errors(run);
      }
      all.put(run.kind(), charts.figures);
    }
    Charts charts = new Charts(group, model);
    charts.roofline();
    charts.columns();
    charts.rows();
    all.put("", charts.figures);
    return all;
  }

  private void add(String name, String caption, Supplier<Chart<?, ?>> chart) {
    figures.add(
        new Figure(group.slug() + "-" + name + ".svg", caption, () -> Drawing.svg(chart.get())));
  }

  private void times(Run run) {
    List<Point> points = List.copyOf(run.points().keySet());
    String floor = run.variants().contains("copy") ? "; the dashed line is a copy, the floor" : "";
    add(
        run.kind() + "-time",
        Kinds.title(run.kind()) + ": ns per element by shape, logarithmic" + floor,
        () -> {
          CategoryChart chart =
              Drawing.categories("ns per element", points.stream().map(Point::toString).toList());
          // As the chart's default, since XChart would have bars start at 0.
          chart
              .getStyler()
              .setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
          Drawing.logarithmicY(chart.getStyler(), times(run, run.variants(), points));
          chart.getStyler().setOverlapped(true);
          for (String variant : Group.inOrder(run.variants())) {
            List<Double> times = new ArrayList<>();
            for (Point point : points) {
              Sample sample = run.at(point, variant);
              times.add(sample == null ? null : sample.median());
            }
            CategorySeries series = chart.addSeries(variant, labels(points), times);
            Drawing.style(series, variant);
          }
          return chart;
        });
  }

  private void errors(Run run) {
    for (String shape : ERROR_SHAPES) {
      Point point = new Point(shape);
      List<String> known =
          Group.inOrder(run.variants()).stream()
              .filter(v -> run.at(point, v) != null)
              .filter(v -> run.error(point, v) > 0 && Double.isFinite(run.error(point, v)))
              .toList();
      if (known.size() < 2) {
        continue;
      }
      add(
          "softmax-error-" + shape,
          "Softmax at " + shape + ": largest error against time, below and left is better",
          () -> {
            XYChart chart = Drawing.xy("ns per element", "largest error, ULP");
            Drawing.logarithmicX(chart.getStyler(), times(run, known, List.of(point)));
            Drawing.logarithmicY(
                chart.getStyler(), known.stream().map(v -> run.error(point, v)).toList());
            for (String variant : known) {
              XYSeries series =
                  chart.addSeries(
                      variant,
                      new double[] {run.at(point, variant).median()},
                      new double[] {run.error(point, variant)});
              Drawing.style(series, variant);
              series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            }
            return chart;
          });
    }
  }

  private void threads(Run run) {
    List<Point> points =
        run.points().keySet().stream()
            .filter(p -> !Double.isNaN(Targets.speedup(run, p, "vector")))
            .toList();
    if (points.isEmpty()) {
      return;
    }
    add(
        "threads",
        "Two threads over slices of the rows: times as fast as one",
        () -> {
          CategoryChart chart =
              Drawing.categories(
                  "times as fast as one thread", points.stream().map(Point::toString).toList());
          for (String variant : List.of("vector", "copy")) {
            List<Double> speedups =
                points.stream()
                    .map(p -> Targets.speedup(run, p, variant))
                    .map(s -> s.isNaN() ? null : s)
                    .toList();
            if (speedups.stream().anyMatch(s -> s != null)) {
              CategorySeries series = chart.addSeries(variant, labels(points), speedups);
              series.setFillColor(Drawing.COLORS.get(variant));
              series.setChartCategorySeriesRenderStyle(
                  CategorySeries.CategorySeriesRenderStyle.Bar);
            }
          }
          chart.getStyler().setYAxisMin(0.0);
          return chart;
        });
  }

  /**
   * Work counts as the flops of the exponential and the sum, and traffic as each array read or
   * written once: so heights compare operations, and distances to the roofs show what is left.
   */
  private void roofline() {
    Model.Core core = model.core(group);
    Run softmax = group.runs().get("softmax");
    Point inCache = new Point("64x1000");
    Point inMemory = new Point("64x128256");
    if (core == null
        || softmax == null
        || softmax.at(inCache, "copy") == null
        || softmax.at(inMemory, "copy") == null) {
      return;
    }
    add(
        "roofline",
        "Roofline: sloped roofs are copy's bandwidth at 64x1000 and at 64x128256, the flat one is the"
            + " exponential's port limit; vector's operations at both shapes (log-sum-exp and the"
            + " loss write no row, so they stand further right), with the flops of the exponential and"
            + " the sum counted for all of them",
        () -> {
          // Both axes from 0: a bandwidth is a straight line through the origin.
          XYChart chart = Drawing.xy("flops per byte", "Gflop/s");
          chart.getStyler().setXAxisMin(0.0).setYAxisMin(0.0);
          double top = model.flops() / model.exponentialLimit(core);
          for (Point point : List.of(inCache, inMemory)) {
            double bandwidth = 2 * Float.BYTES / softmax.at(point, "copy").median();
            double[] x = {0, top / bandwidth};
            Color color = point.equals(inCache) ? Color.LIGHT_GRAY : Color.GRAY;
            line(chart, "copy at " + point, x, new double[] {0, top}, color);
          }
          line(chart, "port limit", new double[] {0, 6}, new double[] {top, top}, Color.BLACK);
          List<String> kinds = List.copyOf(model.operations().keySet());
          model
              .operations()
              .keySet()
              .forEach(
                  kind -> {
                    Color color = COLORS_OF_KINDS.get(kinds.indexOf(kind) % COLORS_OF_KINDS.size());
                    boolean rowsWritten = !kind.equals("logsumexp") && !kind.equals("crossentropy");
                    double bytes = (rowsWritten ? 2 : 1) * Float.BYTES;
                    for (Point point : List.of(inCache, inMemory)) {
                      Sample sample = group.at(kind, point, "vector");
                      if (sample != null) {
                        XYSeries series =
                            chart.addSeries(
                                kind + " " + point,
                                new double[] {model.flops() / bytes},
                                new double[] {model.flops() / sample.median()});
                        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
                        series.setMarkerColor(color);
                        series.setMarker(
                            point.equals(inCache)
                                ? SeriesMarkers.CIRCLE
                                : SeriesMarkers.TRIANGLE_UP);
                      }
                    }
                  });
          return chart;
        });
  }

  private static List<Double> times(Run run, List<String> variants, Collection<Point> points) {
    return points.stream()
        .flatMap(p -> variants.stream().map(v -> run.at(p, v)))
        .filter(Objects::nonNull)
        .map(Sample::median)
        .toList();
  }

  private static void line(XYChart chart, String name, double[] x, double[] y, Color color) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(color);
    series.setLineWidth(2);
    series.setMarker(SeriesMarkers.NONE);
  }

  /**
   * Over columns, at whatever rows those shapes have; more than one, to leave out a call's cost.
   */
  private void columns() {
    Run run = group.runs().get("softmax");
    if (run == null) {
      return;
    }
    SortedMap<Long, Point> byColumns = new TreeMap<>();
    run.points().keySet().stream()
        .filter(p -> p.rows() > 1)
        .forEach(p -> byColumns.merge(p.cols(), p, (a, b) -> a.elements() > b.elements() ? a : b));
    if (byColumns.size() < 3) {
      return;
    }
    add(
        "columns",
        "Softmax over columns, batches of 650,000 to 8 million elements",
        () -> {
          XYChart chart = Drawing.xy("columns", "ns per element");
          chart.getStyler().setXAxisLogarithmic(true);
          Drawing.logarithmicY(chart.getStyler(), times(run, run.variants(), byColumns.values()));
          for (String variant : Group.inOrder(run.variants())) {
            SortedMap<Double, Double> times = new TreeMap<>();
            byColumns.forEach(
                (cols, point) -> {
                  Sample sample = run.at(point, variant);
                  if (sample != null) {
                    times.put((double) cols, sample.median());
                  }
                });
            series(chart, variant, variant, times);
          }
          return chart;
        });
  }

  private void rows() {
    Run run = group.runs().get("softmax");
    SortedMap<String, SortedMap<Double, Double>> lines = new TreeMap<>();
    if (run != null) {
      for (Point point : run.points().keySet()) {
        for (String variant : run.variants()) {
          boolean shown =
              List.of("vector", "copy").contains(variant) || Targets.RUNTIMES.contains(variant);
          Sample sample = run.at(point, variant);
          if (shown && sample != null && point.cols() == 1000) {
            lines
                .computeIfAbsent(variant, v -> new TreeMap<>())
                .put((double) point.rows(), sample.median());
          }
        }
      }
    }
    if (!lines.containsKey("vector") || lines.get("vector").size() < 3) {
      return;
    }
    add(
        "rows",
        "Softmax over rows of 1000 columns: one row is a call's cost, 64 are in cache, 4096 are not",
        () -> {
          XYChart chart = Drawing.xy("rows", "ns per element");
          chart.getStyler().setXAxisLogarithmic(true);
          chart.getStyler().setYAxisMin(0.0);
          for (String variant : Group.inOrder(List.copyOf(lines.keySet()))) {
            series(chart, variant, variant, lines.get(variant));
          }
          return chart;
        });
  }

  private static void series(
      XYChart chart, String name, String variant, SortedMap<Double, Double> values) {
    if (!values.isEmpty()) {
      XYSeries series =
          chart.addSeries(name, List.copyOf(values.keySet()), List.copyOf(values.values()));
      Drawing.style(series, variant);
    }
  }

  private static List<String> labels(List<Point> points) {
    return points.stream().map(Point::toString).toList();
  }
}
