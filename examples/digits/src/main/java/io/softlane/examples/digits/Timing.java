package io.softlane.examples.digits;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long softmax, loss and gradient of one batch take with the naive loop, the scalar and the
 * vector kernels: a quick look on one thread. Figures to rely on come from JMH, in benchmarks/.
 */
final class Timing {
  private static final int ROUNDS = 51;
  private static final long WARM_UP_NANOS = 40_000_000;
  private static final int WARM_UPS = 12;
  private static final long QUIET_MILLIS = 10;
  private static final long SAMPLE_NANOS = 1_000_000;

  /** One of the implementations: its operations in the order of {@link #OPERATIONS}. */
  private record Implementation(String name, Runnable... operations) {}

  private static final List<String> OPERATIONS = List.of("softmax", "loss", "gradient");

  private final float[] logits;
  private final int[] labels;
  private final Rows batch;
  private final float[] result;
  private final float[] losses;

  /** Milliseconds that the compilers have worked so far. */
  private long compilation;

  private Timing(float[] logits, int[] labels) {
    this.logits = logits;
    this.labels = labels;
    batch = Rows.of(labels.length, Digits.CLASSES);
    result = new float[logits.length];
    losses = new float[labels.length];
  }

  /** Times these logits and prints a table. */
  static void print(float[] logits, int[] labels, Output output) {
    new Timing(logits, labels).print(output);
  }

  private void print(Output output) {
    List<Implementation> implementations = new ArrayList<>();
    implementations.add(naive());
    implementations.add(kernels("scalar", SoftmaxKernels.scalar()));
    String noVector = null;
    try {
      implementations.add(kernels("vector", SoftmaxKernels.vector()));
    } catch (IllegalStateException e) {
      noVector = e.getMessage();
    }

    int operations = OPERATIONS.size();
    int[][] calls = new int[implementations.size()][operations];
    double[][][] nanos = new double[implementations.size()][operations][ROUNDS];
    output.forEach(
        "Timing",
        WARM_UPS + ROUNDS,
        step -> {
          if (step < WARM_UPS && isWarm(step)) {
            return;
          }
          for (int o = 0; o < operations; o++) {
            for (int i = 0; i < implementations.size(); i++) {
              Runnable operation = implementations.get(i).operations()[o];
              if (step < WARM_UPS) {
                double perCall = warmUp(operation);
                calls[i][o] = (int) Math.max(1, SAMPLE_NANOS / perCall);
              } else {
                nanos[i][o][step - WARM_UPS] = time(operation, calls[i][o]) / calls[i][o];
              }
            }
          }
        });

    if (!output.terminal()) {
      output.print("");
    }
    output.print(
        "Time per call on %,d x %d training logits, and speed against the naive loop:",
        batch.rows(), batch.cols());
    StringBuilder head = new StringBuilder(" ".repeat(10));
    implementations.forEach(i -> head.append("%22s".formatted(i.name())));
    output.print("%s", head);
    for (int o = 0; o < operations; o++) {
      StringBuilder line = new StringBuilder("%-10s".formatted(OPERATIONS.get(o)));
      for (double[][] own : nanos) {
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
          ratios[round] = nanos[0][o][round] / own[o][round];
        }
        line.append(
            String.format(Locale.ROOT, "%10.1f us %7.2fx", median(own[o]) / 1000, median(ratios)));
      }
      output.print("%s", line);
    }
    if (noVector != null) {
      output.print("%s", noVector);
    }
    output.print(
        "A quick look: one thread, medians of %d rounds in turn. JMH's figures: benchmarks/.",
        ROUNDS);
  }

  private Implementation naive() {
    int cols = batch.cols();
    return new Implementation(
        "naive loop",
        () -> NaiveLoop.softmax(logits, result, labels.length, cols),
        () -> NaiveLoop.loss(logits, labels, losses, cols),
        () -> NaiveLoop.gradient(logits, labels, losses, result, cols));
  }

  private Implementation kernels(String name, SoftmaxKernels kernels) {
    CrossEntropy options = CrossEntropy.DEFAULT;
    return new Implementation(
        name,
        () -> kernels.softmax(logits, batch, result, batch),
        () -> kernels.crossEntropy(logits, batch, labels, options, losses),
        () -> kernels.crossEntropyGradient(logits, batch, labels, options, losses, result, batch));
  }

  /** Whether the compilers were idle while all the operations ran once more. */
  private boolean isWarm(int warmUps) {
    long before = compilation;
    compilation = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    return warmUps >= 2 && compilation - before <= QUIET_MILLIS;
  }

  /** Runs for a while; nanoseconds per call in the last half. */
  private static double warmUp(Runnable operation) {
    int calls = 1;
    double nanos = 0;
    for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP_NANOS; calls *= 2) {
      nanos = time(operation, calls) / calls;
    }
    return nanos;
  }

  private static double time(Runnable operation, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      operation.run();
    }
    return System.nanoTime() - start;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
