package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.recipes.Attention;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipes for attention, against double; docs/recipes.md derives the bounds. */
class AttentionRecipesTest {
  private static final float MASKED = Float.NEGATIVE_INFINITY;

  private final SoftmaxKernels kernels = SoftmaxKernels.best();

  private static float[] gaussian(RandomGenerator random, int n, double size) {
    float[] data = new float[n];
    for (int i = 0; i < n; i++) {
      data[i] = (float) (size * random.nextGaussian());
    }
    return data;
  }

  private static float[] mask(RandomGenerator random, int n) {
    float[] mask = new float[n];
    for (int i = 0; i < n; i++) {
      mask[i] = random.nextInt(4) == 0 ? MASKED : 0;
    }
    return mask;
  }

  @ParameterizedTest
  @CsvSource({"3, 5, 17, 64", "2, 40, 40, 80", "4, 1, 700, 128"})
  void probabilities(int heads, int queries, int keys, int depth) {
    Random random = new Random(1);
    int n = heads * queries * keys;
    float[] scores = gaussian(random, n, 3 * Math.sqrt(depth));
    float[] mask = mask(random, queries * keys);
    float[] sinks = gaussian(random, heads, 1);
    sinks[0] = MASKED; // none
    for (int q = 0; q < queries; q++) {
      mask[q * keys] = 0.25f; // an additive one
    }
    for (int h = 0; h < heads; h++) {
      for (int q = 0; q < queries; q++) {
        for (int c = keys - queries + q + 1; c < keys; c++) {
          scores[(h * queries + q) * keys + c] = Float.NaN; // the future
        }
      }
    }
    float[] given = scores.clone();
    Attention.probabilities(kernels, scores, heads, queries, keys, depth, mask, sinks);
    float scale = (float) (1 / Math.sqrt(depth));
    for (int r = 0; r < heads * queries; r++) {
      int q = r % queries;
      int length = keys - queries + q + 1;
      double[] row = new double[length + 1];
      for (int c = 0; c < length; c++) {
        float score = given[r * keys + c] * scale;
        row[c] = score + mask[q * keys + c]; // rounded to a float twice
      }
      row[length] = sinks[r / queries];
      double[] exact = Oracle.softmax(row);
      for (int c = 0; c < keys; c++) {
        float actual = scores[r * keys + c];
        if (c < length) {
          Ulps.assertProbability(actual, exact[c], "probability", r, c);
        } else {
          Ulps.assertBits(actual, 0, "probability of the future", r, c);
        }
      }
    }
  }

  /** Row 0 has nothing left, row 1 nothing in its first chunk. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 200})
  void merge(int width) {
    Random random = new Random(2);
    int rows = 12;
    int keys = 200;
    int depth = 8;
    float[] scores = gaussian(random, rows * keys, 4);
    float[] values = gaussian(random, keys * depth, 1);
    Arrays.fill(scores, 0, keys + (width < keys ? width : 0), MASKED);
    int chunks = Math.ceilDiv(keys, width);
    float[] lse = new float[rows * chunks];
    float[][] outputs = new float[chunks][];
    for (int k = 0; k < chunks; k++) {
      outputs[k] = chunk(scores, values, rows, keys, depth, k * width, width, lse, k, chunks);
    }
    float[] output = new float[rows * depth];
    Attention.merge(kernels, lse, outputs, rows, depth, output);

    for (int r = 0; r < rows; r++) {
      double[] o = Oracle.row(scores, Rows.of(rows, keys), r);
      boolean empty = Oracle.max(o) == MASKED;
      double[] p = empty ? new double[keys] : Oracle.softmax(o);
      double largest = 1;
      for (int k = 0; k < chunks; k++) {
        double part = lse[r * chunks + k];
        largest = Math.max(largest, Double.isInfinite(part) ? 1 : Math.abs(part));
      }
      for (int d = 0; d < depth; d++) {
        double exact = 0;
        double size = 0;
        for (int c = 0; c < keys; c++) {
          exact += p[c] * values[c * depth + d];
          size += p[c] * Math.abs(values[c * depth + d]);
        }
        double bound = (0x1p-21 * largest + 0x1p-20) * size;
        Ulps.assertError(output[r * depth + d], exact, bound, "output", r, d);
      }
    }
  }

  /** What a worker that has some of the keys hands over: its output, and its log-sum-exp. */
  private float[] chunk(
      float[] scores,
      float[] values,
      int rows,
      int keys,
      int depth,
      int from,
      int width,
      float[] lse,
      int k,
      int chunks) {
    int cols = Math.min(width, keys - from);
    Rows in = new Rows(from, rows, cols, keys);
    Rows out = Rows.of(rows, cols);
    float[] p = new float[rows * cols];
    float[] part = new float[rows];
    kernels.softmax(scores, in, SoftmaxOptions.DEFAULT.withEmptyRowsZero(), p, out);
    kernels.logSumExp(scores, in, part);
    float[] output = new float[rows * depth];
    for (int r = 0; r < rows; r++) {
      lse[r * chunks + k] = part[r];
      for (int d = 0; d < depth; d++) {
        double sum = 0;
        for (int c = 0; c < cols; c++) {
          sum += (double) p[r * cols + c] * values[(from + c) * depth + d];
        }
        output[r * depth + d] = (float) sum;
      }
    }
    return output;
  }

  /** Sinks join the softmax of the chunks, where they count once. */
  @Test
  void sinksJoinTheMerge() {
    int rows = 6;
    int keys = 96;
    int chunks = 4;
    Random random = new Random(3);
    float[] scores = gaussian(random, rows * keys, 3);
    float[] sinks = gaussian(random, rows, 4);
    float[] lse = new float[rows * chunks];
    kernels.logSumExp(scores, Rows.of(rows * chunks, keys / chunks), lse);
    SoftmaxOptions options = SoftmaxOptions.DEFAULT.withSinks(sinks);
    Rows batch = Rows.of(rows, chunks);
    float[] shares = new float[rows * chunks];
    kernels.softmax(lse, batch, options, shares, batch);
    for (int r = 0; r < rows; r++) {
      double[] row = Arrays.copyOf(Oracle.row(scores, Rows.of(rows, keys), r), keys + 1);
      row[keys] = sinks[r];
      double[] p = Oracle.softmax(row);
      double largest = 1;
      for (int k = 0; k < chunks; k++) {
        largest = Math.max(largest, Math.abs(lse[r * chunks + k]));
      }
      for (int k = 0; k < chunks; k++) {
        double exact = Arrays.stream(p, k * keys / chunks, (k + 1) * keys / chunks).sum();
        double bound = (0x1p-21 * largest + 0x1p-21) * exact;
        Ulps.assertError(shares[r * chunks + k], exact, bound, "share", r, k);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 80})
  void backward(int depth) {
    Random random = new Random(4);
    int rows = 6;
    int keys = 40;
    Rows batch = Rows.of(rows, keys);
    float[] scores = gaussian(random, rows * keys, 2 * Math.sqrt(depth));
    float[] mask = mask(random, rows * keys);
    float[] sinks = gaussian(random, rows, 1);
    float[] upstream = gaussian(random, rows * keys, 1);
    float[] u = upstream.clone();
    float[] p = new float[rows * keys];
    float scale = (float) (1 / Math.sqrt(depth));
    SoftmaxOptions options =
        SoftmaxOptions.DEFAULT.withScale(scale).withMask(mask, batch).withSinks(sinks);
    kernels.softmax(scores, batch, options, p, batch);
    Attention.backward(kernels, p, upstream, batch, depth);
    for (int r = 0; r < rows; r++) {
      checkBackward(
          Oracle.row(scores, batch, r),
          Oracle.row(mask, batch, r),
          sinks[r],
          Oracle.row(u, batch, r),
          scale,
          Arrays.copyOfRange(upstream, r * keys, (r + 1) * keys),
          r);
    }
  }

  private static void checkBackward(
      double[] o, double[] mask, double sink, double[] u, double s, float[] actual, int r) {
    double[] p = probabilities(o, mask, sink, s);
    double dot = 0;
    double size = 0;
    double m = 0;
    double top = 0;
    for (int c = 0; c < o.length; c++) {
      dot += p[c] * u[c];
      size += p[c] * Math.abs(u[c]);
      m = Math.max(m, Math.abs(s * o[c]));
      top = Math.max(top, Math.abs(u[c]));
    }
    for (int c = 0; c < o.length; c++) {
      if (mask[c] == MASKED) {
        assertEquals(0, actual[c], 0, "a masked column has no gradient");
        continue;
      }
      double exact = Difference.at(x -> dot(u, probabilities(x, mask, sink, s)), o, c);
      double pu = p[c] * Math.abs(u[c] - dot);
      double bound =
          s * 0x1p-23 * ((m + 3) * (pu + p[c] * size) + 1.5 * pu)
              + s * 0x1p-47 * p[c] * (Math.abs(u[c]) + size);
      double difference =
          Difference.STEP * Difference.STEP / 24 * s * s * s * top
              + 0x1p-48 * top / Difference.STEP;
      Ulps.assertError(actual[c], exact, (1 + 0x1p-10) * bound + difference, "gradient", r, c);
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int c = 0; c < x.length; c++) {
      sum += x[c] * y[c];
    }
    return sum;
  }

  private static double[] probabilities(double[] o, double[] mask, double sink, double s) {
    double[] row = new double[o.length + 1];
    for (int c = 0; c < o.length; c++) {
      row[c] = s * o[c] + mask[c];
    }
    row[o.length] = sink;
    return Arrays.copyOf(Oracle.softmax(row), o.length);
  }
}
