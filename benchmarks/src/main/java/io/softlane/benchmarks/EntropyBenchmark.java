package io.softlane.benchmarks;

import io.softlane.SoftmaxKernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Entropy beside plain log-sum-exp ({@code vector}), which reads as much. */
public class EntropyBenchmark extends OperationBenchmark {
  @Param({"65536x10", "4096x1000", "64x128256"})
  public String shape;

  @Param({"vector", "entropy"})
  public String variant;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Benchmark
  public void entropy() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    SoftmaxKernels kernels = SoftmaxKernels.vector();
    return switch (variant) {
      case "vector" -> w -> kernels.logSumExp(w.logits, w.batch, w.perRow);
      case "entropy" -> w -> kernels.entropy(w.logits, w.batch, w.perRow);
      default -> throw Operation.unknown(variant);
    };
  }

  @Override
  double check(String variant, Workload work) {
    float[] scalar = new float[work.perRow.length];
    if (variant.equals("entropy")) {
      SoftmaxKernels.scalar().entropy(work.logits, work.batch, scalar);
      Check.same(variant, work, work.perRow, scalar);
      return Check.entropy(work);
    }
    SoftmaxKernels.scalar().logSumExp(work.logits, work.batch, scalar);
    Check.same(variant, work, work.perRow, scalar);
    return Check.logSumExp(variant, work);
  }
}
