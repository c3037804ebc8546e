package io.softlane;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.internal.report.SelfTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code java -jar} says, in JVMs of its own. */
@Tag("processes")
class ReportTest {
  private static final String WARNING = "WARNING: Using incubator modules: jdk.incubator.vector";
  private static final String PASSED = "(?s).*\\nself-test  passed: [0-9]+ rows, .*";

  @TempDir static Path directory;

  private static Path jar;

  /** As Maven builds it, as far as the report can tell; tests run before Maven's is there. */
  @BeforeAll
  static void buildJar() throws Exception {
    Path properties = directory.resolve("META-INF/maven/io.softlane/softlane/pom.properties");
    Files.createDirectories(properties.getParent());
    Files.writeString(properties, "version=1.2.3\n");
    jar = directory.resolve("softlane.jar");
    String classes =
        Path.of(Report.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    int status =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--create",
                "--file=" + jar,
                "--main-class=" + Report.class.getName(),
                "-C",
                classes,
                ".",
                "-C",
                directory.toString(),
                "META-INF/maven");
    assertEquals(0, status);
  }

  @Test
  void withTheModule() throws Exception {
    ChildJvm.Result result = run(ChildJvm.withModule());
    assertEquals(0, result.exit(), result.toString());
    assertEquals(List.of(WARNING), result.err().lines().toList());
    assertLine("kernels    vector, \\d+ bits", result);
    assertLine("module     jdk.incubator.vector: yes", result);
    assertLine("why        the module jdk.incubator.vector is resolved and C2 compiles", result);
    assertLine("to add     nothing", result);
    assertLine("JVM flags .*MaxVectorSize=\\d+ UseFMA=true.*", result);
    assertScreen(result.out());
    assertTrue(result.out().contains("same bits as the scalar kernels"), result.out());
    assertLine(" +naive loop +scalar +vector +speed-up", result);
  }

  @Test
  void withoutTheModule() throws Exception {
    ChildJvm.Result result = run(List.of());
    assertEquals(0, result.exit(), result.toString());
    assertEquals("", result.err());
    assertLine("Softlane 1.2.3", result);
    assertLine("kernels    scalar", result);
    assertLine("module     jdk.incubator.vector: no", result);
    assertLine("to add     --add-modules jdk.incubator.vector, .*", result);
    assertScreen(result.out());
    assertLine(" +naive loop +scalar +speed-up", result);
  }

  @Test
  void inTheInterpreter() throws Exception {
    ChildJvm.Result result = run(ChildJvm.withModule("-Xint"));
    assertEquals(0, result.exit(), result.toString());
    assertLine("kernels    scalar", result);
    assertLine("why        this JVM only interprets; remove -Xint", result);
    assertLine("to add     nothing", result);
    assertScreen(result.out());
  }

  @Test
  void theKernelsProperty() throws Exception {
    ChildJvm.Result scalar = run(ChildJvm.withModule("-Dsoftlane.kernels=scalar"));
    assertEquals(0, scalar.exit(), scalar.toString());
    assertLine("kernels    scalar", scalar);
    assertLine("why        the system property softlane.kernels asks for scalar", scalar);
    assertScreen(scalar.out());
  }

  /** Where there are no kernels to test. */
  @Test
  void noKernels() throws Exception {
    for (String value : List.of("vector", "fast")) {
      ChildJvm.Result none = run(List.of("-Dsoftlane.kernels=" + value));
      assertEquals(1, none.exit(), none.toString());
      assertEquals("", none.err());
      assertLine("kernels    none", none);
      assertLine("to add     --add-modules .*", none);
    }
  }

  /** The jar is a module with a main class, too; the image may be a small one. */
  @Test
  void asAModule() throws Exception {
    List<String> flags = new ArrayList<>(List.of("--limit-modules", "java.base"));
    flags.addAll(List.of("-Dsoftlane.kernels=vector", "-p", jar.toString(), "-m", "io.softlane"));
    ChildJvm.Result result = ChildJvm.run(flags, Report.class);
    assertEquals(1, result.exit(), result.toString());
    assertLine("Softlane 1.2.3", result);
    assertLine("JVM flags  not known", result);
  }

  @Test
  void options() throws Exception {
    ChildJvm.Result help = run(List.of(), "--help");
    assertEquals(0, help.exit());
    assertEquals("", help.err());
    assertTrue(help.out().startsWith("Usage: java "), help.out());
    for (String bad : List.of("--fast", "file", "")) {
      ChildJvm.Result result = run(List.of(), bad);
      assertEquals(2, result.exit());
      assertEquals("", result.out());
      assertEquals(
          List.of("softlane: unknown option '" + bad + "'; see --help"),
          result.err().lines().toList());
    }
  }

  @Test
  void text() {
    assertScreen(Report.text());
  }

  private static ChildJvm.Result run(List<String> flags, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of("-jar", jar.toString()));
    return ChildJvm.run(all, Report.class, arguments);
  }

  private static void assertLine(String pattern, ChildJvm.Result result) {
    assertTrue(
        result.out().lines().anyMatch(line -> line.matches(pattern)),
        () -> pattern + " matches no line of\n" + result.out() + result.err());
  }

  /** A whole report, on a screen of 80 columns. */
  private static void assertScreen(String text) {
    List<String> lines = text.lines().toList();
    assertAll(
        text,
        () -> assertTrue(text.matches(PASSED), "passed"),
        () -> assertTrue(text.contains(Long.toHexString(SelfTest.GOLDEN)), "hash"),
        () -> assertTrue(lines.size() <= 25, lines.size() + " lines"),
        () -> lines.forEach(line -> assertTrue(line.length() <= 80, line)),
        () -> assertTrue(text.matches("[ -~\\r\\n]*"), "ASCII"),
        () -> assertTrue(text.endsWith(System.lineSeparator()), "last line"));
  }
}
