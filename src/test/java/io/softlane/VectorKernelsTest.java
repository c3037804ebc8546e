package io.softlane;

/** The contract, held to the vector kernels. */
class VectorKernelsTest extends KernelsContract {
  @Override
  public SoftmaxKernels kernels() {
    return SoftmaxKernels.vector();
  }
}
