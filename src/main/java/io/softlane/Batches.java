package io.softlane;

import java.util.Objects;

/**
 * Every check of an argument, made once per batch, before anything is written.
 *
 * <p>Two kinds of arguments take part: a batch (an array with its {@link Rows}) and a per-row array
 * (one element per row, at its row number). Two arguments overlap where they share an array and
 * their extents, first to last element, meet.
 */
final class Batches {
  private Batches() {}

  /** Index after the last element of a batch; its offset where it has no rows. */
  static long end(Rows rows) {
    return rows.rows() == 0
        ? rows.offset()
        : rows.offset() + (rows.rows() - 1) * rows.stride() + rows.cols();
  }

  // ---- whole argument lists ----

  /** One value per row of a batch. */
  static void perRowResult(String name, float[] batch, Rows in, String resultName, float[] result) {
    fits(name, batch, in);
    fitsPerRow(resultName, result, in);
    apart(resultName, result, in, name, batch, in);
  }

  /** Arrays that are one row each, of the same length. */
  static void one(float[] logits, String name, float[] other) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(other, name);
    if (logits.length == 0) {
      throw new IllegalArgumentException("logits is empty: a row needs at least one column");
    }
    if (other.length != logits.length) {
      throw new IllegalArgumentException(
          "logits is one row of "
              + logits.length
              + " columns, but "
              + name
              + " has length "
              + other.length
              + ": make them the same, or say with Rows which elements are meant");
    }
  }

  /** A batch of the same shape, which may be in place. */
  static void map(String name, float[] batch, Rows in, String outName, float[] result, Rows out) {
    fits(name, batch, in);
    fits(outName, result, out);
    sameShape(name, in, outName, out);
    inPlaceOrApart(outName, result, out, name, batch, in);
  }

  /** A second input batch of the same shape, in whose place the result may be too. */
  static void second(
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
    apart("sum", sum, in, "shift", shift, in.firstRow(), number(in));
  }

  static void normalize(float[] values, Rows in, float[] sum, float[] normalized, Rows out) {
    map("values", values, in, "normalized", normalized, out);
    fitsPerRow("sum", sum, in);
    apart("sum", sum, in, "normalized", normalized, out);
  }

  /** Dense targets of a loss. */
  static void targets(
      float[] targets, Rows targetRows, Rows in, CrossEntropy options, float[] losses) {
    fits("targets", targets, targetRows);
    sameShape("targets", targetRows, "logits", in);
    apart("losses", losses, in, "targets", targets, targetRows);
    weights(options, in);
  }

  /** What options say of a batch: shapes, and lengths in range. */
  static void options(SoftmaxOptions options, Rows in) {
    Objects.requireNonNull(options, "options");
    Rows mask = options.maskRows();
    if (mask != null) {
      if (mask.rows() == 0 || mask.cols() != in.cols()) {
        throw new IllegalArgumentException(
            "a mask of "
                + mask.rows()
                + " x "
                + mask.cols()
                + " cannot be added to logits of "
                + in.cols()
                + " cols: it needs at least one row, and as many cols");
      }
      fits("mask", options.mask(), mask);
    }
    if (options.lengths() != null) {
      fitsPerRow("lengths", options.lengths(), in);
      for (int r = in.firstRow(); r < number(in); r++) {
        int length = options.lengths()[r];
        if (length < 0 || length > in.cols()) {
          throw new IllegalArgumentException(
              "length "
                  + length
                  + " of row "
                  + r
                  + " is not in 0 to "
                  + in.cols()
                  + ", the number of cols");
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
    if (mask != null && in.rows() > 0 && !(in.firstRow() == 0 && mask.isAt(out))) {
      apart(outName, result, out.offset(), end(out), "mask", options.mask(), mask);
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
      apart(resultName, result, in, "sinks", options.sinks(), in.firstRow(), number(in));
    }
  }

  static void topK(float[] logits, Rows in, int k, float[] values, int[] indices) {
    fits("logits", logits, in);
    if (values == null && indices == null) {
      throw new NullPointerException("values and indices: one of them is needed");
    }
    if (k < 1 || k > in.cols()) {
      throw new IllegalArgumentException("k = " + k + " is not in 1 to " + in.cols());
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

  static void sample(
      float[] logits,
      Rows in,
      Sampling how,
      float[] uniforms,
      int[] tokens,
      float[] logProbabilities) {
    fits("logits", logits, in);
    Objects.requireNonNull(how, "how");
    fitsPerRow("tokens", tokens, in);
    boolean draws = how.temperature() > 0;
    if (draws) {
      fitsPerRow("uniforms", uniforms, in);
      for (int r = in.firstRow(); r < number(in); r++) {
        if (!(uniforms[r] >= 0 && uniforms[r] < 1)) {
          throw new IllegalArgumentException(
              "uniform " + uniforms[r] + " of row " + r + " is not in [0, 1)");
        }
      }
    }
    if (logProbabilities != null) {
      String name = "logProbabilities";
      fitsPerRow(name, logProbabilities, in);
      apart(name, logProbabilities, in, "logits", logits, in);
      if (draws) {
        apart(name, logProbabilities, in, "uniforms", uniforms, in.firstRow(), number(in));
      }
    }
  }

  // ---- single checks ----

  /** Refuses nulls and a batch that does not fit its array. */
  static void fits(String name, float[] array, Rows rows) {
    Objects.requireNonNull(array, name);
    if (rows == null) { // the message is made only when it is needed
      throw new NullPointerException("rows of " + name);
    }
    if (rows.rows() > 0 && end(rows) > array.length) {
      throw new IndexOutOfBoundsException(
          name
              + ": "
              + rows
              + " extends to element "
              + (end(rows) - 1)
              + ", but the array has length "
              + array.length);
    }
  }

  /** Refuses null and a per-row array that is too short for the batch. */
  static void fitsPerRow(String name, float[] perRow, Rows in) {
    Objects.requireNonNull(perRow, name);
    lengthAtLeast(name, perRow.length, in);
  }

  /** Refuses null and a per-row array that is too short for the batch. */
  static void fitsPerRow(String name, int[] perRow, Rows in) {
    Objects.requireNonNull(perRow, name);
    lengthAtLeast(name, perRow.length, in);
  }

  private static void lengthAtLeast(String name, int length, Rows in) {
    lengthAtLeast(name, length, in, 1);
  }

  /** Results of several a row need their place of every row number, too. */
  private static void lengthAtLeast(String name, int length, Rows in, int perRow) {
    if (in.rows() > 0 && length < (long) number(in) * perRow) {
      throw new IndexOutOfBoundsException(
          name
              + " has length "
              + length
              + ", but the "
              + in.rows()
              + " rows, number "
              + in.firstRow()
              + " to "
              + (number(in) - 1)
              + (perRow == 1 ? ", need an element" : ", need " + perRow + " elements")
              + " each at their numbers");
    }
  }

  static void sameShape(String name, Rows rows, String otherName, Rows other) {
    if (rows.rows() != other.rows() || rows.cols() != other.cols()) {
      throw new IllegalArgumentException(
          "the shapes of "
              + name
              + " and "
              + otherName
              + " differ: "
              + rows.rows()
              + " x "
              + rows.cols()
              + " and "
              + other.rows()
              + " x "
              + other.cols());
    }
  }

  /** Refuses an output batch that overlaps an input batch, unless it is in place. */
  private static void inPlaceOrApart(
      String outName, float[] out, Rows outRows, String inName, float[] in, Rows inRows) {
    if (!outRows.isAt(inRows)) {
      apart(outName, out, outRows.offset(), end(outRows), inName, in, inRows);
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
    apart(perRowName, perRow, in, name, batch, rows.offset(), end(rows));
  }

  private static void apart(
      String perRowName, float[] perRow, Rows in, String name, float[] b, long from, long end) {
    apart(perRowName, perRow, in.firstRow(), number(in), name, b, from, end);
  }

  private static void apart(
      String aName, float[] a, long aFrom, long aEnd, String name, float[] batch, Rows rows) {
    apart(aName, a, aFrom, aEnd, name, batch, rows.offset(), end(rows));
  }

  private static void apart(
      String aName,
      float[] a,
      long aFrom,
      long aEnd,
      String bName,
      float[] b,
      long bFrom,
      long bEnd) {
    boolean empty = aFrom == aEnd || bFrom == bEnd;
    if (a == b && !empty && aFrom < bEnd && bFrom < aEnd) {
      throw new IllegalArgumentException(
          aName
              + " (elements "
              + aFrom
              + " to "
              + (aEnd - 1)
              + ") overlaps "
              + bName
              + " (elements "
              + bFrom
              + " to "
              + (bEnd - 1)
              + ") of the same array");
    }
  }

  /** Refuses a label that is no class. */
  static void labels(int[] labels, Rows in) {
    fitsPerRow("labels", labels, in);
    for (int r = in.firstRow(); r < number(in); r++) {
      if (labels[r] < 0 || labels[r] >= in.cols()) {
        throw badLabel(labels[r], r, in);
      }
    }
  }

  /**
   * Refuses a label that is neither a class nor ignored, and class weights of another number.
   *
   * @return the weight of the rows that count
   */
  static double labels(int[] labels, Rows in, CrossEntropy options) {
    fitsPerRow("labels", labels, in);
    weights(options, in);
    float[] weights = options.weights();
    double weight = 0;
    for (int r = in.firstRow(); r < number(in); r++) {
      int label = labels[r];
      if (options.ignoring() && label == options.ignoreIndex()) {
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
    Objects.requireNonNull(options, "options");
    float[] weights = options.weights();
    if (weights != null && weights.length != in.cols()) {
      throw new IllegalArgumentException(
          "there are "
              + weights.length
              + " class weights for "
              + in.cols()
              + " cols: one is needed for each class");
    }
  }

  private static IndexOutOfBoundsException badLabel(int label, int row, Rows in) {
    return new IndexOutOfBoundsException(
        "label "
            + label
            + " of row "
            + row
            + " is no class of 0 to "
            + (in.cols() - 1)
            + " (cols = "
            + in.cols()
            + ")"
            + (label < 0
                ? ": CrossEntropy.withIgnoreIndex(" + label + ") leaves such rows out"
                : ""));
  }
}
