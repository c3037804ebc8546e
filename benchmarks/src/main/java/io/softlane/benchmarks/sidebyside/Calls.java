package io.softlane.benchmarks.sidebyside;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;

/**
 * The calls of one version of the library. Each version's class loader defines this class anew from
 * the same bytes, so that both have loops, call sites and profiles of their own, equally cheap.
 */
public final class Calls implements Side {
  private static final float SMOOTHING = 0.1f;
  private static final int TOP_K = 40;
  private static final float TOP_P = 0.9f;
  private static final float CAP = 30;

  private final Batch batch;
  private final Runnable call;

  public Calls(Batch batch) {
    this(batch, SoftmaxKernels.vector());
  }

  public Calls(Batch batch, SoftmaxKernels kernels) {
    this.batch = batch;
    this.call = call(batch, kernels);
  }

  @Override
  public long time(int calls) {
    if (batch.copied == null) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        once();
      }
      return System.nanoTime() - start;
    }
    long sum = 0;
    for (int i = 0; i < calls; i++) {
      batch.refresh();
      long start = System.nanoTime();
      once();
      sum += System.nanoTime() - start;
    }
    return sum;
  }

  /** The JVM is told not to inline it: a loop around a kernel must not become part of it. */
  private void once() {
    call.run();
  }

  private static Runnable call(Batch b, SoftmaxKernels kernels) {
    Rows rows = Rows.of(b.of.rows(), b.of.cols()).withStride(b.of.stride());
    return switch (b.of.operation()) {
      case "softmax", "strided", "masked", "huge", "misses", "subnormal" ->
          () -> kernels.softmax(b.logits, rows, b.out, rows);
      case "inplace", "copied" -> () -> kernels.softmax(b.copied, rows, b.out, rows);
      case "scale", "mask", "softmask", "causal", "sinks" -> options(b, kernels, rows);
      case "logsoftmax" -> () -> kernels.logSoftmax(b.logits, rows, b.out, rows);
      case "logsumexp" -> () -> kernels.logSumExp(b.logits, rows, b.perRow);
      case "max" -> () -> kernels.max(b.logits, rows, b.perRow);
      case "argmax" -> () -> kernels.argmax(b.logits, rows, b.indices);
      case "entropy" -> () -> kernels.entropy(b.logits, rows, b.perRow);
      case "loss" ->
          () ->
              b.mean =
                  kernels
                      .crossEntropy(b.logits, rows, b.labels, CrossEntropy.DEFAULT, b.perRow)
                      .mean();
      case "softmaxbackward" ->
          () -> kernels.softmaxBackward(b.targets, rows, b.logits, rows, b.out, rows);
      case "logsoftmaxbackward" ->
          () -> kernels.logSoftmaxBackward(b.targets, rows, b.logits, rows, b.out, rows);
      case "topk", "sample", "softcap" -> tokens(b, kernels, rows);
      case "gradient" -> gradient(b, kernels, rows, CrossEntropy.DEFAULT);
      case "smoothing" ->
          gradient(b, kernels, rows, CrossEntropy.DEFAULT.withLabelSmoothing(SMOOTHING));
      case "targets" ->
          () ->
              b.mean =
                  kernels
                      .crossEntropyGradient(
                          b.logits,
                          rows,
                          b.targets,
                          rows,
                          CrossEntropy.DEFAULT,
                          b.perRow,
                          b.out,
                          rows)
                      .mean();
      case "nativesoftmax" -> () -> kernels.softmax(b.nativeLogits, rows, b.nativeOut, rows);
      case "nativelogsumexp" -> () -> kernels.logSumExp(b.nativeLogits, rows, b.perRow);
      case "nativegradient" ->
          () ->
              b.mean =
                  kernels
                      .crossEntropyGradient(
                          b.nativeLogits,
                          rows,
                          b.labels,
                          CrossEntropy.DEFAULT,
                          b.perRow,
                          b.nativeOut,
                          rows)
                      .mean();
      default -> throw new IllegalArgumentException("No operation is named " + b.of.operation());
    };
  }

  private static Runnable gradient(
      Batch b, SoftmaxKernels kernels, Rows rows, CrossEntropy options) {
    return () ->
        b.mean =
            kernels
                .crossEntropyGradient(b.logits, rows, b.labels, options, b.perRow, b.out, rows)
                .mean();
  }

  // Only here, too.
  private static Runnable tokens(Batch b, SoftmaxKernels kernels, Rows rows) {
    Sampling sampling = Sampling.DEFAULT.withTopK(TOP_K).withTopP(TOP_P);
    return switch (b.of.operation()) {
      case "topk" -> () -> kernels.topK(b.logits, rows, b.kept, b.out, b.indices);
      case "sample" ->
          () -> kernels.sample(b.logits, rows, sampling, b.uniforms, b.indices, b.perRow);
      default -> () -> kernels.softcap(b.logits, rows, CAP, b.out, rows);
    };
  }

  // Only here: versions from before there were options can run everything else.
  private static Runnable options(Batch b, SoftmaxKernels kernels, Rows rows) {
    SoftmaxOptions none = SoftmaxOptions.DEFAULT;
    Rows maskRows = Rows.of(b.parts.maskRows, b.of.cols());
    SoftmaxOptions options =
        switch (b.of.operation()) {
          case "scale" -> none.withScale(ScoreParts.SCALE);
          case "mask" -> none.withMask(b.parts.mask, maskRows);
          case "softmask" -> none.withMask(b.parts.softMask, maskRows);
          case "causal" -> none.withLengths(b.parts.lengths);
          case "sinks" -> none.withSinks(b.parts.sinks);
          default -> throw new IllegalArgumentException("No option: " + b.of.operation());
        };
    return () -> kernels.softmax(b.logits, rows, options, b.out, rows);
  }
}
