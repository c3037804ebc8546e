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
    "1x10",
    "1x1000",
    "1x128256"
  })
  public String shape;

  @Param({
    "copy",
    "naive",
    "smile",
    "llama3",
    "lanewise",
    "scalar",
    "vector",
    "c3",
    "c2",
    "onednn",
    "onnxruntime",
    "pytorch"
  })
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
  Operation operation(String variant, Workload work) {
    return switch (variant) {
      case "copy" -> w -> System.arraycopy(w.logits, 0, w.out, 0, w.out.length);
      case "naive" -> Naive::softmax;
      case "scalar" -> kernels(SoftmaxKernels.scalar());
      case "vector" -> kernels(SoftmaxKernels.vector());
      case "c3" -> w -> NativeSoftmax.softmax3(w.logits, w.batch, w.out);
      case "smile" -> JvmLoops::smile;
      case "llama3" -> JvmLoops::llama3;
      case "lanewise" -> Lanewise::softmax;
      case "c2" -> w -> NativeSoftmax.softmax2(w.logits, w.batch, w.out);
      case "onednn" -> OneDnn.softmax(work);
      case "onnxruntime" -> OnnxRuntime.softmax(work);
      case "pytorch" -> PyTorch.softmax(work);
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
