package io.softlane.benchmarks;

import io.softlane.SoftmaxKernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Softmax, out of place; a plain copy is the floor, the C reference the one to beat. */
public class SoftmaxBenchmark extends OperationBenchmark {
  @Param({
    "65536x10",
    "8192x100",
    "64x1000",
    "4096x1000",
    "1024x4096",
    "256x32000",
    "64x128256",
    "16x262144",
    "1x1000"
  })
  public String shape;

  @Param({"copy", "naive", "scalar", "vector", "c3"})
  public String variant;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Benchmark
  public void softmax() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant) {
    return switch (variant) {
      case "copy" -> work -> System.arraycopy(work.logits, 0, work.out, 0, work.out.length);
      case "naive" -> Naive::softmax;
      case "scalar" -> kernels(SoftmaxKernels.scalar());
      case "vector" -> kernels(SoftmaxKernels.vector());
      case "c3" -> work -> NativeSoftmax.softmax(work.logits, work.batch, work.out);
      default -> throw Operation.unknown(variant);
    };
  }

  private static Operation kernels(SoftmaxKernels kernels) {
    return work -> kernels.softmax(work.logits, work.batch, work.out, work.batch);
  }

  @Override
  double check(String variant, Workload work) {
    if (variant.equals("copy")) {
      Check.copy(work);
      return 0;
    }
    return Check.softmax(variant, work);
  }
}
