package io.softlane.examples.onnxocr;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.softlane.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Reads images with Softlane and with the model's own Softmax, from the same logits. */
final class Comparison implements AutoCloseable {
  private final Recognizer recognizer;
  private final Network network;
  private final Difference difference = new Difference();

  Comparison(Graph graph, Recognizer recognizer) throws OrtException {
    this.recognizer = recognizer;
    network = new Network(graph.withLogits());
  }

  /** Over all batches so far. */
  Difference difference() {
    return difference;
  }

  /** Reads a batch both ways; the texts that the model's own probabilities give. */
  List<String> texts(Batch batch, Workspace workspace) throws OrtException {
    Rows rows = recognizer.rows(batch);
    Memory ours = workspace.logits();
    Memory theirs = workspace.others();
    long[] shape = batch.outputShape(rows.cols());
    try (OnnxTensor in = workspace.pixels().tensor(batch.inputShape());
        OnnxTensor logits = ours.tensor(shape);
        OnnxTensor probabilities = theirs.tensor(shape)) {
      batch.write(workspace.pixels());
      network.run(in, logits, probabilities);
    }

    // For this comparison alone, logits are kept: softmax replaces them.
    float[][] kept = new float[rows.rows()][rows.cols()];
    for (int r = 0; r < kept.length; r++) {
      ours.copyTo(kept[r], (long) r * rows.cols(), rows.cols());
    }
    recognizer.read(batch, ours);
    Difference own = new Difference();
    float[] our = new float[rows.cols()];
    float[] their = new float[rows.cols()];
    for (int r = 0; r < kept.length; r++) {
      ours.copyTo(our, (long) r * rows.cols(), rows.cols());
      theirs.copyTo(their, (long) r * rows.cols(), rows.cols());
      own.add(kept[r], our, their);
    }
    difference.add(own);

    int[] best = new int[rows.rows()];
    recognizer.kernels().argmax(theirs.segment(), rows, best);
    return Decoding.of(best, batch).stream().map(steps -> text(steps, best)).toList();
  }

  private String text(int[] steps, int[] best) {
    return Arrays.stream(steps)
        .mapToObj(step -> recognizer.dictionary().symbol(best[step]))
        .collect(Collectors.joining());
  }

  @Override
  public void close() throws OrtException {
    network.close();
  }
}
