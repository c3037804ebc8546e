package io.softlane.examples.generate;

import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What a model has written.
 *
 * @param codes the classes of the prompt, and after them of what was drawn
 * @param drawn how many were drawn
 * @param logProbabilities of what was drawn, by the model: without temperature and cuts
 * @param openest where among {@code codes} the model was least sure: at the largest entropy
 * @param logits the logits there
 */
record Passage(int[] codes, int drawn, float[] logProbabilities, int openest, float[] logits) {

  /** Draws one character after the other; each sees the ones before it. */
  static Passage write(
      Model model, SoftmaxKernels kernels, Sampling how, long seed, int[] prompt, int length) {
    // An algorithm that the JDK's documentation fixes: the same numbers on every machine.
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Rows row = Rows.of(1, model.classes());
    int[] codes = Arrays.copyOf(prompt, prompt.length + length);
    float[] logProbabilities = new float[length];
    int[] numbers = new int[Contexts.MOST];
    float[] logits = new float[model.classes()];
    float[] uniform = new float[1];
    int[] token = new int[1];
    float[] logProbability = new float[1];
    int openest = 0;
    float largest = -1;
    float[] kept = null;
    for (int i = 0; i < length; i++) {
      int end = prompt.length + i;
      int count = model.contexts().find(codes, end, numbers, 0);
      model.logits(numbers, 0, count, logits, 0);
      uniform[0] = random.nextFloat();
      kernels.sample(logits, row, how, uniform, token, logProbability);
      codes[end] = token[0];
      logProbabilities[i] = logProbability[0];
      float entropy = kernels.entropy(logits);
      if (entropy > largest) {
        largest = entropy;
        openest = end;
        kept = logits.clone();
      }
    }
    return new Passage(codes, length, logProbabilities, openest, kept);
  }

  /** What it cost to name a character, in bits, by the model's own probabilities. */
  double bits() {
    double sum = 0;
    for (float logProbability : logProbabilities) {
      sum -= logProbability;
    }
    return sum / drawn / StrictMath.log(2);
  }
}
