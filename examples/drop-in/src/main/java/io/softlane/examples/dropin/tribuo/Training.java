package io.softlane.examples.dropin.tribuo;

import io.softlane.examples.dropin.Difference;
import io.softlane.examples.dropin.Inputs;
import io.softlane.examples.dropin.Replacement;
import io.softlane.examples.dropin.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.LabelObjective;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.math.util.ExpNormalizer;
import org.tribuo.math.util.VectorNormalizer;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** Normalizer, objective and a linear model trained with it. */
public final class Training {
  /** A field, since the log manager would forget a logger that nobody holds, and its level too. */
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

  static final int LABELS = 100;
  private static final int FEATURES = 32;
  private static final int EXAMPLES = 200;
  private static final double DEVIATION = 2;

  static {
    TRIBUO.setLevel(Level.WARNING);
  }

  private Training() {}

  /** Both are arguments that Tribuo takes. */
  public static Replacement replacement() {
    return new Replacement(
        "Tribuo 4.3.2",
        "`VectorNormalizer` and `LabelObjective`",
        "`new LogMulticlass()` to `new SoftmaxObjective()`",
        List.of(normalizer(20), normalizer(1000), objective(20), objective(1000), trainer()));
  }

  // Both work in place, so each call starts with a copy, before and after.
  private static Shape normalizer(int cols) {
    double[] scores = Inputs.doubles(cols, DEVIATION);
    double[] row = new double[cols];
    VectorNormalizer before = new ExpNormalizer();
    VectorNormalizer after = new SoftmaxNormalizer();
    return new Shape(
        "normalizer, %d doubles".formatted(cols),
        () -> normalize(before, scores, row),
        () -> normalize(after, scores, row),
        () -> Difference.between(before.normalize(scores), after.normalize(scores)));
  }

  private static void normalize(VectorNormalizer normalizer, double[] scores, double[] row) {
    System.arraycopy(scores, 0, row, 0, row.length);
    normalizer.normalizeInPlace(row);
  }

  private static Shape objective(int cols) {
    double[] scores = Inputs.doubles(cols, DEVIATION);
    LabelObjective before = new LogMulticlass();
    LabelObjective after = new SoftmaxObjective();
    int label = cols / 2;
    return new Shape(
        "objective, %d doubles".formatted(cols),
        () -> before.lossAndGradient(label, DenseVector.createDenseVector(scores)),
        () -> after.lossAndGradient(label, DenseVector.createDenseVector(scores)),
        () -> Difference.between(gradient(before, label, scores), gradient(after, label, scores)));
  }

  private static double[] gradient(LabelObjective objective, int label, double[] scores) {
    DenseVector vector = DenseVector.createDenseVector(scores);
    return objective.lossAndGradient(label, vector).getB().toArray();
  }

  private static Shape trainer() {
    MutableDataset<Label> examples = examples();
    return new Shape(
        "one epoch of the trainer",
        () -> train(new LogMulticlass(), 1, examples),
        () -> train(new SoftmaxObjective(), 1, examples),
        () ->
            Difference.between(
                predictions(train(new LogMulticlass(), 1, examples), examples),
                predictions(train(new SoftmaxObjective(), 1, examples), examples)));
  }

  /** The line that changes is the call of this. */
  static Model<Label> train(LabelObjective objective, int epochs, MutableDataset<Label> examples) {
    return new LinearSGDTrainer(objective, new AdaGrad(0.5), epochs, 1).train(examples);
  }

  /** Each label has a centre; its examples lie around it. */
  static MutableDataset<Label> examples() {
    LabelFactory labels = new LabelFactory();
    MutableDataset<Label> examples =
        new MutableDataset<>(new SimpleDataSourceProvenance("drawn at random", labels), labels);
    double[] centres = Inputs.doubles(LABELS * FEATURES, 1);
    SplittableRandom random = new SplittableRandom(8);
    String[] names = new String[FEATURES];
    for (int f = 0; f < FEATURES; f++) {
      names[f] = "feature" + f;
    }
    for (int e = 0; e < EXAMPLES; e++) {
      int label = e % LABELS;
      double[] values = new double[FEATURES];
      for (int f = 0; f < FEATURES; f++) {
        values[f] = centres[label * FEATURES + f] + 0.5 * random.nextGaussian();
      }
      examples.add(new ArrayExample<>(new Label("label" + label), names, values));
    }
    return examples;
  }

  /** All probabilities of all examples. */
  static double[] predictions(Model<Label> model, MutableDataset<Label> examples) {
    return model.predict(examples).stream()
        .flatMap(prediction -> prediction.getOutputScores().values().stream())
        .mapToDouble(Label::getScore)
        .toArray();
  }
}
