package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the library set out to reach, and how far it came on one kind of machine. */
final class Targets {
  static final List<String> RUNTIMES = List.of("onednn", "onnxruntime", "pytorch");
  private static final List<String> PYTORCH = List.of("pytorch");
  private static final List<String> FORWARD = List.of("pytorch", "pytorch-pieces");
  private static final List<String> BACKWARD = List.of("pytorch-pieces", "pytorch-autograd");
  static final List<String> C = List.of("c3", "c2");
  private static final List<String> SOFTLANE =
      Stream.concat(Stream.of("scalar", "vector"), Additions.OURS.stream()).toList();

  /** JMH itself leaves a part of a byte, which grows with a call's time; an object has 16. */
  private static final double ONE_OBJECT = 16;

  /** Of in and out: what one core of any machine of today has in a cache of its own. */
  static final long IN_CACHE = 1 << 20;

  /** The verdict is null where it was not measured. */
  record Target(String name, String required, String reached, Boolean met) {}

  private final Group group;
  private final Model model;
  private final List<Target> targets = new ArrayList<>();

  private Targets(Group group, Model model) {
    this.group = group;
    this.model = model;
  }

  static List<Target> of(Group group, Model model) {
    Targets t = new Targets(group, model);
    boolean wide = group.wide();
    t.against("softmax", "Softmax", RUNTIMES, wide ? 2.0 : 1.5, wide ? 1.5 : 1.1);
    t.against("logsoftmax", "Log-softmax", RUNTIMES, wide ? 2.0 : 1.5, wide ? 1.4 : 1.1);
    t.against(
        "crossentropygradient", "Cross-entropy + gradient", BACKWARD, wide ? 4 : 3.5, Double.NaN);
    t.against("logsumexp", "Log-sum-exp", PYTORCH, wide ? 4 : 3.5, 1.5);
    t.against("crossentropy", "Cross-entropy loss alone", FORWARD, wide ? 4 : 3.5, 1.5);
    t.against("softmax", "Softmax", C, wide ? 1.4 : 1.25, wide ? 1.15 : 1.05);
    t.floor(wide ? 1.3 : 1.4);
    t.tenColumns(wide ? 0.45 : 0.6);
    t.oneRow();
    t.fixedCost();
    t.hostileCost();
    t.hostilePeers();
    t.threads();
    t.inPlace();
    t.scalar();
    t.allocation();
    t.afterOthers();
    t.targets.addAll(Additions.targets(group));
    return t.targets;
  }

  private void add(String name, String required, String reached, boolean met) {
    targets.add(new Target(name, required, reached, met));
  }

  private void missing(String name, String required) {
    targets.add(new Target(name, required, "", null));
  }

  /** The contestant that took least time at a point, and its ratio; null where none was there. */
  record Fastest(String variant, Ratio ratio) {
    static Fastest of(Map<String, Sample> samples, List<String> contestants, String unit) {
      Sample vector = samples.get(unit);
      return vector == null
          ? null
          : contestants.stream()
              .filter(samples::containsKey)
              .min(Comparator.comparingDouble(c -> samples.get(c).median()))
              .map(c -> new Fastest(c, Ratio.of(samples.get(c), vector)))
              .orElse(null);
    }
  }

  private void against(
      String kind, String title, List<String> peers, double geomean, double worst) {
    String name =
        title
            + " against "
            + (peers.size() == 1 ? "" : "the fastest of ")
            + String.join(", ", peers);
    boolean all = !Double.isNaN(worst);
    String required =
        "geomean ≥ " + number(geomean, 2) + (all ? ", every shape ≥ " + number(worst, 2) : "");
    Run run = group.runs().get(kind);
    Map<Point, Fastest> fastest = new TreeMap<>();
    if (run != null) {
      run.points()
          .forEach(
              (point, samples) -> {
                Fastest f = Fastest.of(samples, peers, "vector");
                if (f != null) {
                  fastest.put(point, f);
                }
              });
    }
    if (fastest.isEmpty()) {
      missing(name, required);
      return;
    }
    double reached = Ratio.geomean(fastest.values().stream().map(f -> f.ratio().median()).toList());
    Map.Entry<Point, Fastest> least =
        fastest.entrySet().stream()
            .min(Comparator.comparingDouble(e -> e.getValue().ratio().median()))
            .orElseThrow();
    double lowest = least.getValue().ratio().median();
    List<String> absent = peers.stream().filter(p -> !run.variants().contains(p)).toList();
    add(
        name,
        required,
        "geomean %s over %s, worst %s at %s (%s)%s"
            .formatted(
                number(reached, 2),
                Text.count(fastest.size(), "shape"),
                number(lowest, 2),
                least.getKey(),
                least.getValue().variant(),
                absent.isEmpty() ? "" : "; without " + String.join(", ", absent)),
        reached >= geomean && !(lowest < worst));
  }

  private void floor(double most) {
    String name = "Softmax, rows of 1000 and more, against max(copy, exp's port limit)";
    String required = "≤ " + number(most, 2) + " times";
    Model.Core core = model.core(group);
    double limit = core == null ? 0 : model.exponentialLimit(core);
    Run run = group.runs().get("softmax");
    Point worst = null;
    double highest = 0;
    if (run != null) {
      for (Point point : run.points().keySet()) {
        Sample copy = run.at(point, "copy");
        Sample vector = run.at(point, "vector");
        if (point.cols() < 1000 || copy == null || vector == null) {
          continue;
        }
        double ratio = vector.median() / Math.max(copy.median(), limit);
        if (ratio > highest) {
          highest = ratio;
          worst = point;
        }
      }
    }
    if (worst == null) {
      missing(name, required);
      return;
    }
    String note =
        core == null
            ? "no port limit known for this core, copy alone"
            : "port limit " + number(limit, 3) + " ns";
    add(name, required, number(highest, 2) + " at " + worst + "; " + note, highest <= most);
  }

  private void tenColumns(double most) {
    Point point = new Point("65536x10");
    String name = "Softmax at 65536x10, its time over that of the faster C";
    String required = "≤ " + number(most, 2);
    Run run = group.runs().get("softmax");
    Map<String, Sample> samples =
        run == null ? Map.of() : run.points().getOrDefault(point, Map.of());
    Fastest c = Fastest.of(samples, C, "vector");
    if (c == null) {
      missing(name, required);
      return;
    }
    double reached = Ratio.of(samples.get("vector"), samples.get(c.variant())).median();
    add(name, required, number(reached, 2) + " (" + c.variant() + ")", reached <= most);
  }

  private void oneRow() {
    String name = "1x1000 against a row of 64x1000";
    String required = "≤ 1.10 times";
    Sample one = group.at("softmax", new Point("1x1000"), "vector");
    Sample many = group.at("softmax", new Point("64x1000"), "vector");
    if (one == null || many == null) {
      missing(name, required);
      return;
    }
    double ratio = one.median() / many.median();
    add(name, required, number(ratio, 2), ratio <= 1.1);
  }

  private void fixedCost() {
    String name = "What one row costs a call beyond its share of a batch";
    String required = "≤ 30 ns";
    Map<String, Double> costs = new LinkedHashMap<>();
    Map<String, String> pairs = Map.of("1x10", "65536x10", "1x1000", "64x1000");
    for (String single : List.of("1x10", "1x1000")) {
      Point point = new Point(single);
      Sample one = group.at("softmax", point, "vector");
      Sample many = group.at("softmax", new Point(pairs.get(single)), "vector");
      if (one != null && many != null) {
        costs.put(single, (one.median() - many.median()) * point.cols());
      }
    }
    if (costs.isEmpty()) {
      missing(name, required);
      return;
    }
    List<String> each =
        costs.entrySet().stream()
            .map(e -> number(e.getValue(), 0) + " ns at " + e.getKey())
            .toList();
    add(
        name,
        required,
        String.join(", ", each),
        costs.values().stream().allMatch(cost -> cost <= 30));
  }

  private void hostileCost() {
    String name = "Hostile data against friendly data";
    String required = "≤ 1.60 times";
    Run run = group.runs().get("hostile");
    Map<Point, Double> ratios = new TreeMap<>();
    if (run != null) {
      for (Point point : run.points().keySet()) {
        Sample vector = run.at(point, "vector");
        Sample friendly = run.at(new Point(point.shape(), Point.FRIENDLY), "vector");
        if (vector != null && friendly != null && vector != friendly) {
          ratios.put(point, Ratio.of(vector, friendly).median());
        }
      }
    }
    atMost(name, required, ratios, 1.6);
  }

  private void hostilePeers() {
    String name = "Hostile data against the fastest of the peers and C on the same";
    String required = "never slower";
    Run run = group.runs().get("hostile");
    Map<Point, Double> ratios = new TreeMap<>();
    List<String> peers = Stream.of(RUNTIMES, C).flatMap(List::stream).toList();
    if (run != null) {
      run.points()
          .forEach(
              (point, samples) -> {
                Fastest f = Fastest.of(samples, peers, "vector");
                if (f != null) {
                  ratios.put(
                      point, Ratio.of(samples.get("vector"), samples.get(f.variant())).median());
                }
              });
    }
    atMost(name, required, ratios, 1);
  }

  private void atMost(String name, String required, Map<Point, Double> ratios, double most) {
    if (ratios.isEmpty()) {
      missing(name, required);
      return;
    }
    Map.Entry<Point, Double> worst =
        ratios.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    add(
        name,
        required,
        number(worst.getValue(), 2) + " times at " + worst.getKey() + ", the worst",
        worst.getValue() <= most);
  }

  private void threads() {
    String name = "Two threads over slices, against one";
    String required = "≥ 1.90 times as fast, in cache";
    Run run = group.runs().get("threads");
    List<String> inside = new ArrayList<>();
    List<String> beyond = new ArrayList<>();
    boolean met = true;
    if (run != null) {
      for (Point point : run.points().keySet()) {
        double vector = speedup(run, point, "vector");
        double copy = speedup(run, point, "copy");
        if (Double.isNaN(vector)) {
          continue;
        }
        if (2 * Float.BYTES * point.elements() <= IN_CACHE) {
          inside.add(number(vector, 2) + " at " + point);
          met &= vector >= 1.9;
        } else {
          beyond.add(number(vector, 2) + " at " + point + " (copy " + number(copy, 2) + ")");
        }
      }
    }
    if (inside.isEmpty()) {
      missing(name, required);
      return;
    }
    add(
        name,
        required,
        String.join(", ", inside)
            + (beyond.isEmpty() ? "" : "; beyond: " + String.join(", ", beyond)),
        met);
  }

  /** One thread's time over two threads'; NaN where either is missing. */
  static double speedup(Run run, Point point, String variant) {
    Sample one = run.at(point, variant + "-1");
    Sample two = run.at(point, variant + "-2");
    return one == null || two == null ? Double.NaN : Ratio.of(one, two).median();
  }

  private void inPlace() {
    Run run = group.runs().get("inplace");
    Map<Point, Double> ratios = new TreeMap<>();
    if (run != null) {
      for (Point point : run.points().keySet()) {
        Sample in = run.at(point, "vector");
        Sample out = group.at("softmax", point, "vector");
        if (in != null && out != null) {
          // Two runs, so their rounds have nothing to do with each other.
          ratios.put(point, in.median() / out.median());
        }
      }
    }
    atMost("In place against out of place", "never slower", ratios, 1);
  }

  private void scalar() {
    String name = "Scalar kernels against the naive loop";
    String required = "≥ 2.50 times as fast";
    String worst = "";
    double least = Double.POSITIVE_INFINITY;
    for (Run run : group.runs().values()) {
      for (Map.Entry<Point, Map<String, Sample>> entry : run.points().entrySet()) {
        Sample naive = entry.getValue().get("naive");
        Sample scalar = entry.getValue().get("scalar");
        if (naive == null || scalar == null) {
          continue;
        }
        double ratio = Ratio.of(naive, scalar).median();
        if (ratio < least) {
          least = ratio;
          worst = run.kind() + " " + entry.getKey();
        }
      }
    }
    if (worst.isEmpty()) {
      missing(name, required);
      return;
    }
    add(name, required, number(least, 2) + " at " + worst + ", the worst", least >= 2.5);
  }

  private void allocation() {
    String name = "Bytes allocated by a call";
    String required = "0, that is less than an object";
    double most = -1;
    String worst = "";
    for (Run run : group.allocations().values()) {
      for (Point point : run.points().keySet()) {
        for (String variant : SOFTLANE) {
          Sample sample = run.at(point, variant);
          if (sample != null
              && sample.bytesPerCall().isPresent()
              && sample.bytesPerCall().getAsDouble() > most) {
            most = sample.bytesPerCall().getAsDouble();
            worst = run.kind() + " " + point + " " + variant;
          }
        }
      }
    }
    if (worst.isEmpty()) {
      missing(name, required);
      return;
    }
    add(name, required, number(most, 3) + " at most, " + worst, most < ONE_OBJECT);
  }

  private void afterOthers() {
    Run run = group.runs().get("warmup");
    Map<Point, Double> ratios = new TreeMap<>();
    if (run != null) {
      for (String before : run.warmup().others()) {
        for (Point point : run.warmup().steady().keySet()) {
          Ratio slowdown = run.warmup().slowdown(point, before);
          if (slowdown != null) {
            ratios.merge(point, slowdown.median(), Math::max);
          }
        }
      }
    }
    atMost(
        "Speed after other shapes and operations ran, against nothing",
        "≤ 1.10 times",
        ratios,
        1.1);
  }
}
