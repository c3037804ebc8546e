package io.softlane.benchmarks;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Param;

/** What one can ask the harness for: a benchmark, its batches and its variants. */
enum Kind {
  SOFTMAX(SoftmaxBenchmark.class),
  INPLACE(InPlaceBenchmark.class),
  LOGSOFTMAX(LogSoftmaxBenchmark.class),
  LOGSUMEXP(LogSumExpBenchmark.class),
  CROSSENTROPY(CrossEntropyBenchmark.class),
  CROSSENTROPYGRADIENT(CrossEntropyGradientBenchmark.class),
  THREADS(ThreadsBenchmark.class),
  HOSTILE(HostileBenchmark.class),
  OPTIONS(OptionsBenchmark.class),
  SEGMENTS(SegmentBenchmark.class),
  ENTROPY(EntropyBenchmark.class),
  TOKENS(TokensBenchmark.class),
  LIBRARIES(LibrariesBenchmark.class),
  LIBRARIESGRADIENT(LibrariesGradientBenchmark.class),
  /** No benchmark of JMH, which would warm up: see {@link WarmupRun} and {@link ColdRun}. */
  WARMUP(null),
  /** Nor this: a JVM measures all operations, see {@link JvmsRun}. */
  JVMS(null);

  static final String VARIANT = "variant";

  final Class<? extends OperationBenchmark> benchmark;

  Kind(Class<? extends OperationBenchmark> benchmark) {
    this.benchmark = benchmark;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Kind of(String name) {
    for (Kind kind : values()) {
      if (kind.label().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "Unknown kind "
            + name
            + "; kinds are "
            + String.join(" ", Arrays.stream(values()).map(Kind::label).toList()));
  }

  /** How often each variant runs where nobody says otherwise. */
  int rounds() {
    return this == JVMS ? 10 : 3;
  }

  List<String> variants() {
    return parameters().get(VARIANT);
  }

  /**
   * Every combination of the parameters but the variant: what variants are compared on.
   *
   * @param chosen values instead of the declared ones, by name
   */
  List<Map<String, String>> batches(Map<String, List<String>> chosen) {
    List<Map<String, String>> batches = List.of(Map.of());
    for (Map.Entry<String, List<String>> parameter : parameters().entrySet()) {
      if (parameter.getKey().equals(VARIANT)) {
        continue;
      }
      List<Map<String, String>> more = new ArrayList<>();
      for (Map<String, String> batch : batches) {
        for (String value : chosen.getOrDefault(parameter.getKey(), parameter.getValue())) {
          Map<String, String> next = new LinkedHashMap<>(batch);
          next.put(parameter.getKey(), value);
          more.add(next);
        }
      }
      batches = more;
    }
    return batches;
  }

  /** Whether there is that variant: not every call has each. */
  boolean has(Map<String, String> batch, String variant) {
    return switch (this) {
      case TOKENS -> TokensBenchmark.has(batch, variant);
      case WARMUP ->
          WarmupRun.BEFORE.contains(variant)
              ? !ColdRun.SHAPES.contains(batch.get("shape"))
              : ColdRun.has(batch.get("shape"), variant);
      case THREADS -> ThreadsBenchmark.has(batch, variant);
      default -> true;
    };
  }

  /** As the benchmark's fields declare them, in their order. */
  private Map<String, List<String>> parameters() {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (this == WARMUP) {
      parameters.put("shape", both(WarmupRun.SHAPES, ColdRun.SHAPES));
      parameters.put(VARIANT, both(WarmupRun.BEFORE, ColdRun.WHAT));
      return parameters;
    }
    if (this == JVMS) {
      parameters.put("shape", JvmsRun.SHAPES);
      parameters.put(VARIANT, List.of("vector"));
      return parameters;
    }
    for (Field field : benchmark.getDeclaredFields()) {
      Param param = field.getAnnotation(Param.class);
      if (param != null) {
        parameters.put(field.getName(), List.of(param.value()));
      }
    }
    return parameters;
  }

  private static List<String> both(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
