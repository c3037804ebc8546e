package io.softlane;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract's bounds under a search for rows that break them. */
class SearchTest {
  private static final long ROWS = 10_000_000;

  /**
   * mvn test -Psearch: four minutes on two cores. softlane.search.rows and .seed are for other
   * runs.
   */
  @Test
  @Tag("search")
  void tenMillionRows() throws Exception {
    long rows = Long.getLong("softlane.search.rows", ROWS);
    long seed = Long.getLong("softlane.search.seed", 22);
    check(Search.run(seed, rows, true), true);
  }

  @Test
  void shortSearch() throws Exception {
    check(Search.run(1, 300_000, false), false);
  }

  /** The worst rows that long searches found: as bad as they were, so that they still bite. */
  @Test
  void worstRowsOfSearches() throws Exception {
    List<String> lines =
        resource("worst-rows.txt").lines().filter(x -> !x.startsWith("#")).toList();
    Set<Claim> claims = EnumSet.noneOf(Claim.class);
    lines.forEach(line -> claims.add(SearchRow.parse(line.split(" ", 2)[1]).claim));
    assertEquals(EnumSet.allOf(Claim.class), claims);
    assertAll(lines.stream().map(line -> () -> replay(line)));
  }

  private static void replay(String line) {
    String[] part = line.split(" ", 2);
    double recorded = Double.parseDouble(part[0]);
    SearchRow row = SearchRow.parse(part[1]);
    assertEquals(part[1], row.toString(), "a row is written as it was read");
    Reference exact = row.cols() <= 40 ? Reference.DIGITS : Reference.DOUBLES;
    for (boolean vector : new boolean[] {false, true}) {
      SoftmaxKernels kernels = vector ? SoftmaxKernels.vector() : SoftmaxKernels.scalar();
      double size = row.worst(kernels, exact).size();
      double limit = row.claim.limit;
      assertTrue(
          size <= limit, () -> kernels + ": " + size + ", not at most " + limit + ": " + row);
      assertTrue(size >= 0.95 * recorded, () -> kernels + ": " + size + " is not " + line);
    }
  }

  private static void check(Map<Claim, Search.Found> found, boolean rows) {
    found.values().forEach(System.out::println);
    for (Search.Found one : found.values()) {
      if (rows) {
        print(one.worst());
        print(one.longest());
      }
    }
    assertEquals(Claim.values().length, found.size());
    assertAll(found.values().stream().map(one -> () -> check(one)));
  }

  private static void check(Search.Found found) {
    double size = found.worst().size();
    double limit = found.claim().limit;
    assertTrue(size <= limit, () -> found + "\n" + found.worst().row());
    assertTrue(size > 0.2 * limit, () -> "no search at all? " + found);
  }

  /** As {@link #worstRowsOfSearches} reads it. */
  private static void print(Search.Case found) {
    if (found != null) {
      System.out.printf("%.4f %s%n", found.size(), found.row());
    }
  }

  private static String resource(String name) throws Exception {
    try (InputStream in = SearchTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
