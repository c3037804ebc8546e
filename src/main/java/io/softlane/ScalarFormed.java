package io.softlane;

import java.lang.foreign.MemorySegment;

/** Terms of scores that are formed on the way. {@link VectorFormed} has the same stages. */
final class ScalarFormed {
  private ScalarFormed() {}

  /** {@link ScalarRow#max} of n logits of a segment, from column c on. */
  static float max(FormedRow row, int c, int n) {
    float m = Float.NEGATIVE_INFINITY;
    for (int j = c; j < c + n; j++) {
      m = Math.max(m, row.logit(j));
    }
    return m;
  }

  /**
   * The sum of the terms of n logits and the sink, scaled by 2^k: of plain scores ({@link
   * ScalarRow#plainExpSum}) or of clamped ones ({@link ScalarRow#scaledExpSum}, without a shift).
   * Not in the {@linkplain Window#holds window}, with rubbish among the terms, where they are not
   * right.
   */
  static double expSum(FormedRow row, int n, int k, boolean clamped) {
    double s = 0;
    int all = row.terms(n);
    for (int c = 0; c < all && !Double.isNaN(s); c += ScalarRow.BLOCK) {
      s += block(row, c, n, Math.min(ScalarRow.BLOCK, all - c), k, clamped);
    }
    return s;
  }

  /** The terms of some columns from c on, of n and the sink. */
  static double block(FormedRow row, int c, int n, int some, int k, boolean clamped) {
    float[] e = row.e == null ? row.scratch : row.e;
    int o = row.e == null ? 0 : (int) row.o + c;
    row.scores(ScalarKernels.INSTANCE, c, Math.min(some, n - c), e, o);
    if (c + some > n) {
      e[o + n - c] = row.sink;
    }
    double s =
        clamped
            ? ScalarRow.scaledExpSum(e, o, some, 0, k, e, o)
            : ScalarRow.plainExpSum(e, o, some, k, e, o);
    if (row.w != null) {
      MemorySegment.copy(e, o, row.w, FormedRow.FLOAT, (row.o + c) * Float.BYTES, some);
    }
    return s;
  }

  /** {@link ScalarRow#scale} of a row's output. */
  static void scale(FormedRow row, int n, double factor) {
    if (row.w == null) {
      ScalarRow.scale(row.e, (int) row.o, n, factor);
      return;
    }
    for (int c = 0; c < n; c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      long at = (row.o + c) * Float.BYTES;
      MemorySegment.copy(row.w, FormedRow.FLOAT, at, row.scratch, 0, few);
      ScalarRow.scale(row.scratch, 0, few, factor);
      MemorySegment.copy(row.scratch, 0, row.w, FormedRow.FLOAT, at, few);
    }
  }

  /** {@link ScalarRow#subtractTwice} of the scores. */
  static void subtractTwice(FormedRow row, int n, float hi, float lo) {
    float[] scores = row.scratch;
    for (int c = 0; c < n; c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, n - c);
      row.scores(ScalarKernels.INSTANCE, c, few, scores, 0);
      ScalarRow.subtractTwice(scores, 0, few, hi, lo, scores, 0);
      if (row.w == null) {
        System.arraycopy(scores, 0, row.e, (int) row.o + c, few);
      } else {
        MemorySegment.copy(scores, 0, row.w, FormedRow.FLOAT, (row.o + c) * Float.BYTES, few);
      }
    }
  }
}
