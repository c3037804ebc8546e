package io.softlane.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
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
          new CrossEntropyGradientBenchmark(),
          new ThreadsBenchmark(),
          new HostileBenchmark(),
          new OptionsBenchmark(),
          new SegmentBenchmark(),
          new EntropyBenchmark(),
          new TokensBenchmark());

  /** Benchmarks that ask something else than how the shape matters. */
  private static final List<Class<?>> FEWER_SHAPES =
      List.of(
          HostileBenchmark.class,
          OptionsBenchmark.class,
          SegmentBenchmark.class,
          EntropyBenchmark.class);

  static final List<String> SHAPES =
      List.of(
          "1x1", "3x2", "5x3", "4x5", "3x7", "9x8", "7x10", "4x15", "5x16", "3x17", "4x31", "2x33",
          "3x63", "2x65", "3x100", "2x127", "1x1003", "2x4097");

  /** What needs no library and no compiler. */
  private static final List<String> IN_JVM =
      List.of(
          "copy",
          "naive",
          "smile",
          "llama3",
          "lanewise",
          "scalar",
          "vector",
          "default",
          "scale",
          "mask",
          "softmask",
          "causal",
          "sinks",
          "all",
          "scalemask",
          "scalecapmask",
          "arrays",
          "heap",
          "native",
          "bytes",
          "entropy",
          "parallel",
          "yardstick",
          "logprobabilities",
          "queue",
          "sort",
          "scans");

  static Stream<Arguments> variants() {
    return BENCHMARKS.stream()
        .flatMap(b -> params(b, "variant").stream().map(v -> Arguments.of(b, v)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("variants")
  void computesWhatItShould(OperationBenchmark benchmark, String variant) {
    needs(variant);
    if (benchmark instanceof ThreadsBenchmark threads) {
      twoThreads(threads, variant);
      return;
    }
    if (benchmark instanceof TokensBenchmark tokens) {
      allSteps(tokens, variant);
      return;
    }
    if (benchmark instanceof SegmentBenchmark segments) {
      allCalls(segments, variant);
      return;
    }
    for (String shape : SHAPES) {
      benchmark.prepare(shape, variant);
    }
  }

  private static void allCalls(SegmentBenchmark segments, String variant) {
    for (String call : params(segments, "call")) {
      segments.call = call;
      for (String shape : SHAPES) {
        segments.prepare(shape, variant);
      }
    }
  }

  private static void allSteps(TokensBenchmark tokens, String variant) {
    for (String call : params(tokens, "call")) {
      tokens.call = call;
      for (String shape : SHAPES) {
        if (TokensBenchmark.has(Map.of("shape", shape, "call", call), variant)) {
          tokens.prepare(shape, variant);
        } else {
          assertThrows(IllegalArgumentException.class, () -> tokens.prepare(shape, variant));
        }
      }
    }
  }

  private static void twoThreads(ThreadsBenchmark threads, String variant) {
    List<String> shapes = new ArrayList<>(SHAPES);
    shapes.add("512x1024"); // parallel splits it
    for (String call : params(threads, "call")) {
      threads.call = call;
      for (int n : List.of(1, 2)) {
        threads.threads = n;
        for (String shape : shapes) {
          threads.prepare(shape, variant);
          threads.close();
        }
      }
    }
  }

  /** Both builds of the C references, whichever the benchmarks would choose. */
  @ParameterizedTest
  @CsvSource({"c3, native", "c3, avx2", "c2, native", "c2, avx2"})
  void cComputesWhatItShould(String variant, String isa) {
    NativeSoftmax c = compiled(variant, isa);
    for (String shape : SHAPES) {
      for (String data : List.of("friendly", "masked", "misses")) {
        Workload work = Workload.of(shape, data);
        c.run(work.logits, work.batch, work.out);
        Check.softmax(variant, work);
      }
    }
    if (isa.equals("avx2")) {
      assertEquals(256, c.width());
    }
  }

  /** The kernels' promise does not depend on the data. */
  @ParameterizedTest
  @ValueSource(strings = {"friendly", "misses", "masked", "huge", "subnormal"})
  void vectorIsExactOnHostileData(String data) {
    for (String shape : SHAPES) {
      new HostileBenchmark().prepare(shape, data, "vector");
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
      List<String> variants = params(b, "variant").stream().filter(IN_JVM::contains).toList();
      ChainedOptionsBuilder options =
          new OptionsBuilder()
              .include("\\." + b.getClass().getSimpleName() + "\\.")
              .param("shape", "3x19")
              .forks(0)
              .warmupIterations(0)
              .measurementIterations(1)
              .measurementTime(TimeValue.milliseconds(5))
              .shouldFailOnError(true)
              .verbosity(VerboseMode.SILENT);
      if (b instanceof TokensBenchmark) {
        variants = variants.stream().filter(TokenCall.TOPK::has).toList();
        options.param("call", "topk");
      }
      options.param("variant", variants.toArray(String[]::new));
      runs += new Runner(options.build()).run().size();
    }
    // softmax, four operations and in place, three calls on one and two threads in three ways, five
    // data; the plain call and nine of options; arrays twice and three kinds of segments, in three
    // calls; log-sum-exp and entropy; of the largest, four.
    assertEquals(7 + 5 * 3 + 3 * 2 * 3 + 5 + 10 + 5 * 3 + 2 + 4, runs);
  }

  @Test
  void allHaveTheSameShapes() {
    List<String> shapes = params(BENCHMARKS.get(0), "shape");
    for (OperationBenchmark b : BENCHMARKS) {
      if (b instanceof TokensBenchmark || b instanceof ThreadsBenchmark) {
        continue; // their own, too
      }
      List<String> some = params(b, "shape");
      assertEquals(shapes.stream().filter(some::contains).toList(), some);
      if (!FEWER_SHAPES.contains(b.getClass())) {
        // One row of 1000 is too short for a clock that is read at every call.
        boolean clocked = b instanceof InPlaceBenchmark;
        assertEquals(shapes.stream().filter(s -> !clocked || !s.startsWith("1x")).toList(), some);
      }
    }
  }

  @Test
  void aKindIsItsBenchmarksParameters() {
    assertEquals(Kind.SOFTMAX, Kind.of("softmax"));
    assertThrows(IllegalArgumentException.class, () -> Kind.of("soft"));
    assertEquals(11, Kind.SOFTMAX.batches(Map.of()).size());
    assertEquals(10, Kind.HOSTILE.batches(Map.of()).size());
    assertEquals(9, Kind.SEGMENTS.batches(Map.of()).size());
    assertEquals(
        Map.of("shape", "8192x100", "call", "softmax", "threads", "1"),
        Kind.THREADS.batches(Map.of()).get(0));
    assertEquals(List.of("copy", "vector", "parallel"), Kind.THREADS.variants());
    assertEquals(
        List.of(Map.of("shape", "3x7", "data", "huge")),
        Kind.HOSTILE.batches(Map.of("shape", List.of("3x7"), "data", List.of("huge"))));
  }

  /** A call's own shapes, and any that is no other call's. */
  @Test
  void notEveryCallHasEachVariant() {
    Map<String, String> router = Map.of("shape", "4096x128", "call", "router", "threads", "2");
    assertTrue(Kind.TOKENS.has(router, "scans"));
    assertFalse(Kind.TOKENS.has(router, "llama3"));
    assertFalse(Kind.TOKENS.has(Map.of("shape", "4096x128", "call", "topp-tail"), "vector"));
    assertTrue(Kind.TOKENS.has(Map.of("shape", "3x7", "call", "topp-tail"), "llama3"));
    Map<String, String> alone = Map.of("shape", "64x1000", "call", "softmax", "threads", "1");
    assertTrue(Kind.THREADS.has(alone, "vector"));
    assertFalse(Kind.THREADS.has(alone, "parallel"));
    assertTrue(Kind.SOFTMAX.has(alone, "any"));
    assertTrue(Kind.WARMUP.has(alone, "others"));
    assertTrue(Kind.WARMUP.has(alone, "warmup"));
    assertFalse(Kind.WARMUP.has(alone, "rate"));
    assertFalse(Kind.WARMUP.has(Map.of("shape", "1x16"), "others"));
  }

  static List<String> params(OperationBenchmark benchmark, String name) {
    try {
      return List.of(benchmark.getClass().getField(name).getAnnotation(Param.class).value());
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends the test, with a notice, where the variant's library or compiler is absent. */
  static void needs(String variant) {
    if (NativeSoftmax.VARIANTS.contains(variant)) {
      compiled(variant, "native");
    }
    for (String peer : Peers.names()) {
      if (Peers.runs(peer, variant)) {
        try {
          Peers.describe(peer);
        } catch (IllegalStateException e) {
          System.out.println("Notice: not tested here. " + e.getMessage());
          abort("No " + peer + " here: " + e.getMessage());
        }
      }
    }
  }

  private static NativeSoftmax compiled(String variant, String isa) {
    try {
      return NativeSoftmax.compile(variant, isa);
    } catch (IllegalStateException e) {
      System.out.println("Notice: not tested here. " + e.getMessage());
      return abort("No C reference here: " + e.getMessage());
    }
  }
}
