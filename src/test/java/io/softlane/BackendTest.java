package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which kernels a JVM gets. The choice is made once per JVM, so that each case has its own. */
class BackendTest {
  private static final String VECTOR = "vector, \\d+ bits";
  private static final String NO_MODULE =
      "IllegalStateException: .*--add-modules jdk\\.incubator\\.vector.*";

  /** This JVM must have the module: a build without it fails here, and skips nothing. */
  @Test
  void vectorsRunHere() {
    assertTrue(SoftmaxKernels.vector().toString().matches(VECTOR), "" + SoftmaxKernels.vector());
    assertEquals("scalar", SoftmaxKernels.scalar().toString());
    assertSame(SoftmaxKernels.vector(), SoftmaxKernels.vector());
    assertSame(SoftmaxKernels.scalar(), SoftmaxKernels.scalar());
    assertSame(SoftmaxKernels.best(), SoftmaxKernels.best());
  }

  @Test
  void vectorIsBestWhereItIsFast() throws Exception {
    Map<String, String> answers = probe(ChildJvm.withModule());
    assertMatches(VECTOR, answers.get("best"));
    assertEquals(answers.get("best"), answers.get("vector"));
    assertEquals("scalar", answers.get("scalar"));
    assertMatches(VECTOR + ".*", answers.get("reason"));
  }

  @Test
  void withoutTheModule() throws Exception {
    Map<String, String> answers = probe(List.of());
    assertEquals("scalar", answers.get("best"));
    assertMatches(NO_MODULE, answers.get("vector"));
    assertEquals("scalar", answers.get("scalar"));
    assertMatches("scalar.*--add-modules jdk\\.incubator\\.vector.*", answers.get("reason"));
  }

  @Test
  void withoutTheModuleWhereVectorIsAskedFor() throws Exception {
    Map<String, String> answers = probe(List.of("-Dsoftlane.kernels=vector"));
    assertMatches(NO_MODULE, answers.get("best"));
    assertMatches(NO_MODULE, answers.get("vector"));
  }

  @Test
  void withoutC2() throws Exception {
    for (String flag : List.of("-Xint", "-XX:TieredStopAtLevel=1")) {
      String cure = flag.replaceAll("=.*", "");
      Map<String, String> answers = probe(ChildJvm.withModule(flag));
      assertEquals("scalar", answers.get("best"), flag);
      assertMatches("IllegalStateException: .*" + cure + ".*", answers.get("vector"));
      assertMatches("scalar.*" + cure + ".*", answers.get("reason"));
      answers = probe(ChildJvm.withModule(flag, "-Dsoftlane.kernels=vector"));
      assertMatches("IllegalStateException: .*" + cure + ".*", answers.get("best"));
    }
  }

  /** Flags that java.vm.info does not tell. */
  @Test
  void withoutCompiledVectors() throws Exception {
    String support = "-XX:-EnableVectorSupport";
    List<List<String>> cases =
        List.of(
            List.of("-XX:TieredStopAtLevel", "-XX:TieredStopAtLevel=0"),
            List.of("-XX:TieredStopAtLevel", "-XX:TieredStopAtLevel=2"),
            List.of("-XX:TieredStopAtLevel", "-XX:TieredStopAtLevel=3"),
            List.of("-XX:TieredStopAtLevel", "-XX:CompilationMode=quick-only"),
            List.of("-XX:-UseCompiler", "-XX:-UseCompiler"),
            List.of(support, "-XX:+UnlockExperimentalVMOptions", support));
    for (List<String> flags : cases) {
      String[] all = flags.subList(1, flags.size()).toArray(String[]::new);
      assertNoVectors(flags.get(0), probe(ChildJvm.withModule(all)));
    }
  }

  /** Math.fma would be BigDecimal. */
  @Test
  void withoutFusedMultiplyAdd() throws Exception {
    List<String> flags = new ArrayList<>(List.of("-XX:-UseFMA"));
    if (System.getProperty("os.arch").equals("amd64")) {
      flags.add("-XX:UseAVX=0");
    }
    for (String flag : flags) {
      assertNoVectors("no fused multiply-add", probe(ChildJvm.withModule(flag)));
    }
  }

  private static void assertNoVectors(String why, Map<String, String> answers) {
    assertEquals("scalar", answers.get("best"), why);
    assertMatches("IllegalStateException: .*" + why + ".*", answers.get("vector"));
    assertMatches("scalar.*" + why + ".*", answers.get("reason"));
  }

  /** What changes something else leaves the vectors in place. */
  @Test
  void otherFlagsAndCompilers() throws Exception {
    for (String flag : List.of("-XX:-UseSuperWord", "-XX:-TieredCompilation", "-XX:+UseSerialGC")) {
      assertMatches(VECTOR, probe(ChildJvm.withModule(flag)).get("best"));
    }
    List<String> unlocked = ChildJvm.withModule("-XX:+UnlockExperimentalVMOptions");
    assertMatches(VECTOR, probe(unlocked).get("best"));
  }

  /** As a named module: the same answers, with and without jdk.management to tell the flags. */
  @Test
  void onTheModulePath() throws Exception {
    assertMatches(VECTOR, probe(modulePath(ChildJvm.MODULE)).get("best"));
    Map<String, String> without = probe(modulePath());
    assertEquals("scalar", without.get("best"));
    assertMatches(NO_MODULE, without.get("vector"));
    String[] noFma = {"-XX:-UseFMA", ChildJvm.MODULE[0], ChildJvm.MODULE[1]};
    assertNoVectors("no fused multiply-add", probe(modulePath(noFma)));
    String[] asked = {"-Dsoftlane.kernels=vector"};
    assertMatches(NO_MODULE, probe(modulePath(asked)).get("best"));

    String[] small = {"--limit-modules", "java.base", "-Xint"};
    assertEquals("scalar", probe(modulePath(small)).get("best"));
    String[] vectors = {
      "--limit-modules", "java.base,jdk.incubator.vector", "--add-modules", "jdk.incubator.vector"
    };
    assertMatches(VECTOR, probe(modulePath(vectors)).get("best"));
    String[] interpreted = {"-Xint", vectors[0], vectors[1], vectors[2], vectors[3]};
    assertEquals("scalar", probe(modulePath(interpreted)).get("best"));
  }

  /** The probe is patched into the library's module, so that it may stay in its package. */
  private static List<String> modulePath(String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(List.of("--module-path", home(SoftmaxKernels.class)));
    all.addAll(List.of("--patch-module", "io.softlane=" + home(BackendProbe.class)));
    all.addAll(List.of("-m", "io.softlane/" + BackendProbe.class.getName()));
    return all;
  }

  private static String home(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @Test
  void theKernelsProperty() throws Exception {
    assertEquals("scalar", probeKernels("scalar").get("best"));
    assertMatches(VECTOR, probeKernels("scalar").get("vector"));
    assertMatches(VECTOR, probeKernels("vector").get("best"));
    assertMatches(VECTOR, probeKernels("best").get("best"));
    for (String bad : List.of("fast", "", "Vector")) {
      String best = probeKernels(bad).get("best");
      assertMatches("IllegalArgumentException: .*", best);
      for (String value : List.of("softlane.kernels", "best", "scalar", "vector", bad)) {
        assertTrue(best.contains(value), best);
      }
    }
  }

  /** The choice goes to the log once, where somebody asked for that level; else nowhere. */
  @Test
  void theLog() throws Exception {
    String warning = "WARNING: Using incubator modules: jdk.incubator.vector";
    ChildJvm.Result silent = ChildJvm.run(ChildJvm.withModule(), BackendProbe.class);
    assertEquals("", silent.out());
    List<String> others = silent.err().lines().filter(l -> !l.startsWith("probe ")).toList();
    assertEquals(List.of(warning), others);

    Path config = Files.createTempFile("softlane", ".properties");
    try {
      Files.writeString(
          config,
          """
          handlers = java.util.logging.ConsoleHandler
          java.util.logging.ConsoleHandler.level = ALL
          java.util.logging.SimpleFormatter.format = log %3$s %4$s %5$s%n
          io.softlane.level = FINE
          """);
      List<String> flags = ChildJvm.withModule("-Djava.util.logging.config.file=" + config);
      ChildJvm.Result asked = ChildJvm.run(flags, BackendProbe.class);
      assertEquals("", asked.out());
      List<String> log = asked.err().lines().filter(l -> l.startsWith("log ")).toList();
      assertEquals(1, log.size(), asked.err());
      assertMatches("log io.softlane FINE vector, \\d+ bits: the module .*", log.get(0));
    } finally {
      Files.delete(config);
    }
  }

  private static Map<String, String> probeKernels(String value) throws Exception {
    return probe(ChildJvm.withModule("-Dsoftlane.kernels=" + value));
  }

  @Test
  void theWidthProperty() throws Exception {
    Map<String, String> narrow = probe(ChildJvm.withModule("-Dsoftlane.width=128"));
    assertEquals("vector, 128 bits", narrow.get("best"));
    for (String bad : List.of("64", "1024", "wide", "")) {
      Map<String, String> answers = probe(ChildJvm.withModule("-Dsoftlane.width=" + bad));
      String vector = answers.get("vector");
      assertMatches("IllegalArgumentException: .*", vector);
      for (String value : List.of("softlane.width", "128", "256", "512", bad)) {
        assertTrue(vector.contains(value), vector);
      }
    }
    // A JVM flag makes the machine narrow, so that this case runs everywhere.
    Map<String, String> wide =
        probe(ChildJvm.withModule("-XX:MaxVectorSize=16", "-Dsoftlane.width=256"));
    assertMatches("IllegalStateException: .*256.*128.*", wide.get("vector"));
    assertEquals("scalar", wide.get("best"));
    assertMatches("scalar.*256.*128.*", wide.get("reason"));
  }

  /** The answers by name. Nothing may be on standard output. */
  private static Map<String, String> probe(List<String> flags) throws Exception {
    ChildJvm.Result result = ChildJvm.run(flags, BackendProbe.class);
    assertEquals(0, result.exit(), flags + ": " + result.err());
    assertEquals("", result.out(), flags + ": standard output");
    Map<String, String> answers = new TreeMap<>();
    for (String line : result.err().lines().filter(l -> l.startsWith("probe ")).toList()) {
      String[] parts = line.substring("probe ".length()).split(" = ", 2);
      answers.put(parts[0], parts[1]);
    }
    assertEquals(4, answers.size(), flags + ": " + result.err());
    return answers;
  }

  private static void assertMatches(String pattern, String text) {
    assertTrue(text.matches(pattern), () -> text + " does not match " + pattern);
  }
}
