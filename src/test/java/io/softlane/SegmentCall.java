package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.Operation.Argument;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A {@link Call} whose batches are memory segments; everything else, and the guards, are the
 * call's.
 */
final class SegmentCall {
  /** The operations that segments have; with options or without is the same method's choice. */
  static final List<Operation> OPERATIONS =
      List.of(
          Operation.MAX,
          Operation.ARGMAX,
          Operation.LOG_SUM_EXP,
          Operation.SOFTMAX,
          Operation.LOG_SOFTMAX,
          Operation.LOSS_OF_LABELS,
          Operation.GRADIENT_OF_LABELS,
          Operation.LOG_SUM_EXP_OF_SCORES,
          Operation.SOFTMAX_OF_SCORES,
          Operation.LOG_SOFTMAX_OF_SCORES);

  final Call call;
  MemorySegment in;
  MemorySegment out;

  SegmentCall(Call call, MemorySegment in, MemorySegment out) {
    this.call = call;
    this.in = in;
    this.out = out;
  }

  boolean hasOut() {
    return call.operation.takes(Argument.OUT);
  }

  SegmentCall run(SegmentKernels k) {
    Call c = call;
    switch (c.operation) {
      case MAX -> k.max(in, c.inRows, c.results);
      case ARGMAX -> k.argmax(in, c.inRows, c.indices);
      case LOG_SUM_EXP -> k.logSumExp(in, c.inRows, c.results);
      case SOFTMAX -> k.softmax(in, c.inRows, out, c.outRows);
      case LOG_SOFTMAX -> k.logSoftmax(in, c.inRows, out, c.outRows);
      case LOG_SUM_EXP_OF_SCORES -> k.logSumExp(in, c.inRows, c.scores, c.results);
      case SOFTMAX_OF_SCORES -> k.softmax(in, c.inRows, c.scores, out, c.outRows);
      case LOG_SOFTMAX_OF_SCORES -> k.logSoftmax(in, c.inRows, c.scores, out, c.outRows);
      case LOSS_OF_LABELS -> c.loss = k.crossEntropy(in, c.inRows, c.labels, c.options, c.results);
      case GRADIENT_OF_LABELS ->
          c.loss =
              k.crossEntropyGradient(in, c.inRows, c.labels, c.options, c.results, out, c.outRows);
      default -> throw new IllegalArgumentException(c.operation + " has no segments");
    }
    return this;
  }

  /** Fails unless results, guards and input are bit for bit those of the same call on arrays. */
  void assertSame(Call arrays, String what) {
    String name = call + ", " + what;
    assertEquals(arrays.loss, call.loss, name);
    assertArrayEquals(arrays.indices, call.indices, name);
    Rows perRow = new Rows(0, arrays.inRows.rows(), 1, 1);
    if (arrays.results != null) {
      assertBits(arrays.results, call.results, perRow, name + ": results");
    }
    if (hasOut()) {
      float[] written = Memory.get(out, arrays.out.length);
      assertBits(arrays.out, written, arrays.outRows, name + ": output");
    }
    if (arrays.in != arrays.out || !hasOut()) {
      float[] read = Memory.get(in, arrays.in.length);
      assertBits(arrays.in, read, arrays.inRows.slice(0, 0), name + ": input");
    }
  }

  /** Outside of the rows every bit counts; within them any NaN is the same. */
  private static void assertBits(float[] expected, float[] actual, Rows rows, String what) {
    assertArrayEquals(bits(expected, rows), bits(actual, rows), what);
  }

  private static int[] bits(float[] values, Rows rows) {
    int[] bits = LayoutContract.bits(values);
    for (int r = 0; r < rows.rows(); r++) {
      for (int c = 0; c < rows.cols(); c++) {
        int i = (int) (rows.offset() + r * rows.stride() + c);
        bits[i] = Float.floatToIntBits(values[i]);
      }
    }
    return bits;
  }
}
