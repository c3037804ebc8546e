package io.softlane.benchmarks.report;

import java.util.Map;

/** What the kinds of runs are called, and in what their errors are given. */
final class Kinds {
  private static final Map<String, String> TITLES =
      Map.of(
          "softmax", "Softmax",
          "inplace", "Softmax in place",
          "logsoftmax", "Log-softmax",
          "crossentropygradient", "Cross-entropy + gradient",
          "crossentropy", "Cross-entropy loss",
          "logsumexp", "Log-sum-exp",
          "hostile", "Softmax of hostile data",
          "threads", "Softmax in two threads",
          "warmup", "Warm-up");

  private Kinds() {}

  static String title(String kind) {
    return TITLES.getOrDefault(kind, kind);
  }

  /** Logarithms have no use for ULP: where they are near 0 the error is that of a difference. */
  static String errorUnit(String kind) {
    return switch (kind) {
      case "logsoftmax", "logsumexp", "crossentropy" -> "2^-24 max(1, |result|)";
      default -> "ULP";
    };
  }
}
