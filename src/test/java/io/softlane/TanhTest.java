package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code cap * tanh(x / cap)} over a stride of all floats; over all 2^32, by the scalar kernels and
 * at every width, with mvn test -Pexhaustive.
 */
class TanhTest {
  /** One that models have; where the derived bound is largest; one whose powers are no floats. */
  private static final List<Float> FEW = List.of(1f, 30f, 1.3957946f, 1e-30f);

  /** And more: the ends of the caps whose powers are floats, and of all caps. */
  private static final List<Float> CAPS =
      List.of(1f, 30f, 1.3957946f, 1e-30f, 50f, 0x1p-9f, 0x1.fffffep8f, 1e-40f, 3e38f);

  /** What the page on accuracy derives for every cap. */
  private static final double ULPS = 1.94;

  @Test
  @Tag("exhaustive")
  void allFloats() throws Exception {
    Map<String, List<TanhSweep.Result>> results = new LinkedHashMap<>();
    List<TanhSweep.Result> scalar = child("scalar", ChildJvm.withModule());
    results.put("scalar", scalar);
    int widest = Integer.parseInt(SoftmaxKernels.vector().toString().replaceAll("\\D", ""));
    for (int bits = 128; bits <= widest; bits *= 2) {
      List<String> flags = ChildJvm.withModule("-Dsoftlane.width=" + bits);
      results.put("vector, " + bits + " bits", child("vector", flags));
    }
    for (int i = 0; i < scalar.size(); i++) {
      System.out.println(report("scalar and vector", CAPS.get(i), scalar.get(i)));
    }
    results.forEach((kernels, result) -> check(kernels, scalar, result, 1L << 32));
  }

  /** The sample that the ordinary tests take. */
  @Test
  void oneFloatIn9973() {
    List<TanhSweep.Result> scalar = new ArrayList<>();
    List<TanhSweep.Result> vector = new ArrayList<>();
    for (float cap : CAPS) {
      scalar.add(TanhSweep.run(SoftmaxKernels.scalar(), cap, 9973));
      vector.add(TanhSweep.run(SoftmaxKernels.vector(), cap, 9973));
    }
    check("scalar", scalar, scalar, scalar.getFirst().floats());
    check("vector", scalar, vector, scalar.getFirst().floats());
  }

  private static List<TanhSweep.Result> child(String kernels, List<String> flags) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(kernels, "1"));
    FEW.forEach(cap -> arguments.add(cap.toString()));
    ChildJvm.Result result =
        ChildJvm.run(flags, TanhSweep.class, true, arguments.toArray(String[]::new));
    assertEquals(0, result.exit(), () -> kernels + " " + flags);
    return Arrays.stream(result.out().strip().split("\n"))
        .map(line -> TanhSweep.Result.parse(line.split(": ")[2]))
        .toList();
  }

  private static void check(
      String kernels, List<TanhSweep.Result> scalar, List<TanhSweep.Result> results, long floats) {
    for (int i = 0; i < scalar.size(); i++) {
      TanhSweep.Result result = results.get(i);
      String report = report(kernels, CAPS.get(i), result);
      assertEquals(floats, result.floats(), report);
      assertEquals(scalar.get(i), result, report + ", against scalar");
      assertTrue(result.ulps() <= ULPS, report);
      assertTrue(result.ulps() > 0.49, () -> "no sweep at all? " + report);
    }
  }

  private static String report(String kernels, float cap, TanhSweep.Result result) {
    return "Softlane: softcap %s, %s: %d floats, max error %.4f ULP at %s, hash %016x"
        .formatted(cap, kernels, result.floats(), result.ulps(), result.worst(), result.hash());
  }
}
