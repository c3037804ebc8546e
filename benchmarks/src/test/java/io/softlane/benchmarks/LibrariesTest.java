package io.softlane.benchmarks;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link VariantsTest} asks of the others, of the JVM libraries: in a JVM of their own. */
class LibrariesTest {
  static Stream<Arguments> variants() {
    return Stream.of(new LibrariesBenchmark(), new LibrariesGradientBenchmark())
        .flatMap(b -> VariantsTest.params(b, Kind.VARIANT).stream().map(v -> Arguments.of(b, v)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("variants")
  void computesWhatItShould(OperationBenchmark benchmark, String variant) {
    VariantsTest.needs(variant);
    for (String shape : VariantsTest.SHAPES) {
      benchmark.prepare(shape, variant);
    }
  }

  /** Autograd would add to what is there. */
  @ParameterizedTest
  @ValueSource(strings = {Peers.TRIBUO, Peers.ND4J, Peers.DJL})
  void aGradientIsNotAddedToTheLast(String variant) {
    VariantsTest.needs(variant);
    LibrariesGradientBenchmark benchmark = new LibrariesGradientBenchmark();
    benchmark.prepare("3x17", variant);
    benchmark.once();
    benchmark.operation.fetch(benchmark.work);
    benchmark.check(variant, benchmark.work);
  }
}
