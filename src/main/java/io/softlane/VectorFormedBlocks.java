package io.softlane;

import static io.softlane.Lanes.WIDTH;

import io.softlane.VectorFormedCopies.Copy;
import java.lang.foreign.MemorySegment;

/** What the loops of {@link VectorFormed} are called for, block by block of a row. */
final class VectorFormedBlocks {
  /** Columns of a block that have their terms at a time, where these go nowhere: 4 KiB. */
  private static final int PART = 1024;

  private VectorFormedBlocks() {}

  /** {@link ScalarFormed#expSum}. */
  static double expSum(FormedRow row, int n, int k, boolean clamped) {
    Copy loops = VectorFormedCopies.get(VectorFormedCopies.kind(row, clamped));
    double s = 0;
    int all = row.terms(n);
    for (int c = 0; c < all && !Double.isNaN(s); c += ScalarRow.BLOCK) {
      int few = Math.min(ScalarRow.BLOCK, all - c);
      int logits = Math.min(few, n - c);
      if (logits < WIDTH) {
        s += ScalarFormed.block(row, c, n, few, k, clamped);
      } else if (VectorPlain.lags(logits)) {
        s += parts(loops, row, c, logits, few, k, clamped);
      } else {
        s += termsThenSum(loops, row, c, logits, few, k, clamped);
      }
    }
    return s;
  }

  /** A block's terms. Those that go nowhere share a buffer, which so leaves room in the cache. */
  private static double parts(
      Copy loops, FormedRow row, int from, int n, int all, int k, boolean clamped) {
    if (row.isStored()) {
      return loops.termsAndSum(row, from, n, all, k, clamped, true, true);
    }
    double s = 0;
    boolean last = false;
    for (int c = 0; !last && !Double.isNaN(s); c += PART) {
      last = n - c < PART + 4 * VectorPlain.LAG;
      int logits = last ? n - c : PART;
      int some = last ? all - c : PART;
      s = loops.termsAndSum(row, from + c, logits, some, k, clamped, c == 0, last);
    }
    return s;
  }

  private static double termsThenSum(
      Copy loops, FormedRow row, int from, int n, int all, int k, boolean clamped) {
    float[] e = row.e == null ? row.scratch : row.e;
    int o = row.e == null ? 0 : (int) row.o + from;
    if (!loops.terms(row, from, n, k, clamped, e, o, null, 0)
        || all > n && !row.sinkTerm(k, clamped, e, o + n)) {
      return Double.NaN;
    }
    if (row.w != null) {
      MemorySegment.copy(e, o, row.w, FormedRow.FLOAT, (row.o + from) * Float.BYTES, n);
    }
    return VectorRow.sumOfStored(e, o, all);
  }
}
