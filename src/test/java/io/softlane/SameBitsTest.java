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

  /** The hash in this JVM, then in others that differ in what they compile, and for what. */
  @Test
  void everyWidthAndTierAgree() throws Exception {
    String hash = Long.toHexString(BitsHash.hash(SoftmaxKernels.scalar()));
    assertEquals(BitsHash.GOLDEN, hash, "other bits than on the machine that wrote the hash down");
    assertEquals(hash, Long.toHexString(BitsHash.hash(SoftmaxKernels.vector())), "this JVM");
    System.out.println(JvmMatrix.run(JvmMatrix.ordinary(), false));
  }

  /** All of them, and the two usual JVMs with every layout: mvn test -Pmatrix. */
  @Test
  @Tag("matrix")
  void everyJvmAgrees() throws Exception {
    System.out.println(JvmMatrix.run(JvmMatrix.all(), true));
  }
}
