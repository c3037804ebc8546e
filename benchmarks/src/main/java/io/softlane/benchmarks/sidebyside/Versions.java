package io.softlane.benchmarks.sidebyside;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Commits and working trees, and the classes of their sources. */
final class Versions {
  private static final String SOURCES = "src/main/java";

  private Versions() {}

  /** The commit to compare with where none is given. */
  static String before(Path tree) {
    if (!git(tree, "status", "--porcelain", "--", SOURCES).isEmpty()) {
      return "HEAD";
    }
    return git(tree, "rev-list", "-1", "HEAD", "--", SOURCES) + "^";
  }

  /** Its name in full. */
  static String commit(Path tree, String name) {
    try {
      return git(tree, "rev-parse", "--quiet", "--verify", "--end-of-options", name + "^{commit}");
    } catch (BadInput e) {
      throw new BadInput("No commit '" + name + "' in " + tree);
    }
  }

  /** Short name and subject. */
  static String describe(Path tree, String commit) {
    return git(tree, "log", "-1", "--format=%h %s", commit);
  }

  /** The name of the commit, and whether the sources are still those. */
  static String describe(Path tree) {
    try {
      boolean changed = !git(tree, "status", "--porcelain", "--", SOURCES).isEmpty();
      return (changed ? "working tree, changed since " : "working tree at ")
          + describe(tree, "HEAD");
    } catch (BadInput e) {
      return "working tree";
    }
  }

  private static String git(Path tree, String... args) {
    List<String> command = new ArrayList<>(List.of("git", "-C", tree.toString()));
    command.addAll(List.of(args));
    try {
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (git.waitFor() != 0) {
        throw new BadInput("Failed in " + tree + ": git " + String.join(" ", args));
      }
      return out.strip();
    } catch (IOException e) {
      throw new BadInput("git does not start: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes a commit's sources into a directory. */
  static void extract(Path tree, String commit, Path to) throws IOException {
    // From a subdirectory, archive would have no more than that.
    Path top = Path.of(git(tree, "rev-parse", "--show-toplevel"));
    Process git =
        new ProcessBuilder(
                "git", "-C", top.toString(), "archive", "--format=zip", commit, "--", SOURCES)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (ZipInputStream zip = new ZipInputStream(git.getInputStream())) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory()) {
          Path file = to.resolve(entry.getName());
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
    }
    if (!Files.isDirectory(to.resolve(SOURCES))) {
      throw new BadInput("No " + SOURCES + " in the commit " + commit);
    }
  }

  /** Every class but the module's descriptor, since the JVMs load them from a directory. */
  static List<Path> sources(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(f -> f.toString().endsWith(".java"))
          .filter(f -> !f.endsWith("module-info.java"))
          .sorted()
          .toList();
    }
  }

  /**
   * @param of what it is, for the message where it does not compile
   */
  static void compile(String of, List<Path> sources, List<Path> classPath, Path to)
      throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Files.createDirectories(to);
    StringWriter messages = new StringWriter();
    List<String> options = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", to.toString()));
    options.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    options.add("-classpath");
    options.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!compiled) {
        throw new BadInput(
            messages.toString().stripTrailing() + "\n" + of + " does not compile", 1);
      }
    }
  }

  /** What it holds goes with it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** All of a stream; a JVM's messages are short. */
  static String read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
