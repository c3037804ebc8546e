package io.softlane.examples.onnxocr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is printed of the images that were read. */
record Report(Output output) {
  private static final int PER_LINE = 12;

  /** An image: where it is from, the text that is in it where that is known, and what was read. */
  record Entry(String source, String truth, Reading reading) {
    boolean right() {
      return reading.text().equals(truth);
    }
  }

  /** Text, and of each character probability and entropy. */
  void characters(Entry entry) {
    String verdict = "";
    if (entry.truth() != null) {
      verdict = entry.right() ? "   (right)" : "   (wrong: it is \"" + entry.truth() + "\")";
    }
    output.print("");
    output.print("%s", entry.source());
    output.print("  \"%s\"%s", entry.reading().text(), verdict);
    List<Reading.Character> characters = entry.reading().characters();
    for (int from = 0; from < characters.size(); from += PER_LINE) {
      StringBuilder symbols = new StringBuilder("    character  ");
      StringBuilder probabilities = new StringBuilder("    p          ");
      StringBuilder entropies = new StringBuilder("    entropy    ");
      int to = Math.min(from + PER_LINE, characters.size());
      for (Reading.Character character : characters.subList(from, to)) {
        symbols.append(wide(character.symbol()));
        probabilities.append(String.format(Locale.ROOT, "%7.4f", character.probability()));
        entropies.append(String.format(Locale.ROOT, "%7.4f", character.entropy()));
      }
      output.print("%s", symbols);
      output.print("%s", probabilities);
      output.print("%s", entropies);
    }
  }

  /** At the right of seven columns, of which most of the model's characters take two. */
  private static String wide(String symbol) {
    String shown = symbol.equals(" ") ? "' '" : symbol;
    int columns = shown.codePoints().map(c -> c >= 0x2e80 ? 2 : 1).sum();
    return " ".repeat(Math.max(1, 7 - columns)) + shown;
  }

  /** Of each text the image that was read with the least confidence. */
  static List<Entry> hardest(List<Entry> entries) {
    Map<String, Entry> hardest = new LinkedHashMap<>();
    for (Entry entry : entries) {
      hardest.merge(
          entry.truth(), entry, (a, b) -> a.reading().weakest() <= b.reading().weakest() ? a : b);
    }
    return List.copyOf(hardest.values());
  }

  /** How many texts were read right, by font and angle, and by noise. */
  void table(List<Sample> samples, List<Entry> entries) {
    Map<String, Map<Double, int[]>> lines = new LinkedHashMap<>();
    List<Double> noises = samples.stream().map(Sample::noise).distinct().toList();
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      String line = sample.font() + ", " + Sample.number(sample.angle()) + " degrees";
      int[] counts =
          lines
              .computeIfAbsent(line, key -> new LinkedHashMap<>())
              .computeIfAbsent(sample.noise(), key -> new int[2]);
      counts[0] += entries.get(i).right() ? 1 : 0;
      counts[1]++;
    }
    StringBuilder head = new StringBuilder("%-28s".formatted("texts read right"));
    noises.forEach(n -> head.append("%14s".formatted("noise " + Sample.number(n))));
    output.print("");
    output.print("%s", head);
    lines.forEach(
        (line, byNoise) -> {
          List<String> cells = new ArrayList<>();
          noises.forEach(n -> cells.add(byNoise.get(n)[0] + " of " + byNoise.get(n)[1]));
          StringBuilder text = new StringBuilder("%-28s".formatted(line));
          cells.forEach(cell -> text.append("%14s".formatted(cell)));
          output.print("%s", text);
        });
    long right = entries.stream().filter(Entry::right).count();
    output.print("%-28s%14s", "all", right + " of " + entries.size());
  }

  /** How Softlane's results compare with those of the model's own Softmax. */
  void difference(Difference difference, int sameTexts, int images) {
    output.print("");
    output.print(
        "Against the model's own Softmax, from the same logits: %,d probabilities",
        difference.count());
    output.print("same text                   %d of %d images", sameTexts, images);
    output.print("same float                  %.1f %%", 100 * difference.equal());
    output.print("%-28s%14s%14s%14s", "in ULP", "mean", "largest", "|sum - 1|");
    errors("error of Softlane", difference, difference.softlane());
    errors("error of ONNX Runtime", difference, difference.onnxRuntime());
    ulps(
        "error of rounding alone",
        difference.mean(difference.rounding()),
        difference.rounding().largest(),
        "");
    ulps("from one to the other", difference.meanApart(), difference.apart(), "");
    output.print(
        "Errors are against exp and sum in double, |sum - 1| is the largest of a row; logits are");
    output.print(
        "%.1f to %.1f. Rounding: a logit's distance from its row's maximum to float, nothing else.",
        difference.lowest(), difference.highest());
  }

  private void errors(String name, Difference difference, Difference.Errors errors) {
    ulps(
        name,
        difference.mean(errors),
        errors.largest(),
        String.format(Locale.ROOT, "%14.1e", errors.fromOne()));
  }

  private void ulps(String name, double mean, double largest, String fromOne) {
    output.print("%-28s%14.3f%14.3f%s", name, mean, largest, fromOne);
  }

  /** How long the two take. */
  void timing(Timing timing, Batch batch, int classes, int threads) {
    output.print("");
    output.print(
        "Milliseconds for a batch of %d, %d x %d logits, on %d thread%s at once:",
        batch.size(), batch.size() * batch.steps(), classes, threads, threads == 1 ? "" : "s");
    output.print("%-28s%14s%14s%14s", "", "ONNX Runtime", "Softlane", "ratio");
    time("softmax", timing.softmaxes());
    time("network and softmax", timing.wholes());
    output.print("A quick look: medians of pairs in turn. JMH's figures: benchmarks/.");
  }

  private void time(String name, Timing.Pairs pairs) {
    output.print(
        "%-28s%14.3f%14.3f%13.2fx", name, pairs.onnxRuntime(), pairs.softlane(), pairs.ratio());
  }
}
