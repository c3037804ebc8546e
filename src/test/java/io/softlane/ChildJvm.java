package io.softlane;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of the same JDK with the same class path, and flags of its own. */
public final class ChildJvm {
  static final String[] MODULE = {"--add-modules", "jdk.incubator.vector"};

  /** What a JVM left behind. */
  public record Result(int exit, String out, String err) {}

  private ChildJvm() {}

  public static Result run(List<String> flags, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return run(flags, main, false, arguments);
  }

  /** Its standard error, with the progress that it reports there, may be shown as it comes. */
  public static Result run(List<String> flags, Class<?> main, boolean shown, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    // A main module or a jar brings its own path.
    if (!flags.contains("-m") && !flags.contains("-jar")) {
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add(main.getName());
    }
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("softlane", ".out");
    Path err = Files.createTempFile("softlane", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      // Flags for the parent are no flags for the child.
      builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
      builder.redirectOutput(out.toFile());
      builder.redirectError(
          shown ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.to(err.toFile()));
      Process process = builder.start();
      int exit = process.waitFor();
      return new Result(
          exit,
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Flags, with those that resolve the incubator module. */
  public static List<String> withModule(String... flags) {
    List<String> all = new ArrayList<>(List.of(MODULE));
    all.addAll(List.of(flags));
    return all;
  }
}
