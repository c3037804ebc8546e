package io.softlane.benchmarks.sidebyside;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What {@link SideBySide} was asked for.
 *
 * @param commits none, the old one, or the old and the new one
 * @param tree where the new version's sources are, and the repository with the commits
 * @param pairs numbers in {@link Case}'s lists
 * @param flags for the JVMs
 */
record Arguments(
    boolean help,
    boolean list,
    boolean within,
    boolean together,
    List<String> commits,
    Path tree,
    int jvms,
    int rounds,
    double warmUp,
    List<Integer> pairs,
    List<String> flags) {
  static final String HELP =
      """
      Usage: benchmarks/side-by-side [option ...] [COMMIT [NEW]] [-- JVM flag ...]

      Times two versions of the library in turn, in one JVM: COMMIT's (old) and the working tree's, or NEW's (new).
      Without COMMIT, old is HEAD where the working tree's src/main/java differs from it, else what was before the
      last commit that changed src/main/java.

      A line for each operation and shape: nanoseconds an element of old and new, the least of all rounds; old / new,
      the median of the JVMs' medians of all rounds, with the lowest and the highest JVM's (above 1, new is faster);
      and how many results have other bits.

      Options:
        --within       ratios within one version, the working tree's or COMMIT's: in place over out of place, hostile
                       data over friendly, with options over plain, native memory over arrays
        --only REGEX   only the lines in whose operation and shape it is found: --only '^softmax 64x', --only x1000$
        --list         the lines there are, and no more
        --tree DIR     the working tree; otherwise the one that this command is in
        --jvms N       JVMs for each line; 3 unless told otherwise
        --rounds N     rounds of each JVM, at least 2 ms of old and of new each; 101 unless told otherwise
        --warmup S     seconds of each version before, at least, and until neither gets faster; 2 unless told otherwise
        --together     all lines in the same JVMs, one after the other, not each line in its own
        --help         this text

      Flags for the JVMs come after --, say -- -XX:UseAVX=2. Takes five seconds for each line and JVM, a quarter of an
      hour for all.
      """;

  static Arguments parse(Path home, String... args) {
    Deque<String> left = new ArrayDeque<>(Arrays.asList(args));
    List<String> commits = new ArrayList<>();
    List<String> flags = new ArrayList<>();
    boolean help = false;
    boolean list = false;
    boolean within = false;
    boolean together = false;
    Path tree = home;
    int jvms = 3;
    int rounds = 101;
    double warmUp = 2;
    Pattern only = Pattern.compile("");
    while (!left.isEmpty()) {
      String arg = left.pop();
      switch (arg) {
        case "--help", "-h" -> help = true;
        case "--list" -> list = true;
        case "--within" -> within = true;
        case "--together" -> together = true;
        case "--tree" -> tree = Path.of(value(arg, left));
        case "--jvms" -> jvms = count(arg, value(arg, left));
        case "--rounds" -> rounds = count(arg, value(arg, left));
        case "--warmup" -> warmUp = seconds(arg, value(arg, left));
        case "--only" -> only = pattern(arg, value(arg, left));
        case "--" -> {
          flags.addAll(left);
          left.clear();
        }
        default -> {
          if (arg.startsWith("-") || arg.isBlank()) {
            throw new BadInput("Unknown option '" + arg + "'; see --help");
          }
          commits.add(arg);
        }
      }
    }
    int most = within ? 1 : 2;
    if (commits.size() > most) {
      throw new BadInput(
          "At most "
              + most
              + (within ? " commit" : " commits")
              + ", not "
              + String.join(" ", commits)
              + "; see --help");
    }
    for (String flag : flags) {
      if (!flag.startsWith("-")) {
        throw new BadInput("A JVM's flag starts with -, not '" + flag + "'; see --help");
      }
    }
    if (!Files.isDirectory(sources(tree))) {
      throw new BadInput("No src/main/java in " + tree);
    }
    return new Arguments(
        help,
        list,
        within,
        together,
        List.copyOf(commits),
        tree,
        jvms,
        rounds,
        warmUp,
        pairs(within, only),
        List.copyOf(flags));
  }

  static Path sources(Path tree) {
    return tree.resolve("src/main/java");
  }

  private static String value(String option, Deque<String> left) {
    if (left.isEmpty()) {
      throw new BadInput(option + " needs a value; see --help");
    }
    return left.pop();
  }

  private static int count(String option, String value) {
    if (!value.matches("[1-9]\\d{0,5}")) {
      throw new BadInput(option + " needs a number from 1 on, not '" + value + "'; see --help");
    }
    return Integer.parseInt(value);
  }

  private static double seconds(String option, String value) {
    if (!value.matches("\\d{1,4}(\\.\\d{1,3})?")) {
      throw new BadInput(option + " needs seconds, not '" + value + "'; see --help");
    }
    return Double.parseDouble(value);
  }

  private static Pattern pattern(String option, String value) {
    try {
      return Pattern.compile(value);
    } catch (PatternSyntaxException e) {
      throw new BadInput(
          option + " needs a regular expression: " + e.getDescription() + " in '" + value + "'");
    }
  }

  private static List<Integer> pairs(boolean within, Pattern only) {
    List<Case.Pair> all = within ? Case.within() : Case.versions();
    List<Integer> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (only.matcher(all.get(i).name()).find()) {
        some.add(i);
      }
    }
    if (some.isEmpty()) {
      throw new BadInput("No line is found by --only '" + only + "'; see --list");
    }
    return some;
  }
}
