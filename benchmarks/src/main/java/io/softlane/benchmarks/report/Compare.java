package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Variance;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.TTest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what changed between two files of results, and whether it is more than chance. */
@Command(
    name = "benchmarks/compare",
    description = {
      "Compares two json files of benchmarks/run: time of B over time of A; below 1, B is faster.",
      "",
      "In brackets is the 95 %% confidence interval of the ratio, by Welch's t test of the logarithms"
          + " of the rounds' medians; of iterations where a file has one round, which knows"
          + " nothing of what differs between JVMs. A * marks an interval without 1.",
      "",
      "The second ratio is that of times over those of a reference that both files have, in the same"
          + " round: what the machine did to both drops out."
    })
public final class Compare implements Callable<Integer> {
  private static final double CONFIDENCE = 0.95;

  @Parameters(index = "0", paramLabel = "A.json", description = "Before.")
  private Path before;

  @Parameters(index = "1", paramLabel = "B.json", description = "After.")
  private Path after;

  @Option(
      names = "--reference",
      description =
          "The variant to divide by; without it, copy, else c3, where both files have it.")
  private String reference;

  @Option(names = "--help", usageHelp = true, description = "This text.")
  private boolean help;

  public static void main(String[] args) {
    System.exit(Commands.run(new Compare(), new PrintWriter(System.err, true), args));
  }

  @Override
  public Integer call() {
    System.out.print(table(Run.read(before), Run.read(after), reference));
    return 0;
  }

  /** A ratio of two means of logarithms, and its interval. */
  record Change(double ratio, double from, double to) {
    /** NaN as bounds where one sample alone says nothing of its own spread. */
    static Change of(double[] before, double[] after) {
      double difference = Mean.of(after).getAsDouble() - Mean.of(before).getAsDouble();
      if (before.length < 2 || after.length < 2) {
        return new Change(Math.exp(difference), Double.NaN, Double.NaN);
      }
      double error =
          Math.sqrt(
              Variance.of(before).getAsDouble() / before.length
                  + Variance.of(after).getAsDouble() / after.length);
      double margin = 0;
      if (error > 0) {
        double freedom = TTest.withDefaults().test(before, after).getDegreesOfFreedom();
        margin = error * TDistribution.of(freedom).inverseSurvivalProbability((1 - CONFIDENCE) / 2);
      }
      return new Change(
          Math.exp(difference), Math.exp(difference - margin), Math.exp(difference + margin));
    }

    boolean isSignificant() {
      return from > 1 || to < 1;
    }

    @Override
    public String toString() {
      return number(ratio, 3)
          + " ["
          + number(from, 3)
          + ", "
          + number(to, 3)
          + "]"
          + (isSignificant() ? " *" : "");
    }
  }

  static String table(Run before, Run after, String wanted) {
    if (before.warmup() != null || after.warmup() != null) {
      throw new BadInput("Only JMH's results can be compared, and warm-up's are not");
    }
    String reference = wanted;
    if (wanted == null) {
      reference =
          List.of("copy", "c3").stream()
              .filter(v -> before.variants().contains(v) && after.variants().contains(v))
              .findFirst()
              .orElse(null);
    } else if (!before.variants().contains(wanted) || !after.variants().contains(wanted)) {
      throw new BadInput("The reference " + wanted + " is not in both files");
    }
    List<List<String>> rows = new ArrayList<>();
    List<Double> plain = new ArrayList<>();
    List<Double> relative = new ArrayList<>();
    for (Map.Entry<Point, Map<String, Sample>> entry : before.points().entrySet()) {
      Point point = entry.getKey();
      for (String variant : Contestants.inOrder(List.copyOf(entry.getValue().keySet()))) {
        Sample a = before.at(point, variant);
        Sample b = after.at(point, variant);
        if (b == null) {
          continue;
        }
        Change change = change(a, null, b, null);
        plain.add(change.ratio());
        List<String> row =
            new ArrayList<>(
                List.of(
                    before.kind(),
                    point.toString(),
                    variant,
                    number(a.median(), 3),
                    number(b.median(), 3),
                    change.toString()));
        if (reference != null) {
          Sample ra = before.at(point, reference);
          Sample rb = after.at(point, reference);
          boolean both = !variant.equals(reference) && ra != null && rb != null;
          if (both) {
            Change scaled = change(a, ra, b, rb);
            relative.add(scaled.ratio());
            row.add(scaled.toString());
          } else {
            row.add("-");
          }
        }
        rows.add(row);
      }
    }
    if (rows.isEmpty()) {
      throw new BadInput("The files have no shape and variant in common");
    }
    List<String> geomean =
        new ArrayList<>(List.of("geomean", "", "", "", "", number(Ratio.geomean(plain), 3)));
    if (reference != null) {
      geomean.add(relative.isEmpty() ? "-" : number(Ratio.geomean(relative), 3));
    }
    rows.add(geomean);
    List<String> header =
        new ArrayList<>(List.of("kind", "rows x cols", "variant", "A, ns", "B, ns", "B / A"));
    if (reference != null) {
      header.add("B / A, each over " + reference);
    }
    Text text = new Text();
    if (!before.kind().equals(after.kind())) {
      text.paragraph("Different kinds: A is " + before.kind() + ", B is " + after.kind() + ".");
    }
    if (!before.machine().equals(after.machine()) || before.bits() != after.bits()) {
      text.paragraph(
          "Different machines: A is "
              + before.machine()
              + ", "
              + before.bits()
              + " bits, B is "
              + after.machine()
              + ", "
              + after.bits()
              + " bits.");
    }
    text.aligned(header, rows);
    return text.toString();
  }

  private static Change change(Sample a, Sample overA, Sample b, Sample overB) {
    boolean rounds = a.rounds().size() > 1 && b.rounds().size() > 1;
    return Change.of(logarithms(a, overA, rounds), logarithms(b, overB, rounds));
  }

  /** Of each round's median or, where rounds are too few, of each iteration. */
  private static double[] logarithms(Sample sample, Sample over, boolean rounds) {
    List<Double> logarithms = new ArrayList<>();
    sample
        .rounds()
        .forEach(
            (round, times) -> {
              Double unit = over == null ? Double.valueOf(1) : over.medians().get(round);
              double per = unit == null ? over.median() : unit;
              List<Double> values = rounds ? List.of(Sample.median(times)) : times;
              values.forEach(v -> logarithms.add(Math.log(v / per)));
            });
    return logarithms.stream().mapToDouble(v -> v).toArray();
  }
}
