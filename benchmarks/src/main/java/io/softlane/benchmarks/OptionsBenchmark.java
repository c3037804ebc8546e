package io.softlane.benchmarks;

import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Softmax with options, see {@link Scores}, beside the plain call ({@code vector}), and masked
 * softmax as other runtimes have it: addition of the mask, or a choice of -inf, then softmax.
 */
public class OptionsBenchmark extends OperationBenchmark {
  @Param({"4096x1000", "1024x4096"})
  public String shape;

  @Param({
    "vector",
    "default",
    "scale",
    "mask",
    "softmask",
    "causal",
    "sinks",
    "all",
    "scalemask",
    "scalecapmask",
    "pytorch-mask",
    "pytorch-softmask",
    "onnxruntime-mask",
    "onnxruntime-softmask",
    "onnxruntime-where"
  })
  public String variant;

  private Scores scores;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Benchmark
  public void softmaxWithOptions() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    scores = new Scores(work);
    return switch (variant) {
      case "vector" -> {
        SoftmaxKernels kernels = SoftmaxKernels.vector();
        yield w -> kernels.softmax(w.logits, w.batch, w.out, w.batch);
      }
      case "pytorch-mask" -> PyTorch.addSoftmax(work, scores.mask, scores.maskRows);
      case "pytorch-softmask" -> PyTorch.addSoftmax(work, scores.softMask, scores.maskRows);
      case "onnxruntime-mask" -> OnnxRuntime.addSoftmax(work, scores.mask, scores.maskRows);
      case "onnxruntime-softmask" -> OnnxRuntime.addSoftmax(work, scores.softMask, scores.maskRows);
      case "onnxruntime-where" -> OnnxRuntime.whereSoftmax(work, scores.mask, scores.maskRows);
      default -> {
        SoftmaxKernels kernels = SoftmaxKernels.vector();
        SoftmaxOptions options = scores.options(variant);
        yield w -> kernels.softmax(w.logits, w.batch, options, w.out, w.batch);
      }
    };
  }

  /** In ULP of the scalar kernels' result for scores prepared by hand; ours must be that. */
  @Override
  double check(String variant, Workload work) {
    String option =
        switch (variant) {
          case "vector" -> "default";
          case "pytorch-mask", "onnxruntime-mask", "onnxruntime-where" -> "mask";
          case "pytorch-softmask", "onnxruntime-softmask" -> "softmask";
          default -> variant;
        };
    float[] expected = scores.softmax(scores.options(option));
    boolean peers = Peers.names().stream().anyMatch(peer -> Peers.runs(peer, variant));
    return peers
        ? Check.like(variant, work, work.out, expected)
        : Check.same(variant, work, work.out, expected);
  }
}
