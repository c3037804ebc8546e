package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/** The tables of one run: times with errors, and what they are beside each other. */
record Tables(Text text) {
  static final String MISSING = "-";

  /** A ratio below it prints as 0.99 or less. */
  static final double SLOWER = 0.995;

  static String error(double error) {
    return number(error, error < 9.95 ? 1 : 0);
  }

  /** With as many digits as anybody needs. */
  static String times(double ratio) {
    return number(ratio, ratio < 2.995 ? 2 : ratio < 9.95 ? 1 : 0);
  }

  static String range(Collection<Double> values, DoubleFunction<String> format) {
    if (values.isEmpty()) {
      return MISSING;
    }
    String least = format.apply(Collections.min(values));
    String most = format.apply(Collections.max(values));
    return least.equals(most) ? least : least + " to " + most;
  }

  void times(Run run) {
    List<String> variants = Contestants.inOrder(run.variants());
    boolean errors =
        run.points().keySet().stream()
            .anyMatch(p -> variants.stream().anyMatch(v -> !Double.isNaN(run.error(p, v))));
    text.paragraph(
        "ns per element"
            + (errors ? "; behind it the largest error, in " + Kinds.of(run.kind()).unit() : "")
            + (variants.stream().anyMatch(Contestants::isOther)
                ? "; bold: the fastest that is not Softlane."
                : "."));
    List<List<String>> rows = new ArrayList<>();
    run.points()
        .forEach(
            (point, samples) -> {
              Fastest fastest = Fastest.of(samples);
              List<String> row = new ArrayList<>(List.of(point.toString()));
              for (String variant : variants) {
                row.add(
                    time(
                        run, point, variant, fastest != null && variant.equals(fastest.variant())));
              }
              rows.add(row);
            });
    text.table(Text.header(point(run), Contestants.labels(variants)), rows);
  }

  private static String time(Run run, Point point, String variant, boolean fastest) {
    Sample sample = run.at(point, variant);
    if (sample == null) {
      return MISSING;
    }
    double spread = sample.spread();
    String cell =
        number(sample.time(), 3) + (Double.isNaN(spread) ? "" : " ±" + Text.percent(spread));
    double error = run.error(point, variant);
    cell = fastest ? "**" + cell + "**" : cell;
    return Double.isNaN(error) || variant.startsWith(Contestants.COPY)
        ? cell
        : cell + ", " + error(error);
  }

  static String point(Run run) {
    return run.points().keySet().stream().allMatch(p -> p.data().isEmpty())
        ? "rows x cols"
        : run.kind().equals("hostile") ? "rows x cols, data" : "rows x cols, call";
  }

  void ratios(Run run) {
    List<String> contestants =
        Contestants.inOrder(run.variants()).stream()
            .filter(v -> !v.equals(Contestants.SOFTLANE))
            .toList();
    List<List<String>> rows = new ArrayList<>();
    boolean own = false;
    for (Map.Entry<Point, Map<String, Sample>> entry : run.points().entrySet()) {
      Map<String, Sample> samples = entry.getValue();
      Fastest fastest = Fastest.of(samples);
      List<String> row = new ArrayList<>(List.of(entry.getKey().toString()));
      boolean any = false;
      for (String contestant : contestants) {
        Sample sample = samples.get(contestant);
        Sample ours = samples.get(Contestants.against(contestant));
        any |= sample != null && ours != null;
        String cell = sample == null || ours == null ? MISSING : ratio(Ratio.of(sample, ours));
        row.add(
            fastest != null && contestant.equals(fastest.variant()) ? "**" + cell + "**" : cell);
        own |= !Contestants.against(contestant).equals(Contestants.SOFTLANE);
      }
      if (any) {
        rows.add(row);
      }
    }
    if (!rows.isEmpty()) {
      text.paragraph(
          "Times Softlane's time"
              + (own ? "; with a mask, that of Softlane with the same mask:" : ":"));
      text.table(Text.header(point(run), Contestants.labels(contestants)), rows);
    }
  }

  static String ratio(Ratio ratio) {
    String value = number(ratio.value(), 2);
    String range = "[" + number(ratio.min(), 2) + ", " + number(ratio.max(), 2) + "]";
    return ratio.rounds() == 1 ? value : value + " " + range;
  }

  /** Of the fastest of some; bold where it is faster than Softlane. */
  static String ratio(Run run, Point point, List<String> variants) {
    Fastest fastest = Fastest.of(run.points().get(point), variants);
    if (fastest == null) {
      return MISSING;
    }
    double ratio = fastest.ratio().value();
    return ratio < SLOWER ? "**" + times(ratio) + "**" : times(ratio);
  }

  void speedups(Run run) {
    List<String> variants =
        List.of(Contestants.COPY, Contestants.SOFTLANE, "parallel").stream()
            .filter(v -> run.variants().contains(v + "-2"))
            .toList();
    List<List<String>> rows = new ArrayList<>();
    for (Point point : run.points().keySet()) {
      List<String> row = new ArrayList<>(List.of(point.toString()));
      variants.forEach(v -> row.add(number(speedup(run, point, v), 2)));
      if (row.stream().skip(1).anyMatch(c -> !c.equals(MISSING))) {
        rows.add(row);
      }
    }
    if (!rows.isEmpty()) {
      text.paragraph("Two threads, times as fast as one:");
      text.table(Text.header(point(run), Contestants.labels(variants)), rows);
    }
  }

  /** One thread's time over two threads'; NaN where either is missing. */
  static double speedup(Run run, Point point, String variant) {
    // The view on one thread is the plain call.
    String alone = variant.equals("parallel") ? Contestants.SOFTLANE : variant;
    Sample one = run.at(point, alone + "-1");
    Sample two = run.at(point, variant + "-2");
    return one == null || two == null ? Double.NaN : Ratio.of(one, two).value();
  }

  /** How far the slowest JVM is from the median one. */
  void jvms(Run run) {
    List<List<String>> rows = new ArrayList<>();
    run.points()
        .forEach(
            (point, samples) -> {
              Sample ours = samples.get(Contestants.SOFTLANE);
              if (ours != null) {
                double median = Sample.median(ours.fastest().values());
                rows.add(
                    List.of(
                        point.toString(),
                        number(median, 3),
                        number(Collections.max(ours.fastest().values()) / median, 2),
                        ours.rounds().size() + "",
                        ours.bytesPerCall().isEmpty()
                            ? MISSING
                            : number(ours.bytesPerCall().getAsDouble(), 1)));
              }
            });
    text.table(
        List.of(
            point(run), "median JVM, ns", "slowest JVM over it", "JVMs", "bytes a call, at most"),
        rows);
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
    return sample == null ? MISSING : number(sample.time(), 3);
  }

  /** Of a run with -prof gc. */
  void allocation(Run run) {
    List<String> variants = Contestants.inOrder(run.variants());
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
    text.table(
        Text.header(Kinds.title(run.kind()) + ", " + point(run), Contestants.labels(variants)),
        rows);
  }
}
