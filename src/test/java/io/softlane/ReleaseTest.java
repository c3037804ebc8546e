package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.internal.loops.ScalarLoops;
import io.softlane.internal.rows.Work;
import java.lang.foreign.Arena;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A thread keeps its {@link Work}, and would keep alive what that still knew of the caller's. */
class ReleaseTest {
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.scalar();
  private static final List<Object> CONSTANTS =
      List.of(SoftmaxOptions.DEFAULT, CrossEntropy.DEFAULT, Sampling.DEFAULT);

  @Test
  void nothingOfACallStays() {
    for (Operation operation : Operation.values()) {
      for (int cols : new int[] {1, 10, 600, 1000, 3000, 40000}) {
        for (int rows : new int[] {1, 5}) {
          for (Logits kind : List.of(Logits.NORMAL, Logits.ANY_WINDOW)) {
            Call call = Call.of(operation, new Sample(kind, rows, cols, cols + rows));
            call.run(KERNELS);
            assertNoneIsKept(call, operation + ", " + rows + " x " + cols + ", " + kind);
          }
        }
      }
    }
  }

  @Test
  void noSegmentStays() {
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (Memory memory : List.of(Memory.NATIVE, Memory.UNALIGNED)) {
        Call arrays = Call.of(operation, new Sample(Logits.NORMAL, 5, 1000, 1));
        try (Arena arena = Arena.ofConfined()) {
          SegmentCall call =
              new SegmentCall(
                  arrays,
                  memory.of(arena, arrays.in),
                  arrays.out == null ? null : memory.of(arena, arrays.out));
          call.run(KERNELS);
          assertNoneIsKept(call, operation + ", " + memory);
        }
      }
    }
  }

  private static void assertNoneIsKept(Object call, String what) {
    Set<Object> kept = reachable(Work.take(ScalarLoops.INSTANCE));
    kept.retainAll(reachable(call));
    kept.removeAll(CONSTANTS);
    assertEquals(Set.of(), kept, what);
  }

  /** An object, and what fields of our classes, and elements of arrays, lead to from it. */
  private static Set<Object> reachable(Object root) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>(List.of(root));
    while (!left.isEmpty()) {
      Object some = left.pop();
      if (!seen.add(some)) {
        continue;
      }
      if (some instanceof Object[] array) {
        Arrays.stream(array).filter(Objects::nonNull).forEach(left::push);
      }
      for (Class<?> type = some.getClass(); isOurs(type); type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          Object value = Modifier.isStatic(field.getModifiers()) ? null : value(field, some);
          if (value != null && !field.getType().isPrimitive()) {
            left.push(value);
          }
        }
      }
    }
    return seen;
  }

  private static boolean isOurs(Class<?> type) {
    return type.getName().startsWith("io.softlane");
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
