package io.softlane.internal.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Batches beyond the caches go ways that depend on the first one's size; the bits are those of
 * parts that are not so large.
 */
class FarTest {
  private static final int[][] SHAPES = {
    {190003, 11},
    {30011, 67},
    {20009, 101},
    {10400, 200},
    {5003, 420},
    {8401, 501},
    {2600, 801},
    {2200, 1000},
    {1001, 2048}
  };

  /** Rows of a batch that is not beyond the caches. */
  private static final int PART = 256;

  private final boolean own = FirstCache.isLarge;

  @AfterEach
  void reset() {
    FirstCache.isLarge = own;
  }

  @Test
  void smallCache() {
    FirstCache.isLarge = false;
    check();
  }

  @Test
  void largeCache() {
    FirstCache.isLarge = true;
    check();
  }

  private static void check() {
    for (int[] shape : SHAPES) {
      Rows rows = Rows.of(shape[0], shape[1]);
      float[] logits = logits(rows);
      int[] labels = new int[shape[0]];
      for (int r = 0; r < labels.length; r++) {
        labels[r] = r % shape[1];
      }
      for (Way way : Way.values()) {
        String what = way + ", " + rows;
        float[] expected = new float[logits.length];
        for (int r = 0; r < shape[0]; r += PART) {
          Rows part = rows.slice(r, Math.min(r + PART, shape[0]));
          way.run(SoftmaxKernels.scalar(), part, part, logits, labels, expected);
        }
        float[] apart = new float[logits.length];
        way.run(SoftmaxKernels.vector(), rows, rows, logits, labels, apart);
        assertArrayEquals(expected, apart, what);
        // between others, which stay: so all of them have room behind them
        Rows inside = new Rows(7, shape[0], shape[1], shape[1]);
        float[] more = new float[logits.length + 107];
        Arrays.fill(more, 5);
        way.run(SoftmaxKernels.vector(), rows, inside, logits, labels, more);
        int end = 7 + logits.length;
        assertArrayEquals(expected, Arrays.copyOfRange(more, 7, end), what + ", inside");
        Arrays.fill(more, 7, end, 5);
        assertArrayEquals(filled(more.length), more, what + ", around");
        float[] inPlace = logits.clone();
        way.run(SoftmaxKernels.vector(), rows, rows, inPlace, labels, inPlace);
        assertArrayEquals(expected, inPlace, what + ", in place");
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_FLOAT, logits);
          way.run(SoftmaxKernels.vector(), rows, segment, labels);
          float[] results = segment.toArray(ValueLayout.JAVA_FLOAT);
          assertArrayEquals(expected, results, what + ", in place in native memory");
        }
      }
    }
  }

  private static float[] filled(int n) {
    float[] all = new float[n];
    Arrays.fill(all, 5);
    return all;
  }

  /** Mostly plain rows, some with -inf, and some far from 0. */
  private static float[] logits(Rows rows) {
    SplittableRandom random = new SplittableRandom(rows.cols());
    float[] logits = new float[rows.rows() * rows.cols()];
    for (int i = 0; i < logits.length; i++) {
      int r = i / rows.cols();
      float logit = (float) random.nextGaussian(r % 97 == 5 ? 1000 : 0, 3);
      logits[i] = r % 89 == 7 && random.nextBoolean() ? Float.NEGATIVE_INFINITY : logit;
    }
    return logits;
  }

  private enum Way {
    SOFTMAX,
    LOG_SOFTMAX,
    GRADIENT;

    private static final CrossEntropy SUM =
        CrossEntropy.DEFAULT.withReduction(CrossEntropy.Reduction.SUM);

    void run(SoftmaxKernels kernels, Rows in, Rows rows, float[] x, int[] labels, float[] out) {
      switch (this) {
        case SOFTMAX -> kernels.softmax(x, in, out, rows);
        case LOG_SOFTMAX -> kernels.logSoftmax(x, in, out, rows);
        case GRADIENT -> kernels.crossEntropyGradient(x, in, labels, SUM, null, out, rows);
      }
    }

    /** In place. */
    void run(SoftmaxKernels kernels, Rows rows, MemorySegment x, int[] labels) {
      switch (this) {
        case SOFTMAX -> kernels.softmax(x, rows, x, rows);
        case LOG_SOFTMAX -> kernels.logSoftmax(x, rows, x, rows);
        case GRADIENT -> kernels.crossEntropyGradient(x, rows, labels, SUM, null, x, rows);
      }
    }
  }
}
