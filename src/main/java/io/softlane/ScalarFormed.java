package io.softlane;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Terms of scores that are formed on the way, of long rows: {@code logit * scale}, then {@code +
 * mask} unless it is null. The logits are in an array from index {@code i} or, where there is a
 * segment g, there from byte {@code at}. {@link VectorFormed} has the same stage.
 */
final class ScalarFormed {
  private ScalarFormed() {}

  /**
   * {@link ScalarRow#plainExpSum} of the scores; NaN, with rubbish among the terms, if one is not.
   */
  static double plainExpSum(
      float[] x,
      int i,
      MemorySegment g,
      long at,
      float scale,
      float[] mask,
      int m,
      int n,
      int k,
      float[] e,
      int o) {
    if (g == null) {
      ScalarRow.scores(x, i, n, scale, mask, m, e, o);
    } else {
      MemorySegment.copy(g, ValueLayout.JAVA_FLOAT_UNALIGNED, at, e, o, n);
      ScalarRow.scores(e, o, n, scale, mask, m, e, o);
    }
    return ScalarRow.plainExpSum(e, o, n, k, e, o);
  }
}
