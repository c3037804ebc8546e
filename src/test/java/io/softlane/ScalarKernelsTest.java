package io.softlane;

/** The contract, held to the scalar kernels. */
class ScalarKernelsTest extends KernelsContract {
  @Override
  public SoftmaxKernels kernels() {
    return SoftmaxKernels.scalar();
  }
}
