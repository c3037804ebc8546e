/**
 * Vectorised kernels for softmax regression on row-major {@code float} batches: the contract that
 * all operations of {@link io.softlane.SoftmaxKernels} share.
 *
 * <h2>Layout</h2>
 *
 * A batch is an array with its {@link io.softlane.Rows}: element {@code (r, c)} is at {@code offset
 * + r * stride + c}. Padding between rows, and what lies before and after the batch, is not
 * written, and no result depends on it. A batch of no rows is legal, and nothing is done. Per-row
 * arguments (maxima, sums, labels, losses, lengths, sinks) have one element per row, at the row's
 * number: {@code firstRow + r} of the call's first input, which is r unless the batch is a slice.
 * So slices of a batch, done in any order and on any thread, write what one call writes.
 *
 * {@snippet class="io.softlane.snippets.SnippetsTest" region="layout"}
 *
 * <h2>In place</h2>
 *
 * An output may be the same array with the same {@code Rows} as an input. Any other overlap of an
 * output with an input or output is refused; overlap is by extent, first to last element. Per-row
 * outputs overlap nothing. (Class weights are copied into the options and may be anywhere.)
 *
 * <h2>Special values</h2>
 *
 * <table>
 * <caption>Results for a row</caption>
 * <tr><th>row holds<th>max<th>argmax<th>logSumExp<th>softmax<th>logSoftmax
 * <tr><td>finite only<td>max<td>lowest index of it; -0 ties with +0<td>lse<td>p<td>o - lse
 * <tr><td>some -inf (masked), some finite<td>max<td>same<td>over the rest<td>exactly +0 there<td>-inf
 *     there
 * <tr><td>-inf only<td>-inf<td>0<td>-inf<td>NaN row<td>NaN row
 * <tr><td>+inf, no NaN<td>+inf<td>first +inf<td>+inf<td>NaN row<td>NaN row
 * <tr><td>any NaN<td>NaN<td>first NaN<td>NaN<td>NaN row<td>NaN row
 * </table>
 *
 * A row that holds NaN or an infinity never changes its neighbours, and NaN is never mistaken for
 * masked.
 *
 * <h2>Accuracy</h2>
 *
 * Against exact arithmetic, for any row of up to 2^20 finite logits, whatever their size:
 *
 * <ul>
 *   <li>exp: at most 1 ULP;
 *   <li>softmax: at most 3 ULP, gradual underflow included (a probability is flushed to zero only
 *       where it rounds to zero);
 *   <li>logSumExp, logSoftmax and losses: at most {@code 2^-22 * max(1, |result|)};
 *   <li>entropy: at most {@code 2^-20 * max(1, H)}.
 * </ul>
 *
 * Signs are those of exact arithmetic: of finite logits no log-probability is above 0, no loss of a
 * class label below 0 and no entropy below 0, however they round. Where one column is finite and
 * all others are masked, or too small to change a sum of doubles, results are exact: softmax 1,
 * logSoftmax +0, logSumExp the logit, the label's loss 0, entropy 0.
 *
 * <h2>One result everywhere</h2>
 *
 * A row's result depends on the row's values and the options alone: not on batch size, row
 * position, offset, stride, alignment, thread, compiler tier or vector width, nor on whether the
 * scalar or the vector kernels ran. The one exception is meant: the factor 1 / weight of {@code
 * MEAN}. (NaN means any bit pattern of a NaN.) Tests hold this on x86-64; no other machine was
 * asked.
 *
 * <h2>Threads and memory</h2>
 *
 * Kernels are reentrant and start no threads. All that a call leaves to later ones is which way its
 * rows went: it changes their time, never their results. Rows pass through scratch, which the first
 * calls allocate and later ones share, one to a call at a time. Beside that, and once C2 has
 * compiled them ({@link io.softlane.SoftmaxKernels#warmUp()}), they allocate nothing but the {@link
 * io.softlane.Loss} they return. To use several threads, take a {@linkplain
 * io.softlane.SoftmaxKernels#parallel() view} that shares each call's rows with a pool. Or give
 * each thread of your own a {@link io.softlane.Rows#slice}, and the same per-row arrays.
 *
 * {@snippet class="io.softlane.snippets.SnippetsTest" region="threads"}
 *
 * <h2>Which kernels run</h2>
 *
 * {@link io.softlane.Report} says it, and why, for people. A program's log has the choice of {@link
 * io.softlane.SoftmaxKernels#best()} as one line: the first call logs {@link
 * io.softlane.SoftmaxKernels#reason()} to the {@link java.lang.System.Logger} named {@code
 * io.softlane}, at {@link java.lang.System.Logger.Level#DEBUG}.
 */
package io.softlane;
