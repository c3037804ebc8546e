package io.softlane.benchmarks;

/**
 * Softmax as JVM libraries have it: their loops' shape, written anew; in place, so a copy first.
 */
final class JvmLoops {
  private JvmLoops() {}

  /** As Smile's MathEx: exp and sum in double, divided in place. */
  static void smile(Workload work) {
    float[] x = work.out;
    System.arraycopy(work.logits, 0, x, 0, x.length);
    int cols = work.batch.cols();
    for (int from = 0; from < x.length; from += cols) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = from; i < from + cols; i++) {
        if (x[i] > max) {
          max = x[i];
        }
      }
      double z = 0;
      for (int i = from; i < from + cols; i++) {
        double e = Math.exp(x[i] - max);
        x[i] = (float) e;
        z += e;
      }
      for (int i = from; i < from + cols; i++) {
        x[i] /= (float) z;
      }
    }
  }

  /** As llama3.java's FloatTensor: reduce, map, reduce, map over (offset, size), with lambdas. */
  static void llama3(Workload work) {
    float[] x = work.out;
    System.arraycopy(work.logits, 0, x, 0, x.length);
    int cols = work.batch.cols();
    for (int from = 0; from < x.length; from += cols) {
      float max = reduce(x, from, cols, Float.NEGATIVE_INFINITY, Float::max);
      map(x, from, cols, v -> (float) Math.exp(v - max));
      float sum = reduce(x, from, cols, 0, Float::sum);
      map(x, from, cols, v -> v / sum);
    }
  }

  private interface Map {
    float apply(float value);
  }

  private interface Reduction {
    float apply(float accumulated, float value);
  }

  private static void map(float[] x, int offset, int size, Map f) {
    for (int i = offset; i < offset + size; i++) {
      x[i] = f.apply(x[i]);
    }
  }

  private static float reduce(float[] x, int offset, int size, float seed, Reduction f) {
    float result = seed;
    for (int i = offset; i < offset + size; i++) {
      result = f.apply(result, x[i]);
    }
    return result;
  }
}
