package io.softlane.examples.onnxocr;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model that ONNX Runtime has loaded, with its outputs in the caller's memory. */
final class Network implements AutoCloseable {
  private final OrtSession session;
  private final String input;
  private final List<String> outputs;

  /** Loads a model. Any number of threads may run it at once; each run keeps to its own thread. */
  Network(byte[] model) throws OrtException {
    OrtEnvironment environment = environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(model, options);
    }
    input = session.getInputNames().iterator().next();
    outputs = List.copyOf(session.getOutputNames());
  }

  /** Runs the model, which writes its outputs, in the model's order, into these tensors. */
  void run(OnnxTensor in, OnnxTensor... out) throws OrtException {
    Map<String, OnnxTensor> pinned = new HashMap<>();
    for (int i = 0; i < out.length; i++) {
      pinned.put(outputs.get(i), out[i]);
    }
    try (OrtSession.Result result = session.run(Map.of(input, in), pinned)) {
      for (int i = 0; i < out.length; i++) {
        if (result.isResultOwner(i)) {
          throw new IllegalStateException("ONNX Runtime made an output of its own");
        }
      }
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }

  /** Loads ONNX Runtime's native library. */
  private static OrtEnvironment environment() {
    try {
      return OrtEnvironment.getEnvironment();
    } catch (LinkageError | RuntimeException e) {
      throw new RefusedException(
          "ONNX Runtime brings no native library that runs here ("
              + System.getProperty("os.name")
              + ", "
              + System.getProperty("os.arch")
              + "): "
              + e,
          e);
    }
  }
}
