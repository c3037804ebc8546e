package io.softlane.examples.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassageTest {
  private static final Sampling USUAL = new Sampling(0.7f, 40, 0.95f, 0);
  private static final Sampling GREEDY = USUAL.withTemperature(0);
  private static final int PROMPT = Contexts.LONGEST;

  /** The hashes are of whole passages. */
  @ParameterizedTest
  @CsvSource({
    "0.7, 40, 0.95, 0, 1, 1534898467",
    "0.7, 40, 0.95, 0, 2, 21138354",
    "1, 1000, 1, 0, -5, 1782781194",
    "1.2, 10, 1, 0.05, 9223372036854775807, 794817450",
    "0, 1, 1, 0, 1, 1556161769"
  })
  void sameTextOnEveryMachine(
      float temperature, int topK, float topP, float minP, long seed, int hash) {
    Sampling how = new Sampling(temperature, topK, topP, minP);
    Passage scalar = write(Trained.SCALAR, SoftmaxKernels.scalar(), how, seed, 2000);
    Passage vector = write(Trained.VECTOR, SoftmaxKernels.vector(), how, seed, 2000);
    assertEquals(text(scalar), text(vector));
    assertArrayEquals(scalar.logProbabilities(), vector.logProbabilities());
    assertArrayEquals(scalar.logits(), vector.logits());
    assertEquals(scalar.openest(), vector.openest());
    assertEquals(hash, text(vector).hashCode(), text(vector));
  }

  @Test
  void startsAlikeWhateverTheLength() {
    String text = text(vector(USUAL, 3, 300));
    assertTrue(text.startsWith(text(vector(USUAL, 3, 40))), text);
    assertNotEquals(text, text(vector(USUAL, 4, 300)));
  }

  @Test
  void greedyReadsNoSeed() {
    assertEquals(text(vector(GREEDY, 1, 200)), text(vector(GREEDY, 2, 200)));
  }

  @Test
  void keepsLogProbabilitiesOfThePlainLogits() {
    Passage passage = vector(USUAL, 1, 200);
    float[] row = passage.logits().clone();
    SoftmaxKernels.scalar().logSoftmax(row, row);
    int place = passage.openest();
    assertEquals(row[passage.codes()[place]], passage.logProbabilities()[place - PROMPT]);
    double sum = 0;
    for (float logProbability : passage.logProbabilities()) {
      assertTrue(logProbability <= 0);
      sum -= logProbability;
    }
    assertEquals(sum / 200 / Math.log(2), passage.bits(), 1e-12);
  }

  private static Passage vector(Sampling how, long seed, int length) {
    return write(Trained.VECTOR, SoftmaxKernels.vector(), how, seed, length);
  }

  private static Passage write(
      Model model, SoftmaxKernels kernels, Sampling how, long seed, int length) {
    return Passage.write(model, kernels, how, seed, Trained.prompt(), length);
  }

  private static String text(Passage passage) {
    return Trained.TEXT.characters(passage.codes(), PROMPT, passage.codes().length);
  }
}
