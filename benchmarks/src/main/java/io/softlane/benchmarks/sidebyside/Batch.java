package io.softlane.benchmarks.sidebyside;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;

/**
 * The memory of one case, which both versions use: where an array lies, and in which pages, is the
 * same for both.
 */
public final class Batch {
  private static final long SEED = 20260103;
  private static final long ALIGNMENT = 64;
  private static final int KEPT = 8;
  private static final Set<String> DENSE =
      Set.of("targets", "softmaxbackward", "logsoftmaxbackward");

  /** A NaN that no kernel computes: what still holds it was not written. */
  private static final int UNTOUCHED = 0x7fc0_5afe;

  public final Case of;
  public final float[] logits;
  public final int[] labels;
  public final ScoreParts parts;

  /** Each row's sum is 1; null for what needs none. */
  public final float[] targets;

  public final float[] out;
  public final float[] perRow;

  /** Room for {@link #kept} a row. */
  public final int[] indices;

  /** How many the top-k of a row are. */
  public final int kept;

  /** In [0, 1), one per row. */
  public final float[] uniforms;

  public final MemorySegment nativeLogits;
  public final MemorySegment nativeOut;

  /** A copy of the logits from before each call, or null: in place, it is the output. */
  public final float[] copied;

  public double mean;

  public Batch(Case of) {
    this.of = of;
    Logits numbers = new Logits(of.data(), of.rows(), of.stride());
    logits = numbers.logits;
    labels = new int[of.rows()];
    Arrays.setAll(labels, r -> numbers.labels[r] % of.cols());
    out = new float[logits.length];
    perRow = new float[of.rows()];
    kept = Math.min(KEPT, of.cols());
    indices = new int[of.rows() * kept];
    uniforms = new float[of.rows()];
    Random random = new Random(SEED);
    for (int r = 0; r < of.rows(); r++) {
      uniforms[r] = random.nextFloat();
    }
    copied =
        switch (of.operation()) {
          case "inplace" -> out;
          case "copied" -> new float[logits.length];
          default -> null;
        };
    parts = new ScoreParts(of.rows(), of.cols());
    targets = DENSE.contains(of.operation()) ? targets() : null;
    boolean isNative = of.operation().startsWith("native");
    nativeLogits = isNative ? allocate() : null;
    nativeOut = isNative ? allocate() : null;
    if (isNative) {
      MemorySegment.copy(logits, 0, nativeLogits, ValueLayout.JAVA_FLOAT, 0, logits.length);
    }
  }

  private MemorySegment allocate() {
    return Arena.ofAuto().allocate((long) logits.length * Float.BYTES, ALIGNMENT);
  }

  private float[] targets() {
    Random random = new Random(SEED);
    float[] all = new float[logits.length];
    for (int row = 0; row < all.length; row += of.cols()) {
      double sum = 0;
      for (int i = row; i < row + of.cols(); i++) {
        all[i] = random.nextFloat();
        sum += all[i];
      }
      for (int i = row; i < row + of.cols(); i++) {
        all[i] /= (float) sum;
      }
    }
    return all;
  }

  /** Before each call that reads {@link #copied}; never timed. */
  public void refresh() {
    System.arraycopy(logits, 0, copied, 0, logits.length);
  }

  /** The bits of everything that one call writes, and {@link #UNTOUCHED} where it does not. */
  int[] results(Side side) {
    Arrays.fill(out, Float.intBitsToFloat(UNTOUCHED));
    Arrays.fill(perRow, Float.intBitsToFloat(UNTOUCHED));
    Arrays.fill(indices, UNTOUCHED);
    mean = 0;
    side.time(1);
    int[] bits = new int[out.length + perRow.length + indices.length + 1];
    if (nativeOut != null && !of.operation().equals("nativelogsumexp")) {
      MemorySegment.copy(nativeOut, ValueLayout.JAVA_FLOAT, 0, out, 0, out.length);
    }
    int n = 0;
    for (float value : out) {
      bits[n++] = Float.floatToRawIntBits(value);
    }
    for (float value : perRow) {
      bits[n++] = Float.floatToRawIntBits(value);
    }
    for (int index : indices) {
      bits[n++] = index;
    }
    bits[n] = mean == 0 ? UNTOUCHED : Double.hashCode(mean);
    return bits;
  }

  /** How many of the results that at least one side wrote differ, and how many there are. */
  static long[] differing(int[] a, int[] b) {
    long differing = 0;
    long written = 0;
    for (int i = 0; i < a.length; i++) {
      if (a[i] != UNTOUCHED || b[i] != UNTOUCHED) {
        written++;
        differing += a[i] == b[i] ? 0 : 1;
      }
    }
    return new long[] {differing, written};
  }
}
