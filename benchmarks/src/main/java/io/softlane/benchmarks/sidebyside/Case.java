package io.softlane.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One operation on one batch, as {@link Calls} calls it. */
public record Case(String operation, int rows, int cols) {
  /** Softmax of such data, not of N(0, 3). */
  private static final Set<String> HOSTILE = Set.of("masked", "huge", "misses", "subnormal");

  private static final Map<String, Integer> STRIDES = Map.of("strided", 128);

  /** Whatever the library does to a batch of any shape, a way of each. */
  public static final List<String> OPERATIONS =
      List.of(
          "softmax",
          "inplace",
          "logsoftmax",
          "logsumexp",
          "max",
          "argmax",
          "entropy",
          "loss",
          "gradient",
          "smoothing",
          "targets",
          "softmaxbackward",
          "logsoftmaxbackward",
          "scale",
          "mask",
          "softmask",
          "causal",
          "sinks",
          "topk",
          "sample",
          "softcap",
          "nativesoftmax",
          "nativelogsumexp",
          "nativegradient");

  public static Case of(String operation, String shape) {
    String[] sides = shape.split("x");
    return new Case(operation, Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
  }

  public String data() {
    return HOSTILE.contains(operation) ? operation : "friendly";
  }

  public int stride() {
    return STRIDES.getOrDefault(operation, cols);
  }

  String shape() {
    return rows + "x" + cols;
  }

  long elements() {
    return (long) rows * cols;
  }

  @Override
  public String toString() {
    return operation + " " + shape();
  }

  /**
   * Two cases that run in turn.
   *
   * @param name what {@code --only} searches
   */
  record Pair(String name, Case first, Case second) {}

  /** Each for both versions. */
  static List<Pair> versions() {
    List<Pair> pairs = new ArrayList<>();
    add(
        pairs,
        "softmax",
        "65536x10 4096x5 4096x17 4096x32 4096x64 8192x100 1024x256 64x512 64x1000 4096x1000"
            + " 1024x2000 8192x500 1024x4096 256x32000 64x128256 1x10 1x16 1x100 1x1000 1x128256"
            + " 400000x10 65536x64 32768x128 41000x100");
    add(pairs, "strided", "4096x100");
    add(pairs, "inplace", "64x1000 1024x4096 65536x10 8192x100 4096x1000 32768x128");
    add(pairs, "logsoftmax", "65536x10 64x1000 4096x1000 1024x4096 1x10 1x100 32768x128 20000x200");
    add(pairs, "logsumexp", "512x100 65536x10 64x1000 4096x1000 1x10 1x100 1x128256");
    add(
        pairs,
        "gradient",
        "65536x10 8192x100 64x1000 4096x1000 1024x256 8192x500 1x10 1x100 32768x128 20000x200");
    for (String operation :
        List.of(
            "masked",
            "huge",
            "max",
            "argmax",
            "entropy",
            "scale",
            "softmask",
            "mask",
            "sinks",
            "topk",
            "sample",
            "softcap",
            "nativesoftmax",
            "nativelogsumexp",
            "nativegradient",
            "smoothing",
            "targets")) {
      add(pairs, operation, "64x1000 1x100");
    }
    add(pairs, "masked", "1x1000 4096x64");
    for (String operation :
        List.of("entropy", "smoothing", "targets", "scale", "softmask", "sinks", "nativesoftmax")) {
      add(pairs, operation, "65536x10");
    }
    for (String operation : List.of("masked", "softmask", "nativesoftmax")) {
      add(pairs, operation, "1024x256");
    }
    add(pairs, "causal", "1024x1024");
    return pairs;
  }

  private static void add(List<Pair> pairs, String operation, String shapes) {
    for (String shape : shapes.split(" ")) {
      Case same = of(operation, shape);
      pairs.add(new Pair(same.toString(), same, same));
    }
  }

  /** Each within one version. */
  static List<Pair> within() {
    List<Pair> pairs = new ArrayList<>();
    for (String shape : List.of("64x1000", "4096x1000")) {
      // Both read what was copied a moment ago.
      pairs.add(pair("inplace", "copied", shape));
      for (String special :
          List.of(
              "masked",
              "huge",
              "misses",
              "subnormal",
              "scale",
              "mask",
              "softmask",
              "sinks",
              "causal",
              "nativesoftmax")) {
        pairs.add(pair(special, "softmax", shape));
      }
      pairs.add(pair("nativelogsumexp", "logsumexp", shape));
      pairs.add(pair("nativegradient", "gradient", shape));
    }
    return pairs;
  }

  private static Pair pair(String first, String second, String shape) {
    return new Pair(first + " / " + second + " " + shape, of(first, shape), of(second, shape));
  }
}
