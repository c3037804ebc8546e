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

  /** Behind a call whose rows have one class with most of the probability. */
  static final String TAIL = "-tail";

  /** What the pages call data, and calls. */
  private static final Map<String, String> LABELS =
      Map.ofEntries(
          Map.entry("misses", "far from the row before"),
          Map.entry("masked", "half of them -inf"),
          Map.entry("huge", "huge logits"),
          Map.entry("subnormal", "tiny results"),
          Map.entry("logsumexp", "log-sum-exp"),
          Map.entry("crossentropygradient", "loss and gradient"),
          Map.entry("temperature", "draw, temperature 0.7"),
          Map.entry("topp", "draw, top-p 0.9"),
          Map.entry("topktopp", "draw, top-k 40, top-p 0.9"),
          Map.entry("greedy", "draw, temperature 0"),
          Map.entry("topk", "top-k 50"),
          Map.entry("router", "top-k 8"));

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
    String bare = data.replace(TAIL, "");
    return LABELS.getOrDefault(bare, bare) + (data.endsWith(TAIL) ? ", peaked" : "");
  }

  @Override
  public String toString() {
    return data.isEmpty() ? shape : shape + ", " + label(data);
  }
}
