package io.softlane.benchmarks;

/** The loops people write: shift by the maximum, {@link Math#exp}, sums in float. */
final class Naive {
  private Naive() {}

  static void softmax(Workload work) {
    softmax(work, work.logits);
  }

  static void softmaxInPlace(Workload work) {
    softmax(work, work.out);
  }

  private static void softmax(Workload work, float[] logits) {
    float[] probabilities = work.out;
    int cols = work.batch.cols();
    for (int from = 0; from < logits.length; from += cols) {
      float max = max(logits, from, cols);
      float sum = 0;
      for (int i = from; i < from + cols; i++) {
        float e = (float) Math.exp(logits[i] - max);
        probabilities[i] = e;
        sum += e;
      }
      for (int i = from; i < from + cols; i++) {
        probabilities[i] /= sum;
      }
    }
  }

  static void logSoftmax(Workload work) {
    float[] logits = work.logits;
    int cols = work.batch.cols();
    for (int from = 0; from < logits.length; from += cols) {
      float lse = logSumExp(logits, from, cols);
      for (int i = from; i < from + cols; i++) {
        work.out[i] = logits[i] - lse;
      }
    }
  }

  static void logSumExp(Workload work) {
    int cols = work.batch.cols();
    for (int r = 0; r < work.batch.rows(); r++) {
      work.perRow[r] = logSumExp(work.logits, r * cols, cols);
    }
  }

  static void crossEntropy(Workload work) {
    int cols = work.batch.cols();
    double sum = 0;
    for (int r = 0; r < work.batch.rows(); r++) {
      float lse = logSumExp(work.logits, r * cols, cols);
      float loss = lse - work.logits[r * cols + work.labels[r]];
      work.perRow[r] = loss;
      sum += loss;
    }
    work.meanLoss = sum / work.batch.rows();
  }

  static void crossEntropyGradient(Workload work) {
    float[] logits = work.logits;
    float[] gradient = work.out;
    int rows = work.batch.rows();
    int cols = work.batch.cols();
    double losses = 0;
    for (int r = 0; r < rows; r++) {
      int from = r * cols;
      int label = from + work.labels[r];
      float max = max(logits, from, cols);
      float sum = 0;
      for (int i = from; i < from + cols; i++) {
        float e = (float) Math.exp(logits[i] - max);
        gradient[i] = e;
        sum += e;
      }
      float loss = max + (float) Math.log(sum) - logits[label];
      work.perRow[r] = loss;
      losses += loss;
      for (int i = from; i < from + cols; i++) {
        gradient[i] = (gradient[i] / sum - (i == label ? 1 : 0)) / rows;
      }
    }
    work.meanLoss = losses / rows;
  }

  private static float max(float[] logits, int from, int cols) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + cols; i++) {
      max = Math.max(max, logits[i]);
    }
    return max;
  }

  private static float logSumExp(float[] logits, int from, int cols) {
    float max = max(logits, from, cols);
    float sum = 0;
    for (int i = from; i < from + cols; i++) {
      sum += (float) Math.exp(logits[i] - max);
    }
    return max + (float) Math.log(sum);
  }
}
