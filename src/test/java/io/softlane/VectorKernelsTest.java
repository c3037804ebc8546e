package io.softlane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The contract, held to the vector kernels. */
class VectorKernelsTest extends KernelsContract {
  @Override
  public SoftmaxKernels kernels() {
    return SoftmaxKernels.vector();
  }

  @Test
  void text() {
    String text = kernels().toString();
    assertTrue(text.matches("vector, (128|256|512) bits"), text);
  }
}
