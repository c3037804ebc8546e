package io.softlane;

/**
 * Hashes the results of every operation over a fixed set of inputs, for {@link SameBitsTest} to
 * compare between JVMs. Prints the kernels' name and the hash.
 */
final class BitsHash {
  /** Short and long rows, with and without a tail at every width; the last takes two blocks. */
  private static final int[] COLS = {1, 3, 5, 8, 16, 17, 31, 32, 50, 100, 257, 600, 2600, 9000};

  /**
   * The hash on every machine. It changes with the inputs here, and with a change of the kernels
   * that is meant to change results.
   */
  static final String GOLDEN = "67eff436e08f13e0";

  private BitsHash() {}

  /** Arguments: scalar or vector, and how often: later rounds run what C2 compiled meanwhile. */
  public static void main(String[] arguments) {
    boolean vector = arguments[0].equals("vector");
    SoftmaxKernels kernels = vector ? SoftmaxKernels.vector() : SoftmaxKernels.scalar();
    long hash = hash(kernels);
    for (int round = 1; round < Integer.parseInt(arguments[1]); round++) {
      if (hash(kernels) != hash) {
        throw new AssertionError("round " + round + " gave other bits than round 0");
      }
    }
    System.out.println(kernels + ": " + Long.toHexString(hash));
  }

  static long hash(SoftmaxKernels kernels) {
    long hash = 0;
    for (Operation operation : Operation.values()) {
      for (Logits kind : Logits.values()) {
        for (int cols : COLS) {
          Call call = Call.of(operation, sample(kind, cols));
          // Without a gap between the rows, kernels may take both at once.
          Call dense = call.packedRows(0, call.inRows.rows());
          hash = 31 * hash + hash(call.run(kernels));
          hash = 31 * hash + hash(dense.run(kernels));
        }
      }
    }
    return hash;
  }

  private static Sample sample(Logits kind, int cols) {
    return new Sample(kind, 2, cols, 1000L * kind.ordinal() + cols);
  }

  private static long hash(Call call) {
    long hash = 7;
    for (int r = 0; r < call.inRows.rows(); r++) {
      hash = 31 * hash + (call.results == null ? 0 : Float.floatToIntBits(call.results[r]));
      hash = 31 * hash + (call.indices == null ? 0 : call.indices[r]);
      for (int c = 0; call.out != null && c < call.inRows.cols(); c++) {
        hash = 31 * hash + Float.floatToIntBits(call.out().get(r, c));
      }
    }
    if (call.loss != null) {
      hash = 31 * hash + Double.doubleToLongBits(call.loss.sum());
      hash = 31 * hash + Double.doubleToLongBits(call.loss.weight());
    }
    return hash;
  }
}
