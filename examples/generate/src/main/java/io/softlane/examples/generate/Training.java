package io.softlane.examples.generate;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import me.tongfei.progressbar.ProgressBar;

/** Fits a model to the first nine tenths of a text, and shows how it goes. */
final class Training {
  /** From the fourth on, what is held out is predicted worse. */
  private static final int EPOCHS = 3;

  /** Characters of a step: more would take gradients of weights that are out of date. */
  private static final int BATCH = 32;

  private static final long SEED = 1;
  private static final CrossEntropy OPTIONS =
      CrossEntropy.DEFAULT.withReduction(CrossEntropy.Reduction.SUM);

  private final SoftmaxKernels kernels;
  private final int[] codes;
  private final Model model;

  // Of each character of the text.
  private final int[] numbers;
  private final int[] counts;

  // Of a batch.
  private final float[] logits;
  private final int[] labels = new int[BATCH];

  private Training(Text text, Model model, SoftmaxKernels kernels) {
    this.kernels = kernels;
    this.model = model;
    codes = text.codes();
    numbers = new int[codes.length * Contexts.MOST];
    counts = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      counts[i] = model.contexts().find(codes, i, numbers, i * Contexts.MOST);
    }
    logits = new float[BATCH * text.classes()];
  }

  /** Trains a model. */
  static Model run(Text text, SoftmaxKernels kernels, Output output) {
    int heldOut = text.codes().length / 10;
    int trained = text.codes().length - heldOut;
    Contexts contexts = new Contexts(Arrays.copyOf(text.codes(), trained));
    Model model = new Model(contexts, text.classes());
    output.print(
        "text     %,d characters of %d kinds, %,d contexts",
        trained, text.classes(), contexts.size());
    new Training(text, model, kernels).run(trained, output);
    return model;
  }

  private void run(int trained, Output output) {
    int[] order = new int[trained - Contexts.LONGEST];
    Arrays.setAll(order, i -> Contexts.LONGEST + i);
    int[] rest = new int[codes.length - trained];
    Arrays.setAll(rest, i -> trained + i);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    int steps = EPOCHS * Math.ceilDiv(order.length, BATCH);
    List<String> lines = new ArrayList<>();
    try (ProgressBar bar = output.terminal() ? output.bar("Training", steps) : null) {
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        shuffle(order, random);
        long start = System.nanoTime();
        double bits = bits(order, true, bar);
        double speed = order.length / ((System.nanoTime() - start) * 1e-9);
        String figures =
            String.format(
                Locale.ROOT, "%.4f bits a character, %.4f held out", bits, bits(rest, false, null));
        lines.add(
            String.format(Locale.ROOT, "epoch %d  %s  %,9.0f characters/s", epoch, figures, speed));
        if (bar == null) {
          output.print("%s", lines.removeLast());
        } else {
          bar.setExtraMessage(figures);
        }
      }
    }
    lines.forEach(line -> output.print("%s", line));
  }

  /**
   * The mean loss of the characters at these places, in bits.
   *
   * @param learn whether to take a step after each batch
   * @param bar null where there is none
   */
  private double bits(int[] places, boolean learn, ProgressBar bar) {
    int classes = model.classes();
    double sum = 0;
    for (int from = 0; from < places.length; from += BATCH) {
      Rows batch = Rows.of(Math.min(BATCH, places.length - from), classes);
      for (int r = 0; r < batch.rows(); r++) {
        int place = places[from + r];
        labels[r] = codes[place];
        model.logits(numbers, place * Contexts.MOST, counts[place], logits, r * classes);
      }
      if (!learn) {
        sum += kernels.crossEntropy(logits, batch, labels, OPTIONS, null).sum();
        continue;
      }
      // In place: from here on the array holds the gradient with respect to the logits.
      sum +=
          kernels.crossEntropyGradient(logits, batch, labels, OPTIONS, null, logits, batch).sum();
      for (int r = 0; r < batch.rows(); r++) {
        int place = places[from + r];
        model.learn(numbers, place * Contexts.MOST, counts[place], logits, r * classes);
      }
      if (bar != null) {
        bar.step();
      }
    }
    return sum / places.length / StrictMath.log(2);
  }

  private static void shuffle(int[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
  }
}
