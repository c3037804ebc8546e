package io.softlane.benchmarks.sidebyside;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Builds two versions, starts the JVMs that time them, see {@link Rounds}, and prints a table. */
final class SideBySide {
  /** The directory benchmarks; this class may be run from its source. */
  private static final String HOME = "softlane.benchmarks.home";

  private static final String PACKAGE = "src/main/java/io/softlane/benchmarks/sidebyside";

  private final Arguments asked;
  private final List<Case.Pair> all;
  private final PrintStream out;
  private final PrintStream err;
  private final Path temporary;
  private final Path harness;
  private final Path calls;
  private final Path first;
  private final Path second;
  private final boolean terminal = Boolean.getBoolean("softlane.benchmarks.terminal");
  private final long start = System.nanoTime();
  private final int steps;
  private int step;
  private boolean failed;

  private SideBySide(Arguments asked, Path temporary, PrintStream out, PrintStream err) {
    this.asked = asked;
    this.all = asked.within() ? Case.within() : Case.versions();
    this.out = out;
    this.err = err;
    this.temporary = temporary;
    harness = temporary.resolve("harness");
    calls = temporary.resolve("calls");
    first = temporary.resolve("first");
    second = asked.within() ? first : temporary.resolve("second");
    steps = asked.pairs().size() * asked.jvms();
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(run(Path.of(System.getProperty(HOME)), System.out, System.err, args));
  }

  /**
   * @param home the directory benchmarks
   * @return the exit status: 2 where the arguments are bad, 1 where a build or a call failed
   */
  static int run(Path home, PrintStream out, PrintStream err, String... args)
      throws IOException, InterruptedException {
    Path temporary = null;
    Thread cleaner = null;
    try {
      Arguments asked = Arguments.parse(home.resolve("..").normalize(), args);
      if (asked.help()) {
        out.print(Arguments.HELP);
        return 0;
      }
      if (asked.list()) {
        List<Case.Pair> all = asked.within() ? Case.within() : Case.versions();
        asked.pairs().forEach(i -> out.println(all.get(i).name()));
        return 0;
      }
      temporary = Files.createTempDirectory("side-by-side-");
      Path made = temporary;
      cleaner = new Thread(() -> delete(made));
      Runtime.getRuntime().addShutdownHook(cleaner);
      SideBySide run = new SideBySide(asked, temporary, out, err);
      run.build(home);
      run.print();
      return run.failed ? 1 : 0;
    } catch (BadInput e) {
      err.println(e.getMessage());
      return e.status();
    } finally {
      if (cleaner != null) {
        Runtime.getRuntime().removeShutdownHook(cleaner);
        delete(temporary);
      }
    }
  }

  private static void delete(Path directory) {
    try {
      Versions.delete(directory);
    } catch (IOException e) {
      // A JVM that is still writing: the system's own clean-up finds it.
    }
  }

  private void build(Path home) throws IOException, InterruptedException {
    checkFlags();
    Path tree = asked.tree();
    List<String> commits = asked.commits();
    List<String> names = new ArrayList<>();
    if (!asked.within()) {
      String old = commits.isEmpty() ? Versions.before(tree) : commits.getFirst();
      names.add("old  " + build(tree, old, first));
    }
    String newest =
        asked.within() && commits.size() == 1
            ? commits.getFirst()
            : commits.size() == 2 ? commits.get(1) : null;
    names.add((asked.within() ? "" : "new  ") + build(tree, newest, second));
    List<Path> sources = new ArrayList<>(Versions.sources(home.resolve(PACKAGE)));
    Path adapter = home.resolve(PACKAGE).resolve("Calls.java");
    sources.remove(adapter);
    Versions.compile("benchmarks/" + PACKAGE, sources, List.of(), harness);
    Versions.compile("Calls.java", List.of(adapter), List.of(harness, second), calls);
    names.forEach(out::println);
    out.println(
        "JDK "
            + Runtime.version()
            + (asked.flags().isEmpty() ? "" : " " + String.join(" ", asked.flags()))
            + ", "
            + asked.jvms()
            + (asked.jvms() == 1 ? " JVM" : " JVMs")
            + (asked.together() ? " for all lines, " : " for each line, ")
            + asked.rounds()
            + (asked.rounds() == 1 ? " round" : " rounds"));
    out.println();
  }

  /**
   * @param commit null is the working tree
   * @return what it is
   */
  private String build(Path tree, String commit, Path to) throws IOException {
    if (commit == null) {
      Path sources = Arguments.sources(tree);
      Versions.compile(sources.toString(), Versions.sources(sources), List.of(), to);
      return Versions.describe(tree);
    }
    String full = Versions.commit(tree, commit);
    Path sources = Files.createDirectory(temporary.resolve(to.getFileName() + "-sources"));
    Versions.extract(tree, full, sources);
    Versions.compile(commit, Versions.sources(sources), List.of(), to);
    return Versions.describe(tree, full);
  }

  private void checkFlags() throws IOException, InterruptedException {
    List<String> command = java();
    command.add("-version");
    Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
    String messages = Versions.read(java.getInputStream());
    if (java.waitFor() != 0) {
      throw new BadInput(
          "The JVM does not start: " + messages.lines().findFirst().orElse("no message"));
    }
  }

  private List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:CompileCommand=quiet");
    command.add("-XX:CompileCommand=dontinline," + Rounds.CALLS + "::once");
    command.addAll(asked.flags());
    return command;
  }

  private void print() throws IOException, InterruptedException {
    Table table = new Table(asked.within(), asked.pairs().stream().map(all::get).toList());
    out.println(table.header());
    List<List<Integer>> groups =
        asked.together() ? List.of(asked.pairs()) : asked.pairs().stream().map(List::of).toList();
    for (List<Integer> group : groups) {
      Map<Integer, List<Rounds.Outcome>> outcomes = new TreeMap<>();
      for (int jvm = 0; jvm < asked.jvms(); jvm++) {
        run(group, jvm, outcomes);
      }
      clear();
      for (int i : group) {
        out.println(table.line(all.get(i), outcomes.get(i)));
        failed |= outcomes.get(i).stream().anyMatch(o -> o.failure() != null);
      }
      out.flush();
    }
  }

  private void run(List<Integer> group, int jvm, Map<Integer, List<Rounds.Outcome>> outcomes)
      throws IOException, InterruptedException {
    List<String> command = java();
    command.addAll(
        List.of(
            "-cp",
            harness.toString(),
            Rounds.class.getName(),
            asked.within() ? "within" : "versions",
            first.toString(),
            second.toString(),
            calls.toString(),
            String.valueOf(asked.rounds()),
            String.valueOf(asked.warmUp()),
            String.valueOf(jvm % 2 == 1)));
    group.forEach(i -> command.add(i.toString()));
    Path messages = temporary.resolve("messages");
    Process java = new ProcessBuilder(command).redirectError(messages.toFile()).start();
    Thread killer = new Thread(java::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(java.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i : group) {
        progress(all.get(i), jvm);
        String line = lines.readLine();
        while (line != null && !line.startsWith(i + "\t")) {
          line = lines.readLine();
        }
        outcomes
            .computeIfAbsent(i, k -> new ArrayList<>())
            .add(
                line == null
                    ? Rounds.Outcome.failed("the JVM ended: " + last(messages))
                    : Rounds.Outcome.parse(line.substring(line.indexOf('\t') + 1)));
        step++;
      }
      lines.lines().forEach(line -> {});
      java.waitFor();
    } finally {
      java.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }

  private static String last(Path messages) throws IOException {
    List<String> lines = Files.readAllLines(messages);
    return lines.isEmpty() ? "no message" : lines.getLast();
  }

  private void progress(Case.Pair pair, int jvm) {
    String left = "";
    if (step > 0) {
      double seconds = (System.nanoTime() - start) / 1e9 / step * (steps - step);
      left = String.format(Locale.ROOT, ", %.0f min left", Math.ceil(seconds / 60));
    }
    String text =
        String.format(
            Locale.ROOT,
            "[%d/%d] %s, JVM %d of %d%s",
            step + 1,
            steps,
            pair.name(),
            jvm + 1,
            asked.jvms(),
            left);
    if (terminal) {
      err.print("\r" + text + "\033[K");
      err.flush();
    } else {
      err.println(text);
    }
  }

  private void clear() {
    if (terminal) {
      err.print("\r\033[K");
      err.flush();
    }
  }
}
