package io.softlane.examples.onnxocr;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.softlane.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;

/**
 * How long the model's own Softmax and Softlane take on the same logits, and each with the network
 * before it. A quick look: figures to rely on come from JMH, in benchmarks/.
 */
final class Timing implements AutoCloseable {
  private static final int WARM_UPS = 2;
  private static final int ROUNDS = 13;

  private static final long WARM_UP_NANOS = 1_000_000_000;
  private static final long QUIET_MILLIS = 20;
  private static final long PATIENCE_NANOS = 15 * WARM_UP_NANOS;

  /** Softmax alone takes so little time that a round has several pairs of it. */
  private static final int PAIRS = 6;

  /** Times of both in nanoseconds, in pairs: one after the other on the same thread. */
  static final class Pairs {
    private final double[] onnxRuntime;
    private final double[] softlane;

    private Pairs(int count) {
      onnxRuntime = new double[count];
      softlane = new double[count];
    }

    /** Median milliseconds. */
    double onnxRuntime() {
      return median(onnxRuntime) * 1e-6;
    }

    /** Median milliseconds. */
    double softlane() {
      return median(softlane) * 1e-6;
    }

    /** Median of ONNX Runtime's time over Softlane's. */
    double ratio() {
      double[] ratios = new double[softlane.length];
      Arrays.setAll(ratios, i -> onnxRuntime[i] / softlane[i]);
      return median(ratios);
    }

    private static double median(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return sorted[sorted.length / 2];
    }
  }

  private interface Step {
    void run() throws OrtException;
  }

  private final Recognizer recognizer;
  private final Network whole;
  private final Network cut;
  private final Network softmax;
  private final Pairs softmaxes = new Pairs(ROUNDS * PAIRS);
  private final Pairs wholes = new Pairs(ROUNDS);

  Timing(byte[] model, Graph graph, Recognizer recognizer) throws OrtException {
    this.recognizer = recognizer;
    whole = new Network(model);
    cut = new Network(graph.withoutSoftmax());
    softmax = new Network(graph.softmaxAlone());
  }

  static int rounds() {
    return WARM_UPS + ROUNDS;
  }

  /** Times a batch over and over, on all threads at once. */
  void run(Batch batch, int threads, Runnable step) throws Exception {
    Crew.work(
        threads,
        Collections.nCopies(threads, batch),
        (index, same, workspace) -> warmUp(same, workspace));
    Crew.work(
        threads,
        Collections.nCopies(rounds(), batch),
        (index, same, workspace) -> {
          round(index - WARM_UPS, same, workspace);
          step.run();
        });
  }

  /** Softmax alone. */
  Pairs softmaxes() {
    return softmaxes;
  }

  /** Network and softmax. */
  Pairs wholes() {
    return wholes;
  }

  /** Softlane alone, since what is written in Java is compiled while it runs. */
  private void warmUp(Batch batch, Workspace workspace) throws OrtException {
    Rows rows = recognizer.rows(batch);
    CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    workspace.logits().tensor(batch.outputShape(rows.cols())).close(); // the memory stays
    MemorySegment values = workspace.logits().segment();
    long begin = System.nanoTime();
    long compiled;
    do {
      compiled = compilers.getTotalCompilationTime();
      for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP_NANOS; ) {
        recognizer.kernels().softmax(values, rows, values, rows);
      }
    } while (compilers.getTotalCompilationTime() - compiled > QUIET_MILLIS
        && System.nanoTime() - begin < PATIENCE_NANOS);
  }

  private void round(int round, Batch batch, Workspace workspace) throws OrtException {
    Rows rows = recognizer.rows(batch);
    long[] shape = batch.outputShape(rows.cols());
    try (OnnxTensor in = workspace.pixels().tensor(batch.inputShape());
        OnnxTensor logits = workspace.logits().tensor(shape);
        OnnxTensor probabilities = workspace.others().tensor(shape);
        OnnxTensor kept = workspace.spare().tensor(shape)) {
      batch.write(workspace.pixels());
      cut.run(in, kept);
      MemorySegment values = workspace.logits().segment();
      // Where both are to find logits, of which Softlane leaves none: put back, off the clock.
      Step restore = () -> values.copyFrom(workspace.spare().segment());
      Step inPlace = () -> recognizer.kernels().softmax(values, rows, values, rows);
      for (int i = 0; i < PAIRS; i++) {
        Step theirs = () -> softmax.run(logits, probabilities);
        time(softmaxes, round * PAIRS + i, theirs, inPlace, restore);
      }
      Step both =
          () -> {
            cut.run(in, logits);
            inPlace.run();
          };
      time(wholes, round, () -> whole.run(in, probabilities), both, restore);
    }
  }

  /** Times both; who is first alternates. Warm-ups have indices below 0. */
  private static void time(Pairs pairs, int index, Step theirs, Step ours, Step restore)
      throws OrtException {
    for (int turn = 0; turn < 2; turn++) {
      restore.run();
      boolean own = turn == (index & 1);
      long start = System.nanoTime();
      (own ? ours : theirs).run();
      double nanos = System.nanoTime() - start;
      if (index >= 0) {
        (own ? pairs.softlane : pairs.onnxRuntime)[index] = nanos;
      }
    }
  }

  @Override
  public void close() throws OrtException {
    whole.close();
    cut.close();
    softmax.close();
  }
}
