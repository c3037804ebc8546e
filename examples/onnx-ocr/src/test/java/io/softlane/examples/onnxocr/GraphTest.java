package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphTest {
  private static final int ROWS = 2;
  private static final int COLS = 3;
  private static final float[] X = {1, -2, 3, 0, 0, -1};
  private static final float[] LOGITS = {1, 0, 3, 0, 0, 0};
  private static final double E = Math.E;
  private static final double SUM = E + 1 + E * E * E;
  private static final float[] PROBABILITIES = {
    (float) (E / SUM), (float) (1 / SUM), (float) (E * E * E / SUM), 1f / 3, 1f / 3, 1f / 3
  };

  /** Runs a model on X; its outputs, one after the other. */
  private static float[] run(byte[] model, float[] x, int outputs) throws OrtException {
    try (Network network = new Network(model);
        Memory in = new Memory();
        Memory first = new Memory();
        Memory second = new Memory();
        OnnxTensor input = in.tensor(ROWS, COLS);
        OnnxTensor one = first.tensor(ROWS, COLS);
        OnnxTensor two = second.tensor(ROWS, COLS)) {
      in.copyFrom(x, 0, 0, x.length);
      network.run(input, outputs == 1 ? new OnnxTensor[] {one} : new OnnxTensor[] {one, two});
      float[] values = new float[outputs * x.length];
      first.copyTo(values, 0, x.length);
      if (outputs == 2) {
        float[] others = new float[x.length];
        second.copyTo(others, 0, x.length);
        System.arraycopy(others, 0, values, x.length, x.length);
      }
      return values;
    }
  }

  @ParameterizedTest
  @CsvSource({"1,9", "-1,13", ",13", ",9"})
  void cutsTheSoftmaxOff(Integer axis, int opset) throws OrtException {
    byte[] model = Models.tiny("Softmax", axis, opset, COLS);
    Graph graph = Graph.parse(model);
    assertEquals(COLS, graph.classes());
    assertArrayEquals(PROBABILITIES, run(model, X, 1), 1e-6f);
    assertArrayEquals(LOGITS, run(graph.withoutSoftmax(), X, 1));
    assertArrayEquals(PROBABILITIES, run(graph.softmaxAlone(), LOGITS, 1), 1e-6f);

    float[] both = run(graph.withLogits(), X, 2);
    float[] expected = new float[both.length];
    System.arraycopy(LOGITS, 0, expected, 0, LOGITS.length);
    System.arraycopy(PROBABILITIES, 0, expected, LOGITS.length, LOGITS.length);
    assertArrayEquals(expected, both, 1e-6f);
  }

  @Test
  void refusesAnotherLastNode() {
    refused(
        Models.tiny("Relu", null, 13, COLS),
        "the model's output y is made by a Relu, not a Softmax");
  }

  @ParameterizedTest
  @CsvSource({"0,13", "0,9", "-2,13"})
  void refusesAnotherAxis(int axis, int opset) {
    refused(
        Models.tiny("Softmax", axis, opset, COLS),
        "the model's Softmax works along axis " + axis + " of 2, not the last");
  }

  @Test
  void refusesWhatIsNoModel() {
    refused(new byte[0], "this is no ONNX model");
    refused("<html>not found</html>".getBytes(StandardCharsets.UTF_8), "this is no ONNX model");
  }

  private static void refused(byte[] model, String message) {
    String found = assertThrows(RefusedException.class, () -> Graph.parse(model)).getMessage();
    assertTrue(found.startsWith(message), found);
  }
}
