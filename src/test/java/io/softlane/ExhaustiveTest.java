package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** exp over all 2^32 floats, by the scalar kernels and at every width: mvn test -Pexhaustive. */
class ExhaustiveTest {
  /** What the javadoc of {@link io.softlane.internal.loops.Exp} states. */
  private static final double ULPS = 0.908;

  @Test
  @Tag("exhaustive")
  void allFloats() throws Exception {
    ExpSweep.Result scalar = child("scalar", ChildJvm.withModule());
    Map<String, ExpSweep.Result> results = new LinkedHashMap<>();
    results.put("scalar", scalar);
    int widest = Integer.parseInt(SoftmaxKernels.vector().toString().replaceAll("\\D", ""));
    for (int bits = 128; bits <= widest; bits *= 2) {
      List<String> flags = ChildJvm.withModule("-Dsoftlane.width=" + bits);
      results.put("vector, " + bits + " bits", child("vector", flags));
    }
    List<String> lines = new ArrayList<>();
    results.forEach((kernels, result) -> lines.add(report(kernels, result)));
    lines.forEach(System.out::println);
    results.forEach((kernels, result) -> check(kernels, scalar, result, 1L << 32));
  }

  /** The sample that the ordinary tests take. */
  @Test
  void oneFloatIn997() {
    ExpSweep.Result scalar = ExpSweep.run(SoftmaxKernels.scalar(), 997, false);
    ExpSweep.Result vector = ExpSweep.run(SoftmaxKernels.vector(), 997, false);
    System.out.println(report("scalar and vector", vector));
    check("scalar", scalar, scalar, scalar.floats());
    check("vector", scalar, vector, scalar.floats());
  }

  private static ExpSweep.Result child(String kernels, List<String> flags) throws Exception {
    ChildJvm.Result result = ChildJvm.run(flags, ExpSweep.class, true, kernels, "1");
    assertEquals(0, result.exit(), () -> kernels + " " + flags);
    return ExpSweep.Result.parse(result.out().strip().split(": ")[1]);
  }

  private static void check(
      String kernels, ExpSweep.Result scalar, ExpSweep.Result result, long floats) {
    assertEquals(floats, result.floats(), kernels);
    assertEquals(scalar, result, kernels + " against scalar");
    assertTrue(result.ulps() <= ULPS, () -> report(kernels, result));
    assertTrue(result.ulps() > 0.5, () -> "no sweep at all? " + report(kernels, result));
  }

  private static String report(String kernels, ExpSweep.Result result) {
    return "Softlane: exp, %s: %d floats, max error %.4f ULP at %s, correctly rounded %.3f %%, not monotone at %d, settled by series %d"
        .formatted(
            kernels,
            result.floats(),
            result.ulps(),
            result.worst(),
            100.0 * result.correct() / result.floats(),
            result.falls(),
            result.hard());
  }
}
