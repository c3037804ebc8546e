package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Options, memory segments and entropy: what they cost over the plain call on arrays, which is
 * {@code vector} in each of their runs.
 */
final class Additions {
  static final List<String> KINDS = List.of("options", "segments", "entropy");

  private static final List<String> SEGMENTS = List.of("heap", "native", "bytes");

  /** Variants that are no contestants. */
  static final List<String> OURS =
      List.of(
          "default",
          "scale",
          "mask",
          "softmask",
          "causal",
          "sinks",
          "all",
          "arrays",
          "heap",
          "native",
          "bytes",
          "entropy");

  static final String INTRODUCTION =
      """
      `vector` is the plain call on arrays: of options, softmax; of segments, the call that the row names, in a JVM that has used
      nothing but arrays; of entropy, log-sum-exp. `default` passes the options without any; `mask` is 0 or, for a quarter, -inf;
      `softmask` is N(0, 1); both have a row for every four, in turn. `causal`: lengths grow from 1 to all columns. `all`: scale,
      `softmask`, lengths and sinks. `arrays`, `heap` (segments of a `float[]`), `native` and `bytes` (segments of a `byte[]`) ran
      in JVMs that had used all four in mixed order. `pytorch-mask` and `onnxruntime-mask` add the mask, then take softmax;
      `onnxruntime-where` chooses between logits and -inf by a mask of booleans.""";

  private final Group group;
  private final List<Targets.Target> targets = new ArrayList<>();

  private Additions(Group group) {
    this.group = group;
  }

  /** What a contestant is compared with: the plain call, unless it does more. */
  static String rival(String contestant) {
    return switch (contestant) {
      case "pytorch-mask", "onnxruntime-mask", "onnxruntime-where" -> "mask";
      case "pytorch-softmask", "onnxruntime-softmask" -> "softmask";
      default -> "vector";
    };
  }

  static List<Targets.Target> targets(Group group) {
    Additions a = new Additions(group);
    // A twentieth is what two runs of the same code differ by here.
    a.atMost("DEFAULT options against the plain call", "options", p -> true, 1.05, "default");
    a.atMost("Scale against the plain call", "options", p -> true, 1.1, "scale");
    a.atMost("Mask against the plain call", "options", p -> true, 1.4, "mask", "softmask");
    a.atMost("Causal lengths against the full batch", "options", p -> true, 0.65, "causal");
    a.ahead("PyTorch's add and softmax against ours", "pytorch-mask", "pytorch-softmask");
    a.ahead(
        "ONNX Runtime's masked softmax against ours",
        "onnxruntime-mask",
        "onnxruntime-softmask",
        "onnxruntime-where");
    String[] segments = SEGMENTS.toArray(String[]::new);
    a.atMost(
        "Segments against arrays, out of cache", "segments", p -> !isInCache(p), 1.25, segments);
    a.atMost("Segments against arrays, in cache", "segments", Additions::isInCache, 1.6, segments);
    return a.targets;
  }

  private static boolean isInCache(Point point) {
    return 2 * Float.BYTES * point.elements() <= Targets.IN_CACHE;
  }

  private void atMost(
      String name, String kind, Predicate<Point> which, double most, String... variants) {
    add(name, "≤ " + number(most, 2) + " times", ratios(kind, which, false, variants), most, true);
  }

  private void ahead(String name, String... contestants) {
    add(name, "≥ 2.50 times", ratios("options", p -> true, true, contestants), 2.5, false);
  }

  /** Of each variant at each point to the plain call, or to the rival of a contestant. */
  private Map<String, Double> ratios(
      String kind, Predicate<Point> which, boolean rival, String... variants) {
    Map<String, Double> ratios = new TreeMap<>();
    Run run = group.runs().get(kind);
    if (run == null) {
      return ratios;
    }
    for (Point point : run.points().keySet().stream().filter(which).toList()) {
      for (String variant : variants) {
        Sample over = run.at(point, variant);
        Sample under = run.at(point, rival ? rival(variant) : "vector");
        if (over != null && under != null) {
          ratios.put(point + " (" + variant + ")", Ratio.of(over, under).median());
        }
      }
    }
    return ratios;
  }

  private void add(
      String name, String required, Map<String, Double> ratios, double limit, boolean most) {
    Map.Entry<String, Double> worst =
        ratios.entrySet().stream()
            .max(
                most
                    ? Map.Entry.comparingByValue()
                    : Map.Entry.<String, Double>comparingByValue().reversed())
            .orElse(null);
    if (worst == null) {
      targets.add(new Targets.Target(name, required, "", null));
      return;
    }
    double reached = worst.getValue();
    targets.add(
        new Targets.Target(
            name,
            required,
            number(reached, 2)
                + " at "
                + worst.getKey()
                + (ratios.size() == 1 ? "" : ", the worst of " + ratios.size()),
            most ? reached <= limit : reached >= limit));
  }
}
