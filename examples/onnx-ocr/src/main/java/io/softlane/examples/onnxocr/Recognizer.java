package io.softlane.examples.onnxocr;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads batches of images: ONNX Runtime writes the logits, and Softlane turns them into
 * probabilities where they are.
 */
final class Recognizer implements AutoCloseable {
  private final Network network;
  private final Dictionary dictionary;
  private final SoftmaxKernels kernels;

  Recognizer(Graph graph, Dictionary dictionary, SoftmaxKernels kernels) throws OrtException {
    if (graph.classes() >= 0 && graph.classes() != dictionary.classes()) {
      throw new RefusedException(
          "the model has " + graph.classes() + " classes, its dictionary " + dictionary.classes());
    }
    network = new Network(graph.withoutSoftmax());
    this.dictionary = dictionary;
    this.kernels = kernels;
  }

  Dictionary dictionary() {
    return dictionary;
  }

  SoftmaxKernels kernels() {
    return kernels;
  }

  /** Shape of a batch's logits: one row per image and step. */
  Rows rows(Batch batch) {
    return Rows.of(batch.size() * batch.steps(), dictionary.classes());
  }

  /** Reads a batch; one result per image. Each thread needs a workspace of its own. */
  List<Reading> read(Batch batch, Workspace workspace) throws OrtException {
    Memory memory = workspace.logits();
    try (OnnxTensor in = workspace.pixels().tensor(batch.inputShape());
        OnnxTensor out = memory.tensor(batch.outputShape(dictionary.classes()))) {
      batch.write(workspace.pixels());
      network.run(in, out);
    }
    return read(batch, memory);
  }

  /** From logits to text: afterwards the memory holds the probabilities. */
  List<Reading> read(Batch batch, Memory memory) {
    Rows rows = rows(batch);
    int[] best = new int[rows.rows()];
    kernels.argmax(memory.segment(), rows, best);
    List<int[]> begins = Decoding.of(best, batch);

    // Entropy is of the few rows where a character begins, and needs their logits: before softmax.
    float[] entropies = new float[rows.rows()];
    float[] row = new float[rows.cols()];
    for (int[] steps : begins) {
      for (int step : steps) {
        memory.copyTo(row, (long) step * rows.cols(), row.length);
        entropies[step] = kernels.entropy(row);
      }
    }

    // All rows at once, in place.
    kernels.softmax(memory.segment(), rows, memory.segment(), rows);

    List<Reading> readings = new ArrayList<>();
    for (int[] steps : begins) {
      List<Reading.Character> characters = new ArrayList<>();
      for (int step : steps) {
        float p = memory.get((long) step * rows.cols() + best[step]);
        String symbol = dictionary.symbol(best[step]);
        characters.add(new Reading.Character(symbol, p, entropies[step]));
      }
      readings.add(new Reading(characters));
    }
    return readings;
  }

  @Override
  public void close() throws OrtException {
    network.close();
  }
}
