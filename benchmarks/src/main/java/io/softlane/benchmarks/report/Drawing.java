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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.internal.series.MarkerSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.w3c.dom.Document;

/**
 * How charts look: drawn by XChart and written by Batik, labels as outlines, so that they look the
 * same wherever they are shown; which outlines depends on the fonts of the machine that drew them.
 */
final class Drawing {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 480;
  private static final String SVG = "http://www.w3.org/2000/svg";

  private Drawing() {}

  static {
    // Charts are drawn into files: there need be no screen.
    System.setProperty("java.awt.headless", "true");
  }

  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  static final Map<String, Color> COLORS =
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

  /** From and to whole powers of ten, since only those are labelled. */
  static void logarithmicX(AxesChartStyler styler, List<Double> values) {
    styler.setXAxisLogarithmic(true);
    styler.setXAxisMin(Math.pow(10, Math.floor(Math.log10(Collections.min(values)))));
    styler.setXAxisMax(Math.pow(10, Math.ceil(Math.log10(Collections.max(values)))));
  }

  static void logarithmicY(AxesChartStyler styler, List<Double> values) {
    styler.setYAxisLogarithmic(true);
    styler.setYAxisMin(Math.pow(10, Math.floor(Math.log10(Collections.min(values)))));
    styler.setYAxisMax(Math.pow(10, Math.ceil(Math.log10(Collections.max(values)))));
  }

  static void style(MarkerSeries series, String variant) {
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

  static CategoryChart categories(String title, List<String> labels) {
    CategoryChart chart =
        new CategoryChartBuilder().width(WIDTH).height(HEIGHT).yAxisTitle(title).build();
    look(chart.getStyler());
    chart.getStyler().setXAxisLabelRotation(labels.size() > 6 ? 30 : 0);
    return chart;
  }

  static XYChart xy(String x, String y) {
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

  static String svg(Chart<?, ?> chart) {
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
