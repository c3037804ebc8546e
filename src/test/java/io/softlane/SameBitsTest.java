package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One result everywhere: scalar and vector, every width, every compiler tier; NaN equals NaN. */
class SameBitsTest {
  @Property(tries = 2000)
  void scalarAndVectorAgree(
      @ForAll Operation operation, @ForAll(supplier = Sample.Any.class) Sample sample) {
    Call scalar = Call.of(operation, sample);
    Call vector = scalar.copy();
    scalar.run(SoftmaxKernels.scalar());
    vector.run(SoftmaxKernels.vector());
    scalar.assertSameResults(vector, 0, "scalar and vector");
    assertEquals(scalar.loss, vector.loss);
  }

  /** Rows of some blocks and a few columns, which properties seldom draw. */
  @ParameterizedTest
  @EnumSource(Operation.class)
  void besideABlock(Operation operation) {
    for (int cols : new int[] {4095, 4097, 4103, 4112, 4113, 4300, 8201}) {
      for (Logits kind : List.of(Logits.NORMAL, Logits.ANY_WINDOW, Logits.SHIFTED)) {
        Call scalar = Call.of(operation, new Sample(kind, 2, cols, cols));
        for (int round = 0; round < 2; round++) {
          Call vector = scalar.copy().run(SoftmaxKernels.vector());
          String what = kind + ", " + cols + " columns";
          scalar.run(SoftmaxKernels.scalar()).assertSameResults(vector, 0, what);
          assertEquals(scalar.loss, vector.loss, what);
          if (vector.out != null) {
            vector.out().assertGuards(what);
          }
          // Without options the terms of a loss wait in the gradient's row.
          scalar.options = scalar.options == null ? null : CrossEntropy.DEFAULT;
        }
      }
    }
  }

  /** The hash in JVMs that differ in what they compile, and for what; KernelsContract has this. */
  @Test
  @Tag("processes")
  void everyWidthAndTierAgree() throws Exception {
    System.out.println(JvmMatrix.run(JvmMatrix.ordinary(), false));
  }

  /** All of them, and the two usual JVMs with every layout: mvn test -Pmatrix. */
  @Test
  @Tag("matrix")
  void everyJvmAgrees() throws Exception {
    System.out.println(JvmMatrix.run(JvmMatrix.all(), true));
  }
}
