package io.softlane.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Whether others use this machine: on a rented one nothing else tells. Two pieces of work, one for
 * the core's pipes and one for memory, are timed now and then; where they take longer than they
 * once did, so does what is measured.
 */
final class Calm {
  /** What runs while a piece of work takes more than so many times its least time is run again. */
  private static final double LIMIT = 1.3;

  /** How often at the most, all in all. */
  private static final int TRIES = 2;

  private static final int TIMES = 9;

  private final List<DoubleSupplier> pieces;
  private final double[] least;

  /** For tests: seconds of each piece of work. */
  Calm(DoubleSupplier... pieces) {
    this.pieces = List.of(pieces);
    least = new double[pieces.length];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
  }

  static Calm ofThisMachine() {
    int[] small = IntStream.range(0, 4096).toArray();
    float[] from = new float[6 << 20];
    float[] to = new float[6 << 20];
    Calm calm =
        new Calm(
            () -> seconds(() -> pipes(small)),
            () -> seconds(() -> System.arraycopy(from, 0, to, 0, to.length)));
    // C2 compiles the loop.
    for (int n = 0; n < 20; n++) {
      calm.look();
    }
    Arrays.fill(calm.least, Double.POSITIVE_INFINITY);
    return calm;
  }

  /** How many times as long as ever the slower piece of work takes: 1 at first. */
  double look() {
    double most = 1;
    for (int p = 0; p < least.length; p++) {
      DoubleSupplier piece = pieces.get(p);
      double[] times = IntStream.range(0, TIMES).mapToDouble(n -> piece.getAsDouble()).toArray();
      Arrays.sort(times);
      least[p] = Math.min(least[p], times[TIMES / 2]);
      most = Math.max(most, times[TIMES / 2] / least[p]);
    }
    return most;
  }

  /** Entries that a JVM of its own makes. */
  interface Fork {
    Map<String, Object> run() throws RunnerException, IOException;
  }

  /** The less disturbed of two tries; in the entry, how much others disturbed it. */
  Map<String, Object> least(Fork fork) throws RunnerException, IOException {
    Map<String, Object> calmest = null;
    double disturbed = Double.POSITIVE_INFINITY;
    for (int n = 0; n < TRIES && disturbed > LIMIT; n++) {
      double before = look();
      Map<String, Object> entry = fork.run();
      double most = Math.max(before, look());
      if (most < disturbed) {
        disturbed = most;
        calmest = entry;
      }
    }
    calmest.put("disturbed", Math.round(disturbed * 100) / 100.0);
    return calmest;
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static int sink;

  private static void pipes(int[] a) {
    for (int n = 0; n < 2000; n++) {
      sink += dot(a, n);
    }
  }

  private static int dot(int[] a, int factor) {
    int sum = 0;
    for (int v : a) {
      sum += v * factor;
    }
    return sum;
  }
}
