package io.softlane.benchmarks;

import io.softlane.SoftmaxKernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Log-sum-exp: reads the batch, writes one value per row. */
public class LogSumExpBenchmark extends OperationBenchmark {
  @Param({
    "65536x10",
    "8192x100",
    "64x1000",
    "4096x1000",
    "1024x4096",
    "256x32000",
    "64x128256",
    "16x262144",
    "1x10",
    "1x1000",
    "1x128256"
  })
  public String shape;

  @Param({"naive", "scalar", "vector", "onnxruntime", "pytorch"})
  public String variant;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Benchmark
  public void logSumExp() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    return switch (variant) {
      case "naive" -> Naive::logSumExp;
      case "scalar" -> kernels(SoftmaxKernels.scalar());
      case "vector" -> kernels(SoftmaxKernels.vector());
      case "onnxruntime" -> OnnxRuntime.logSumExp(work);
      case "pytorch" -> PyTorch.logSumExp(work);
      default -> throw Operation.unknown(variant);
    };
  }

  private static Operation kernels(SoftmaxKernels kernels) {
    return work -> kernels.logSumExp(work.logits, work.batch, work.perRow);
  }

  @Override
  double check(String variant, Workload work) {
    return Check.logSumExp(variant, work);
  }
}
