package io.softlane.examples.dropin.llama;

import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;

/**
 * Draws the next token of a language model from logits at (offset, size) of a buffer.
 *
 * @param temperature above 0
 * @param topP the share of the probability that is drawn from; 1 is all of it
 */
public record Sampler(float temperature, float topP) {
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.best();

  /**
   * With the loops below: division, softmax, and for top-p a heap of what may be among the
   * likeliest tokens.
   *
   * @param logits become probabilities
   * @param heap of at least that size
   */
  int before(float[] logits, int offset, int size, int[] heap, float coin) {
    for (int i = offset; i < offset + size; i++) {
      logits[i] /= temperature;
    }
    softmax(logits, offset, size);
    return topP < 1
        ? drawLikely(logits, offset, size, heap, coin)
        : draw(logits, offset, size, coin);
  }

  /**
   * With the kernels: one call, which leaves the logits as they are.
   *
   * @param token receives the token
   */
  public void after(float[] logits, int offset, int size, float[] coin, int[] token) {
    Sampling how = Sampling.DEFAULT.withTemperature(temperature).withTopP(topP);
    KERNELS.sample(logits, Rows.of(1, size).at(offset), how, coin, token, null);
  }

  private static void softmax(float[] values, int offset, int size) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + size; i++) {
      max = Math.max(max, values[i]);
    }
    float sum = 0;
    for (int i = offset; i < offset + size; i++) {
      values[i] = (float) Math.exp(values[i] - max);
      sum += values[i];
    }
    for (int i = offset; i < offset + size; i++) {
      values[i] /= sum;
    }
  }

  /** Token numbers start at 0, wherever the row lies. */
  private static int draw(float[] probabilities, int offset, int size, float coin) {
    float sum = 0;
    for (int i = 0; i < size; i++) {
      sum += probabilities[offset + i];
      if (coin < sum) {
        return i;
      }
    }
    return size - 1;
  }

  /** The likeliest first, until they have top-p together; then one of those. */
  private int drawLikely(float[] probabilities, int offset, int size, int[] heap, float coin) {
    // Whoever is below this cannot be in: all the others together would have less than top-p.
    float least = (1 - topP) / Math.max(1, size - 1);
    int n = 0;
    for (int i = offset; i < offset + size; i++) {
      if (probabilities[i] >= least) {
        heap[n++] = i;
      }
    }
    for (int i = n / 2 - 1; i >= 0; i--) {
      sink(probabilities, heap, i, n);
    }
    // Taken from the front, and put behind the heap.
    int end = n;
    float sum = 0;
    while (end > 0 && sum < topP) {
      int token = heap[0];
      end--;
      heap[0] = heap[end];
      heap[end] = token;
      sink(probabilities, heap, 0, end);
      sum += probabilities[token];
    }
    float left = coin * sum;
    for (int i = n - 1; i > end; i--) {
      left -= probabilities[heap[i]];
      if (left < 0) {
        return heap[i] - offset;
      }
    }
    return heap[end] - offset;
  }

  private static void sink(float[] probabilities, int[] heap, int from, int n) {
    int moved = heap[from];
    int at = from;
    for (int child = 2 * at + 1; child < n; child = 2 * at + 1) {
      if (child + 1 < n && probabilities[heap[child + 1]] > probabilities[heap[child]]) {
        child++;
      }
      if (probabilities[heap[child]] <= probabilities[moved]) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
  }
}
