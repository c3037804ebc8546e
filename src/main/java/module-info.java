/**
 * Vectorised kernels for softmax regression on row-major {@code float} batches.
 *
 * <p>The vector kernels need the incubator module at run time: {@code --add-modules
 * jdk.incubator.vector}. Without it the library still works, on its scalar kernels.
 */
module io.softlane {
  requires static jdk.incubator.vector;

  exports io.softlane;
}
