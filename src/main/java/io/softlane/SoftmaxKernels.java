package io.softlane;

import java.util.concurrent.ForkJoinPool;

/**
 * Kernels for softmax regression on row-major {@code float} batches. The rules that all operations
 * share (in place, special values, accuracy, one result everywhere) are on the {@linkplain
 * io.softlane package page}; each operation names here what is particular to it.
 *
 * <p>In the formulas o is a row of K logits, p its softmax, and lse its log-sum-exp; r is a row and
 * j a column. All logarithms are natural.
 *
 * <p>Every operation checks all its arguments before it writes anything, and throws
 *
 * <ul>
 *   <li>{@link NullPointerException} where an argument is null, but for results that are not wanted
 *       and uniforms that are not read, where the method says so,
 *   <li>{@link IndexOutOfBoundsException} where a batch or a per-row array does not fit, or a label
 *       is no class, naming the values,
 *   <li>{@link IllegalArgumentException} where shapes differ that must agree, or an output overlaps
 *       an input or another output without being in place.
 * </ul>
 *
 * <p>An instance may be used by any number of threads at once. Scratch, through which rows pass, is
 * allocated by first calls and shared by later ones, which allocate nothing but the {@link Loss}
 * that some return.
 */
public sealed interface SoftmaxKernels extends SegmentKernels permits Kernels {

  /**
   * The vector kernels where they will be fast, else the scalar ones: where the module {@code
   * jdk.incubator.vector} is not resolved, the JVM does not compile with C2 (-Xint, C1 only) or
   * does not compile vectors (-XX:-EnableVectorSupport), there is no fused multiply-add, or {@code
   * softlane.width} asks for wider vectors than there are. {@link #reason()} says which, and why.
   * The system property {@code softlane.kernels} = {@code best} (the default), {@code scalar} or
   * {@code vector} chooses by hand.
   *
   * <p>While a JVM has not compiled a vector loop, the scalar one, which gives the same bits, takes
   * its place. Warming up takes at most half of the time that passes until it has had three
   * seconds, then a tenth, on rows of its own. {@link #warmUp()} does it at once.
   *
   * <p>Without a fused multiply-add instruction (x86 before 2013, -XX:-UseFMA, -XX:UseAVX=0) {@link
   * Math#fma(float, float, float)} works in {@link java.math.BigDecimal}: all kernels keep their
   * bits, but take far longer and allocate. The scalar ones are best there, because vectors would
   * be objects on the heap besides.
   *
   * @return the kernels, always the same instance for the same choice
   * @throws IllegalArgumentException where one of the properties has another value
   * @throws IllegalStateException where the property asks for {@code vector} and these cannot run
   *     fast
   */
  static SoftmaxKernels best() {
    return Backend.best();
  }

  /**
   * Makes calls of {@link #best()} on the calling thread, on rows of its own, for about two
   * seconds. That is enough for C2 to compile what plain calls of softmax, log-softmax,
   * log-sum-exp, cross-entropy and its gradient need. Other loops follow while they are used, and
   * are scalar until then. Does nothing where {@link #best()} is scalar. A server calls it before
   * its first request.
   *
   * @throws IllegalArgumentException as {@link #best()} does
   * @throws IllegalStateException as {@link #best()} does
   */
  static void warmUp() {
    Rehearsal.of(Backend.best());
  }

  /**
   * The scalar kernels: the executable specification of the vector ones, with the same results.
   *
   * @return the kernels, always the same instance
   */
  static SoftmaxKernels scalar() {
    return Kernels.SCALAR;
  }

  /**
   * The vector kernels. A call waits until the loops it needs are compiled, a second at most for
   * each (and a loop over native memory, which is scalar until then, up to ten times); it does not
   * wait where another thread does. The system property {@code softlane.width} = 128, 256 or 512
   * makes them use narrower vectors than the machine has, for tests; it is read when they are first
   * used.
   *
   * @return the kernels, always the same instance
   * @throws IllegalStateException naming the missing flag, or the flag in the way, where they
   *     cannot run fast; or where the property asks for wider vectors than the machine has
   * @throws IllegalArgumentException where the property has another value
   */
  static SoftmaxKernels vector() {
    return Backend.vector();
  }

  /**
   * Why {@link #best()} chose what it chose, in a sentence, with the flag to add where one is
   * missing.
   *
   * @return the reason
   * @throws IllegalArgumentException as {@link #best()} does
   * @throws IllegalStateException as {@link #best()} does
   */
  static String reason() {
    return Backend.reason();
  }

  // ---- building blocks ----

  /**
   * {@code max[r] = max_j o_j}: NaN where the row holds a NaN; +0 where -0 and +0 tie, as {@link
   * Math#max(float, float)} has it. Exact.
   *
   * @param logits the batch
   * @param in its shape
   * @param max one result per row; must not overlap the batch
   */
  void max(float[] logits, Rows in, float[] max);

  /**
   * {@code argmax[r]} = the lowest j with {@code o_j = max_j o_j}, where -0 and +0 are equal; the
   * first NaN where the row holds one; 0 where all logits are -inf.
   *
   * @param logits the batch
   * @param in its shape
   * @param argmax one result per row
   */
  void argmax(float[] logits, Rows in, int[] argmax);

  /**
   * {@code exps[r, j] = exp(o_j - shift[r])} and {@code sum[r]} = the sum of these values.
   *
   * <p>Error: exps at most 1 ULP against the exponential of the exact difference, subnormal results
   * included; the sum at most 1 ULP more than its terms bring. Values from 2^128 up are +inf. An
   * infinite shift follows IEEE arithmetic: {@code exp(o - inf) = 0}, {@code exp(-inf + inf)} is
   * NaN.
   *
   * @param logits the batch
   * @param in its shape
   * @param shift one value per row, usually the row's maximum; must not overlap exps
   * @param exps the exponentials; may be in place of the logits
   * @param out the shape of exps, same rows and cols
   * @param sum one result per row; must not overlap any other argument
   */
  void expSum(float[] logits, Rows in, float[] shift, float[] exps, Rows out, float[] sum);

  /**
   * {@code normalized[r, j] = values[r, j] / sum[r]}, correctly rounded: IEEE division, special
   * values included.
   *
   * @param values the batch
   * @param in its shape
   * @param sum one divisor per row; must not overlap normalized
   * @param normalized the quotients; may be in place of the values
   * @param out the shape of normalized, same rows and cols
   */
  void normalize(float[] values, Rows in, float[] sum, float[] normalized, Rows out);

  /**
   * {@code gradient[r, j] = probabilities[r, j] - (j == labels[r] ? 1 : 0)}: the gradient of
   * cross-entropy with class labels. One rounding, at the label's column; the others are copied.
   *
   * @param probabilities the batch
   * @param in its shape
   * @param labels one class per row, 0 to cols - 1
   * @param gradient the difference; may be in place of the probabilities
   * @param out the shape of gradient, same rows and cols
   */
  void subtractOneHot(float[] probabilities, Rows in, int[] labels, float[] gradient, Rows out);

  /**
   * {@code gradient[r, j] = probabilities[r, j] - targets[r, j]}: the gradient of cross-entropy
   * with dense targets. One rounding.
   *
   * @param probabilities the batch
   * @param in its shape
   * @param targets the dense targets
   * @param targetRows the shape of targets, same rows and cols
   * @param gradient the difference; may be in place of either input
   * @param out the shape of gradient, same rows and cols
   */
  void subtract(
      float[] probabilities, Rows in, float[] targets, Rows targetRows, float[] gradient, Rows out);

  // ---- whole operations ----

  /**
   * {@code lse[r] = log sum_j exp(o_j)}, a smooth upper bound of the maximum: +inf where the row
   * holds +inf, -inf where it holds nothing else, NaN where it holds NaN.
   *
   * <p>Error at most {@code 2^-22 * max(1, |lse|)}. Formula: Blanchard, Higham, Higham, IMA J.
   * Numer. Anal. 41, 2021, with a power of two for their shift.
   *
   * @param logits the batch
   * @param in its shape
   * @param lse one result per row; must not overlap the batch
   */
  void logSumExp(float[] logits, Rows in, float[] lse);

  /**
   * {@code p_j = exp(o_j) / sum_i exp(o_i)}. A logit of -inf (masked) has probability +0 exactly; a
   * row that holds NaN or +inf, or nothing but -inf, is all NaN.
   *
   * <p>Error at most 3 ULP, whatever the size of the logits; gradual underflow included, so that a
   * probability is +0 only where it rounds to zero. An ULP is the distance of floats at the result:
   * where result and exact value lie on either side of a power of two, it is the larger of two.
   *
   * @param logits the batch
   * @param in its shape
   * @param probabilities the result; may be in place of the logits
   * @param out the shape of probabilities, same rows and cols
   */
  void softmax(float[] logits, Rows in, float[] probabilities, Rows out);

  /**
   * {@code log p_j = o_j - lse}. A logit of -inf (masked) gives -inf; a row that holds NaN or +inf,
   * or nothing but -inf, is all NaN.
   *
   * <p>Error at most {@code 2^-22 * max(1, |log p_j|)}. Results are never above 0.
   *
   * @param logits the batch
   * @param in its shape
   * @param logProbabilities the result; may be in place of the logits
   * @param out the shape of logProbabilities, same rows and cols
   */
  void logSoftmax(float[] logits, Rows in, float[] logProbabilities, Rows out);

  /**
   * Backward pass of softmax, from its result p and the upstream gradient u: {@code gradient_j =
   * p_j * (u_j - sum_i p_i u_i)}, in double, then rounded. NaN and infinities follow IEEE
   * arithmetic.
   *
   * <p>Error at most 1 ULP plus {@code (2^-48 + K 2^-56) * |p_j| * (|u_j| + sum_i |p_i u_i|)}.
   *
   * @param probabilities p
   * @param in its shape
   * @param upstream u
   * @param upstreamRows the shape of upstream, same rows and cols
   * @param gradient the gradient with respect to the logits; may be in place of either input
   * @param out the shape of gradient, same rows and cols
   */
  void softmaxBackward(
      float[] probabilities,
      Rows in,
      float[] upstream,
      Rows upstreamRows,
      float[] gradient,
      Rows out);

  /**
   * Backward pass of log-softmax, from its result and the upstream gradient u: {@code gradient_j =
   * u_j - exp(log p_j) * sum_i u_i}. Log-probabilities are at most 64 here. NaN and infinities
   * follow IEEE arithmetic.
   *
   * <p>Error at most 1 ULP, plus 2 ULP of {@code p_j} times {@code |sum_i u_i|}, plus {@code (2^-48
   * + K 2^-56) * p_j * sum_i |u_i|} for the sum.
   *
   * @param logProbabilities log p
   * @param in its shape
   * @param upstream u
   * @param upstreamRows the shape of upstream, same rows and cols
   * @param gradient the gradient with respect to the logits; may be in place of either input
   * @param out the shape of gradient, same rows and cols
   */
  void logSoftmaxBackward(
      float[] logProbabilities,
      Rows in,
      float[] upstream,
      Rows upstreamRows,
      float[] gradient,
      Rows out);

  /**
   * {@code entropy[r] = -sum_j p_j log p_j = lse - sum_j p_j o_j}, in nats (Shannon, A Mathematical
   * Theory of Communication, 1948): 0 to log K. What rounding would bring below 0 is +0. A masked
   * logit contributes 0; NaN where the row's softmax is NaN.
   *
   * <p>Error at most {@code 2^-20 * max(1, entropy)}.
   *
   * @param logits the batch
   * @param in its shape
   * @param entropy one result per row; must not overlap the batch
   */
  void entropy(float[] logits, Rows in, float[] entropy);

  // ---- scores formed first ----

  /**
   * {@link #softmax(float[], Rows, float[], Rows)} of the scores that {@link SoftmaxOptions} make
   * of the logits, with the bits of the caller's own preparation: error at most 3 ULP against the
   * scores' exact softmax. A column that is left out has probability +0, or NaN in a row that is
   * all NaN.
   *
   * @param logits the batch
   * @param in its shape
   * @param options what the scores are made of; an output overlaps no array of theirs, but may be
   *     in place of the mask where the batch's firstRow is 0
   * @param probabilities the result; may be in place of the logits
   * @param out the shape of probabilities, same rows and cols
   * @throws IllegalArgumentException also where a length is not in 0 to cols, or the mask has other
   *     cols or no row
   */
  void softmax(float[] logits, Rows in, SoftmaxOptions options, float[] probabilities, Rows out);

  /**
   * {@link #logSoftmax(float[], Rows, float[], Rows)} of the scores that {@link SoftmaxOptions}
   * make of the logits, with the bits of the caller's own preparation: error at most {@code 2^-22 *
   * max(1, |log p_j|)}. A column that is left out has -inf, or NaN in a row that is all NaN.
   *
   * @param logits the batch
   * @param in its shape
   * @param options as for {@link #softmax(float[], Rows, SoftmaxOptions, float[], Rows)}
   * @param logProbabilities the result; may be in place of the logits
   * @param out the shape of logProbabilities, same rows and cols
   * @throws IllegalArgumentException also where a length is not in 0 to cols, or the mask has other
   *     cols or no row
   */
  void logSoftmax(
      float[] logits, Rows in, SoftmaxOptions options, float[] logProbabilities, Rows out);

  /**
   * {@link #logSumExp(float[], Rows, float[])} of the scores that {@link SoftmaxOptions} make of
   * the logits, sinks included, with the bits of the caller's own preparation: error at most {@code
   * 2^-22 * max(1, |lse|)}.
   *
   * @param logits the batch
   * @param in its shape
   * @param options as for {@link #softmax(float[], Rows, SoftmaxOptions, float[], Rows)}
   * @param lse one result per row; must overlap neither the batch nor an array of the options
   * @throws IllegalArgumentException also where a length is not in 0 to cols, or the mask has other
   *     cols or no row
   */
  void logSumExp(float[] logits, Rows in, SoftmaxOptions options, float[] lse);

  // ---- loss, and loss with gradient ----

  /**
   * Cross-entropy with class labels: {@code losses[r] = lse - o_label}, or with options as {@link
   * CrossEntropy} gives it. +inf where the label's logit is -inf in a row of finite log-sum-exp;
   * NaN where the row's softmax is NaN; 0 where the label is ignored.
   *
   * <p>Never below 0. Error at most {@code 2^-22 * max(1, |loss|)} for target terms that sum to at
   * most 1; it grows with their sum (class weights), and with z-loss by {@code 2^-22 * 2 z |lse|}.
   *
   * @param logits the batch
   * @param in its shape
   * @param labels one class per row, 0 to cols - 1, or the ignored index
   * @param options how the loss is formed
   * @param losses one result per row, or null where they are not wanted; must not overlap the batch
   * @return sum and weight of the batch
   */
  Loss crossEntropy(float[] logits, Rows in, int[] labels, CrossEntropy options, float[] losses);

  /**
   * Cross-entropy with class labels, and its gradient with respect to the logits: without options
   * {@code softmax(o) - onehot(label)}, times 1 / weight for {@link CrossEntropy.Reduction#MEAN}.
   *
   * <p>Loss as {@link #crossEntropy(float[], Rows, int[], CrossEntropy, float[])}. A row's gradient
   * is finite also where the label's logit is -inf; NaN where its softmax is NaN, unless the label
   * is ignored or MEAN finds nothing that counted: then it is all +0. It is a difference of two
   * terms, and its error at most
   *
   * <ul>
   *   <li>without smoothing, but at the label: 3 ULP;
   *   <li>without smoothing, at the label: {@code 2^-22} of the larger term or, where the label's
   *       probability is above 0.99 and there is no z-loss, {@code 2^-22} of the gradient itself
   *       plus {@code 2^-50 + K 2^-57}, at most {@code 2^-36}, of the larger term;
   *   <li>with smoothing: 4 ULP of the larger term, 5 with class weights, and 1 more where z-loss
   *       makes the first term negative.
   * </ul>
   *
   * Z-loss adds {@code 2^-21 z p_j}.
   *
   * @param logits the batch
   * @param in its shape
   * @param labels one class per row, 0 to cols - 1, or the ignored index
   * @param options how the loss is formed, and the gradient's scale
   * @param losses one result per row, or null where they are not wanted; must not overlap any other
   *     argument
   * @param gradient the gradient; may be in place of the logits
   * @param out the shape of gradient, same rows and cols
   * @return sum and weight of the batch
   */
  Loss crossEntropyGradient(
      float[] logits,
      Rows in,
      int[] labels,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out);

  /**
   * Cross-entropy with dense targets y: {@code losses[r] = sum_j y_j (lse - o_j)}, or with options
   * as {@link CrossEntropy} gives it. The targets need not sum to 1. A target of 0 at a logit of
   * -inf contributes 0, a positive one +inf; NaN where the row's softmax is NaN.
   *
   * <p>Error at most {@code 2^-22 * max(1, |loss|)} for targets of at least 0 that sum to at most
   * 1.
   *
   * @param logits the batch
   * @param in its shape
   * @param targets the dense targets
   * @param targetRows the shape of targets, same rows and cols
   * @param options how the loss is formed
   * @param losses one result per row, or null where they are not wanted; must not overlap any other
   *     argument
   * @return sum and weight of the batch: every row weighs 1
   */
  Loss crossEntropy(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses);

  /**
   * Cross-entropy with dense targets y, and its gradient with respect to the logits: without
   * options {@code softmax(o) * sum_j y_j - y}, divided by rows for {@link
   * CrossEntropy.Reduction#MEAN}.
   *
   * <p>Loss as {@link #crossEntropy(float[], Rows, float[], Rows, CrossEntropy, float[])}. The
   * gradient is finite also where a target's logit is -inf; NaN where the row's softmax is NaN.
   * Error at most 5 ULP of the larger of its two terms (of which a negative target counts as if
   * positive), 6 with class weights, and 1 more where z-loss makes the first term negative; z-loss
   * adds {@code 2^-21 z p_j} as well.
   *
   * @param logits the batch
   * @param in its shape
   * @param targets the dense targets
   * @param targetRows the shape of targets, same rows and cols
   * @param options how the loss is formed, and the gradient's scale
   * @param losses one result per row, or null where they are not wanted; must not overlap any other
   *     argument
   * @param gradient the gradient; may be in place of the logits or of the targets
   * @param out the shape of gradient, same rows and cols
   * @return sum and weight of the batch: every row weighs 1
   */
  Loss crossEntropyGradient(
      float[] logits,
      Rows in,
      float[] targets,
      Rows targetRows,
      CrossEntropy options,
      float[] losses,
      float[] gradient,
      Rows out);

  // ---- from logits to a token ----

  /**
   * {@code out = cap * tanh(o / cap)}: logits bounded by the cap (Gemma 2, 2024, section 2). {@link
   * SoftmaxOptions#withSoftcap} has the same bits.
   *
   * <p>Error at most 2 ULP, gradual underflow included. Odd, and never beyond the cap; +-0 stays as
   * it is, +-inf gives +-cap, NaN NaN.
   *
   * @param logits the batch
   * @param in its shape
   * @param cap finite and above 0
   * @param capped the result; may be in place of the logits
   * @param out the shape of capped, same rows and cols
   * @throws IllegalArgumentException also where the cap is not finite or not above 0
   */
  void softcap(float[] logits, Rows in, float cap, float[] capped, Rows out);

  /**
   * The k largest logits of each row, largest first and equal ones by index: the j-th of row r is
   * {@code values[r * k + j]}, in column {@code indices[r * k + j]}. -0 and +0 are equal, and
   * values have the logits' own bits. NaN comes before everything, the first one first, -inf last.
   * Exact.
   *
   * @param logits the batch
   * @param in its shape
   * @param k how many, 1 to cols
   * @param values k results per row, or null; must not overlap the batch
   * @param indices k columns per row, or null; not both are null
   * @throws IllegalArgumentException also where k is not in 1 to cols, even where there are no rows
   */
  void topK(float[] logits, Rows in, int k, float[] values, int[] indices);

  /**
   * Draws a class of each row, from what the {@linkplain Sampling cuts} leave of it: {@code
   * tokens[r]} is the first of these candidates, in order of index, at which the running sum of
   * their terms {@code exp(score)} exceeds {@code uniforms[r]} times their whole sum. (Where
   * rounding leaves none, the last whose term is above 0.) {@code logProbabilities[r]} is the
   * {@link #logSoftmax(float[], Rows, float[], Rows) log-softmax} of the plain logits at the token,
   * without temperature and cuts, bit for bit.
   *
   * <p>A row whose scores' softmax is NaN (at temperature 0, its logits') gives token -1 and NaN:
   * one that holds NaN or +inf, or nothing but -inf. A class of -inf is never drawn.
   *
   * <p>Terms are within 1.26 * 2^-24 of the exponential, and may be 0 where they are less than
   * 2^-154 of the largest, of scores 107 below its own: such a class is never drawn. (Of uniforms
   * that are multiples of 2^-24, none but 0 could draw it.) Sums of terms, and what is compared,
   * are double, in an order that depends on the row and the cuts alone: so a row has the same token
   * in any batch, on any kernels and at any vector width.
   *
   * @param logits the batch
   * @param in its shape
   * @param how temperature and cuts
   * @param uniforms one number per row, at least 0 and below 1, that decides; at temperature 0 it
   *     is not read, and may be null
   * @param tokens one class per row, or -1
   * @param logProbabilities one per row, or null; must overlap neither the batch nor the uniforms
   * @throws IllegalArgumentException also where a uniform is not in [0, 1)
   */
  void sample(
      float[] logits,
      Rows in,
      Sampling how,
      float[] uniforms,
      int[] tokens,
      float[] logProbabilities);

  // ---- threads ----

  /**
   * {@link #parallel(ForkJoinPool)} on the common pool.
   *
   * @return the view
   */
  default SoftmaxKernels parallel() {
    return parallel(ForkJoinPool.commonPool());
  }

  /**
   * These operations, with the rows of each call shared by the calling thread and those of a pool.
   * Every result has the bits of the plain call: losses, the sum of a {@link Loss} and the gradient
   * of its mean included. Calls are refused as the plain ones are, before anything is written.
   *
   * <p>A call of less than 655360 elements, where each row counts 16 more, is done by the calling
   * thread alone. So is one of a single row, or of a segment that only this thread may touch. So
   * are rows that no thread of the pool takes: a busy or closed pool makes a call slower, but never
   * blocks it. A call from a thread of the pool works as any other. When it returns or throws, no
   * thread works on its arrays any more. An interrupt does not stop it, and is kept.
   *
   * @param pool whose threads help; none is started by the library
   * @return the view; of a parallel view, that view on the other pool
   * @throws NullPointerException where the pool is null
   */
  SoftmaxKernels parallel(ForkJoinPool pool);

  // ---- one row ----

  /**
   * Softmax of one row, which is the whole array.
   *
   * @param logits the row
   * @param probabilities the result, of the same length; may be the same array
   * @throws IllegalArgumentException where the lengths differ, or are 0
   */
  void softmax(float[] logits, float[] probabilities);

  /**
   * Log-softmax of one row, which is the whole array.
   *
   * @param logits the row
   * @param logProbabilities the result, of the same length; may be the same array
   * @throws IllegalArgumentException where the lengths differ, or are 0
   */
  void logSoftmax(float[] logits, float[] logProbabilities);

  /**
   * The largest element of one row, as of {@link #max(float[], Rows, float[])}.
   *
   * @param logits the row, which is the whole array
   * @return the maximum
   * @throws IllegalArgumentException where the length is 0
   */
  float max(float[] logits);

  /**
   * The index of the largest element of one row, as of {@link #argmax(float[], Rows, int[])}.
   *
   * @param logits the row, which is the whole array
   * @return the column
   * @throws IllegalArgumentException where the length is 0
   */
  int argmax(float[] logits);

  /**
   * The log-sum-exp of one row, as of {@link #logSumExp(float[], Rows, float[])}.
   *
   * @param logits the row, which is the whole array
   * @return the log-sum-exp
   * @throws IllegalArgumentException where the length is 0
   */
  float logSumExp(float[] logits);

  /**
   * The entropy of one row's softmax, as of {@link #entropy(float[], Rows, float[])}.
   *
   * @param logits the row, which is the whole array
   * @return the entropy, in nats
   * @throws IllegalArgumentException where the length is 0
   */
  float entropy(float[] logits);

  /**
   * The cross-entropy loss of one row, as of {@link #crossEntropy(float[], Rows, int[],
   * CrossEntropy, float[])} without options.
   *
   * @param logits the row, which is the whole array
   * @param label its class, 0 to length - 1
   * @return the loss
   * @throws IllegalArgumentException where the length is 0
   * @throws IndexOutOfBoundsException where the label is no class
   */
  float crossEntropy(float[] logits, int label);

  // ---- contiguous convenience ----

  /**
   * {@link #softmax(float[], Rows, float[], Rows)} of two contiguous batches that start at element
   * 0.
   *
   * @param logits the batch
   * @param probabilities the result; may be the same array
   * @param rows number of rows
   * @param cols number of columns
   */
  default void softmax(float[] logits, float[] probabilities, int rows, int cols) {
    Rows batch = Rows.of(rows, cols);
    softmax(logits, batch, probabilities, batch);
  }

  /**
   * {@link #logSoftmax(float[], Rows, float[], Rows)} of two contiguous batches that start at
   * element 0.
   *
   * @param logits the batch
   * @param logProbabilities the result; may be the same array
   * @param rows number of rows
   * @param cols number of columns
   */
  default void logSoftmax(float[] logits, float[] logProbabilities, int rows, int cols) {
    Rows batch = Rows.of(rows, cols);
    logSoftmax(logits, batch, logProbabilities, batch);
  }
}
