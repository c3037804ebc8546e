package io.softlane.examples.onnxocr;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * STOPGAP until SoftmaxKernels takes memory segments and has entropy: copies into arrays. To
 * replace: delete this file, and in Recognizer and Comparison turn {@code Kernels.op(kernels, ...)}
 * into {@code kernels.op(...)}; arguments and order are the same.
 */
final class Kernels {
  private Kernels() {}

  static void softmax(
      SoftmaxKernels kernels,
      MemorySegment logits,
      Rows in,
      MemorySegment probabilities,
      Rows out) {
    float[] values = copy(logits, in);
    kernels.softmax(values, in, values, in);
    for (int r = 0; r < in.rows(); r++) {
      MemorySegment.copy(
          values,
          Math.toIntExact(in.offset() + r * in.stride()),
          probabilities,
          ValueLayout.JAVA_FLOAT_UNALIGNED,
          4 * (out.offset() + r * out.stride()),
          in.cols());
    }
  }

  static void argmax(SoftmaxKernels kernels, MemorySegment logits, Rows in, int[] argmax) {
    kernels.argmax(copy(logits, in), in, argmax);
  }

  static void entropy(SoftmaxKernels kernels, float[] logits, Rows in, float[] entropy) {
    float[] lse = new float[in.rows()];
    kernels.logSumExp(logits, in, lse);
    float[] p = new float[logits.length];
    kernels.softmax(logits, in, p, in);
    for (int r = 0; r < in.rows(); r++) {
      double sum = 0;
      for (int j = 0; j < in.cols(); j++) {
        int i = Math.toIntExact(in.offset() + r * in.stride()) + j;
        sum += p[i] == 0 ? 0 : (double) p[i] * logits[i];
      }
      entropy[r] = (float) (lse[r] - sum);
    }
  }

  private static float[] copy(MemorySegment segment, Rows batch) {
    int end = Math.toIntExact(batch.offset() + (batch.rows() - 1) * batch.stride() + batch.cols());
    float[] values = new float[end];
    MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, end);
    return values;
  }
}
