package io.softlane.benchmarks.report;

import java.util.List;
import java.util.Map;

/** What the kinds of runs are called, and in what their errors are given. */
final class Kinds {
  private static final Map<String, String> TITLES =
      Map.ofEntries(
          Map.entry("softmax", "Softmax"),
          Map.entry("inplace", "Softmax in place"),
          Map.entry("logsoftmax", "Log-softmax"),
          Map.entry("crossentropygradient", "Cross-entropy + gradient"),
          Map.entry("crossentropy", "Cross-entropy loss"),
          Map.entry("logsumexp", "Log-sum-exp"),
          Map.entry("hostile", "Softmax of hostile data"),
          Map.entry("threads", "Softmax in two threads"),
          Map.entry("options", "Softmax with options"),
          Map.entry("segments", "Memory segments"),
          Map.entry("entropy", "Entropy"),
          Map.entry("libraries", "Softmax by JVM libraries"),
          Map.entry("librariesgradient", "Cross-entropy + gradient by JVM libraries"),
          Map.entry("warmup", "Warm-up"));

  /** The kinds that RESULTS.md has in a section of their own, and without charts. */
  static final List<String> LIBRARIES = List.of("libraries", "librariesgradient");

  private Kinds() {}

  /** Whether RESULTS.md has a heading of its own for it. */
  static boolean standsAlone(String kind) {
    return !LIBRARIES.contains(kind) && !Additions.KINDS.contains(kind);
  }

  static String title(String kind) {
    return TITLES.getOrDefault(kind, kind);
  }

  /** Logarithms have no use for ULP: where they are near 0 the error is that of a difference. */
  static String errorUnit(String kind) {
    return switch (kind) {
      case "options" -> "ULP of the scalar kernels' result";
      case "segments" -> "ULP, of log-sum-exp in 2^-24 max(1, |result|)";
      case "logsoftmax", "logsumexp", "crossentropy", "entropy" -> "2^-24 max(1, |result|)";
      default -> "ULP";
    };
  }
}
