package io.softlane.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every variant of every benchmark computes what it should; tails of all vector widths. */
class VariantsTest {
  private static final List<OperationBenchmark> BENCHMARKS =
      List.of(
          new SoftmaxBenchmark(),
          new InPlaceBenchmark(),
          new LogSoftmaxBenchmark(),
          new LogSumExpBenchmark(),
          new CrossEntropyBenchmark(),
          new CrossEntropyGradientBenchmark());

  private static final List<String> SHAPES =
      List.of(
          "1x1", "3x2", "5x3", "4x5", "3x7", "9x8", "7x10", "4x15", "5x16", "3x17", "4x31", "2x33",
          "3x63", "2x65", "3x100", "2x127", "1x1003", "2x4097");

  static Stream<Arguments> variants() {
    return BENCHMARKS.stream()
        .flatMap(b -> params(b, "variant").stream().map(v -> Arguments.of(b, v)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("variants")
  void computesWhatItShould(OperationBenchmark benchmark, String variant) {
    if (variant.equals("c3")) {
      c3("native");
    }
    for (String shape : SHAPES) {
      benchmark.prepare(shape, variant);
    }
  }

  /** Both builds of the C reference, whichever the benchmarks would choose. */
  @ParameterizedTest
  @ValueSource(strings = {"native", "avx2"})
  void c3ComputesWhatItShould(String isa) {
    NativeSoftmax c3 = c3(isa);
    for (String shape : SHAPES) {
      Workload work = Workload.of(shape);
      c3.run(work.logits, work.batch, work.out);
      Check.softmax("c3", work);
    }
    if (isa.equals("avx2")) {
      assertEquals(256, c3.width());
    }
  }

  @Test
  void anUnknownVariantIsRefused() {
    for (OperationBenchmark b : BENCHMARKS) {
      assertThrows(IllegalArgumentException.class, () -> b.prepare("2x3", "other"));
    }
  }

  /** As in a real run, but in this JVM and for a moment. */
  @Test
  void jmhRunsThemAll() throws RunnerException {
    int runs = 0;
    for (OperationBenchmark b : BENCHMARKS) {
      List<String> variants = params(b, "variant").stream().filter(v -> !v.equals("c3")).toList();
      runs +=
          new Runner(
                  new OptionsBuilder()
                      .include("\\." + b.getClass().getSimpleName() + "\\.")
                      .param("shape", "3x19")
                      .param("variant", variants.toArray(String[]::new))
                      .forks(0)
                      .warmupIterations(0)
                      .measurementIterations(1)
                      .measurementTime(TimeValue.milliseconds(5))
                      .shouldFailOnError(true)
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run()
              .size();
    }
    assertEquals(4 + 3 * 5, runs);
  }

  @Test
  void allHaveTheSameShapes() {
    List<String> shapes = params(BENCHMARKS.get(0), "shape");
    for (OperationBenchmark b : BENCHMARKS) {
      // One row of 1000 is too short for a clock that is read at every call.
      boolean clocked = b instanceof InPlaceBenchmark;
      assertEquals(
          shapes.stream().filter(s -> !clocked || !s.equals("1x1000")).toList(),
          params(b, "shape"));
    }
  }

  private static List<String> params(OperationBenchmark benchmark, String name) {
    try {
      return List.of(benchmark.getClass().getField(name).getAnnotation(Param.class).value());
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  private static NativeSoftmax c3(String isa) {
    try {
      return NativeSoftmax.compile(isa);
    } catch (IllegalStateException e) {
      return abort("No C reference here: " + e.getMessage());
    }
  }
}
