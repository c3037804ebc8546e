package io.softlane.examples.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.SoftmaxKernels;
import org.junit.jupiter.api.Test;

class ModelTest {
  private static final int CLASSES = 3;

  private final Contexts contexts = new Contexts(new int[60]);
  private final Model model = new Model(contexts, CLASSES);

  @Test
  void aStepGoesToTheRowsOfTheContextsAlone() {
    assertEquals(Contexts.MOST, contexts.size());
    model.learn(new int[] {9, 1, 4}, 1, 2, new float[] {9, 3, 0, -4}, 1);
    // Adagrad's first step: the rate, along the gradient over its length, which is 5.
    float[] step = {-0.5f * 3 / 5, 0, 0.5f * 4 / 5};
    assertArrayEquals(step, logits(1), 1e-7f);
    assertArrayEquals(step, logits(4), 1e-7f);
    assertArrayEquals(new float[CLASSES], logits(0));
    float[] both = logits(1, 4);
    for (int c = 0; c < CLASSES; c++) {
      assertEquals(2 * step[c], both[c], 1e-7f);
    }
  }

  @Test
  void laterStepsAreSmaller() {
    float[] gradient = {1, -1, 0};
    model.learn(new int[] {2}, 0, 1, gradient, 0);
    float first = logits(2)[1];
    model.learn(new int[] {2}, 0, 1, gradient, 0);
    float second = logits(2)[1] - first;
    assertEquals(first / Math.sqrt(2), second, 1e-6);
  }

  @Test
  void noGradientIsNoStep() {
    model.learn(new int[] {2}, 0, 1, new float[CLASSES], 0);
    assertArrayEquals(new float[CLASSES], logits(2));
  }

  @Test
  void predictsWhatItWasTrainedOn() {
    Model trained = Trained.SCALAR;
    int[] codes = Trained.TEXT.codes();
    int[] numbers = new int[Contexts.MOST];
    float[] logits = new float[trained.classes()];
    int right = 0;
    int places = 10_000;
    for (int i = Contexts.LONGEST; i < Contexts.LONGEST + places; i++) {
      int count = trained.contexts().find(codes, i, numbers, 0);
      trained.logits(numbers, 0, count, logits, 0);
      right += SoftmaxKernels.scalar().argmax(logits) == codes[i] ? 1 : 0;
    }
    assertTrue(right > 0.65 * places, right + " of " + places);
  }

  private float[] logits(int... numbers) {
    float[] logits = new float[CLASSES];
    model.logits(numbers, 0, numbers.length, logits, 0);
    return logits;
  }
}
