package io.softlane.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.w3c.dom.Document;

/**
 * The charts of one group, drawn by XChart and written by Batik: labels as outlines, so that they
 * look the same wherever they are shown; which outlines depends on the fonts of the machine that
 * drew them.
 */
final class Charts {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 480;
  private static final String SVG = "http://www.w3.org/2000/svg";

  /** Where all contestants are in cache, out of it, and at few columns. */
  private static final List<String> ERROR_SHAPES = List.of("65536x10", "4096x1000", "16x262144");

  private static final Map<String, Color> COLORS =
      Map.ofEntries(
          Map.entry("copy", new Color(0x555555)),
          Map.entry("naive", new Color(0xb0b0b0)),
          Map.entry("smile", new Color(0xc9a66b)),
          Map.entry("llama3", new Color(0xbcbd22)),
          Map.entry("lanewise", new Color(0xe377c2)),
          Map.entry("scalar", new Color(0x98c7e8)),
          Map.entry("vector", new Color(0x1f4fb4)),
          Map.entry("c3", new Color(0x2ca02c)),
          Map.entry("c2", new Color(0x98d98a)),
          Map.entry("onednn", new Color(0x9467bd)),
          Map.entry("onnxruntime", new Color(0xff7f0e)),
          Map.entry("pytorch", new Color(0xd62728)),
          Map.entry("pytorch-pieces", new Color(0xd62728)),
          Map.entry("pytorch-autograd", new Color(0xf29a9b)));

  private static final List<Color> COLORS_OF_KINDS =
      List.of("vector", "onednn", "pytorch", "c3", "onnxruntime").stream()
          .map(COLORS::get)
          .toList();

  static {
    // Charts are drawn into files: there need be no screen.
    System.setProperty("java.awt.headless", "true");
  }

  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

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
      } else if (run.points().size() > 1) {
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
    figures.add(new Figure(group.slug() + "-" + name + ".svg", caption, () -> svg(chart.get())));
  }

  private void times(Run run) {
    List<Point> points = List.copyOf(run.points().keySet());
    String floor = run.variants().contains("copy") ? "; the dashed line is a copy, the floor" : "";
    add(
        run.kind() + "-time",
        Kinds.title(run.kind()) + ": ns per element by shape, logarithmic" + floor,
        () -> {
          CategoryChart chart =
              categories("ns per element", points.stream().map(Point::toString).toList());
          // As the chart's default, since XChart would have bars start at 0.
          chart
              .getStyler()
              .setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
          logarithmicY(chart.getStyler(), times(run, run.variants(), points));
          chart.getStyler().setOverlapped(true);
          for (String variant : Group.inOrder(run.variants())) {
            List<Double> times = new ArrayList<>();
            for (Point point : points) {
              Sample sample = run.at(point, variant);
              times.add(sample == null ? null : sample.median());
            }
            CategorySeries series = chart.addSeries(variant, labels(points), times);
            style(series, variant);
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
            XYChart chart = xy("ns per element", "largest error, ULP");
            logarithmicX(chart.getStyler(), times(run, known, List.of(point)));
            logarithmicY(chart.getStyler(), known.stream().map(v -> run.error(point, v)).toList());
            for (String variant : known) {
              XYSeries series =
                  chart.addSeries(
                      variant,
                      new double[] {run.at(point, variant).median()},
                      new double[] {run.error(point, variant)});
              style(series, variant);
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
              categories(
                  "times as fast as one thread", points.stream().map(Point::toString).toList());
          for (String variant : List.of("vector", "copy")) {
            List<Double> speedups =
                points.stream()
                    .map(p -> Targets.speedup(run, p, variant))
                    .map(s -> s.isNaN() ? null : s)
                    .toList();
            if (speedups.stream().anyMatch(s -> s != null)) {
              CategorySeries series = chart.addSeries(variant, labels(points), speedups);
              series.setFillColor(COLORS.get(variant));
              series.setChartCategorySeriesRenderStyle(
                  CategorySeries.CategorySeriesRenderStyle.Bar);
            }
          }
          chart.getStyler().setYAxisMin(0.0);
          return chart;
        });
  }

  /**
   * Work counts as the flops of our own algorithm, whoever does it, and traffic as each array read
   * or written once: so heights compare contestants, and distances to the roof show what is left.
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
            + " loss write no row, so they stand further right)",
        () -> {
          // Both axes from 0: a bandwidth is a straight line through the origin.
          XYChart chart = xy("flops per byte", "Gflop/s");
          chart.getStyler().setXAxisMin(0.0).setYAxisMin(0.0);
          double top = model.flops().get("softmax") / model.exponentialLimit(core);
          for (Point point : List.of(inCache, inMemory)) {
            double bandwidth = 2 * Float.BYTES / softmax.at(point, "copy").median();
            double[] x = {0, top / bandwidth};
            Color color = point.equals(inCache) ? Color.LIGHT_GRAY : Color.GRAY;
            line(chart, "copy at " + point, x, new double[] {0, top}, color);
          }
          line(chart, "port limit", new double[] {0, 6}, new double[] {top, top}, Color.BLACK);
          Iterator<Color> colors = COLORS_OF_KINDS.iterator();
          model
              .flops()
              .forEach(
                  (kind, flops) -> {
                    Color color = colors.next();
                    boolean rowsWritten = !kind.equals("logsumexp") && !kind.equals("crossentropy");
                    double bytes = (rowsWritten ? 2 : 1) * Float.BYTES;
                    for (Point point : List.of(inCache, inMemory)) {
                      Sample sample = group.at(kind, point, "vector");
                      if (sample != null) {
                        XYSeries series =
                            chart.addSeries(
                                kind + " " + point,
                                new double[] {flops / bytes},
                                new double[] {flops / sample.median()});
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

  /** From and to whole powers of ten, since only those are labelled. */
  private static void logarithmicX(AxesChartStyler styler, List<Double> values) {
    styler.setXAxisLogarithmic(true);
    styler.setXAxisMin(Math.pow(10, Math.floor(Math.log10(Collections.min(values)))));
    styler.setXAxisMax(Math.pow(10, Math.ceil(Math.log10(Collections.max(values)))));
  }

  private static void logarithmicY(AxesChartStyler styler, List<Double> values) {
    styler.setYAxisLogarithmic(true);
    styler.setYAxisMin(Math.pow(10, Math.floor(Math.log10(Collections.min(values)))));
    styler.setYAxisMax(Math.pow(10, Math.ceil(Math.log10(Collections.max(values)))));
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
          XYChart chart = xy("columns", "ns per element");
          chart.getStyler().setXAxisLogarithmic(true);
          logarithmicY(chart.getStyler(), times(run, run.variants(), byColumns.values()));
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
          XYChart chart = xy("rows", "ns per element");
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
      style(series, variant);
    }
  }

  private static void style(org.knowm.xchart.internal.series.MarkerSeries series, String variant) {
    Color color = COLORS.getOrDefault(variant, Color.BLACK);
    boolean copy = variant.equals("copy");
    Marker marker =
        copy
            ? SeriesMarkers.NONE
            : variant.equals("vector") ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE;
    series.setMarker(marker);
    series.setMarkerColor(color);
    series.setLineColor(color);
    series.setLineStyle(
        copy
            ? new BasicStroke(
                2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {6, 4}, 0)
            : new BasicStroke(variant.equals("vector") ? 3 : 1.2f));
  }

  private static List<String> labels(List<Point> points) {
    return points.stream().map(Point::toString).toList();
  }

  private static CategoryChart categories(String title, List<String> labels) {
    CategoryChart chart =
        new CategoryChartBuilder().width(WIDTH).height(HEIGHT).yAxisTitle(title).build();
    look(chart.getStyler());
    chart.getStyler().setXAxisLabelRotation(labels.size() > 6 ? 30 : 0);
    return chart;
  }

  private static XYChart xy(String x, String y) {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).xAxisTitle(x).yAxisTitle(y).build();
    look(chart.getStyler());
    return chart;
  }

  /** White, since GitHub shows the file as it is on a dark page too. */
  private static void look(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setMarkerSize(8);
    styler.setLocale(Locale.ROOT);
    styler.setBaseFont(FONT);
    styler.setLegendFont(FONT);
    styler.setAxisTitleFont(FONT);
    styler.setAxisTickLabelsFont(FONT);
  }

  /** The JDK throws errors and exceptions of several kinds where it finds no font. */
  static void requireFonts() {
    try {
      new TextLayout("0", FONT, new FontRenderContext(null, true, true)).getBounds();
    } catch (RuntimeException | Error e) {
      throw new BadInput(
          "Charts need a font: install fontconfig and any TrueType font (" + e.getMessage() + ")");
    }
  }

  private static String svg(Chart<?, ?> chart) {
    try {
      Document document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument(SVG, "svg", null);
      SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
      context.setComment(null);
      context.setPrecision(1);
      SVGGraphics2D graphics = new SVGGraphics2D(context, false);
      graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
      chart.paint(graphics, WIDTH, HEIGHT);
      StringWriter out = new StringWriter();
      graphics.stream(out, true);
      return out.toString().replace("\r\n", "\n");
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
