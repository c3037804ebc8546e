package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tables of one run: times with errors, and what they are beside each other. */
record Tables(Text text) {
  static final String MISSING = "-";

  static boolean isContestant(String variant) {
    return !variant.equals("copy")
        && !variant.equals("scalar")
        && !variant.equals("vector")
        && !Additions.OURS.contains(variant);
  }

  void times(Run run) {
    List<String> variants = Group.inOrder(run.variants());
    boolean errors =
        run.points().keySet().stream()
            .anyMatch(p -> variants.stream().anyMatch(v -> !Double.isNaN(run.error(p, v))));
    text.paragraph(
        "ns per element"
            + (errors ? "; behind it the largest error, in " + Kinds.errorUnit(run.kind()) : "")
            + (variants.stream().anyMatch(Tables::isContestant)
                ? "; bold: the fastest that is not ours."
                : "."));
    List<List<String>> rows = new ArrayList<>();
    run.points()
        .forEach(
            (point, samples) -> {
              String fastest = fastest(samples);
              List<String> row = new ArrayList<>(List.of(point.toString()));
              for (String variant : variants) {
                Sample sample = samples.get(variant);
                if (sample == null) {
                  row.add(MISSING);
                  continue;
                }
                double spread = sample.spread();
                String cell =
                    number(sample.median(), 3)
                        + (Double.isNaN(spread) ? "" : " ±" + Text.percent(spread));
                double error = run.error(point, variant);
                cell = variant.equals(fastest) ? "**" + cell + "**" : cell;
                row.add(
                    Double.isNaN(error) || variant.startsWith("copy")
                        ? cell
                        : cell + ", " + error(error));
              }
              rows.add(row);
            });
    text.table(Text.header(point(run), variants), rows);
  }

  static String error(double error) {
    return number(error, error < 9.95 ? 1 : 0);
  }

  private static String point(Run run) {
    return run.points().keySet().stream().allMatch(p -> p.data().isEmpty())
        ? "rows x cols"
        : run.kind().equals("segments") ? "rows x cols, call" : "rows x cols, data";
  }

  /** Of those that are not ours; null where vector ran alone. */
  private static String fastest(Map<String, Sample> samples) {
    List<String> contestants = samples.keySet().stream().filter(Tables::isContestant).toList();
    Targets.Fastest fastest = Targets.Fastest.of(samples, contestants, "vector");
    return fastest == null ? null : fastest.variant();
  }

  void ratios(Run run) {
    List<String> contestants =
        Group.inOrder(run.variants()).stream().filter(v -> !v.equals("vector")).toList();
    List<List<String>> rows = new ArrayList<>();
    run.points()
        .forEach(
            (point, samples) -> {
              Sample vector = samples.get("vector");
              if (vector == null) {
                return;
              }
              String fastest = fastest(samples);
              List<String> row = new ArrayList<>(List.of(point.toString()));
              for (String contestant : contestants) {
                Sample sample = samples.get(contestant);
                String cell = sample == null ? MISSING : ratio(Ratio.of(sample, vector));
                row.add(contestant.equals(fastest) ? "**" + cell + "**" : cell);
              }
              rows.add(row);
            });
    if (!rows.isEmpty() && !contestants.isEmpty()) {
      text.paragraph("Times the time of `vector`:");
      text.table(Text.header(point(run), contestants), rows);
    }
  }

  /** What others take for what Softlane does with the same options. */
  void rivals(Run run) {
    List<String> contestants =
        Group.inOrder(run.variants()).stream()
            .filter(v -> isContestant(v) && !Additions.rival(v).equals("vector"))
            .toList();
    if (contestants.isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    run.points()
        .forEach(
            (point, samples) -> {
              List<String> row = new ArrayList<>(List.of(point.toString()));
              for (String contestant : contestants) {
                Sample sample = samples.get(contestant);
                Sample ours = samples.get(Additions.rival(contestant));
                row.add(sample == null || ours == null ? MISSING : ratio(Ratio.of(sample, ours)));
              }
              rows.add(row);
            });
    text.paragraph("Times the time of the same options here (`mask` or `softmask`):");
    text.table(Text.header(point(run), contestants), rows);
  }

  void speedups(Run run) {
    List<List<String>> rows = new ArrayList<>();
    for (Point point : run.points().keySet()) {
      double vector = Targets.speedup(run, point, "vector");
      if (!Double.isNaN(vector)) {
        String copy = number(Targets.speedup(run, point, "copy"), 2);
        rows.add(List.of(point.toString(), copy, number(vector, 2)));
      }
    }
    if (!rows.isEmpty()) {
      text.paragraph("Two threads, times as fast as one:");
      text.table(List.of("rows x cols", "copy", "vector"), rows);
    }
  }

  static String ratio(Ratio ratio) {
    String median = number(ratio.median(), 2);
    String range = "[" + number(ratio.min(), 2) + ", " + number(ratio.max(), 2) + "]";
    return ratio.rounds() == 1 ? median : median + " " + range;
  }

  void warmup(Warmup warmup) {
    text.paragraph(
        "JVMs that call softmax of one shape from their start; medians over JVMs. Steady is ns per element of the last quarter of"
            + " their time; in brackets, over that after nothing.");
    List<String> header =
        new ArrayList<>(
            List.of(
                "rows x cols",
                "first call, ms",
                "to 90 % of steady speed, ms",
                "calls until then",
                "steady, after nothing"));
    warmup.others().forEach(before -> header.add("steady, after " + before));
    List<List<String>> rows = new ArrayList<>();
    warmup
        .steady()
        .forEach(
            (point, samples) -> {
              List<String> row =
                  new ArrayList<>(
                      List.of(
                          point.toString(),
                          number(warmup.start(point, Warmup.Start::firstCall) / 1e6, 2),
                          number(warmup.start(point, Warmup.Start::nanos) / 1e6, 0),
                          number(warmup.start(point, Warmup.Start::calls), 0),
                          steady(samples.get(Warmup.NOTHING))));
              for (String before : warmup.others()) {
                Ratio slowdown = warmup.slowdown(point, before);
                row.add(
                    steady(samples.get(before))
                        + (slowdown == null ? "" : " (" + ratio(slowdown) + ")"));
              }
              rows.add(row);
            });
    text.table(header, rows);
  }

  private static String steady(Sample sample) {
    return sample == null ? MISSING : number(sample.median(), 3);
  }

  /** Of a run with -prof gc. */
  void allocation(Run run) {
    List<String> variants = Group.inOrder(run.variants());
    List<List<String>> rows = new ArrayList<>();
    run.points()
        .forEach(
            (point, samples) -> {
              List<String> row = new ArrayList<>(List.of(point.toString()));
              for (String variant : variants) {
                Sample s = samples.get(variant);
                row.add(
                    s == null || s.bytesPerCall().isEmpty()
                        ? MISSING
                        : number(s.bytesPerCall().getAsDouble(), 3));
              }
              rows.add(row);
            });
    text.table(Text.header(Kinds.title(run.kind()) + ", " + point(run), variants), rows);
  }
}
