package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.internal.report.SelfTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The report's test of the kernels notices what it is there to notice. */
class SelfTestTest {
  @Test
  void kernelsPass() {
    for (SoftmaxKernels kernels : List.of(SoftmaxKernels.scalar(), SoftmaxKernels.vector())) {
      SelfTest test = new SelfTest(kernels);
      assertNull(test.run(0));
      assertEquals(SelfTest.GOLDEN, test.hash());
      assertTrue(test.rows() > 1000, () -> test.rows() + " rows");
      // Other rows each time.
      assertNull(test.run(0));
      assertEquals(SelfTest.GOLDEN, test.hash());
    }
  }

  @Test
  void anotherHash() {
    String failure = test((kernels, a) -> {}).run(0);
    assertTrue(failure.matches("the scalar kernels gave the hash [0-9a-f]+, not 1"), failure);
  }

  /** One bit of a result of each sort. */
  @Test
  void anotherBit() {
    String perRow =
        test((kernels, a) -> a.perRow()[1] = isScalar(kernels) ? 1 : Math.nextUp(1f)).run(0);
    assertTrue(perRow.contains("1.0000001 at 1, the scalar kernels have 1.0"), perRow);
    String out = test((kernels, a) -> a.out()[0] = isScalar(kernels) ? 0f : -0f).run(0);
    assertTrue(out.contains("broken of Rows[offset=0, rows=64, cols=1"), out);
    assertTrue(out.contains("-0.0 at 0, the scalar kernels have 0.0"), out);
  }

  private static SelfTest test(SelfTest.Operation.Action action) {
    List<SelfTest.Operation> operations = List.of(new SelfTest.Operation("broken", action));
    return new SelfTest(SoftmaxKernels.vector(), operations, 1);
  }

  private static boolean isScalar(SoftmaxKernels kernels) {
    return kernels == SoftmaxKernels.scalar();
  }
}
