package io.softlane.examples.spark;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The two matrix products of softmax regression, in the forms whose sums netlib's Java code forms
 * in one fixed order, interpreted or compiled. Its sgemm does so below 10^6 multiplications without
 * a transposed left matrix; above, lanes are summed in whatever order the compiler chose.
 */
final class Products {
  private static final int MULTIPLICATIONS = 1_000_000;

  /** A field, since the log manager would forget a logger that nobody holds, and its level too. */
  private static final Logger NETLIB = Logger.getLogger("dev.ludovic.netlib.blas");

  /** Not BLAS.getInstance(): a native library may differ from one machine to the next. */
  private static final BLAS JAVA_BLAS;

  static {
    // Even so netlib looks for a native library first, and warns where there is none.
    NETLIB.setLevel(Level.OFF);
    JAVA_BLAS = JavaBLAS.getInstance();
  }

  private Products() {}

  /**
   * {@code logits = values * weights}, some rows at a time. BLAS counts by columns, so it sees all
   * three transposed.
   *
   * @param weights one row per column of the block, one column per class
   */
  static void logits(Block block, float[] weights, float[] logits) {
    int d = block.cols();
    int k = Source.CLASSES;
    int tile = Math.max(1, (MULTIPLICATIONS - 1) / (d * k));
    float[] x = block.values();
    for (int r = 0; r < block.rows(); r += tile) {
      int n = Math.min(tile, block.rows() - r);
      JAVA_BLAS.sgemm("N", "N", k, n, d, 1, weights, 0, k, x, r * d, d, 0, logits, r * k, k);
    }
  }

  /**
   * {@code weightGradient = logitGradient^T * values}, one row per class, one column per column of
   * the block. A sum of outer products: with ten classes sger is faster here than sgemm.
   */
  static void weightGradient(Block block, float[] logitGradient, float[] weightGradient) {
    int d = block.cols();
    int k = Source.CLASSES;
    float[] x = block.values();
    float[] g = logitGradient;
    for (int r = 0; r < block.rows(); r++) {
      JAVA_BLAS.sger(d, k, 1, x, r * d, 1, g, r * k, 1, weightGradient, 0, d);
    }
  }
}
