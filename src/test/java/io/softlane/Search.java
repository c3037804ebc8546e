package io.softlane;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tries to break the contract's bounds. Each climb draws some rows of a {@link SearchFamily}, takes
 * the worst, changes one value after the other and keeps what makes the error larger, or leaves it.
 * A seed gives the same climb at any time, on any thread.
 */
final class Search {
  /** Of the rows of a climb, the share that is drawn before the changes begin. */
  private static final int DRAWN = 8;

  /** Columns from which on a row counts as long. */
  static final int LONG = 4096;

  /** A row, and its largest error. */
  record Case(SearchRow row, Claim.Worst worst) {
    static Case worse(Case one, Case other) {
      boolean second = one == null || other != null && other.size() > one.size();
      return second ? other : one;
    }

    double size() {
      return worst.size();
    }

    /** Judged by 60 digits, where that takes no more than a second. */
    Case confirmed() {
      return row.cols() > LONG + 2
          ? this
          : new Case(row, row.worst(SoftmaxKernels.scalar(), Reference.DIGITS));
    }

    @Override
    public String toString() {
      return "%.4f (%d columns, seed %d, column %d)"
          .formatted(size(), row.cols(), row.seed, worst.column());
    }
  }

  /**
   * What a climb, or many, came to.
   *
   * @param longest the worst of the long rows, or null
   */
  record Found(Claim claim, Case worst, Case longest, long rows) {
    Found and(Found other) {
      Case both = Case.worse(worst, other.worst);
      return new Found(claim, both, Case.worse(longest, other.longest), rows + other.rows);
    }

    Found confirmed() {
      return new Found(claim, worst.confirmed(), longest, rows);
    }

    @Override
    public String toString() {
      return "Softlane: search, %s, %d rows: bound %.0f %s, worst found %s, of long rows %s"
          .formatted(claim, rows, claim.limit, claim.unit, worst, longest);
    }
  }

  private Search() {}

  /** How many rows a climb looks at: fewer, where they are long. */
  private static int rows(int cols) {
    return cols <= 40 ? 1000 : cols <= 330 ? 300 : cols <= 1100 ? 150 : cols <= 20_000 ? 60 : 12;
  }

  static Found climb(Claim claim, long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    SoftmaxKernels kernels =
        random.nextBoolean() ? SoftmaxKernels.vector() : SoftmaxKernels.scalar();
    SearchRow row = SearchRow.of(claim, seed);
    int rows = rows(row.cols());
    Claim.Worst worst = row.worst(kernels, Reference.DOUBLES);
    for (int i = 0; i < rows / DRAWN; i++) {
      SearchRow other = SearchRow.of(claim, random.nextLong(), row.cols());
      Claim.Worst its = other.worst(kernels, Reference.DOUBLES);
      if (its.size() > worst.size()) {
        row = other;
        worst = its;
      }
    }
    for (int i = rows / DRAWN + 1; i < rows; i++) {
      Runnable undo = new SearchStep(row, random, worst.column()).take();
      Claim.Worst next = row.worst(kernels, Reference.DOUBLES);
      if (next.size() >= worst.size()) {
        worst = next;
      } else {
        undo.run();
      }
    }
    Case one = new Case(row, worst);
    return new Found(claim, one, row.cols() >= LONG ? one : null, rows);
  }

  /** Climbs of all claims in turn, until so many rows were looked at; the worst of each claim. */
  static Map<Claim, Found> run(long seed, long rows, boolean progress) throws Exception {
    Map<Claim, Found> found = new EnumMap<>(Claim.class);
    AtomicLong seen = new AtomicLong();
    AtomicLong said = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Map<Claim, Future<?>> all = new EnumMap<>(Claim.class);
      for (Claim claim : Claim.values()) {
        all.put(
            claim,
            threads.submit(
                () -> {
                  SplittableRandom seeds = new SplittableRandom(seed + claim.ordinal());
                  Found best = climb(claim, seeds.nextLong());
                  while (best.rows < rows / Claim.values().length) {
                    Found next = climb(claim, seeds.nextLong());
                    if (next.worst.size() > Math.max(claim.limit, best.worst.size())) {
                      System.err.println("beyond the bound: " + next + "\n" + next.worst.row);
                    }
                    best = best.and(next);
                    long percent = 100 * seen.addAndGet(next.rows) / rows;
                    if (progress && percent > said.get() && percent % 5 == 0) {
                      said.set(percent);
                      System.err.printf("search: %d %%, now at %s%n", percent, best);
                    }
                  }
                  Found confirmed = best.confirmed();
                  synchronized (found) {
                    found.put(claim, confirmed);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all.values()) {
        one.get();
      }
      threads.shutdown();
      threads.awaitTermination(1, TimeUnit.MINUTES);
    }
    return found;
  }
}
