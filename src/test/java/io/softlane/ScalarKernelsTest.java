package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The contract, held to the scalar kernels. */
class ScalarKernelsTest extends KernelsContract {
  @Override
  public SoftmaxKernels kernels() {
    return SoftmaxKernels.scalar();
  }

  @Test
  void text() {
    assertEquals("scalar", kernels().toString());
  }
}
