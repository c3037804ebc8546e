package io.softlane.internal.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;
import io.softlane.internal.loops.ScalarLoops;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkTest {
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.scalar();
  private static final int ROWS = 5;

  /** A thread keeps its work, and would keep a caller's arrays alive that it still knew. */
  @Test
  void nothingOfTheCallersStays() {
    for (int cols : new int[] {1, 10, 600, 1000, 3000, 40000}) {
      nothingOfTheCallersStays(cols);
    }
  }

  private static void nothingOfTheCallersStays(int cols) {
    Rows rows = Rows.of(ROWS, cols);
    float[] logits = new float[ROWS * cols];
    float[] other = new float[ROWS * cols];
    float[] out = new float[ROWS * cols];
    float[] values = new float[ROWS];
    int[] columns = new int[ROWS];
    float[] weights = new float[cols];
    CrossEntropy loss = CrossEntropy.DEFAULT.withClassWeights(weights);
    Sampling how = new Sampling(2, 3, 0.5f, 0);
    int[] lengths = {cols, 1, cols, 0, cols};
    SoftmaxOptions masked = SoftmaxOptions.DEFAULT.withScale(0.5f).withMask(other, rows);
    SoftmaxOptions ragged = SoftmaxOptions.DEFAULT.withLengths(lengths).withSinks(new float[ROWS]);
    List<Object> given =
        List.of(logits, other, out, values, columns, lengths, weights, masked, ragged, loss, how);
    for (SoftmaxOptions options : List.of(SoftmaxOptions.DEFAULT, masked, ragged)) {
      KERNELS.softmax(logits, rows, options, out, rows);
      assertHoldsNone(given, "softmax, " + options);
      KERNELS.logSoftmax(logits, rows, options, out, rows);
      assertHoldsNone(given, "logSoftmax, " + options);
      KERNELS.logSumExp(logits, rows, options, values);
      assertHoldsNone(given, "logSumExp, " + options);
    }
    KERNELS.entropy(logits, rows, values);
    assertHoldsNone(given, "entropy");
    KERNELS.crossEntropy(logits, rows, columns, loss, values);
    assertHoldsNone(given, "crossEntropy");
    KERNELS.crossEntropyGradient(logits, rows, columns, loss, values, out, rows);
    assertHoldsNone(given, "crossEntropyGradient");
    KERNELS.crossEntropyGradient(logits, rows, other, rows, loss, values, out, rows);
    assertHoldsNone(given, "crossEntropyGradient of targets");
    KERNELS.softmaxBackward(logits, rows, other, rows, out, rows);
    assertHoldsNone(given, "softmaxBackward");
    KERNELS.max(logits, rows, values);
    assertHoldsNone(given, "max");
    KERNELS.topK(logits, rows, 1, values, columns);
    assertHoldsNone(given, "topK");
    KERNELS.sample(logits, rows, how, new float[ROWS], columns, values);
    assertHoldsNone(given, "sample");
    Rows one = Rows.of(1, cols);
    KERNELS.softmax(logits, one, out, one);
    KERNELS.logSoftmax(logits, one, out, one);
    KERNELS.logSumExp(logits, one, values);
    assertHoldsNone(given, "one row");
    KERNELS.argmax(logits, rows, columns);
    assertHoldsNone(given, "argmax");
  }

  @Test
  void noSegmentStays() {
    Rows rows = Rows.of(ROWS, 1000);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment logits = arena.allocate(ROWS * 4000L);
      MemorySegment out = arena.allocate(ROWS * 4000L);
      KERNELS.softmax(logits, rows, out, rows);
      assertHoldsNone(List.of(logits, out), "softmax of segments");
    }
  }

  private static void assertHoldsNone(List<Object> given, String what) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>();
    left.add(Work.take(ScalarLoops.INSTANCE));
    while (!left.isEmpty()) {
      Object some = left.pop();
      if (!some.getClass().getName().contains("io.softlane") || !seen.add(some)) {
        continue;
      }
      if (some instanceof Object[] array) {
        for (Object element : array) {
          push(left, element);
        }
        continue;
      }
      for (Class<?> type = some.getClass(); type != Object.class; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          if (!field.getType().isPrimitive() && !Modifier.isStatic(field.getModifiers())) {
            Object value = value(field, some);
            for (Object one : given) {
              assertEquals(false, value == one, what + ": " + field);
            }
            push(left, value);
          }
        }
      }
    }
  }

  private static void push(Deque<Object> left, Object some) {
    if (some != null) {
      left.push(some);
    }
  }

  private static Object value(Field field, Object of) {
    try {
      field.setAccessible(true);
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
