package io.softlane.examples.digits;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The two matrix products of softmax regression.
 *
 * <p>The weights have one row per input column and one column per class. With this layout both
 * products are of the kinds that netlib's Java code sums in one fixed order (no transposed left
 * matrix, less than 10^6 multiplications), so a run gives the same digits at every vector width.
 */
final class Products {
  /** A field, since the log manager would forget a logger that nobody holds, and its level too. */
  private static final Logger NETLIB = Logger.getLogger("dev.ludovic.netlib.blas");

  /** Not BLAS.getInstance(): which native library a machine has would change the last digits. */
  private static final BLAS JAVA_BLAS;

  static {
    // Even so netlib looks for a native library first, and warns where there is none.
    NETLIB.setLevel(Level.OFF);
    JAVA_BLAS = JavaBLAS.getInstance();
  }

  private Products() {}

  /** {@code logits = inputs * weights}. BLAS counts by columns, so it sees all three transposed. */
  static void logits(Inputs inputs, float[] weights, float[] logits) {
    int k = Digits.CLASSES;
    float[] x = inputs.values();
    JAVA_BLAS.sgemm(
        "N", "N", k, inputs.rows(), inputs.cols(), 1, weights, k, x, inputs.cols(), 0, logits, k);
  }

  /** {@code weightGradient = inputs^T * logitGradient}. */
  static void weightGradient(Inputs inputs, float[] logitGradient, float[] weightGradient) {
    int k = Digits.CLASSES;
    float[] x = inputs.values();
    float[] g = logitGradient;
    JAVA_BLAS.sgemm(
        "N", "T", k, inputs.cols(), inputs.rows(), 1, g, k, x, inputs.cols(), 0, weightGradient, k);
  }
}
