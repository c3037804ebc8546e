package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest few of many short rows, which have a way of their own. */
final class RouterTest {
  private static final float[] ODD = {
    Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -0f, 0, -Float.MAX_VALUE, 1
  };

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 24, 31, 32, 60, 64, 100, 127, 128, 160, 256, 1023, 1024, 1025})
  void theLargestOfEachRow(int n) {
    SplittableRandom random = new SplittableRandom(n);
    int rows = 67; // two blocks, and some
    for (int way = 0; way < 8; way++) {
      int stride = n + way % 3;
      float[] x = new float[(rows - 1) * stride + n];
      for (int c = 0; c < x.length; c++) {
        x[c] = score(random, way, c);
      }
      Rows in = Rows.of(rows, n).withStride(stride);
      List<List<Integer>> orders = new ArrayList<>();
      for (int r = 0; r < rows; r++) {
        orders.add(TokenOracle.order(Arrays.copyOfRange(x, r * stride, r * stride + n)));
      }
      for (int k = 1; k <= Math.min(n, 9); k++) {
        for (SoftmaxKernels kernels : List.of(SoftmaxKernels.scalar(), SoftmaxKernels.vector())) {
          check(kernels, x, in, k, orders, "way " + way);
        }
      }
    }
  }

  private static float score(SplittableRandom random, int way, int c) {
    return switch (way) {
      case 0 -> (float) random.nextGaussian();
      case 1 -> Math.round(4 * random.nextGaussian()) / 4f; // ties
      case 2 -> random.nextInt(3) - 1.5f; // more of the largest than there is room for
      case 3 -> c; // the last vector has them all
      case 4 -> -c;
      case 5 -> ODD[random.nextInt(ODD.length)];
      case 6 -> random.nextInt(9) == 0 ? (float) random.nextGaussian() : Float.NEGATIVE_INFINITY;
      default -> random.nextInt(40) == 0 ? ODD[random.nextInt(4)] : (float) random.nextGaussian();
    };
  }

  private static void check(
      SoftmaxKernels kernels, float[] x, Rows in, int k, List<List<Integer>> orders, String way) {
    float[] values = Batch.guards(in.rows() * k + 3);
    int[] indices = new int[values.length];
    indices[in.rows() * k] = -7;
    String call = kernels + ", " + in + ", k " + k + ", " + way;
    kernels.topK(x, in, k, values, indices);
    for (int r = 0; r < in.rows(); r++) {
      for (int j = 0; j < k; j++) {
        int at = r * k + j;
        int c = orders.get(r).get(j);
        assertEquals(c, indices[at], () -> call + ", place " + at);
        Ulps.assertBits(values[at], x[r * (int) in.stride() + c], call, r, j);
      }
    }
    assertEquals(Batch.GUARD, Float.floatToRawIntBits(values[in.rows() * k]), "spare value");
    assertEquals(-7, indices[in.rows() * k], "spare index");
  }
}
