package io.softlane.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.softlane.CrossEntropy;
import io.softlane.SoftmaxKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntFunction;

/** Where a batch lies: in an array, or in a segment of some kind of memory. */
enum Storage {
  ARRAYS(null),
  HEAP(floats -> MemorySegment.ofArray(new float[floats])),
  NATIVE(floats -> Arena.ofAuto().allocate((long) floats * Float.BYTES, Storage.ALIGNMENT)),
  BYTES(floats -> MemorySegment.ofArray(new byte[Math.multiplyExact(floats, Float.BYTES)]));

  private static final long ALIGNMENT = 64;

  private final IntFunction<MemorySegment> allocate;

  Storage(IntFunction<MemorySegment> allocate) {
    this.allocate = allocate;
  }

  static Storage of(String variant) {
    return Arrays.stream(values())
        .filter(s -> s.name().toLowerCase(Locale.ROOT).equals(variant))
        .findFirst()
        .orElseThrow(() -> Operation.unknown(variant));
  }

  /** One of {@link SegmentBenchmark}'s calls. */
  Operation operation(String call, SoftmaxKernels kernels, Workload work) {
    return this == ARRAYS ? arrays(call, kernels) : segments(call, kernels, work);
  }

  private static Operation arrays(String call, SoftmaxKernels kernels) {
    return switch (call) {
      case SegmentBenchmark.SOFTMAX -> w -> kernels.softmax(w.logits, w.batch, w.out, w.batch);
      case SegmentBenchmark.LOG_SUM_EXP -> w -> kernels.logSumExp(w.logits, w.batch, w.perRow);
      case SegmentBenchmark.GRADIENT ->
          w ->
              w.meanLoss =
                  kernels
                      .crossEntropyGradient(
                          w.logits,
                          w.batch,
                          w.labels,
                          CrossEntropy.DEFAULT,
                          w.perRow,
                          w.out,
                          w.batch)
                      .mean();
      default -> throw Operation.unknown(call);
    };
  }

  private Operation segments(String call, SoftmaxKernels kernels, Workload work) {
    MemorySegment logits = allocate.apply(work.logits.length);
    MemorySegment.copy(work.logits, 0, logits, JAVA_FLOAT_UNALIGNED, 0, work.logits.length);
    if (call.equals(SegmentBenchmark.LOG_SUM_EXP)) {
      return w -> kernels.logSumExp(logits, w.batch, w.perRow);
    }
    MemorySegment out = allocate.apply(work.out.length);
    return switch (call) {
      case SegmentBenchmark.SOFTMAX ->
          written(out, w -> kernels.softmax(logits, w.batch, out, w.batch));
      case SegmentBenchmark.GRADIENT ->
          written(
              out,
              w ->
                  w.meanLoss =
                      kernels
                          .crossEntropyGradient(
                              logits,
                              w.batch,
                              w.labels,
                              CrossEntropy.DEFAULT,
                              w.perRow,
                              out,
                              w.batch)
                          .mean());
      default -> throw Operation.unknown(call);
    };
  }

  private static Operation written(MemorySegment out, Operation call) {
    return new Operation() {
      @Override
      public void run(Workload work) {
        call.run(work);
      }

      @Override
      public void fetch(Workload work) {
        MemorySegment.copy(out, JAVA_FLOAT_UNALIGNED, 0, work.out, 0, work.out.length);
      }
    };
  }
}
