package io.softlane.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Where contestants meet.
 *
 * @param data what the logits are, for hostile ones; of memory segments, the call; else empty
 */
record Point(String shape, String data) implements Comparable<Point> {
  /** What the data of all other kinds are called among hostile ones. */
  static final String FRIENDLY = "friendly";

  private static final List<String> ORDER =
      List.of(
          "65536x10",
          "8192x100",
          "64x1000",
          "4096x1000",
          "1024x4096",
          "256x32000",
          "64x128256",
          "16x262144",
          "1x10",
          "1x1000",
          "1x128256");

  /** What the pages call data, and calls. */
  private static final Map<String, String> LABELS =
      Map.of(
          "misses", "far from the row before",
          "masked", "half of them -inf",
          "huge", "huge logits",
          "subnormal", "tiny results",
          "logsumexp", "log-sum-exp",
          "crossentropygradient", "loss and gradient");

  Point(String shape) {
    this(shape, "");
  }

  long rows() {
    return Long.parseLong(shape.substring(0, shape.indexOf('x')));
  }

  long cols() {
    return Long.parseLong(shape.substring(shape.indexOf('x') + 1));
  }

  long elements() {
    return Math.multiplyExact(rows(), cols());
  }

  /** The usual shapes in their order, others behind them. */
  @Override
  public int compareTo(Point other) {
    return Comparator.<Point>comparingInt(
            p -> ORDER.contains(p.shape) ? ORDER.indexOf(p.shape) : ORDER.size())
        .thenComparingLong(Point::cols)
        .thenComparingLong(Point::rows)
        .thenComparing(Point::data)
        .compare(this, other);
  }

  /** For sentences. */
  String spaced() {
    return rows() + " x " + cols();
  }

  static String label(String data) {
    return LABELS.getOrDefault(data, data);
  }

  @Override
  public String toString() {
    return data.isEmpty() ? shape : shape + ", " + label(data);
  }
}
