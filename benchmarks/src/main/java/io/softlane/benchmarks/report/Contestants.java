package io.softlane.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is measured, and what the pages call it. The names in the json stay what they are; a new one
 * costs a line in {@link #ALL}, and one without a line is a contestant under its own name.
 */
public final class Contestants {
  static final String SOFTLANE = "vector";
  static final String COPY = "copy";

  /**
   * A column of a table: where it holds several contestants, the fastest of them counts.
   *
   * @param what it is, in a sentence
   * @param environment the key of its version in the environment, or of its entry in peers
   */
  record Column(String label, String what, String environment) {}

  /**
   * @param name in the json
   * @param column null for what is Softlane's own, or no contestant
   * @param against what it is compared with: the plain call, or the call that does the same
   */
  private record Entry(String name, String label, Column column, String against) {}

  private static final Column JAVA =
      new Column(
          "plain Java loop",
          "The loops most Java code has today: maximum, `Math.exp`, sum, division. Of a textbook's loop, Smile's and"
              + " llama3.java's, written anew, the fastest counts. For tokens: a PriorityQueue, a sort, the row once for each.",
          "");
  private static final Column VECTOR_API =
      new Column(
          "Vector API, `lanewise(EXP)`",
          "The loop one writes first with `jdk.incubator.vector`: its own exponential, float sums.",
          "");
  private static final Column C =
      new Column(
          "C with intrinsics",
          "Written by hand for these benchmarks, with two passes and with three; the faster counts. It states no error bound"
              + " and does not look for NaN.",
          "c3");
  private static final Column ONEDNN =
      new Column("oneDNN", "Intel's native library, through JavaCPP, on native memory.", "onednn");
  private static final Column ONNX =
      new Column("ONNX Runtime", "A graph of one operator, on native memory.", "onnxruntime");
  private static final Column PYTORCH =
      new Column(
          "PyTorch",
          "Through JavaCPP, on native memory. Of a loss, its fused pieces and autograd; the faster counts.",
          "pytorch");
  private static final Column SMILE =
      new Column("Smile", "`MathEx.softmax` on a copy of each row.", "smile-base");
  private static final Column TRIBUO =
      new Column(
          "Tribuo", "The normalizer and objective of `LogMulticlass`, in doubles.", "tribuo");
  private static final Column ND4J =
      new Column("ND4J", "Its native operations, on arrays made before.", "nd4j");
  private static final Column DJL =
      new Column(
          "DJL",
          "With its PyTorch engine; results are made anew, the gradient by autograd.",
          "djl");

  private static final Map<String, Entry> ALL = new LinkedHashMap<>();

  static {
    ours(COPY, "copy of the batch");
    add("naive", "plain Java loop", JAVA);
    add("smile", "Smile's loop, written anew", JAVA);
    add("llama3", "llama3.java's loops, written anew", JAVA);
    add("queue", "PriorityQueue of indices", JAVA);
    add("sort", "sort of all columns", JAVA);
    add("scans", "the row once for each", JAVA);
    add("lanewise", "Vector API, `lanewise(EXP)`", VECTOR_API);
    ours("scalar", "Softlane, scalar");
    ours(SOFTLANE, "Softlane");
    ours("default", "options, none set");
    ours("scale", "scale");
    ours("mask", "mask of 0 and -inf");
    ours("softmask", "mask of numbers");
    ours("scalemask", "scale and mask");
    ours("scalecapmask", "scale, soft cap and mask");
    ours("causal", "causal lengths");
    ours("sinks", "sinks");
    ours("all", "all of them");
    ours("arrays", "arrays, mixed JVM");
    ours("heap", "segment of `float[]`");
    ours("native", "native segment");
    ours("bytes", "segment of `byte[]`");
    ours("entropy", "entropy");
    ours("yardstick", "Softlane, a simpler call");
    ours("logprobabilities", "Softlane, with log-probabilities");
    ours("parallel", "`parallel()`");
    add("c3", "C with intrinsics, 3 passes", C);
    add("c2", "C with intrinsics, 2 passes", C);
    add("onednn", "oneDNN", ONEDNN);
    add("onnxruntime", "ONNX Runtime", ONNX);
    add("pytorch", "PyTorch", PYTORCH);
    add("pytorch-pieces", "PyTorch, fused pieces", PYTORCH);
    add("pytorch-autograd", "PyTorch, autograd", PYTORCH);
    add("pytorch-mask", "PyTorch, mask of 0 and -inf", PYTORCH, "mask");
    add("pytorch-softmask", "PyTorch, mask of numbers", PYTORCH, "softmask");
    add("onnxruntime-mask", "ONNX Runtime, mask of 0 and -inf", ONNX, "mask");
    add("onnxruntime-softmask", "ONNX Runtime, mask of numbers", ONNX, "softmask");
    add("onnxruntime-where", "ONNX Runtime, mask of booleans", ONNX, "mask");
    add("smile-base", "Smile", SMILE);
    add("tribuo", "Tribuo", TRIBUO);
    add("nd4j", "ND4J", ND4J);
    add("djl", "DJL", DJL);
  }

  private Contestants() {}

  private static void add(String name, String label, Column column) {
    add(name, label, column, SOFTLANE);
  }

  private static void add(String name, String label, Column column, String against) {
    ALL.put(name, new Entry(name, label, column, against));
  }

  private static void ours(String name, String label) {
    add(name, label, null);
  }

  /** A count of threads may stand behind a name. */
  private static String bare(String variant) {
    return variant.replaceFirst("-\\d+$", "");
  }

  /** What the pages call it. */
  public static String label(String variant) {
    Entry entry = ALL.get(bare(variant));
    String threads = variant.substring(bare(variant).length()).replace("-", "");
    String label = entry == null ? bare(variant) : entry.label();
    return threads.isEmpty()
        ? label
        : label + ", " + Text.count(Integer.parseInt(threads), "thread");
  }

  static List<String> labels(List<String> variants) {
    return variants.stream().map(Contestants::label).toList();
  }

  static boolean isOther(String variant) {
    return column(variant) != null;
  }

  /** Null for what is Softlane's own. */
  static Column column(String variant) {
    Entry entry = ALL.get(bare(variant));
    return entry == null ? new Column(variant, "", "") : entry.column();
  }

  static String against(String variant) {
    Entry entry = ALL.get(bare(variant));
    return entry == null ? SOFTLANE : entry.against();
  }

  /** In the table's order, unknown ones behind. */
  static List<String> inOrder(List<String> variants) {
    List<String> places = List.copyOf(ALL.keySet());
    return variants.stream()
        .sorted(
            Comparator.comparingInt(
                    (String v) ->
                        ALL.containsKey(bare(v)) ? places.indexOf(bare(v)) : places.size())
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** The contestants among some variants by their column, in order. */
  static Map<Column, List<String>> columns(List<String> variants) {
    Map<Column, List<String>> columns = new LinkedHashMap<>();
    for (String variant : inOrder(variants)) {
      Column column = column(variant);
      if (column != null) {
        columns.computeIfAbsent(column, c -> new ArrayList<>()).add(variant);
      }
    }
    return columns;
  }
}
