package io.softlane.benchmarks;

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

/** What a table of figures must name: machine, JVM, widths, contestants. */
final class Environment {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final List<String> FLAGS = List.of("avx2", "fma", "avx512f", "avx512dq");

  private Environment() {}

  /** Of this JVM, which must have the flags of the benchmarks. */
  static Map<String, Object> describe(String commit, String command) throws IOException {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    environment.put("commit", commit);
    environment.put("command", command);
    String cpu = Files.exists(CPU_INFO) ? Files.readString(CPU_INFO) : "";
    environment.put("cpu", cpuInfo(cpu, "model name"));
    environment.put("cpu family, model", cpuInfo(cpu, "cpu family") + ", " + cpuInfo(cpu, "model"));
    List<String> flags = List.of(cpuInfo(cpu, "flags").split(" "));
    environment.put("cpu flags", FLAGS.stream().filter(flags::contains).toList());
    environment.put("processors", Runtime.getRuntime().availableProcessors());
    environment.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    environment.put("os", property("os.name") + " " + property("os.version"));
    environment.put("jdk", property("java.vm.vendor") + " " + property("java.vm.version"));
    environment.put(
        "jvm flags",
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !isPath(flag))
            .toList());
    environment.put("vector", SoftmaxKernels.vector().toString());
    return environment;
  }

  /** Whether a JVM flag says where files are: no property of a run, and another on each machine. */
  static boolean isPath(String flag) {
    return flag.startsWith("-Dorg.bytedeco.javacpp.cachedir=")
        || flag.startsWith("-DDJL_CACHE_DIR=")
        || flag.startsWith("-D" + Errors.FILE + "=");
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
