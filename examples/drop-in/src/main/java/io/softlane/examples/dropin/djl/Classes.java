package io.softlane.examples.dropin.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import ai.djl.translate.TranslateException;
import ai.djl.util.Platform;
import io.softlane.SoftmaxKernels;
import io.softlane.examples.dropin.Difference;
import io.softlane.examples.dropin.Inputs;
import io.softlane.examples.dropin.Replacement;
import java.util.List;
import java.util.stream.IntStream;

/** A thousand classes behind DJL's PyTorch engine; the model hands its input on unchanged. */
public final class Classes implements AutoCloseable {
  static final int CLASSES = 1000;
  private static final int BATCH = 64;
  private static final double DEVIATION = 2;
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.best();

  private final NDManager manager;
  private final Model model;
  private final ClassTranslator before;
  private final ClassTranslator after;

  /**
   * Loads the engine.
   *
   * @throws IllegalStateException where its library is not on the class path: DJL itself would ask
   *     a server for it
   */
  public Classes() {
    Platform platform = Platform.detectPlatform("pytorch");
    if (platform.isPlaceholder()) {
      String name = platform.getOsPrefix() + "-" + platform.getOsArch();
      throw new IllegalStateException(
          "no PyTorch for this machine on the class path, build with -Dpytorch.platform=" + name);
    }
    Engine engine = Engine.getEngine("PyTorch");
    manager = engine.newBaseManager();
    model = Model.newInstance("identity", "PyTorch");
    model.setBlock(Blocks.identityBlock());
    List<String> names = IntStream.range(0, CLASSES).mapToObj(i -> "class" + i).toList();
    before = new ClassTranslator(names, null);
    after = new ClassTranslator(names, KERNELS);
  }

  NDManager manager() {
    return manager;
  }

  Predictor<float[], Classifications> predictor(boolean kernels) {
    return model.newPredictor(kernels ? after : before);
  }

  ClassTranslator translator(boolean kernels) {
    return kernels ? after : before;
  }

  /** One row by a translator, by a predictor around it, and a batch as bare floats. */
  public Replacement replacement() {
    float[] logits = Inputs.floats(CLASSES, DEVIATION);
    NDList row = new NDList(manager.create(logits));
    NDArray batch =
        manager.create(Inputs.floats(BATCH * CLASSES, DEVIATION), new Shape(BATCH, CLASSES));
    Predictor<float[], Classifications> own = predictor(false);
    Predictor<float[], Classifications> kernels = predictor(true);
    return new Replacement(
        "DJL 0.36.0, PyTorch 2.7.1",
        "`Translator.processOutput`",
        "`logits.softmax(0)` to `kernels.softmax(values, values)`",
        List.of(
            new io.softlane.examples.dropin.Shape(
                "processOutput, 1000 classes",
                () -> before.processOutput(null, row),
                () -> after.processOutput(null, row),
                () ->
                    Difference.between(
                        doubles(before.processOutput(null, row)),
                        doubles(after.processOutput(null, row)))),
            new io.softlane.examples.dropin.Shape(
                "predict, 1000 classes",
                () -> predict(own, logits),
                () -> predict(kernels, logits),
                () ->
                    Difference.between(
                        doubles(predict(own, logits)), doubles(predict(kernels, logits)))),
            new io.softlane.examples.dropin.Shape(
                "64 x 1000 as floats",
                () -> softmax(batch),
                () -> kernels(batch),
                () -> Difference.between(softmax(batch), kernels(batch)))));
  }

  static double[] doubles(Classifications classifications) {
    return classifications.getProbabilities().stream().mapToDouble(p -> p).toArray();
  }

  static Classifications predict(Predictor<float[], Classifications> predictor, float[] logits) {
    try {
      return predictor.predict(logits);
    } catch (TranslateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static float[] softmax(NDArray batch) {
    try (NDArray probabilities = batch.softmax(1)) {
      return probabilities.toFloatArray();
    }
  }

  private static float[] kernels(NDArray batch) {
    float[] values = batch.toFloatArray();
    KERNELS.softmax(values, values, BATCH, CLASSES);
    return values;
  }

  @Override
  public void close() {
    model.close();
    manager.close();
  }
}
