package io.softlane;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A long row whose scores are formed in the loop of their terms: where its logits are, what makes
 * scores of them ({@code logit * scale}, then {@code + mask} unless it is null), and where its
 * terms go. The logits are in an array or, where there is a segment g, there, from element i on;
 * the terms go to an array e or a segment w from element o on, or nowhere. The loops are for native
 * segments. A sink's term follows the others; then they go to an array, or nowhere.
 */
final class FormedRow {
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  float[] x;
  MemorySegment g;
  long i;

  float scale;
  float[] mask;
  int m;
  boolean hasSink;
  float sink;

  float[] e;
  MemorySegment w;
  long o;

  /** Room for a block: of terms that go nowhere, or to a segment, or of what is copied. */
  final float[] scratch = new float[ScalarRow.BLOCK];

  /** A sum's lanes, between two parts of a block. */
  final double[] lanes = new double[ScalarRow.LANES];

  /** How many terms n logits and a sink have. */
  int terms(int n) {
    return hasSink ? n + 1 : n;
  }

  /** The sink's term, which goes to {@code out[at]}; false if it is to be plain, and is not. */
  boolean sinkTerm(int k, boolean clamped, float[] out, int at) {
    out[at] = sink;
    if (clamped) {
      ScalarRow.terms(out, at, 1, 0, k, out, at);
      return true;
    }
    return ScalarRow.plainTerms(out, at, 1, k, out, at);
  }

  boolean isStored() {
    return e != null || w != null;
  }

  /** One logit, as it is given. */
  float logit(int c) {
    return g == null ? x[(int) i + c] : g.get(FLOAT, (i + c) * Float.BYTES);
  }

  float score(int c) {
    float t = logit(c) * scale;
    return mask == null ? t : t + mask[m + c];
  }

  /** One element of the output. */
  float out(int c) {
    return w == null ? e[(int) o + c] : w.get(FLOAT, (o + c) * Float.BYTES);
  }

  void setOut(int c, float value) {
    if (w == null) {
      e[(int) o + c] = value;
    } else {
      w.set(FLOAT, (o + c) * Float.BYTES, value);
    }
  }

  /** The scores of n columns from c on. */
  void scores(RowKernels kernels, int c, int n, float[] out, int at) {
    if (g == null) {
      kernels.scores(x, (int) i + c, n, scale, mask, m + c, out, at);
      return;
    }
    MemorySegment.copy(g, FLOAT, (i + c) * Float.BYTES, out, at, n);
    if (scale != 1 || mask != null) {
      kernels.scores(out, at, n, scale, mask, m + c, out, at);
    }
  }

  void release() {
    x = null;
    g = null;
    mask = null;
    e = null;
    w = null;
  }
}
