package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.softlane.CrossEntropy.Reduction;
import org.junit.jupiter.api.Test;

/** The three sorts of options read alike: how they print, which are equal, and that -0 is 0. */
class OptionsTest {
  @Test
  void defaultsPrint() {
    assertEquals(
        "CrossEntropy[ignoreIndex=none, labelSmoothing=0.0, classWeights=none, zLoss=0.0,"
            + " reduction=MEAN]",
        CrossEntropy.DEFAULT.toString());
    assertEquals(
        "SoftmaxOptions[scale=1.0, softcap=none, mask=none, lengths=none, sinks=none,"
            + " emptyRowsZero=false]",
        SoftmaxOptions.DEFAULT.toString());
    assertEquals(
        "Sampling[temperature=1.0, topK=none, topP=none, minP=none]", Sampling.DEFAULT.toString());
  }

  @Test
  void allOfThemPrint() {
    float[] two = {1, 0.5f};
    assertEquals(
        "CrossEntropy[ignoreIndex=-100, labelSmoothing=0.25, classWeights=[1.0, 0.5], zLoss=0.125,"
            + " reduction=SUM]",
        CrossEntropy.DEFAULT
            .withIgnoreIndex(-100)
            .withLabelSmoothing(0.25f)
            .withClassWeights(two)
            .withZLoss(0.125f)
            .withReduction(Reduction.SUM)
            .toString());
    assertEquals(
        "SoftmaxOptions[scale=0.5, softcap=30.0, mask=Rows[offset=0, rows=1, cols=2, stride=2,"
            + " firstRow=0], lengths=3, sinks=2, emptyRowsZero=true]",
        SoftmaxOptions.DEFAULT
            .withScale(0.5f)
            .withSoftcap(30)
            .withMask(two, Rows.of(1, 2))
            .withLengths(new int[3])
            .withSinks(two)
            .withEmptyRowsZero()
            .toString());
    assertEquals(
        "Sampling[temperature=0.5, topK=40, topP=0.75, minP=0.25]",
        Sampling.DEFAULT
            .withTemperature(0.5f)
            .withTopK(40)
            .withTopP(0.75f)
            .withMinP(0.25f)
            .toString());
  }

  @Test
  void equality() {
    CrossEntropy loss = CrossEntropy.DEFAULT;
    assertEquals(loss, loss.withLabelSmoothing(-0f).withZLoss(-0f));
    Sampling how = Sampling.DEFAULT.withTemperature(0);
    assertEquals(how, how.withTemperature(-0f).withMinP(-0f));
    assertEquals(how.hashCode(), how.withTemperature(-0f).hashCode());
    // Copied weights are values; arrays that are held are what they are.
    assertEquals(loss.withClassWeights(new float[2]), loss.withClassWeights(new float[2]));
    float[] sinks = {1};
    SoftmaxOptions scores = SoftmaxOptions.DEFAULT.withSinks(sinks);
    assertEquals(scores, SoftmaxOptions.DEFAULT.withSinks(sinks));
    assertNotEquals(scores, SoftmaxOptions.DEFAULT.withSinks(sinks.clone()));
  }
}
