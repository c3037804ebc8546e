package io.softlane.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Softmax by the libraries themselves that JVM code calls today, each on logits in the form that it
 * keeps them in, and with the result left where it puts it.
 */
public class LibrariesBenchmark extends OperationBenchmark {
  @Param({"65536x10", "4096x1000", "64x128256", "1x1000"})
  public String shape;

  @Param({"naive", "vector", Peers.SMILE, Peers.TRIBUO, Peers.ND4J, Peers.DJL})
  public String variant;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Benchmark
  public void libraries() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    return switch (variant) {
      case Peers.SMILE -> SmileRows.softmax(work);
      case Peers.TRIBUO -> TribuoRows.softmax(work);
      case Peers.ND4J -> Nd4jArrays.softmax(work);
      case Peers.DJL -> DjlArrays.softmax(work);
      default -> new SoftmaxBenchmark().operation(variant, work);
    };
  }

  @Override
  double check(String variant, Workload work) {
    return Check.softmax(variant, work);
  }
}
