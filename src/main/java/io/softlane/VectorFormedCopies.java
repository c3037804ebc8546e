package io.softlane;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The class {@link VectorFormed} several times over, as hidden classes: one for each kind of row
 * (from a segment, scaled, masked, clamped, to a segment). Each is compiled by itself, for what it
 * is used for, whatever else the JVM has done; what a row does not need, C2 then leaves out of its
 * loop. (With one class for all kinds, in a JVM that used them in turn, a scale cost 28 % and not
 * 6; and native segments, whose class C2 could no longer tell, boxed every vector. 4096 x 1000, Zen
 * 4.)
 *
 * <p>A kind's class is defined when the first row of it is there. Where a JVM cannot do that
 * (native images), all kinds share one.
 */
final class VectorFormedCopies {
  /** What a copy does. */
  interface Copy {
    /**
     * {@link VectorExp#terms} or, of plain scores, {@link VectorPlain#terms} of some columns.
     *
     * @param e where they go, from o on, or null: then to w, from byte {@code to} on
     */
    boolean terms(
        FormedRow row,
        int from,
        int cols,
        int k,
        boolean clamped,
        float[] e,
        int o,
        MemorySegment w,
        long to);

    /**
     * {@link VectorPlain#termsAndSum}, of a part of a block.
     *
     * @param all terms: one more than columns where there is a sink's
     * @param first whether the sum begins with it
     * @param last whether the sum ends with it; else it waits in {@link FormedRow#lanes}
     */
    double termsAndSum(
        FormedRow row,
        int from,
        int cols,
        int all,
        int k,
        boolean clamped,
        boolean first,
        boolean last);

    /** {@link ScalarFormed#subtractTwice}. */
    void subtractTwice(FormedRow row, int n, float hi, float lo);
  }

  static final int KINDS = 32;

  private static final AtomicReferenceArray<Copy> COPIES = new AtomicReferenceArray<>(KINDS);

  private VectorFormedCopies() {}

  static int kind(FormedRow row, boolean clamped) {
    return (row.g == null ? 0 : 1)
        | (row.scale == 1 ? 0 : 2)
        | (row.mask == null ? 0 : 4)
        | (row.w == null ? 0 : 8)
        | (clamped ? 16 : 0);
  }

  static Copy get(int kind) {
    Copy copy = COPIES.get(kind);
    if (copy == null) {
      COPIES.compareAndSet(kind, null, define());
      copy = COPIES.get(kind);
    }
    return copy;
  }

  private static Copy define() {
    try (InputStream in = VectorFormed.class.getResourceAsStream("VectorFormed.class")) {
      MethodHandles.Lookup copy = MethodHandles.lookup().defineHiddenClass(in.readAllBytes(), true);
      MethodType nothing = MethodType.methodType(void.class);
      return (Copy) copy.findConstructor(copy.lookupClass(), nothing).invoke();
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      return new VectorFormed();
    }
  }
}
