package io.softlane.benchmarks.sidebyside;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One JVM of {@link SideBySide}: both sides of the pairs it is given, in turn.
 *
 * <pre>Rounds within|versions first second calls rounds warm-up swapped pair...</pre>
 *
 * <p>The first three are directories of classes: either version's, and that of {@link Calls}. Pairs
 * are numbers in {@link Case}'s lists. A line for each goes to standard output, see {@link
 * Outcome}.
 */
final class Rounds {
  /** By name: nothing that this class is compiled with may need the library. */
  static final String CALLS = "io.softlane.benchmarks.sidebyside.Calls";

  /** What one timing takes at least. */
  private static final long TIMING_NANOS = 2_000_000;

  private static final long WINDOW_NANOS = 50_000_000;

  /** Steady is what has not become faster by 2 % for so many windows. */
  private static final int WINDOWS = 6;

  private static final double FASTER = 0.98;

  /** In nanoseconds: what is slower waits for C2, however steadily. */
  private static final double SLOWEST_ELEMENT = 30;

  private static final double SLOWEST_CALL = 2000;

  /** A multiple of the least warm-up: what is not steady then never will be. */
  private static final int LONGEST = 5;

  /** Of a round's time; where other threads had the core for more, it is run again. */
  private static final double DISTURBED = 0.005;

  /** A multiple of the rounds: on a busy machine those count that were disturbed least. */
  private static final int ATTEMPTS = 10;

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final Case.Pair pair;
  private final Side[] sides;
  private final boolean swapped;

  private Rounds(Case.Pair pair, Side first, Side second, boolean swapped) {
    this.pair = pair;
    this.sides = new Side[] {first, second};
    this.swapped = swapped;
  }

  public static void main(String[] args) throws Exception {
    boolean within = args[0].equals("within");
    ClassLoader first = loader(args[1], args[3]);
    ClassLoader second = within ? first : loader(args[2], args[3]);
    int rounds = Integer.parseInt(args[4]);
    double seconds = Double.parseDouble(args[5]);
    boolean swapped = Boolean.parseBoolean(args[6]);
    List<Case.Pair> pairs = within ? Case.within() : Case.versions();
    for (String number : Arrays.asList(args).subList(7, args.length)) {
      Case.Pair pair = pairs.get(Integer.parseInt(number));
      System.out.println(number + "\t" + outcome(pair, first, second, swapped, rounds, seconds));
    }
  }

  private static ClassLoader loader(String version, String calls) throws MalformedURLException {
    return new URLClassLoader(
        new URL[] {Path.of(version).toUri().toURL(), Path.of(calls).toUri().toURL()},
        Rounds.class.getClassLoader());
  }

  private static Outcome outcome(
      Case.Pair pair,
      ClassLoader first,
      ClassLoader second,
      boolean swapped,
      int rounds,
      double seconds) {
    Batch batch = new Batch(pair.first());
    boolean same = pair.first().equals(pair.second());
    Batch other = same ? batch : new Batch(pair.second());
    String[] names = {
      same ? "old" : pair.first().operation(), same ? "new" : pair.second().operation()
    };
    String trying = names[0];
    try {
      Side[] sides = new Side[2];
      for (int k = 0; k < 2; k++) {
        // Also loaded in either order.
        int i = swapped ? 1 - k : k;
        trying = names[i];
        sides[i] = i == 0 ? side(first, batch) : side(second, other);
      }
      Side a = sides[0];
      Side b = sides[1];
      Rounds all = new Rounds(pair, a, b, swapped);
      trying = "warm-up";
      double[] each = all.warmUp((long) (seconds * 1e9));
      trying = "a round";
      long[] differing =
          same ? Batch.differing(batch.results(a), batch.results(b)) : new long[] {0, 0};
      return all.measure(rounds, each, differing);
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      return Outcome.failed(trying + ": " + e);
    }
  }

  private static Side side(ClassLoader loader, Batch batch) throws Exception {
    try {
      return (Side) loader.loadClass(CALLS).getConstructor(Batch.class).newInstance(batch);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof LinkageError error) {
        throw error;
      }
      throw e;
    }
  }

  /** Returns the best nanoseconds that a call took, of both sides. */
  private double[] warmUp(long least) {
    double[] best = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    long[] spent = new long[2];
    int[] steady = new int[2];
    int[] calls = {1, 1};
    boolean done = false;
    for (int turn = 0; !done; turn++) {
      for (int k = 0; k < 2; k++) {
        int i = side(turn, k);
        long start = System.nanoTime();
        double fastest = Double.POSITIVE_INFINITY;
        long now = start;
        while (now - start < WINDOW_NANOS) {
          double each = (double) sides[i].time(calls[i]) / calls[i];
          calls[i] = calls(each);
          fastest = Math.min(fastest, each);
          now = System.nanoTime();
        }
        spent[i] += now - start;
        double slowest =
            SLOWEST_CALL + SLOWEST_ELEMENT * (i == 0 ? pair.first() : pair.second()).elements();
        steady[i] = fastest < FASTER * best[i] || fastest > slowest ? 0 : steady[i] + 1;
        best[i] = Math.min(best[i], fastest);
      }
      boolean long1 = Math.min(spent[0], spent[1]) >= least;
      boolean isSteady = Math.min(steady[0], steady[1]) >= WINDOWS;
      done = long1 && (isSteady || Math.min(spent[0], spent[1]) >= LONGEST * least);
    }
    return best;
  }

  private static int calls(double each) {
    return (int) Math.clamp(Math.ceil(TIMING_NANOS / Math.max(each, 1)), 1, 10_000_000);
  }

  /** Which side comes so many places after the first one in a round. */
  private int side(int round, int place) {
    return (round + place + (swapped ? 1 : 0)) % 2;
  }

  private Outcome measure(int rounds, double[] best, long[] differing) {
    // As many of both: what a loop costs is the same.
    boolean same = pair.first().equals(pair.second());
    int common = calls(Math.min(best[0], best[1]));
    int[] calls = same ? new int[] {common, common} : new int[] {calls(best[0]), calls(best[1])};
    double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    List<Round> all = new ArrayList<>();
    int undisturbed = 0;
    for (int round = 0; undisturbed < rounds && round < ATTEMPTS * rounds; round++) {
      double[] each = new double[2];
      long wall = System.nanoTime();
      long own = CLOCK.getCurrentThreadCpuTime();
      for (int k = 0; k < 2; k++) {
        int i = side(round, k);
        each[i] = (double) sides[i].time(calls[i]) / calls[i];
        least[i] = Math.min(least[i], each[i]);
      }
      own = CLOCK.getCurrentThreadCpuTime() - own;
      wall = System.nanoTime() - wall;
      double lost = 1 - (double) own / wall;
      undisturbed += lost < DISTURBED ? 1 : 0;
      all.add(new Round(each[0] / each[1], lost));
    }
    double[] ratios =
        all.stream()
            .sorted(Comparator.comparingDouble(r -> Math.max(r.lost, DISTURBED)))
            .limit(rounds)
            .mapToDouble(Round::ratio)
            .toArray();
    return new Outcome(
        least[0] / pair.first().elements(),
        least[1] / pair.second().elements(),
        median(ratios),
        differing[0],
        differing[1],
        null);
  }

  /**
   * @param lost what part of the time another thread had the core
   */
  private record Round(double ratio, double lost) {}

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /**
   * Of one pair in one JVM.
   *
   * @param first nanoseconds an element, the fewest of a round
   * @param ratio first over second, the median of the rounds
   * @param failure what was thrown, or null
   */
  record Outcome(
      double first, double second, double ratio, long differing, long results, String failure) {
    static Outcome failed(String failure) {
      return new Outcome(0, 0, 0, 0, 0, failure);
    }

    static Outcome parse(String text) {
      String[] cells = text.split("\t", 6);
      if (cells.length == 6) {
        return failed(cells[5]);
      }
      return new Outcome(
          Double.parseDouble(cells[0]),
          Double.parseDouble(cells[1]),
          Double.parseDouble(cells[2]),
          Long.parseLong(cells[3]),
          Long.parseLong(cells[4]),
          null);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s\t%s\t%s\t%d\t%d%s",
          first,
          second,
          ratio,
          differing,
          results,
          failure == null ? "" : "\t" + failure.replaceAll("\\s+", " "));
    }
  }
}
