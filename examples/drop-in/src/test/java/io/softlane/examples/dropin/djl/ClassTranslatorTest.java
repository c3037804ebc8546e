package io.softlane.examples.dropin.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.modality.Classifications;
import io.softlane.examples.dropin.Difference;
import io.softlane.examples.dropin.Inputs;
import io.softlane.examples.dropin.Oracle;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassTranslatorTest {
  private static Classes classes;

  @BeforeAll
  static void load() {
    try {
      classes = new Classes();
    } catch (IllegalStateException e) {
      System.err.println("** NOT TESTED: DJL: " + e.getMessage());
      Assumptions.abort(e.getMessage());
    }
  }

  @AfterAll
  static void close() {
    if (classes != null) {
      classes.close();
    }
  }

  @Test
  void classifiesTheSame() {
    float[] logits = Inputs.floats(Classes.CLASSES, 3);
    Classifications before = predict(false, logits);
    Classifications after = predict(true, logits);
    Difference difference = Difference.between(Classes.doubles(before), Classes.doubles(after));
    assertTrue(difference.ulps() <= 40 && difference.absolute() <= 2e-7, difference.toString());
    assertEquals(names(before), names(after));
    Difference error =
        Difference.between(Oracle.softmax(Oracle.widened(logits)), Classes.doubles(after));
    assertTrue(error.ulps() <= 3, error.toString());
  }

  @Test
  void masksAndPoisonsAlike() {
    float[] logits = new float[Classes.CLASSES];
    logits[1] = Float.NEGATIVE_INFINITY;
    assertEquals(0, predict(false, logits).getProbabilities().get(1));
    assertEquals(0, predict(true, logits).getProbabilities().get(1));
    float[] nothing = new float[Classes.CLASSES];
    Arrays.fill(nothing, Float.NEGATIVE_INFINITY);
    assertTrue(Double.isNaN(predict(false, nothing).getProbabilities().get(0)));
    assertTrue(Double.isNaN(predict(true, nothing).getProbabilities().get(0)));
    for (float poison : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      logits[1] = poison;
      double[] before = Classes.doubles(predict(false, logits));
      assertTrue(Double.isNaN(before[0]) && Double.isNaN(before[1]));
      assertArrayEquals(before, Classes.doubles(predict(true, logits)));
    }
  }

  private static Classifications predict(boolean kernels, float[] logits) {
    try (var predictor = classes.predictor(kernels)) {
      return Classes.predict(predictor, logits);
    }
  }

  private static List<String> names(Classifications classifications) {
    return classifications.<Classifications.Classification>topK(5).stream()
        .map(Classifications.Classification::getClassName)
        .toList();
  }
}
