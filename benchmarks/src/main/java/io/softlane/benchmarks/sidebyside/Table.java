package io.softlane.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is printed of the outcomes: a line for each pair, aligned before the others are known. */
final class Table {
  private final boolean within;
  private final int width;

  Table(boolean within, List<Case.Pair> pairs) {
    this.within = within;
    width = pairs.stream().mapToInt(p -> p.name().length()).max().orElse(0);
  }

  String header() {
    String name = String.format(Locale.ROOT, "%-" + width + "s", "ns an element");
    return within
        ? name + "     first    second   ratio  lowest highest"
        : name + "       old       new   old/new  lowest highest   other bits";
  }

  String line(Case.Pair pair, List<Rounds.Outcome> jvms) {
    String name = String.format(Locale.ROOT, "%-" + width + "s", pair.name());
    for (Rounds.Outcome jvm : jvms) {
      if (jvm.failure() != null) {
        return name + "  FAILED in " + jvm.failure();
      }
    }
    double[] ratios = jvms.stream().mapToDouble(Rounds.Outcome::ratio).sorted().toArray();
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(right(9, 4, jvms.stream().mapToDouble(Rounds.Outcome::first).min().orElseThrow()));
    cells.add(right(9, 4, jvms.stream().mapToDouble(Rounds.Outcome::second).min().orElseThrow()));
    cells.add(right(within ? 7 : 9, 3, Rounds.median(ratios)));
    cells.add(right(7, 3, ratios[0]));
    cells.add(right(7, 3, ratios[ratios.length - 1]));
    if (!within) {
      long differing = jvms.stream().mapToLong(Rounds.Outcome::differing).max().orElseThrow();
      String of = differing == 0 ? "none" : differing + " of " + jvms.getFirst().results();
      cells.add("  " + of);
    }
    return String.join(" ", cells);
  }

  private static String right(int width, int digits, double value) {
    return String.format(Locale.ROOT, "%" + width + "." + digits + "f", value);
  }
}
