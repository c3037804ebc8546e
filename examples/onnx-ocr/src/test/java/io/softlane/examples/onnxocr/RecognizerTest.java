package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.softlane.SoftmaxKernels;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From logits to text, without a network. */
class RecognizerTest {
  private static final Dictionary LETTERS = new Dictionary(List.of("", "a", "b", " "));
  private static final Graph GRAPH = Graph.parse(Models.tiny("Softmax", -1, 13, 4));

  @BeforeAll
  static void sayWhichKernels() {
    System.out.println("kernels: " + SoftmaxKernels.reason());
  }

  @Test
  void readsLogitsInPlace() throws OrtException {
    Strip strip = new Strip(new float[0], 0);
    Batch batch = new Batch(List.of(0, 1), List.of(strip, strip), 3 * Batch.STEP);
    float two = (float) Math.log(2);
    float[] logits = {
      0, two, 0, 0, // a with 2/5
      0, two, 0, 0, // the same a
      0, 0, 80, 0, // b for certain
      9, 0, 0, 0, // blank
      0, 0, 0, two, // space
      -9, two, -9, -9, // a
    };
    try (Recognizer recognizer = new Recognizer(GRAPH, LETTERS, SoftmaxKernels.best());
        Memory memory = new Memory();
        OnnxTensor tensor = memory.tensor(batch.outputShape(4))) {
      memory.copyFrom(logits, 0, 0, logits.length);
      List<Reading> readings = recognizer.read(batch, memory);
      assertEquals("ab", readings.get(0).text());
      assertEquals(" a", readings.get(1).text());

      Reading.Character a = readings.get(0).characters().get(0);
      assertEquals(0.4f, a.probability(), 1e-6f);
      double entropy = -0.4 * Math.log(0.4) - 3 * 0.2 * Math.log(0.2);
      assertEquals(entropy, a.entropy(), 1e-5);
      Reading.Character b = readings.get(0).characters().get(1);
      assertEquals(1f, b.probability());
      assertEquals(0, b.entropy(), 1e-5);
      assertEquals(0.4f, readings.get(0).weakest(), 1e-6f);

      // The tensor that held the logits holds all probabilities now, also of blank steps.
      for (int step = 0; step < 6; step++) {
        float sum = 0;
        for (int j = 0; j < 4; j++) {
          float p = tensor.getFloatBuffer().get(4 * step + j);
          assertTrue(p >= 0 && p <= 1);
          sum += p;
        }
        assertEquals(1, sum, 1e-6);
      }
    }
  }

  @Test
  void refusesADictionaryOfAnotherModel() {
    Dictionary more = new Dictionary(List.of("", "a", "b", "c", " "));
    assertEquals(
        "the model has 4 classes, its dictionary 5",
        assertThrows(
                RefusedException.class,
                () -> new Recognizer(GRAPH, more, SoftmaxKernels.best()).close())
            .getMessage());
  }
}
