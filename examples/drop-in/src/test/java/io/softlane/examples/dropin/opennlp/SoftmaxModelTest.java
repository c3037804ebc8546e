package io.softlane.examples.dropin.opennlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.examples.dropin.Difference;
import opennlp.tools.doccat.DocumentCategorizer;
import opennlp.tools.doccat.DocumentSample;
import opennlp.tools.ml.maxent.GISModel;
import opennlp.tools.ml.model.Context;
import org.junit.jupiter.api.Test;

class SoftmaxModelTest {
  private static final Categories CATEGORIES = Categories.train(Categories.CATEGORIES);

  @Test
  void categorizesTheSame() {
    DocumentCategorizer before = CATEGORIES.before();
    DocumentCategorizer after = CATEGORIES.after();
    assertEquals(Categories.CATEGORIES, before.getNumberOfCategories());
    int right = 0;
    for (DocumentSample sample : CATEGORIES.samples()) {
      double[] expected = before.categorize(sample.getText());
      double[] actual = after.categorize(sample.getText());
      Difference difference = Difference.between(expected, actual);
      assertTrue(difference.ulps() <= 12 && difference.absolute() <= 2e-7, difference.toString());
      String category = after.getBestCategory(actual);
      assertEquals(before.getBestCategory(expected), category);
      right += category.equals(sample.getCategory()) ? 1 : 0;
    }
    assertTrue(right > 0.9 * CATEGORIES.samples().size(), "only " + right + " right");
  }

  @Test
  void takesValuesOfFeatures() {
    SoftmaxModel after = new SoftmaxModel(CATEGORIES.maxent());
    String[] features = Categories.features(CATEGORIES.samples().getFirst().getText());
    float[] values = new float[features.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5f + i;
    }
    double[] expected = CATEGORIES.maxent().eval(features, values);
    Difference difference = Difference.between(expected, after.eval(features, values));
    assertTrue(difference.absolute() <= 2e-7, difference.toString());
  }

  @Test
  void knowsNothingWithoutFeatures() {
    SoftmaxModel after = new SoftmaxModel(CATEGORIES.maxent());
    for (double p : after.eval(new String[] {"unseen"}, new double[Categories.CATEGORIES])) {
      assertEquals(1f / Categories.CATEGORIES, p, 1e-8);
    }
  }

  /** OpenNLP takes no maximum off: beyond 709 its exponential overflows. */
  @Test
  void staysFiniteWhereOpenNlpDoesNot() {
    Context heavy = new Context(new int[] {0, 1}, new double[] {800, 799});
    GISModel before =
        new GISModel(new Context[] {heavy}, new String[] {"f"}, new String[] {"a", "b"});
    assertTrue(Double.isNaN(before.eval(new String[] {"f"})[0]));
    double[] p = new SoftmaxModel(before).eval(new String[] {"f"});
    assertEquals(Math.E / (1 + Math.E), p[0], 1e-7);
    assertEquals(1 / (1 + Math.E), p[1], 1e-7);
  }
}
