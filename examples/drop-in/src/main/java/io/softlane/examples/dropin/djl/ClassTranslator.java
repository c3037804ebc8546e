package io.softlane.examples.dropin.djl;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.softlane.SoftmaxKernels;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns the logits of one image into its classes.
 *
 * @param classes their names
 * @param kernels null: the engine's own softmax, as before
 */
public record ClassTranslator(List<String> classes, SoftmaxKernels kernels)
    implements Translator<float[], Classifications> {

  @Override
  public NDList processInput(TranslatorContext context, float[] logits) {
    return new NDList(context.getNDManager().create(logits));
  }

  @Override
  public Classifications processOutput(TranslatorContext context, NDList list) {
    NDArray logits = list.singletonOrThrow();
    return kernels == null ? before(logits) : after(logits);
  }

  Classifications before(NDArray logits) {
    try (NDArray probabilities = logits.softmax(0)) {
      return new Classifications(classes, probabilities);
    }
  }

  Classifications after(NDArray logits) {
    float[] values = logits.toFloatArray();
    kernels.softmax(values, values);
    List<Double> probabilities = new ArrayList<>(values.length);
    for (float p : values) {
      probabilities.add((double) p);
    }
    return new Classifications(classes, probabilities);
  }
}
