package io.softlane.snippets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.CrossEntropy;
import io.softlane.Loss;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation: what stands between the marks, run from another package. */
class SnippetsTest {
  @Test
  void softmax() {
    // @start region="softmax"
    SoftmaxKernels kernels = SoftmaxKernels.best();
    float[] logits = {1, 2, 3, 0, Float.NEGATIVE_INFINITY, 0};
    float[] probabilities = new float[6];
    kernels.softmax(logits, probabilities, 2, 3); // two rows, three columns
    // @end
    float[] expected = {0.09003057f, 0.24472848f, 0.66524094f, 0.5f, 0, 0.5f};
    assertArrayEquals(expected, probabilities, 1e-7f);
  }

  @Test
  void layout() {
    float[] buffer = new float[100];
    // @start region="layout"
    // Four rows of ten columns, 16 floats apart, from element 32 on; in place.
    Rows batch = Rows.of(4, 10).withStride(16).at(32);
    SoftmaxKernels.best().softmax(buffer, batch, buffer, batch);
    // @end
    assertEquals(0.1f, buffer[32 + 3 * 16 + 9]);
    assertEquals(0, buffer[32 + 10]);
    assertEquals(0, buffer[31]);
  }

  @Test
  void threads() {
    Rows batch = Rows.of(1000, 10);
    float[] logits = new float[10_000];
    float[] probabilities = new float[10_000];
    // @start region="threads"
    SoftmaxKernels kernels = SoftmaxKernels.best().parallel();
    kernels.softmax(logits, batch, probabilities, batch);
    // @end
    for (float p : probabilities) {
      assertEquals(0.1f, p);
    }
  }

  @Test
  void loss() {
    Rows batch = Rows.of(2, 3);
    float[] logits = {1, 2, 3, 0, 0, 0};
    int[] labels = {2, -100};
    float[] gradient = new float[6];
    // @start region="loss"
    CrossEntropy options =
        CrossEntropy.DEFAULT.withIgnoreIndex(-100).withLabelSmoothing(0.1f).withZLoss(1e-4f);
    float[] losses = new float[batch.rows()];
    Loss loss =
        SoftmaxKernels.best()
            .crossEntropyGradient(logits, batch, labels, options, losses, gradient, batch);
    double mean = loss.mean(); // over the rows that are not ignored
    // @end
    assertEquals(losses[0], mean, 1e-6);
    assertEquals(0, losses[1]);
    assertTrue(gradient[2] < 0 && gradient[3] == 0);
  }
}
