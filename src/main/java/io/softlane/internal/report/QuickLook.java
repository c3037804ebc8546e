package io.softlane.internal.report;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A table of speeds beside the loop that one writes without a library, in the time that somebody
 * waits for it. It is no benchmark: it shares its JVM with what ran before, and takes the best of
 * what it saw. {@code benchmarks/run} measures.
 */
public final class QuickLook {
  private static final float SPREAD = 6;

  /** One line of the table: a call by the naive loop, and by each of the kernels. */
  private static final class Line {
    final String name;
    final long elements;
    final List<Runnable> calls = new ArrayList<>();
    final long[] nanos;

    Line(String name, Rows batch, List<SoftmaxKernels> kernels) {
      this.name = "%-18s %12s".formatted(name, batch.rows() + "x" + batch.cols());
      elements = (long) batch.rows() * batch.cols();
      nanos = new long[1 + kernels.size()];
      Arrays.fill(nanos, Long.MAX_VALUE);
    }

    /** One call each; whether the last became a good deal faster than ever before. */
    boolean time() {
      long before = nanos[nanos.length - 1];
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        calls.get(i).run();
        nanos[i] = Math.min(nanos[i], Math.max(1, System.nanoTime() - start));
      }
      return nanos[nanos.length - 1] < 0.8 * before;
    }

    /** Whether the last kernels are slower than the first, as vectors are until C2 is through. */
    boolean isCold() {
      return nanos[nanos.length - 1] > nanos[1];
    }
  }

  private final List<SoftmaxKernels> kernels;
  private final List<Line> lines = new ArrayList<>();

  /** Beside the kernels: the scalar ones, and the vector ones where they are wanted. */
  public QuickLook(List<SoftmaxKernels> kernels) {
    this.kernels = kernels;
    softmax(Rows.of(1000, 10));
    softmax(Rows.of(32, 1000));
    softmax(Rows.of(1, 32_000));
    gradient(Rows.of(1000, 10));
    gradient(Rows.of(32, 1000));
  }

  private void softmax(Rows batch) {
    float[] logits = logits(batch);
    float[] out = new float[logits.length];
    Line line = new Line("softmax", batch, kernels);
    line.calls.add(() -> naiveSoftmax(logits, out, batch.rows(), batch.cols()));
    kernels.forEach(k -> line.calls.add(() -> k.softmax(logits, batch, out, batch)));
    lines.add(line);
  }

  private void gradient(Rows batch) {
    float[] logits = logits(batch);
    int[] labels = new Random(2).ints(batch.rows(), 0, batch.cols()).toArray();
    float[] losses = new float[batch.rows()];
    float[] out = new float[logits.length];
    CrossEntropy options = CrossEntropy.DEFAULT;
    Line line = new Line("loss and gradient", batch, kernels);
    line.calls.add(() -> naiveGradient(logits, labels, losses, out, batch.cols()));
    for (SoftmaxKernels k : kernels) {
      line.calls.add(
          () -> k.crossEntropyGradient(logits, batch, labels, options, losses, out, batch));
    }
    lines.add(line);
  }

  private static float[] logits(Rows batch) {
    Random random = new Random(1);
    float[] logits = new float[batch.rows() * batch.cols()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = SPREAD * (random.nextFloat() - 0.5f);
    }
    return logits;
  }

  /**
   * Takes turns, so that what disturbs one line disturbs all, until for so long nothing has become
   * a good deal faster, and vectors are faster than none: until C2 has compiled all there is. One
   * turn each at least.
   */
  public String table(long nanos, long mostNanos) {
    long start = System.nanoTime();
    long better = start;
    long now;
    do {
      for (Line line : lines) {
        if (line.time()) {
          better = System.nanoTime();
        }
      }
      now = System.nanoTime();
    } while ((now - better < nanos || isCold()) && now - start < mostNanos);

    StringBuilder table = new StringBuilder("%31s %12s".formatted("", "naive loop"));
    for (SoftmaxKernels k : kernels) {
      table.append("%11s".formatted(k.toString().replaceAll(",.*", "")));
    }
    table.append("%11s%n".formatted("speed-up"));
    for (Line line : lines) {
      table.append(line.name).append(' ');
      for (int i = 0; i < line.nanos.length; i++) {
        String format = i == 0 ? "%12.2f" : "%11.2f";
        table.append(String.format(Locale.ROOT, format, (double) line.nanos[i] / line.elements));
      }
      double speedUp = (double) line.nanos[0] / line.nanos[line.nanos.length - 1];
      table.append(String.format(Locale.ROOT, "%11.1f%n", speedUp));
    }
    if (isCold()) {
      table.append("Not all of it is compiled yet: this machine is busy.%n".formatted());
    }
    return table.toString();
  }

  private boolean isCold() {
    return lines.stream().anyMatch(Line::isCold);
  }

  private static void naiveSoftmax(float[] logits, float[] probabilities, int rows, int cols) {
    for (int from = 0; from < rows * cols; from += cols) {
      float sum = naiveExps(logits, probabilities, from, cols);
      for (int i = from; i < from + cols; i++) {
        probabilities[i] /= sum;
      }
    }
  }

  private static void naiveGradient(
      float[] logits, int[] labels, float[] losses, float[] gradient, int cols) {
    for (int r = 0; r < labels.length; r++) {
      int from = r * cols;
      float sum = naiveExps(logits, gradient, from, cols);
      int label = from + labels[r];
      losses[r] = (float) (Math.log(sum) - Math.log(gradient[label]));
      for (int i = from; i < from + cols; i++) {
        gradient[i] = (gradient[i] / sum - (i == label ? 1 : 0)) / labels.length;
      }
    }
  }

  /** One row's exponentials, shifted by its maximum, and their sum. */
  private static float naiveExps(float[] logits, float[] exps, int from, int cols) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + cols; i++) {
      max = Math.max(max, logits[i]);
    }
    float sum = 0;
    for (int i = from; i < from + cols; i++) {
      exps[i] = (float) Math.exp(logits[i] - max);
      sum += exps[i];
    }
    return sum;
  }
}
