package io.softlane.benchmarks;

import io.softlane.CrossEntropy;
import io.softlane.Loss;
import io.softlane.SoftmaxKernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Cross-entropy with class labels: loss, and gradient of the mean loss, in one call. */
public class CrossEntropyGradientBenchmark extends OperationBenchmark {
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

  @Param({"naive", "scalar", "vector", "pytorch-pieces", "pytorch-autograd"})
  public String variant;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Benchmark
  public void crossEntropyGradient() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    return switch (variant) {
      case "naive" -> Naive::crossEntropyGradient;
      case "scalar" -> kernels(SoftmaxKernels.scalar());
      case "vector" -> kernels(SoftmaxKernels.vector());
      case "pytorch-pieces" -> PyTorch.crossEntropyGradientPieces(work);
      case "pytorch-autograd" -> PyTorch.crossEntropyGradientAutograd(work);
      default -> throw Operation.unknown(variant);
    };
  }

  private static Operation kernels(SoftmaxKernels kernels) {
    return work -> {
      Loss loss =
          kernels.crossEntropyGradient(
              work.logits,
              work.batch,
              work.labels,
              CrossEntropy.DEFAULT,
              work.perRow,
              work.out,
              work.batch);
      work.meanLoss = loss.mean();
    };
  }

  @Override
  double check(String variant, Workload work) {
    return Check.crossEntropyGradient(variant, work);
  }
}
