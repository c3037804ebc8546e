package io.softlane.benchmarks;

import io.softlane.Sampling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A step from logits to a token; on which shapes, beside whom. */
enum TokenCall {
  TEMPERATURE(
      Sampling.DEFAULT.withTemperature(0.7f),
      Shapes.VOCABULARIES,
      "logprobabilities llama3 pytorch"),
  TOPP(
      Sampling.DEFAULT.withTopP(0.9f),
      Shapes.VOCABULARIES,
      "logprobabilities queue sort llama3 pytorch"),
  TOPKTOPP(
      Sampling.DEFAULT.withTopK(40).withTopP(0.9f),
      Shapes.VOCABULARIES,
      "logprobabilities queue sort onnxruntime pytorch"),
  GREEDY(
      Sampling.DEFAULT.withTemperature(0), Shapes.VOCABULARIES, "logprobabilities naive pytorch"),
  TOPK(50, Shapes.VOCABULARIES, "queue sort onnxruntime pytorch"),
  ROUTER(8, Shapes.ROUTERS, "queue sort scans onnxruntime pytorch"),
  SOFTCAP(null, Shapes.FINAL_LOGITS, "naive onnxruntime pytorch");

  /** What follows a call's name where its logits are not N(0, 3). */
  private static final String TAIL = "-tail";

  /** How a token is drawn; null where none is. */
  final Sampling sampling;

  private final int k;
  private final List<String> shapes;
  private final List<String> variants;

  TokenCall(Sampling sampling, List<String> shapes, String variants) {
    this.sampling = sampling;
    this.k = sampling == null ? 0 : sampling.topK();
    this.shapes = shapes;
    this.variants = List.of(variants.split(" "));
  }

  TokenCall(int k, List<String> shapes, String variants) {
    this.sampling = null;
    this.k = k;
    this.shapes = shapes;
    this.variants = List.of(variants.split(" "));
  }

  /** Fields of the enum's own would be too late for its constants. */
  private static final class Shapes {
    static final List<String> VOCABULARIES = List.of("1x128256", "64x128256");
    static final List<String> ROUTERS = List.of("4096x128", "4096x256");
    static final List<String> FINAL_LOGITS = List.of("1x262144");
  }

  static TokenCall of(String name) {
    return valueOf(name.replace(TAIL, "").toUpperCase(Locale.ROOT));
  }

  /** As {@link Workload} has them. */
  static String data(String name) {
    return name.endsWith(TAIL) ? "tail" : "friendly";
  }

  boolean has(String variant) {
    return variant.equals("vector") || variant.equals("yardstick") || variants.contains(variant);
  }

  /** A shape of another call's is not this one's; any other is. */
  boolean has(String shape, String variant) {
    boolean others =
        Arrays.stream(values()).anyMatch(c -> c.shapes.contains(shape)) && !shapes.contains(shape);
    return !others && has(variant);
  }

  /** How many are kept of so many columns; all of them where nothing says how many. */
  int k(int cols) {
    return k == 0 ? cols : Math.min(k, cols);
  }
}
