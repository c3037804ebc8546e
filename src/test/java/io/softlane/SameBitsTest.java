package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

  /**
   * Widths are fixed for the life of a JVM, so that each needs its own. They are forced twice: by
   * the library's property, and by JVM flags, which also take the wider instructions away.
   */
  @Test
  @Tag("processes")
  void everyWidthAndTierAgree() throws Exception {
    String hash = BitsHash.GOLDEN;
    int widest = bits(child(hash, "vector", 8, ChildJvm.withModule()));
    Set<Integer> proved = new TreeSet<>(List.of(widest));
    for (int bits = 128; bits <= Math.min(512, widest); bits *= 2) {
      List<String> property = ChildJvm.withModule("-Dsoftlane.width=" + bits);
      assertEquals("vector, " + bits + " bits", child(hash, "vector", 8, property));
      List<String> flag = ChildJvm.withModule("-XX:MaxVectorSize=" + bits / 8);
      assertEquals("vector, " + bits + " bits", child(hash, "vector", 8, flag));
      proved.add(bits);
    }
    if (System.getProperty("os.arch").equals("amd64")) {
      List<String> avx2 = ChildJvm.withModule("-XX:UseAVX=2");
      assertEquals(Math.min(256, widest), bits(child(hash, "vector", 8, avx2)));
    }
    for (String tier : List.of("-Xint", "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation")) {
      assertEquals("scalar", child(hash, "scalar", 2, List.of(tier)));
    }
    assertTrue(proved.contains(128), "no width proved");
    System.out.println("Softlane: same bits from scalar and from vectors of " + proved + " bits");
  }

  /** Runs the hash in a child, which must give the same; returns the name of its kernels. */
  private static String child(String hash, String kernels, int rounds, List<String> flags)
      throws Exception {
    ChildJvm.Result result = ChildJvm.run(flags, BitsHash.class, kernels, Integer.toString(rounds));
    assertEquals(0, result.exit(), flags + ": " + result.err());
    String[] answer = result.out().strip().split(": ");
    assertEquals(hash, answer[1], flags + ", " + answer[0]);
    return answer[0];
  }

  private static int bits(String kernels) {
    return Integer.parseInt(kernels.replaceAll("\\D", ""));
  }
}
