package io.softlane.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import io.softlane.SoftmaxKernels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes what a table of figures must name: machine, JVM, widths, and what the caller adds. Run it
 * with the JVM flags of the benchmarks.
 *
 * <pre>Environment file.json commit=... command=...</pre>
 *
 * <p>Exits with {@value #NO_C3}, after a notice, where the C reference cannot be compiled.
 */
public final class Environment {
  private static final int NO_C3 = 3;
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final List<String> FLAGS = List.of("avx2", "fma", "avx512f", "avx512dq");

  private Environment() {}

  public static void main(String[] args) throws IOException {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    for (int i = 1; i < args.length; i++) {
      String[] entry = args[i].split("=", 2);
      environment.put(entry[0], entry[1]);
    }
    String cpu = Files.exists(CPU_INFO) ? Files.readString(CPU_INFO) : "";
    environment.put("cpu", cpuInfo(cpu, "model name"));
    environment.put("cpu family, model", cpuInfo(cpu, "cpu family") + ", " + cpuInfo(cpu, "model"));
    List<String> flags = List.of(cpuInfo(cpu, "flags").split(" "));
    environment.put("cpu flags", FLAGS.stream().filter(flags::contains).toList());
    environment.put("processors", Runtime.getRuntime().availableProcessors());
    environment.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    environment.put("os", property("os.name") + " " + property("os.version"));
    environment.put("jdk", property("java.vm.vendor") + " " + property("java.vm.version"));
    environment.put("jvm flags", ManagementFactory.getRuntimeMXBean().getInputArguments());
    environment.put("vector", SoftmaxKernels.vector().toString());
    int status = 0;
    try {
      environment.put("c3", NativeSoftmax.describe());
    } catch (IllegalStateException e) {
      System.out.println("Notice: the C reference is left out. " + e.getMessage());
      environment.put("c3", null);
      status = NO_C3;
    }
    try (var out = Files.newBufferedWriter(Path.of(args[0]))) {
      out.write(
          JSON.std
              .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
              .asString(environment));
      out.newLine();
    }
    System.exit(status);
  }

  private static String property(String name) {
    return System.getProperty(name);
  }

  /** The first processor's entry. */
  static String cpuInfo(String text, String key) {
    Matcher m = Pattern.compile("^" + key + "\\s*: (.*)$", Pattern.MULTILINE).matcher(text);
    return m.find() ? m.group(1) : "unknown";
  }
}
