package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.softlane.SoftmaxKernels;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With the real model, where there is one. */
class RecognitionTest {
  private static Model model;
  private static Graph graph;
  private static Dictionary dictionary;

  @BeforeAll
  static void load() {
    System.setProperty("java.awt.headless", "true");
    model = Models.real();
    graph = Graph.parse(model.network());
    dictionary = Dictionary.parse(model.characters());
  }

  private static Reading[] read(List<Strip> strips, int size, int threads, SoftmaxKernels kernels)
      throws Exception {
    Reading[] readings = new Reading[strips.size()];
    try (Recognizer recognizer = new Recognizer(graph, dictionary, kernels)) {
      Crew.work(
          threads,
          Batch.of(strips, size),
          (i, batch, workspace) -> batch.scatter(recognizer.read(batch, workspace), readings));
    }
    return readings;
  }

  private static List<Strip> strips(List<Sample> samples) {
    return samples.stream().map(Sample::draw).map(Strip::of).toList();
  }

  @Test
  void readsWhatWasDrawn() throws Exception {
    List<Sample> samples =
        Sample.grid(
            List.of("Softlane 2026", "Total: 1,234.56", "no copy, in place"),
            List.of("SansSerif", "Monospaced"),
            List.of(-2.0, 2.0),
            List.of(0.05));
    Reading[] readings = read(strips(samples), 5, 2, SoftmaxKernels.best());
    for (int i = 0; i < readings.length; i++) {
      assertEquals(samples.get(i).text(), readings[i].text(), samples.get(i).toString());
      for (Reading.Character c : readings[i].characters()) {
        assertTrue(c.probability() > 0.2 && c.probability() <= 1, c.toString());
        // No entropy is below that of the best class alone, nor above log of the classes' number.
        double least = -c.probability() * Math.log(c.probability()) - 1e-5;
        assertTrue(c.entropy() >= least && c.entropy() < Math.log(6625), c.toString());
      }
    }
  }

  @Test
  void givesTheSameOnAnyThreadWithAnyKernels() throws Exception {
    List<Strip> strips =
        strips(
            Sample.grid(
                List.of("one", "Gate B17"), List.of("Serif"), List.of(0.0, 3.0), List.of(0.3)));
    Reading[] readings = read(strips, 2, 1, SoftmaxKernels.scalar());
    assertArrayEquals(readings, read(strips, 2, 2, SoftmaxKernels.scalar()));
    assertArrayEquals(readings, read(strips, 2, 2, SoftmaxKernels.vector()));
  }

  @Test
  void readsNothingOnAnEmptySheet() throws Exception {
    BufferedImage sheet = new BufferedImage(200, 40, BufferedImage.TYPE_INT_ARGB);
    Reading[] readings = read(List.of(Strip.of(sheet)), 1, 1, SoftmaxKernels.best());
    assertEquals("", readings[0].text());
    assertEquals(1, readings[0].weakest());
  }

  @Test
  void agreesWithTheModelsOwnSoftmax() throws Exception {
    List<Strip> strips =
        strips(
            Sample.grid(
                List.of("Softlane", "09:45"), List.of("Serif"), List.of(0.0), List.of(0.0, 0.4)));
    Reading[] readings = read(strips, 2, 2, SoftmaxKernels.best());
    String[] theirs = new String[strips.size()];
    try (Recognizer recognizer = new Recognizer(graph, dictionary, SoftmaxKernels.best());
        Comparison comparison = new Comparison(graph, recognizer)) {
      Crew.work(
          2,
          Batch.of(strips, 2),
          (i, batch, workspace) -> batch.scatter(comparison.texts(batch, workspace), theirs));
      assertArrayEquals(Arrays.stream(readings).map(Reading::text).toArray(), theirs);
      Difference difference = comparison.difference();
      assertEquals(4 * 40 * 6625, difference.count());
      // What the library promises.
      assertTrue(difference.softlane().largest() <= 3);
      // Loose: it is another's, and what it does is printed, not promised.
      assertTrue(difference.onnxRuntime().largest() <= 1000);
    }
  }

  /** Else the comparison would be of something that the plain model does not do. */
  @Test
  void computesTheSameHoweverItIsCut() throws OrtException {
    Sample sample = new Sample("cut", "Serif", 0, 0.1);
    Batch batch = Batch.of(strips(List.of(sample)), 1).getFirst();
    float[][] whole = outputs(model.network(), batch, 1);
    float[][] cut = outputs(graph.withoutSoftmax(), batch, 1);
    float[][] both = outputs(graph.withLogits(), batch, 2);
    assertArrayEquals(cut[0], both[0]);
    assertArrayEquals(whole[0], both[1]);
  }

  private static float[][] outputs(byte[] network, Batch batch, int count) throws OrtException {
    long[] shape = batch.outputShape(dictionary.classes());
    try (Network loaded = new Network(network);
        Workspace workspace = new Workspace();
        OnnxTensor in = workspace.pixels().tensor(batch.inputShape());
        OnnxTensor first = workspace.logits().tensor(shape);
        OnnxTensor second = workspace.others().tensor(shape)) {
      batch.write(workspace.pixels());
      loaded.run(in, Arrays.copyOf(new OnnxTensor[] {first, second}, count));
      float[][] outputs = new float[count][batch.steps() * dictionary.classes()];
      List<Memory> memories = List.of(workspace.logits(), workspace.others());
      IntStream.range(0, count)
          .forEach(i -> memories.get(i).copyTo(outputs[i], 0, outputs[i].length));
      return outputs;
    }
  }
}
