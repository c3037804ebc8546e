package io.softlane.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What kinds of runs there are, and where the pages have them: an entry each. A kind without one
 * has tables on its machine's page, under its own name.
 */
final class Kinds {
  /** Where RESULTS.md has it; the machine's page has all of it in any case. */
  enum Part {
    /** A table of its own, with the ratios to others. */
    OPERATION,
    /** A line of what something costs over the plain call. */
    COST,
    /** Columns of the table of JVM libraries. */
    LIBRARY,
    /** The machine's page alone. */
    MACHINE
  }

  /**
   * @param unit of errors; ULP are no use for logarithms, whose error near 0 is a difference's
   * @param note a paragraph above its tables, on the machine's page
   */
  record Kind(String name, String title, Part part, String unit, String note) {}

  private static final String ULP = "ULP";
  private static final String LOGARITHMS = "2^-24 max(1, |result|)";

  private static final Map<String, Kind> ALL = new LinkedHashMap<>();

  static {
    add("softmax", "Softmax", Part.OPERATION, ULP, "");
    add("logsoftmax", "Log-softmax", Part.OPERATION, LOGARITHMS, "");
    add("logsumexp", "Log-sum-exp", Part.OPERATION, LOGARITHMS, "");
    add("crossentropy", "Cross-entropy, the loss alone", Part.OPERATION, LOGARITHMS, "");
    add("crossentropygradient", "Cross-entropy with its gradient", Part.OPERATION, ULP, "");
    add(
        "tokens",
        "From logits to tokens",
        Part.OPERATION,
        "ULP, of softcap alone",
        """
        Rows are logits of a vocabulary, of a router, or the last ones of a model. *A simpler call* is log-sum-exp of the same rows; for
        temperature 0 it is argmax, for top-k 8 max, for softcap a product in a plain loop. *Peaked* rows have one class with two thirds
        of the probability and a long tail. The Java loops: a PriorityQueue of boxed indices, a sort of all columns, the row once for each
        of the k, and llama3.java's nucleus sampling, written anew.""");
    add(
        "inplace",
        "Softmax in place",
        Part.COST,
        ULP,
        "Results overwrite the logits, which are put back before each call, outside the measured time.");
    add(
        "hostile",
        "Softmax of difficult rows",
        Part.COST,
        ULP,
        """
        Friendly: N(0, 3), as everywhere else. Far from the row before: 200, then -200, so that what one row suggests is wrong for the
        next. Half of them -inf. Huge logits: N(0, 1) 10^30. Tiny results: all logits but one are 95 to 103 below the maximum.""");
    add(
        "options",
        "Softmax with options",
        Part.COST,
        "ULP of the scalar kernels' result",
        """
        *Softlane* is the plain call. Masks have a row for every four, in turn, a quarter of it -inf or all of it N(0, 1). Causal
        lengths grow from 1 to all columns, so that half of the batch is left. *All of them*: scale, mask of numbers, lengths and
        sinks. PyTorch adds the mask, then takes softmax; ONNX Runtime likewise, or chooses between logits and -inf. These are
        compared with Softlane's call that does the same.""");
    add(
        "segments",
        "Memory segments",
        Part.COST,
        "ULP, of log-sum-exp in " + LOGARITHMS,
        """
        *Softlane* is the call on arrays in a JVM that has used nothing else. The others ran in JVMs that had used arrays and segments
        of all three sorts in mixed order.""");
    add(
        "entropy",
        "Entropy",
        Part.COST,
        LOGARITHMS,
        "*Softlane* is log-sum-exp of the same batch.");
    add("libraries", "Softmax by JVM libraries", Part.LIBRARY, ULP, "");
    add(
        "librariesgradient",
        "Cross-entropy with its gradient by JVM libraries",
        Part.LIBRARY,
        ULP,
        "DJL returns the mean loss alone.");
    add(
        "threads",
        "Two threads",
        Part.MACHINE,
        ULP,
        "*Softlane* has slices of the rows, cut by hand, a thread each; `parallel()` is the view on a pool of one thread beside the"
            + " caller's, and does not split calls of less than 655360 elements.");
    add(
        "jvms",
        "The same in many JVMs",
        Part.MACHINE,
        ULP,
        "Each JVM runs all operations at three shapes, then measures them at one: C2 does not make the same of the same code every"
            + " time.");
    add("warmup", "Warm-up", Part.MACHINE, ULP, "");
  }

  private Kinds() {}

  private static void add(String name, String title, Part part, String unit, String note) {
    ALL.put(name, new Kind(name, title, part, unit, note));
  }

  static Kind of(String name) {
    return ALL.getOrDefault(name, new Kind(name, name, Part.MACHINE, ULP, ""));
  }

  static String title(String name) {
    return of(name).title();
  }

  static List<String> inOrder(Iterable<String> names) {
    List<String> places = List.copyOf(ALL.keySet());
    List<String> sorted = new ArrayList<>();
    names.forEach(sorted::add);
    sorted.sort(
        Comparator.comparingInt(
                (String n) -> ALL.containsKey(n) ? places.indexOf(n) : places.size())
            .thenComparing(Comparator.naturalOrder()));
    return sorted;
  }

  /** All kinds of a part that have an entry, in order. */
  static List<Kind> of(Part part) {
    return ALL.values().stream().filter(k -> k.part() == part).toList();
  }
}
