package io.softlane;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * The operations of {@link SoftmaxKernels} on memory segments: native, memory-mapped, of a direct
 * or heap buffer, of any primitive array. A batch is a segment with its {@link Rows}, which count
 * floats from the segment's start, past 2^31 of them too: element {@code (r, c)} is at byte {@code
 * 4 * (offset + r * stride + c)}. Floats have the native byte order; any alignment will do. Per-row
 * results and labels are arrays.
 *
 * <p>Results have the bits of the operation on arrays, whose formulas, special values, error bounds
 * and rules hold here; an output is in place where its memory and rows are an input's, whichever
 * segment objects say so.
 *
 * <p>Beside the exceptions there, every operation throws, before it writes anything,
 *
 * <ul>
 *   <li>{@link IllegalStateException} where a segment is closed,
 *   <li>{@link WrongThreadException} where it is confined to another thread,
 *   <li>{@link IllegalArgumentException} where an output is read-only, or overlaps an argument,
 *   <li>{@link IndexOutOfBoundsException} where a batch does not fit its segment.
 * </ul>
 *
 * Where another thread closes a shared arena in mid-call, the call or the close throws {@link
 * IllegalStateException}, and the output is then unspecified. No native access need be enabled.
 *
 * <p>A segment over a {@code float[]} is used as that array (asking the JDK for it may allocate an
 * {@link java.util.Optional} of 16 bytes). Native memory, if it is no mapped file, is read and
 * written where it is, in rows of 500 columns and more, of 200 in softmax and gradients of labels,
 * and where a call has one row. Shorter rows, and rows of other memory, pass through scratch that
 * stays in the cache, one or several at a time: a row of 2^20 floats needs up to 16 MiB of it. It
 * is kept for later calls, which allocate nothing, except that C2 may box a vector of a loop over
 * native memory, and go on doing so.
 */
public sealed interface SegmentKernels permits SoftmaxKernels {

  /**
   * {@link SoftmaxKernels#max(float[], Rows, float[])}, exact.
   *
   * @param logits the batch
   * @param in its shape
   * @param max one result per row; must not be the array behind the batch
   */
  void max(MemorySegment logits, Rows in, float[] max);

  /**
   * {@link SoftmaxKernels#argmax(float[], Rows, int[])}.
   *
   * @param logits the batch
   * @param in its shape
   * @param argmax one result per row; must not be the array behind the batch
   */
  void argmax(MemorySegment logits, Rows in, int[] argmax);

  /**
   * {@link SoftmaxKernels#logSumExp(float[], Rows, float[])}: error at most {@code 2^-22 * max(1,
   * |lse|)}.
   *
   * @param logits the batch
   * @param in its shape
   * @param lse one result per row; must not be the array behind the batch
   */
  void logSumExp(MemorySegment logits, Rows in, float[] lse);

  /**
   * {@link SoftmaxKernels#logSumExp(float[], Rows, SoftmaxOptions, float[])}: error at most {@code
   * 2^-22 * max(1, |lse|)}.
   *
   * @param logits the batch
   * @param in its shape
   * @param options what the scores are made of
   * @param lse one result per row; must not be the array behind the batch, or one of the options
   */
  void logSumExp(MemorySegment logits, Rows in, SoftmaxOptions options, float[] lse);

  /**
   * {@link SoftmaxKernels#softmax(float[], Rows, float[], Rows)}: error at most 3 ULP.
   *
   * @param logits the batch
   * @param in its shape
   * @param probabilities the result; may be in place of the logits
   * @param out the shape of probabilities, same rows and cols
   */
  void softmax(MemorySegment logits, Rows in, MemorySegment probabilities, Rows out);

  /**
   * {@link SoftmaxKernels#softmax(float[], Rows, SoftmaxOptions, float[], Rows)}: error at most 3
   * ULP.
   *
   * @param logits the batch
   * @param in its shape
   * @param options what the scores are made of
   * @param probabilities the result; may be in place of the logits
   * @param out the shape of probabilities, same rows and cols
   */
  void softmax(
      MemorySegment logits, Rows in, SoftmaxOptions options, MemorySegment probabilities, Rows out);

  /**
   * {@link SoftmaxKernels#logSoftmax(float[], Rows, float[], Rows)}: error at most {@code 2^-22 *
   * max(1, |log p_j|)}.
   *
   * @param logits the batch
   * @param in its shape
   * @param logProbabilities the result; may be in place of the logits
   * @param out the shape of logProbabilities, same rows and cols
   */
  void logSoftmax(MemorySegment logits, Rows in, MemorySegment logProbabilities, Rows out);

  /**
   * {@link SoftmaxKernels#logSoftmax(float[], Rows, SoftmaxOptions, float[], Rows)}: error at most
   * {@code 2^-22 * max(1, |log p_j|)}.
   *
   * @param logits the batch
   * @param in its shape
   * @param options what the scores are made of
   * @param logProbabilities the result; may be in place of the logits
   * @param out the shape of logProbabilities, same rows and cols
   */
  void logSoftmax(
      MemorySegment logits,
      Rows in,
      SoftmaxOptions options,
      MemorySegment logProbabilities,
      Rows out);

  /**
   * {@link SoftmaxKernels#crossEntropy(float[], Rows, int[], CrossEntropy, float[])}, with its
   * error bound.
   *
   * @param logits the batch
   * @param in its shape
   * @param labels one class per row, 0 to cols - 1, or the ignored index
   * @param options how the loss is formed
   * @param losses one result per row, or null where they are not wanted; must not be the array
   *     behind the batch
   * @return sum and weight of the batch
   */
  Loss crossEntropy(
      MemorySegment logits, Rows in, int[] labels, CrossEntropy options, float[] losses);

  /**
   * {@link SoftmaxKernels#crossEntropyGradient(float[], Rows, int[], CrossEntropy, float[],
   * float[], Rows)}, with its error bounds.
   *
   * @param logits the batch
   * @param in its shape
   * @param labels one class per row, 0 to cols - 1, or the ignored index
   * @param options how the loss is formed, and the gradient's scale
   * @param losses one result per row, or null where they are not wanted; must not be the array
   *     behind another argument
   * @param gradient the gradient; may be in place of the logits
   * @param out the shape of gradient, same rows and cols
   * @return sum and weight of the batch
   */
  Loss crossEntropyGradient(
      MemorySegment logits,
      Rows in,
      int[] labels,
      CrossEntropy options,
      float[] losses,
      MemorySegment gradient,
      Rows out);

  /**
   * The floats of a buffer from its position to its limit, as a batch: of a direct buffer, or of a
   * heap buffer.
   *
   * @param buffer floats in the machine's byte order. {@code ByteBuffer.asFloatBuffer()} has the
   *     order of its byte buffer, which is big-endian unless it is told otherwise
   * @return the segment, valid as long as the buffer's memory
   * @throws IllegalArgumentException where the buffer is of another byte order; {@code
   *     order(ByteOrder.nativeOrder())} of the byte buffer cures it
   * @throws NullPointerException where buffer is null
   */
  static MemorySegment segment(FloatBuffer buffer) {
    Objects.requireNonNull(buffer, "buffer is null");
    if (buffer.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          ("the buffer's floats are %s, the machine's %s:"
                  + " call order(ByteOrder.nativeOrder()) on the ByteBuffer before asFloatBuffer()")
              .formatted(buffer.order(), ByteOrder.nativeOrder()));
    }
    return MemorySegment.ofBuffer(buffer);
  }
}
