package io.softlane;

import io.softlane.internal.report.QuickLook;
import io.softlane.internal.report.SelfTest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which kernels run here, and why: one screen about this JVM, for people and for bug reports. From
 * a shell it is
 *
 * <pre>{@code java --add-modules jdk.incubator.vector -jar softlane-VERSION.jar}</pre>
 *
 * <p>It tells the versions, the processor and the JVM's flags, the kernels that {@link
 * SoftmaxKernels#best()} chose, the reason and the flag to add, whether a few thousand rows have
 * the scalar kernels' bits, and a quick look at the speed beside a naive loop. It holds no path, no
 * argument and no property of the program but Softlane's own.
 */
public final class Report {
  private static final long SECOND = 1_000_000_000;
  private static final int INDENT = 11;
  private static final int SCREEN = 80;

  /** What JVMs say about vectors, on x86, Arm and RISC-V; each has some of these. */
  private static final List<String> FLAGS =
      List.of("UseAVX", "UseSVE", "UseRVV", "MaxVectorSize", "UseFMA", "TieredStopAtLevel");

  private static final String HELP =
      """
      Usage: java [--add-modules jdk.incubator.vector] -jar softlane-VERSION.jar [--help]

      Says which of Softlane's kernels run in this JVM and why, with the flag to add where one
      is missing; tests them on a few thousand rows; and looks at their speed. Takes some five
      seconds, on a loaded machine up to fifteen.

      Exit status: 0; 1 where the test fails or there are no kernels; 2 for an unknown option.
      """;

  private Report() {}

  /**
   * The report. Takes this thread some five seconds, most of them to test and to time the kernels;
   * on a loaded machine up to fifteen.
   *
   * @return some 25 lines of up to 80 characters, each with its end; ASCII
   */
  public static String text() {
    StringBuilder text = new StringBuilder();
    write(text::append);
    return text.toString();
  }

  /**
   * Prints the report on standard output. Exits with status 1 where the test of the kernels fails
   * or there are none, because the system property {@code softlane.kernels} asks for what this JVM
   * has not; with 2, and a line on standard error, for an unknown option.
   *
   * @param arguments none, or {@code --help}
   */
  public static void main(String[] arguments) {
    for (String argument : arguments) {
      if (argument.equals("--help") || argument.equals("-h")) {
        System.out.print(HELP);
        return;
      }
      System.err.println("softlane: unknown option '" + argument + "'; see --help");
      System.exit(2);
    }
    // What is known is printed at once, before the seconds that the rest takes.
    if (!write(System.out::print)) {
      System.exit(1);
    }
  }

  /** Part by part; whether the kernels passed. */
  private static boolean write(Consumer<String> out) {
    out.accept("Softlane " + version() + System.lineSeparator());
    out.accept(line("JVM", jvm()));
    out.accept(line("system", system()));
    out.accept(line("processor", processor()));
    out.accept(line("JVM flags", flags()));
    out.accept(line("module", Backend.MODULE + (Backend.hasModule() ? ": yes" : ": no")));
    SoftmaxKernels kernels;
    try {
      kernels = SoftmaxKernels.best();
      out.accept(line("kernels", kernels.toString()));
      out.accept(line("why", Backend.why()));
    } catch (RuntimeException | LinkageError e) {
      out.accept(line("kernels", "none"));
      out.accept(line("why", e.getMessage()));
      out.accept(line("to add", cure()));
      return false;
    }
    out.accept(line("to add", cure()));
    return measure(kernels, out);
  }

  /** The version of the jar, also where its classes were copied into another one. */
  private static String version() {
    String properties = "/META-INF/maven/io.softlane/softlane/pom.properties";
    try (InputStream in = Report.class.getResourceAsStream(properties)) {
      if (in != null) {
        Properties maven = new Properties();
        maven.load(in);
        return maven.getProperty("version", "of unknown version");
      }
    } catch (IOException e) {
      // An unreadable jar: the module may know.
    }
    ModuleDescriptor module = Report.class.getModule().getDescriptor();
    return module == null
        ? "of unknown version (not in its jar)"
        : module.rawVersion().orElse("of unknown version");
  }

  private static String jvm() {
    return "%s %s (%s), %s"
        .formatted(
            System.getProperty("java.vm.name"),
            Runtime.version(),
            System.getProperty("java.vendor"),
            System.getProperty("java.vm.info"));
  }

  private static String system() {
    return "%s %s, %s, %d processors"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors());
  }

  /** Linux tells; on Arm only by number. */
  private static String processor() {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
      List<String> names =
          lines
              .filter(line -> line.matches("(model name|CPU implementer|CPU part)\\s*:.*"))
              .map(line -> line.replaceFirst("\\s*:\\s*", " ").replaceFirst("^model name ", ""))
              .map(line -> line.replaceAll("[^ -~]", "?"))
              .distinct()
              .toList();
      return names.isEmpty() ? "not known" : String.join(", ", names);
    } catch (IOException | RuntimeException e) {
      return "not known";
    }
  }

  private static String flags() {
    String flags =
        FLAGS.stream()
            .filter(name -> Backend.flag(name) != null)
            .map(name -> name + "=" + Backend.flag(name))
            .collect(Collectors.joining(" "));
    return flags.isEmpty() ? "not known" : flags;
  }

  private static String cure() {
    return Backend.hasModule()
        ? "nothing"
        : "--add-modules " + Backend.MODULE + ", after java or in JDK_JAVA_OPTIONS";
  }

  /** The table of speeds, and the test before it and after it, on code that is compiled by then. */
  private static boolean measure(SoftmaxKernels kernels, Consumer<String> out) {
    // best() hands rows to the scalar kernels while C2 has not compiled the vector ones.
    boolean isVector = kernels != SoftmaxKernels.scalar();
    SoftmaxKernels tested = isVector ? SoftmaxKernels.vector() : kernels;
    SelfTest test = new SelfTest(tested);
    String failure = run(test, 0);
    if (failure == null) {
      String nl = System.lineSeparator();
      out.accept(nl + "A quick look, no benchmark: ns per element, best of some seconds" + nl);
      out.accept(
          new QuickLook(Stream.of(SoftmaxKernels.scalar(), tested).distinct().toList())
              .table(2 * SECOND, 10 * SECOND));
      out.accept(nl);
      failure = isVector ? run(test, SECOND) : null;
    }
    if (failure != null) {
      out.accept(line("self-test", "FAILED: " + failure));
      return false;
    }
    String same = isVector ? "same bits as the scalar kernels; " : "";
    out.accept(
        line(
            "self-test",
            "passed: %d rows, %shash %s, as expected"
                .formatted(test.rows(), same, Long.toHexString(test.hash()))));
    return true;
  }

  private static String run(SelfTest test, long nanos) {
    try {
      return test.run(nanos);
    } catch (RuntimeException | LinkageError e) {
      return e.toString();
    }
  }

  /** A name and what there is to say, in as many lines as it takes. */
  private static String line(String name, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : String.valueOf(text).split("\\s+")) {
      if (!line.isEmpty() && INDENT + line.length() + 1 + word.length() > SCREEN) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    String nl = System.lineSeparator();
    return "%-11s".formatted(name) + String.join(nl + " ".repeat(INDENT), lines) + nl;
  }
}
