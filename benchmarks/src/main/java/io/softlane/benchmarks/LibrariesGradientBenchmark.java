package io.softlane.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Loss and gradient by the libraries of {@link LibrariesBenchmark}; Smile has no such call. */
public class LibrariesGradientBenchmark extends OperationBenchmark {
  @Param({"65536x10", "4096x1000", "64x128256", "1x1000"})
  public String shape;

  @Param({"naive", "vector", Peers.TRIBUO, Peers.ND4J, Peers.DJL})
  public String variant;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Benchmark
  public void librariesGradient() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    return switch (variant) {
      case Peers.TRIBUO -> TribuoRows.crossEntropyGradient(work);
      case Peers.ND4J -> Nd4jArrays.crossEntropyGradient(work);
      case Peers.DJL -> DjlArrays.crossEntropyGradient(work);
      default -> new CrossEntropyGradientBenchmark().operation(variant, work);
    };
  }

  @Override
  double check(String variant, Workload work) {
    return Check.crossEntropyGradient(variant, work);
  }
}
