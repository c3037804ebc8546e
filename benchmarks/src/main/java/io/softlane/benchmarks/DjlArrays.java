package io.softlane.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.util.Platform;
import java.util.Locale;

/**
 * DJL with its PyTorch: NDArrays off the heap, results made anew, since it takes no place for them.
 */
final class DjlArrays {
  private static final String PYTORCH = "PyTorch";

  static {
    // Asks no server, reports nothing; one thread, as everyone here.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
  }

  private DjlArrays() {}

  static Operation softmax(Workload work) {
    return Peers.loaded(
        Peers.DJL,
        () -> {
          NDArray logits = logits(engine().newBaseManager(), work);
          return new Operation() {
            private NDArray probabilities;

            @Override
            public void run(Workload work) {
              if (probabilities != null) {
                probabilities.close();
              }
              probabilities = logits.softmax(1);
            }

            @Override
            public void fetch(Workload work) {
              System.arraycopy(probabilities.toFloatArray(), 0, work.out, 0, work.out.length);
            }
          };
        });
  }

  /** As a training step has it: the mean loss, then backward. */
  static Operation crossEntropyGradient(Workload work) {
    return Peers.loaded(
        Peers.DJL,
        () -> {
          Engine engine = engine();
          NDManager manager = engine.newBaseManager();
          NDArray logits = logits(manager, work);
          NDList labels = new NDList(manager.create(work.labels));
          Loss crossEntropy = Loss.softmaxCrossEntropyLoss();
          work.hasRowLosses = false;
          return new Operation() {
            private NDArray gradient;

            @Override
            public void run(Workload work) {
              if (gradient != null) {
                gradient.close();
              }
              // What is attached to the step is freed with it.
              try (NDManager step = manager.newSubManager();
                  GradientCollector collector = engine.newGradientCollector()) {
                // The same memory, with no gradient yet that backward would add to.
                NDArray leaf = logits.stopGradient();
                leaf.attach(step);
                leaf.setRequiresGradient(true);
                NDArray mean = crossEntropy.evaluate(labels, new NDList(leaf));
                collector.backward(mean);
                work.meanLoss = mean.getFloat();
                gradient = leaf.getGradient();
                gradient.attach(manager);
              }
            }

            @Override
            public void fetch(Workload work) {
              System.arraycopy(gradient.toFloatArray(), 0, work.out, 0, work.out.length);
            }
          };
        });
  }

  private static Engine engine() {
    requireLibrary();
    return Engine.getEngine(PYTORCH);
  }

  private static NDArray logits(NDManager manager, Workload work) {
    return manager.create(work.logits, new Shape(work.batch.rows(), work.batch.cols()));
  }

  /** Whether there is a library, without loading it: it has the names of PyTorch's own. */
  private static Platform requireLibrary() {
    Platform platform = Platform.detectPlatform(PYTORCH.toLowerCase(Locale.ROOT));
    if (platform.isPlaceholder()) {
      throw new UnsatisfiedLinkError("DJL's PyTorch is not on the class path");
    }
    return platform;
  }

  static String describe() {
    String pytorch = requireLibrary().getVersion();
    return "DJL " + Engine.getDjlVersion() + ", PyTorch " + pytorch;
  }
}
