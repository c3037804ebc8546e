package io.softlane.examples.dropin.tribuo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.examples.dropin.Difference;
import io.softlane.examples.dropin.Inputs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.classification.sgd.LabelObjective;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.util.ExpNormalizer;
import org.tribuo.math.util.VectorNormalizer;

class SoftmaxObjectiveTest {
  private final LabelObjective before = new LogMulticlass();
  private final LabelObjective after = new SoftmaxObjective();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 20, 100, 1000})
  void normalizesTheSame(int cols) {
    double[] scores = Inputs.doubles(cols, 2);
    double[] copy = scores.clone();
    Difference difference =
        Difference.between(
            new ExpNormalizer().normalize(scores), new SoftmaxNormalizer().normalize(scores));
    assertTrue(difference.ulps() <= 12 && difference.absolute() <= 1e-7, difference.toString());
    assertArrayEquals(copy, scores);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 20, 100, 1000})
  void hasTheSameLossAndGradient(int cols) {
    double[] scores = Inputs.doubles(cols, 2);
    DenseVector expected = DenseVector.createDenseVector(scores);
    DenseVector actual = DenseVector.createDenseVector(scores);
    double loss = before.lossAndGradient(cols / 2, expected).getA();
    assertEquals(loss, after.lossAndGradient(cols / 2, actual).getA(), 1e-6 * (1 - loss));
    Difference difference = Difference.between(expected.toArray(), actual.toArray());
    assertTrue(difference.absolute() <= 2e-7, difference.toString());
  }

  /** Tribuo takes the logarithm of a probability, which beyond 745 is none. */
  @Test
  void hasAFiniteLossWhereTribuoHasNone() {
    double[] scores = {1000, 0};
    assertEquals(
        Double.NEGATIVE_INFINITY,
        before.lossAndGradient(1, DenseVector.createDenseVector(scores)).getA());
    assertEquals(-1000, after.lossAndGradient(1, DenseVector.createDenseVector(scores)).getA());
  }

  @Test
  void masksAndPoisonsAlike() {
    double inf = Double.POSITIVE_INFINITY;
    double[] masked = {-inf, 1, 1};
    assertArrayEquals(new double[] {0, 0.5, 0.5}, new ExpNormalizer().normalize(masked));
    assertArrayEquals(new double[] {0, 0.5, 0.5}, new SoftmaxNormalizer().normalize(masked));
    double[] nan = {Double.NaN, Double.NaN};
    for (double[] scores : new double[][] {{-inf, -inf}, {inf, 0}, {0, Double.NaN}}) {
      assertArrayEquals(nan, new ExpNormalizer().normalize(scores));
      assertArrayEquals(nan, new SoftmaxNormalizer().normalize(scores));
    }
  }

  @Test
  void trainsTheSameModel() {
    MutableDataset<Label> examples = Training.examples();
    Model<Label> expected = Training.train(before, 5, examples);
    Model<Label> actual = Training.train(after, 5, examples);
    double accuracy = new LabelEvaluator().evaluate(expected, examples).accuracy();
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    assertEquals(accuracy, new LabelEvaluator().evaluate(actual, examples).accuracy(), 0.01);
    Difference difference =
        Difference.between(
            Training.predictions(expected, examples), Training.predictions(actual, examples));
    assertTrue(difference.absolute() <= 1e-4, difference.toString());
  }

  @Test
  void isStoredWithAModel(@TempDir Path folder) throws Exception {
    MutableDataset<Label> examples = Training.examples();
    Model<Label> model = Training.train(after, 1, examples);
    Path file = folder.resolve("model.protobuf");
    model.serializeToFile(file);
    Model<Label> read = Model.deserializeFromFile(file).castModel(Label.class);
    assertArrayEquals(Training.predictions(model, examples), Training.predictions(read, examples));
    VectorNormalizer normalizer = new SoftmaxNormalizer();
    assertInstanceOf(SoftmaxNormalizer.class, VectorNormalizer.deserialize(normalizer.serialize()));
  }
}
