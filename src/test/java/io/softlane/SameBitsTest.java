package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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
