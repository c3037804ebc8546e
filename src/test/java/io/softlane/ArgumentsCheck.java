package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs a decoded call and holds it to the contract: either its results are right and nothing else
 * was touched, or it threw an exception that {@link Refusals} allows and nothing was touched at
 * all.
 */
final class ArgumentsCheck {
  /** best() too: until C2 has compiled the vector kernels, others check the arguments there. */
  private static final List<SoftmaxKernels> KERNELS =
      List.of(SoftmaxKernels.scalar(), SoftmaxKernels.vector(), SoftmaxKernels.best());

  private ArgumentsCheck() {}

  /** Returns the exceptions that were lawful: none where the call was. */
  static Set<Class<? extends Exception>> run(byte[] bytes) {
    RawCall before = new RawCall(bytes);
    Set<Class<? extends Exception>> refusals = Refusals.of(before);
    Call first = null;
    for (SoftmaxKernels kernels : KERNELS) {
      RawCall raw = new RawCall(bytes);
      Call call = null;
      Exception thrown = null;
      try {
        call = raw.build();
        call.run(kernels);
      } catch (Exception e) {
        thrown = e;
      }
      if (refusals.isEmpty()) {
        if (thrown != null) {
          throw new AssertionError(kernels + " refused a legal call:\n" + before, thrown);
        }
        assertNothingElse(before, raw);
        first = first == null ? call : first;
        assertSame(first, call, () -> kernels + " differs from scalar:\n" + before);
      } else {
        assertRefused(refusals, thrown, kernels + ":\n" + before);
        assertUntouched(before, raw, new boolean[before.slots().size()][], true);
      }
    }
    boolean hasAll =
        first != null
            && (first.results != null || !first.operation.takes(Operation.Argument.RESULTS));
    if (hasAll && !before.unbounded) {
      ResultsCheck.run(before.build(), first, before.toString());
    }
    return refusals;
  }

  private static void assertRefused(
      Set<Class<? extends Exception>> refusals, Exception thrown, String what) {
    // Exactly these: a subclass is an accident, such as an array's own bounds check.
    if (thrown == null || !refusals.contains(thrown.getClass())) {
      throw new AssertionError("not one of " + refusals + " from " + what, thrown);
    }
    assertTrue(thrown.getMessage() != null, () -> "no message from " + what);
  }

  private static void assertSame(Call first, Call call, Supplier<String> what) {
    if (first != call) {
      call.assertSameResults(first, 0, "not the bits of the scalar kernels");
      assertEquals(first.loss, call.loss, what);
    }
  }

  /** Every element outside of the outputs is as it was. */
  private static void assertNothingElse(RawCall before, RawCall after) {
    List<RawCall.Slot> slots = after.slots();
    boolean[][] written = new boolean[slots.size()][];
    if (after.outSlot != null) {
      Rows rows = after.out.build();
      boolean[] inside = written(written, slots, after.outSlot);
      for (int r = 0; r < rows.rows(); r++) {
        int start = (int) (rows.offset() + r * rows.stride());
        Arrays.fill(inside, start, start + rows.cols(), true);
      }
    }
    if (after.resultsSlot != null && after.resultsSlot.array != null) {
      Arrays.fill(written(written, slots, after.resultsSlot), 0, after.in.rows(), true);
    }
    assertUntouched(before, after, written, false);
  }

  private static boolean[] written(
      boolean[][] written, List<RawCall.Slot> slots, RawCall.Slot slot) {
    int i = slots.indexOf(slot);
    written[i] = written[i] == null ? new boolean[slot.array.length] : written[i];
    return written[i];
  }

  private static void assertUntouched(
      RawCall before, RawCall after, boolean[][] written, boolean refused) {
    for (int i = 0; i < written.length; i++) {
      float[] old = before.slots().get(i).array;
      float[] now = after.slots().get(i).array;
      if (old == null) {
        assertNull(now);
        continue;
      }
      for (int k = 0; k < old.length; k++) {
        int bits = Float.floatToRawIntBits(now[k]);
        if ((written[i] == null || !written[i][k]) && bits != Float.floatToRawIntBits(old[k])) {
          throw new AssertionError("element " + k + " of array " + i + " was touched:\n" + before);
        }
      }
    }
    assertArrayEquals(before.labels, after.labels, "labels");
    int results = refused || after.indices == null ? 0 : after.in.rows();
    for (int i = results; after.indices != null && i < after.indices.length; i++) {
      assertEquals(before.indices[i], after.indices[i], "index " + i);
    }
  }
}
