package io.softlane;

import io.softlane.internal.loops.Tanh;
import java.util.Objects;

/**
 * What a row's scores are made of, before their softmax, log-softmax or log-sum-exp is taken, see
 * {@link SoftmaxKernels#softmax(float[], Rows, SoftmaxOptions, float[], Rows)}; r is the number of
 * a row. Immutable, but for the arrays, which are held, not copied, and read during a call. Options
 * combine, and are applied in the order of the components here. Two are equal where they hold the
 * same arrays.
 *
 * <ul>
 *   <li><b>scale</b>: {@code score = scale * logit}, rounded: 1 / temperature, or 1 / sqrt(d) in
 *       attention (Vaswani et al., Attention Is All You Need, 2017, section 3.2.1).
 *   <li><b>softcap</b>: {@code score = cap * tanh(score / cap)}, as {@link SoftmaxKernels#softcap}
 *       has it (Gemma 2, 2024, section 2).
 *   <li><b>mask</b>: {@code score += mask}, rounded; row r uses the mask's row {@code r %
 *       maskRows.rows()}. So scores {@code [heads * queries, keys]} share a mask {@code [queries,
 *       keys]}. A mask of -inf leaves a logit out.
 *   <li><b>lengths</b>: columns from {@code lengths[r]} on are masked out: neither logits nor mask
 *       have an effect there. Softmax writes +0 there and log-softmax -inf, or NaN in a row that is
 *       all NaN.
 *   <li><b>sinks</b>: {@code sinks[r]} is one more score of row r, that joins its sum and gets no
 *       probability (Xiao et al., Efficient Streaming Language Models with Attention Sinks, 2023).
 *       It is neither scaled nor masked, and joins log-sum-exp. -inf is none; 0 is the softmax off
 *       by one, {@code exp(o_j) / (1 + sum_i exp(o_i))}. The sum takes it after the row's last
 *       score that counts.
 *   <li><b>emptyRowsZero</b>: a row with nothing left (all scores, and the sink, are -inf) is all
 *       +0 after softmax and all -inf after log-softmax, not NaN. Its log-sum-exp is -inf either
 *       way, and a row that holds NaN stays NaN.
 * </ul>
 *
 * A call with options has the bits of the caller's own preparation of the scores, followed by the
 * plain call; so the plain call's error bounds and special values hold, for the scores.
 *
 * @param scale finite and above 0
 * @param softcap bound of {@code |score|} before a mask is added, above 0; +inf for none
 * @param mask what is added, or null
 * @param maskRows the mask's shape: the batch's columns, and at least one row; null without a mask
 * @param lengths one per row of the batch, 0 to cols, or null
 * @param sinks one per row of the batch, or null
 * @param emptyRowsZero whether rows with nothing left are zeros
 */
public record SoftmaxOptions(
    float scale,
    float softcap,
    float[] mask,
    Rows maskRows,
    int[] lengths,
    float[] sinks,
    boolean emptyRowsZero) {

  /** The logits themselves. */
  public static final SoftmaxOptions DEFAULT =
      new SoftmaxOptions(1, Float.POSITIVE_INFINITY, null, null, null, null, false);

  /**
   * Checks the values. Everything about the arrays is checked by the call that reads them.
   *
   * @throws IllegalArgumentException naming the value, where one is out of its range
   * @throws NullPointerException where there is a mask without its shape, or a shape without a mask
   */
  public SoftmaxOptions {
    if (!(scale > 0 && scale <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("the scale must be finite and above 0, not " + scale);
    }
    if (!(softcap > 0)) {
      throw new IllegalArgumentException("the cap must be above 0, not " + softcap);
    }
    if (mask != null) {
      Objects.requireNonNull(maskRows, "the rows of mask are null");
    } else if (maskRows != null) {
      Objects.requireNonNull(mask, "mask is null");
    }
  }

  /**
   * Multiplies the logits.
   *
   * @param scale finite and above 0
   * @return these options with that scale
   * @throws IllegalArgumentException where it is not in that range
   */
  public SoftmaxOptions withScale(float scale) {
    return new SoftmaxOptions(scale, softcap, mask, maskRows, lengths, sinks, emptyRowsZero);
  }

  /**
   * Bounds the scores, smoothly.
   *
   * @param cap finite and above 0
   * @return these options with that cap
   * @throws IllegalArgumentException where it is not in that range
   */
  public SoftmaxOptions withSoftcap(float cap) {
    Tanh.requireCap(cap);
    return new SoftmaxOptions(scale, cap, mask, maskRows, lengths, sinks, emptyRowsZero);
  }

  /**
   * Adds a mask, whose rows are repeated.
   *
   * @param mask what is added to the scaled logits; -inf leaves one out. It may be in place of the
   *     output, or overlap no output
   * @param rows its shape: the batch's columns, and at least one row
   * @return these options with that mask
   * @throws NullPointerException where either is null
   */
  public SoftmaxOptions withMask(float[] mask, Rows rows) {
    Objects.requireNonNull(mask, "mask is null");
    return new SoftmaxOptions(scale, softcap, mask, rows, lengths, sinks, emptyRowsZero);
  }

  /**
   * Leaves out each row's last columns: ragged batches, or a causal mask without a mask's memory.
   * Columns that are left out are not read.
   *
   * @param lengths how many columns count, one per row, 0 to cols
   * @return these options with those lengths
   * @throws NullPointerException where it is null
   */
  public SoftmaxOptions withLengths(int[] lengths) {
    Objects.requireNonNull(lengths, "lengths is null");
    return new SoftmaxOptions(scale, softcap, mask, maskRows, lengths, sinks, emptyRowsZero);
  }

  /**
   * Adds a score per row that gets no probability.
   *
   * @param sinks one per row; must not overlap an output
   * @return these options with those sinks
   * @throws NullPointerException where it is null
   */
  public SoftmaxOptions withSinks(float[] sinks) {
    Objects.requireNonNull(sinks, "sinks is null");
    return new SoftmaxOptions(scale, softcap, mask, maskRows, lengths, sinks, emptyRowsZero);
  }

  /**
   * Makes rows with nothing left zeros instead of NaN.
   *
   * @return these options with that rule
   */
  public SoftmaxOptions withEmptyRowsZero() {
    return new SoftmaxOptions(scale, softcap, mask, maskRows, lengths, sinks, true);
  }

  @Override
  public String toString() {
    return "SoftmaxOptions[scale=%s, softcap=%s, mask=%s, lengths=%s, sinks=%s, emptyRowsZero=%s]"
        .formatted(
            scale,
            softcap == Float.POSITIVE_INFINITY ? "none" : softcap,
            mask == null ? "none" : maskRows,
            lengths == null ? "none" : lengths.length,
            sinks == null ? "none" : sinks.length,
            emptyRowsZero);
  }
}
