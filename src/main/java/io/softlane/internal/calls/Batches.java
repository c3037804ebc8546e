package io.softlane.internal.calls;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxOptions;
import io.softlane.internal.ClassWeights;
import io.softlane.internal.rows.LossTerms;

/**
 * Every check of an argument, made once per batch, before anything is written.
 *
 * <p>Two kinds of arguments take part: a batch (an array with its {@link Rows}) and a per-row array
 * (one element per row, at its row number). Two arguments overlap where they share an array and
 * their extents, first to last element, meet.
 */
public final class Batches {
  /** What can be done about two arguments that overlap. */
  static final String APART = "they must be apart";

  static final String IN_PLACE = "they must be apart, or start at one element with the same Rows";
  static final String IN_PLACE_OF_MASK = IN_PLACE + ", all of the batch from firstRow 0 on";

  private Batches() {}

  /** Index after the last element of a batch; its offset where it has no rows. */
  public static long end(Rows rows) {
    return rows.rows() == 0
        ? rows.offset()
        : rows.offset() + (rows.rows() - 1) * rows.stride() + rows.cols();
  }

  // ---- whole argument lists ----

  /** Arrays that are one row each, of the same length. */
  public static void one(float[] logits, String name, float[] other) {
    notNull(logits, "logits");
    notNull(other, name);
    if (logits.length == 0) {
      throw new IllegalArgumentException("logits is empty: a row needs at least one column");
    }
    if (other.length != logits.length) {
      throw new IllegalArgumentException(
          ("logits is one row of %s columns, but %s has length %s:"
                  + " make them the same, or say with Rows which elements are meant")
              .formatted(logits.length, name, other.length));
    }
  }

  /** A batch of the same shape, which may be in place. */
  public static void map(
      String name, float[] batch, Rows in, String outName, float[] result, Rows out) {
    fits(name, batch, in);
    fits(outName, result, out);
    sameShape(outName, out, name, in);
    inPlaceOrApart(outName, result, out, name, batch, in);
  }

  /** A second input batch of the same shape, in whose place the result may be too. */
  public static void second(
      String name, float[] batch, Rows rows, Rows in, String outName, float[] result, Rows out) {
    fits(name, batch, rows);
    sameShape(name, rows, outName, in);
    inPlaceOrApart(outName, result, out, name, batch, rows);
  }

  static void expSum(float[] logits, Rows in, float[] shift, float[] exps, Rows out, float[] sum) {
    map("logits", logits, in, "exps", exps, out);
    fitsPerRow("shift", shift, in);
    fitsPerRow("sum", sum, in);
    apart("shift", shift, in, "exps", exps, out);
    apart("sum", sum, in, "logits", logits, in);
    apart("sum", sum, in, "exps", exps, out);
    perRowApart("sum", sum, "shift", shift, in);
  }

  static void normalize(float[] values, Rows in, float[] sum, float[] normalized, Rows out) {
    map("values", values, in, "normalized", normalized, out);
    fitsPerRow("sum", sum, in);
    apart("sum", sum, in, "normalized", normalized, out);
  }

  /** Dense targets of a loss. */
  public static void targets(
      float[] targets, Rows targetRows, Rows in, CrossEntropy options, float[] losses) {
    fits("targets", targets, targetRows);
    sameShape("targets", targetRows, "logits", in);
    apart("losses", losses, in, "targets", targets, targetRows);
    weights(options, in);
  }

  /** What options say of a batch: shapes, and lengths in range. */
  static void options(SoftmaxOptions options, Rows in) {
    notNull(options, "options");
    Rows mask = options.maskRows();
    if (mask != null) {
      if (mask.rows() == 0 || mask.cols() != in.cols()) {
        throw new IllegalArgumentException(
            "mask%s, but logits of %s cols need a mask of as many, and of at least one row"
                .formatted(shape(mask), in.cols()));
      }
      fits("mask", options.mask(), mask);
    }
    if (options.lengths() != null) {
      fitsPerRow("lengths", options.lengths(), in);
      for (int r = in.firstRow(); r < number(in); r++) {
        int length = options.lengths()[r];
        if (length < 0 || length > in.cols()) {
          throw new IllegalArgumentException(
              "the length of row %s must be 0 to %s, the number of cols, not %s"
                  .formatted(r, in.cols(), length));
        }
      }
    }
    if (options.sinks() != null) {
      fitsPerRow("sinks", options.sinks(), in);
    }
  }

  /** The same, and that they overlap no output. */
  static void options(SoftmaxOptions options, Rows in, String outName, float[] result, Rows out) {
    options(options, in);
    Rows mask = options.maskRows();
    if (mask != null
        && in.rows() > 0
        && !(in.firstRow() == 0 && isAt(mask, out))
        && meet(result, out.offset(), end(out), options.mask(), mask.offset(), end(mask))) {
      throw overlap(
          outName, out.offset(), end(out), "mask", mask.offset(), end(mask), IN_PLACE_OF_MASK);
    }
    if (options.sinks() != null) {
      apart("sinks", options.sinks(), in, outName, result, out);
    }
  }

  /** The same for an output of one value per row. */
  static void options(SoftmaxOptions options, Rows in, String resultName, float[] result) {
    options(options, in);
    if (options.mask() != null) {
      Rows mask = options.maskRows();
      apart(resultName, result, in, "mask", options.mask(), mask);
    }
    if (options.sinks() != null) {
      perRowApart(resultName, result, "sinks", options.sinks(), in);
    }
  }

  public static void topK(float[] logits, Rows in, int k, float[] values, int[] indices) {
    fits("logits", logits, in);
    if (values == null && indices == null) {
      throw new NullPointerException("values and indices are null: one of them is needed");
    }
    if (k < 1 || k > in.cols()) {
      throw new IllegalArgumentException(
          "k must be 1 to " + in.cols() + ", the number of cols, not " + k);
    }
    if (values != null) {
      lengthAtLeast("values", values.length, in, k);
      long from = (long) in.firstRow() * k;
      apart("values", values, from, from + (long) in.rows() * k, "logits", logits, in);
    }
    if (indices != null) {
      lengthAtLeast("indices", indices.length, in, k);
    }
  }

  public static void sample(
      float[] logits,
      Rows in,
      Sampling how,
      float[] uniforms,
      int[] tokens,
      float[] logProbabilities) {
    fits("logits", logits, in);
    notNull(how, "how");
    fitsPerRow("tokens", tokens, in);
    boolean draws = how.temperature() > 0;
    if (draws) {
      fitsPerRow("uniforms", uniforms, in);
      for (int r = in.firstRow(); r < number(in); r++) {
        if (!(uniforms[r] >= 0 && uniforms[r] < 1)) {
          throw new IllegalArgumentException(
              "the uniform of row " + r + " must be at least 0 and below 1, not " + uniforms[r]);
        }
      }
    }
    if (logProbabilities != null) {
      String name = "logProbabilities";
      fitsPerRow(name, logProbabilities, in);
      apart(name, logProbabilities, in, "logits", logits, in);
      if (draws) {
        perRowApart(name, logProbabilities, "uniforms", uniforms, in);
      }
    }
  }

  // ---- single checks ----

  /** Refuses nulls and a batch that does not fit its array. */
  static void fits(String name, float[] array, Rows rows) {
    notNull(array, name);
    rowsNotNull(rows, name);
    if (rows.rows() > 0 && end(rows) > array.length) {
      throw new IndexOutOfBoundsException(
          "%s has length %s, but %s extends to element %s: it needs a length of at least %s"
              .formatted(name, array.length, rows, end(rows) - 1, end(rows)));
    }
  }

  /** Refuses null; the message is made only when it is needed. */
  static void notNull(Object argument, String name) {
    if (argument == null) {
      throw new NullPointerException(name + " is null");
    }
  }

  static void rowsNotNull(Rows rows, String name) {
    if (rows == null) {
      throw new NullPointerException("the rows of " + name + " are null");
    }
  }

  /** Refuses null and an array of one element per row that is too short. */
  static void fitsPerRow(String name, float[] perRow, Rows in) {
    notNull(perRow, name);
    lengthAtLeast(name, perRow.length, in, 1);
  }

  static void fitsPerRow(String name, int[] perRow, Rows in) {
    notNull(perRow, name);
    lengthAtLeast(name, perRow.length, in, 1);
  }

  /** Results of several a row need their place of every row number, too. */
  private static void lengthAtLeast(String name, int length, Rows in, int perRow) {
    if (in.rows() > 0 && length < (long) number(in) * perRow) {
      throw new IndexOutOfBoundsException(
          "%s has length %s, but the last row has number %s%s: it needs a length of at least %s%s"
              .formatted(
                  name,
                  length,
                  number(in) - 1,
                  perRow == 1 ? "" : ", and " + perRow + " elements each",
                  (long) number(in) * perRow,
                  in.firstRow() == 0 ? "" : ", as that of the batch that the rows are a slice of"));
    }
  }

  static void sameShape(String name, Rows rows, String otherName, Rows other) {
    if (rows.rows() != other.rows() || rows.cols() != other.cols()) {
      throw new IllegalArgumentException(
          "%s%s, but %s%s: rows and cols must be the same"
              .formatted(name, shape(rows), otherName, shape(other)));
    }
  }

  private static String shape(Rows rows) {
    return " is " + rows.rows() + " x " + rows.cols();
  }

  /** Refuses an output batch that overlaps an input batch, unless it is in place. */
  private static void inPlaceOrApart(
      String outName, float[] out, Rows outRows, String inName, float[] in, Rows inRows) {
    if (!isAt(outRows, inRows)
        && meet(out, outRows.offset(), end(outRows), in, inRows.offset(), end(inRows))) {
      long from = inRows.offset();
      throw overlap(outName, outRows.offset(), end(outRows), inName, from, end(inRows), IN_PLACE);
    }
  }

  /** The number after that of the last row. */
  static int number(Rows in) {
    return in.firstRow() + in.rows();
  }

  /**
   * Refuses a per-row array of the rows of a batch that overlaps one, of which one is an output.
   */
  static void apart(
      String perRowName, float[] perRow, Rows in, String name, float[] batch, Rows rows) {
    apart(perRowName, perRow, in.firstRow(), number(in), name, batch, rows);
  }

  private static void apart(
      String aName, float[] a, long aFrom, long aEnd, String name, float[] batch, Rows rows) {
    if (meet(a, aFrom, aEnd, batch, rows.offset(), end(rows))) {
      throw overlap(aName, aFrom, aEnd, name, rows.offset(), end(rows), APART);
    }
  }

  /** Refuses two arrays of one element per row that are one, as one of them is an output. */
  private static void perRowApart(String aName, float[] a, String bName, float[] b, Rows in) {
    int end = number(in);
    if (meet(a, in.firstRow(), end, b, in.firstRow(), end)) {
      throw overlap(aName, in.firstRow(), end, bName, in.firstRow(), end, APART);
    }
  }

  private static boolean meet(float[] a, long aFrom, long aEnd, float[] b, long bFrom, long bEnd) {
    return a == b && aFrom < aEnd && bFrom < bEnd && aFrom < bEnd && bFrom < aEnd;
  }

  private static IllegalArgumentException overlap(
      String aName, long aFrom, long aEnd, String bName, long bFrom, long bEnd, String cure) {
    return new IllegalArgumentException(
        "%s%s overlaps %s%s of the same array: %s"
            .formatted(aName, elements(aFrom, aEnd), bName, elements(bFrom, bEnd), cure));
  }

  /** Whether two batches have the same elements, whatever numbers their rows have. */
  private static boolean isAt(Rows a, Rows b) {
    return a.offset() == b.offset()
        && a.rows() == b.rows()
        && a.cols() == b.cols()
        && a.stride() == b.stride();
  }

  static String elements(long from, long end) {
    return " (elements " + from + " to " + (end - 1) + ")";
  }

  /**
   * Refuses a label that is neither a class nor ignored, and class weights of another number.
   *
   * @return the weight of the rows that count
   */
  public static double labels(int[] labels, Rows in, CrossEntropy options) {
    fitsPerRow("labels", labels, in);
    weights(options, in);
    float[] weights = ClassWeights.of(options);
    double weight = 0;
    for (int r = in.firstRow(); r < number(in); r++) {
      int label = labels[r];
      if (LossTerms.ignores(options, label)) {
        continue;
      }
      if (label < 0 || label >= in.cols()) {
        throw badLabel(label, r, in);
      }
      weight += weights == null ? 1 : weights[label];
    }
    return weight;
  }

  /** Refuses class weights whose number is not the number of columns. */
  static void weights(CrossEntropy options, Rows in) {
    notNull(options, "options");
    float[] weights = ClassWeights.of(options);
    if (weights != null && weights.length != in.cols()) {
      throw new IllegalArgumentException(
          "there are %s class weights for %s cols: one is needed for each class"
              .formatted(weights.length, in.cols()));
    }
  }

  private static IndexOutOfBoundsException badLabel(int label, int row, Rows in) {
    String cure =
        label < 0 ? ": CrossEntropy.withIgnoreIndex(" + label + ") leaves such rows out" : "";
    return new IndexOutOfBoundsException(
        "the label of row %s must be a class, 0 to %s (cols = %s), not %s%s"
            .formatted(row, in.cols() - 1, in.cols(), label, cure));
  }
}
