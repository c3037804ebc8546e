package io.softlane.examples.dropin.llama;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;

/**
 * Draws the next token of a language model: logits over the vocabulary, divided by the temperature,
 * softmax, and the first token at which the running sum passes the coin.
 *
 * @param temperature above 0
 */
public record Sampler(float temperature) {
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.best();

  /** With the loops below. */
  int before(float[] logits, float[] values, int offset, int size, float coin) {
    scale(logits, values, offset, size);
    naive(values, offset, size);
    return draw(values, offset, size, coin);
  }

  /** With the kernels, which take the temperature, too. */
  public int after(float[] logits, float[] values, int offset, int size, float coin) {
    Rows row = Rows.of(1, size);
    Rows out = row.at(offset);
    SoftmaxOptions options = SoftmaxOptions.DEFAULT.withScale(1 / temperature);
    KERNELS.softmax(logits, row, options, values, out);
    return draw(values, offset, size, coin);
  }

  private void scale(float[] logits, float[] values, int offset, int size) {
    // Copied first: C2 vectorises a loop over one array, but not always one over two.
    System.arraycopy(logits, 0, values, offset, size);
    float t = temperature;
    for (int i = offset; i < offset + size; i++) {
      values[i] /= t;
    }
  }

  private static void naive(float[] values, int offset, int size) {
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
}
