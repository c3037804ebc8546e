package io.softlane.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softlane.SoftmaxKernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The oracle knows simple cases, and notices what is wrong. */
class CheckTest {
  @Test
  void logSumExpOfSimpleRows() {
    assertEquals(3, Check.logSumExp(new float[] {3}, 0, 1));
    assertEquals(Math.log(2), Check.logSumExp(new float[] {0, 0}, 0, 2), 1e-15);
    assertEquals(
        1000 + Math.log(4), Check.logSumExp(new float[] {9, 1000, 1000, 1000, 1000}, 1, 4));
    assertEquals(-2e30, Check.logSumExp(new float[] {-2e30f, -3e30f}, 0, 2), 1e23);
    // log(1 + e^-20), from its series.
    assertEquals(2.0611536203e-9, Check.logSumExp(new float[] {0, -20}, 0, 2), 1e-15);
  }

  @Test
  void ulpOfDoubles() {
    assertEquals(Math.ulp(1f), Check.ulp(1));
    assertEquals(Math.ulp(0.7f), Check.ulp(0.7));
    assertEquals(Math.ulp(-1000f), Check.ulp(-1000));
    assertEquals(Float.MIN_VALUE, Check.ulp(1e-40));
    assertEquals(Float.MIN_VALUE, Check.ulp(0));
  }

  @Test
  void threeUlpAreAllowedAndTenAreNot() {
    Workload work = Workload.of("5x100");
    SoftmaxKernels.scalar().softmax(work.logits, work.batch, work.out, work.batch);
    Check.softmax("vector", work);
    work.out[234] += 10 * Math.ulp(work.out[234]);
    AssertionError e = assertThrows(AssertionError.class, () -> Check.softmax("vector", work));
    assertEquals("vector is wrong: row 2, column 34", e.getMessage().substring(0, 33));
    Check.softmax("naive", work);
    work.out[234] = Float.NaN;
    assertThrows(AssertionError.class, () -> Check.softmax("naive", work));
  }

  @Test
  void wrongFormulasAreNoticedAlsoWhereNoAccuracyIsPromised() {
    Workload work = Workload.of("5x100");
    Naive.logSoftmax(work);
    assertThrows(AssertionError.class, () -> Check.softmax("naive", work));
    Naive.softmax(work);
    assertThrows(AssertionError.class, () -> Check.logSoftmax("naive", work));
    assertThrows(AssertionError.class, () -> Check.logSumExp("naive", work));
    assertThrows(AssertionError.class, () -> Check.crossEntropyGradient("naive", work));
    assertThrows(AssertionError.class, () -> Check.copy(work));
    Naive.logSumExp(work);
    assertThrows(AssertionError.class, () -> Check.crossEntropy("naive", work));
  }

  @Test
  void theMeanLossIsChecked() {
    Workload work = Workload.of("5x100");
    Naive.crossEntropy(work);
    Check.crossEntropy("naive", work);
    work.meanLoss *= 5;
    assertThrows(AssertionError.class, () -> Check.crossEntropy("naive", work));
  }

  @Test
  void oursMustBeTheScalarResultAndOthersLikeIt() {
    Workload work = Workload.of("4x100");
    Scores scores = new Scores(work);
    float[] masked = scores.softmax(scores.options("mask"));
    float[] plain = scores.softmax(scores.options("default"));
    assertEquals(0, Check.same("mask", work, masked.clone(), masked));
    float[] near = masked.clone();
    near[234] = Math.nextUp(near[234]);
    assertEquals(1, Check.like("pytorch-mask", work, near, masked));
    assertThrows(AssertionError.class, () -> Check.same("mask", work, near, masked));
    // A mask that was forgotten.
    assertThrows(AssertionError.class, () -> Check.like("pytorch-mask", work, plain, masked));
  }

  @Test
  void scoresAreWhatTheOptionsSay() {
    Workload work = Workload.of("5x4");
    Scores scores = new Scores(work);
    assertArrayEquals(new int[] {1, 1, 2, 3, 4}, scores.lengths);
    float[] causal = scores.softmax(scores.options("causal"));
    assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0, 0, 0}, Arrays.copyOf(causal, 8));
    float[] sinks = scores.softmax(scores.options("sinks"));
    double sum = Math.exp(scores.sinks[4]);
    for (int i = 16; i < 20; i++) {
      sum += Math.exp(work.logits[i]);
    }
    assertEquals(Math.exp(work.logits[17]) / sum, sinks[17], 1e-6);
  }

  @Test
  void entropyIsChecked() {
    Workload work = Workload.of("5x100");
    SoftmaxKernels.scalar().entropy(work.logits, work.batch, work.perRow);
    Check.entropy(work);
    work.perRow[3] += 1e-5f;
    assertThrows(AssertionError.class, () -> Check.entropy(work));
  }
}
