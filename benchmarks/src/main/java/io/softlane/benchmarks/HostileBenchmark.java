package io.softlane.benchmarks;

import io.softlane.SoftmaxKernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Softmax of data that shortcuts are made for the lack of, see {@link Workload}. */
public class HostileBenchmark extends OperationBenchmark {
  @Param({"4096x1000", "256x32000"})
  public String shape;

  @Param({"friendly", "misses", "masked", "huge", "subnormal"})
  public String data;

  @Param({"vector", "c3", "onednn", "onnxruntime", "pytorch"})
  public String variant;

  @Setup
  public void prepare() {
    prepare(shape, data, variant);
  }

  @Benchmark
  public void softmaxOfHostileData() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    return switch (variant) {
      case "vector" -> {
        SoftmaxKernels kernels = SoftmaxKernels.vector();
        yield w -> kernels.softmax(w.logits, w.batch, w.out, w.batch);
      }
      case "c3" -> w -> NativeSoftmax.softmax3(w.logits, w.batch, w.out);
      case "onednn" -> OneDnn.softmax(work);
      case "onnxruntime" -> OnnxRuntime.softmax(work);
      case "pytorch" -> PyTorch.softmax(work);
      default -> throw Operation.unknown(variant);
    };
  }

  /** The others may flush to zero, or return NaN: their error is written, and is no failure. */
  @Override
  double check(String variant, Workload work) {
    return variant.equals("vector") ? Check.softmax(variant, work) : Check.softmaxError(work);
  }
}
