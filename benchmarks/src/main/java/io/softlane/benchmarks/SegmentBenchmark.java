package io.softlane.benchmarks;

import io.softlane.SoftmaxKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Memory segments beside arrays, in JVMs that have used all of them in mixed order, so that no
 * profile is of one alone. {@code vector} is arrays in a JVM that has used nothing else.
 */
public class SegmentBenchmark extends OperationBenchmark {
  static final String SOFTMAX = "softmax";
  static final String LOG_SUM_EXP = "logsumexp";
  static final String GRADIENT = "crossentropygradient";
  private static final List<String> CALLS = List.of(SOFTMAX, LOG_SUM_EXP, GRADIENT);

  private static final long SEED = 20260103;
  private static final String MIXED_SHAPE = "8x1000";
  private static final int MIXED_ROUNDS = 3;
  private static final long MIXED_NANOS = 600_000_000;

  @Param({"64x1000", "4096x1000", "1024x4096"})
  public String shape;

  @Param({SOFTMAX, LOG_SUM_EXP, GRADIENT})
  public String call = SOFTMAX;

  @Param({"vector", "arrays", "heap", "native", "bytes"})
  public String variant;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Override
  void prepare(String shape, String variant) {
    prepare(Workload.of(shape), shape + " " + call, variant);
  }

  @Benchmark
  public void segments() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    Storage storage = Storage.of(variant.equals("vector") ? "arrays" : variant);
    if (!variant.equals("vector")) {
      useAll(SoftmaxKernels.vector());
    }
    return storage.operation(call, SoftmaxKernels.vector(), work);
  }

  /** Until C2 has had its time; where nothing warms up, for a few rounds. */
  private static void useAll(SoftmaxKernels kernels) {
    Workload work = Workload.of(MIXED_SHAPE);
    List<Operation> operations = new ArrayList<>();
    for (Storage storage : Storage.values()) {
      CALLS.forEach(call -> operations.add(storage.operation(call, kernels, work)));
    }
    Random random = new Random(SEED);
    long nanos = Steady.isAwaited() ? MIXED_NANOS : 0;
    long start = System.nanoTime();
    for (int round = 0; round < MIXED_ROUNDS || System.nanoTime() - start < nanos; round++) {
      Collections.shuffle(operations, random);
      operations.forEach(o -> o.run(work));
    }
  }

  @Override
  double check(String variant, Workload work) {
    float[] out = work.out.clone();
    float[] perRow = work.perRow.clone();
    double error =
        switch (call) {
          case SOFTMAX -> Check.softmax("vector", work);
          case LOG_SUM_EXP -> Check.logSumExp("vector", work);
          case GRADIENT -> Check.crossEntropyGradient("vector", work);
          default -> throw Operation.unknown(call);
        };
    // What a call does not write stays 0 in both.
    Arrays.fill(work.out, 0);
    Arrays.fill(work.perRow, 0);
    Storage.ARRAYS.operation(call, SoftmaxKernels.scalar(), work).run(work);
    Check.same(variant, work, out, work.out);
    Check.same(variant, work, perRow, work.perRow);
    return error;
  }
}
