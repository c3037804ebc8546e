package io.softlane.examples.onnxocr;

/**
 * What one thread works in.
 *
 * @param pixels the network's input
 * @param logits its output, in which the probabilities then replace the logits
 * @param others probabilities of the model's own Softmax, where the two are compared
 * @param spare a copy of the logits, where softmax is timed over and over
 */
record Workspace(Memory pixels, Memory logits, Memory others, Memory spare)
    implements AutoCloseable {
  Workspace() {
    this(new Memory(), new Memory(), new Memory(), new Memory());
  }

  @Override
  public void close() {
    pixels.close();
    logits.close();
    others.close();
    spare.close();
  }
}
