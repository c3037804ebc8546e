/**
 * Vectorised kernels for softmax regression on row-major {@code float} batches.
 *
 * <p>The vector kernels need the incubator module at run time: {@code --add-modules
 * jdk.incubator.vector}. Without it the library still works, on its scalar kernels. {@code
 * jdk.management} is asked for the JVM's flags where it is there, as it is unless a run-time image
 * leaves it out.
 */
module io.softlane {
  requires static jdk.incubator.vector;
  requires static jdk.management;

  exports io.softlane;
}
