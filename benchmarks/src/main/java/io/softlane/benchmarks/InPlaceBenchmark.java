package io.softlane.benchmarks;

import io.softlane.SoftmaxKernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Softmax in place. The logits are put back before each call, outside the measured time: softmax of
 * its own result soon is the same value everywhere, and {@code Math.exp} takes a short cut there.
 * Putting them back leaves the batch in the cache as far as it fits. The clock is read at each
 * call, some 50 ns, which is too much for one row of 1000, so that shape is missing.
 */
public class InPlaceBenchmark extends OperationBenchmark {
  @Param({
    "65536x10",
    "8192x100",
    "64x1000",
    "4096x1000",
    "1024x4096",
    "256x32000",
    "64x128256",
    "16x262144"
  })
  public String shape;

  @Param({"naive", "scalar", "vector", "c3"})
  public String variant;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Setup(Level.Invocation)
  public void putBack() {
    putBack(work);
  }

  private static void putBack(Workload work) {
    System.arraycopy(work.logits, 0, work.out, 0, work.out.length);
  }

  @Override
  void once() {
    putBack();
    operation.run(work);
  }

  @Benchmark
  public void softmaxInPlace() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    return switch (variant) {
      case "naive" -> Naive::softmaxInPlace;
      case "scalar" -> kernels(SoftmaxKernels.scalar());
      case "vector" -> kernels(SoftmaxKernels.vector());
      case "c3" -> w -> NativeSoftmax.softmax3(w.out, w.batch, w.out);
      default -> throw Operation.unknown(variant);
    };
  }

  private static Operation kernels(SoftmaxKernels kernels) {
    return work -> kernels.softmax(work.out, work.batch, work.out, work.batch);
  }

  @Override
  double check(String variant, Workload work) {
    putBack(work);
    operation.run(work);
    return Check.softmax(variant, work);
  }
}
