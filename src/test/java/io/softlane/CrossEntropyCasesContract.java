package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.CrossEntropy.Reduction;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Cross-entropy by hand-picked cases: special values, options at their ends, found bugs. */
interface CrossEntropyCasesContract {
  float INF = Float.POSITIVE_INFINITY;
  CrossEntropy SUM = CrossEntropy.DEFAULT.withReduction(Reduction.SUM);

  SoftmaxKernels kernels();

  /** Checks everything against the oracle, and returns the call with its results. */
  private Call labels(float[][] logits, int[] labels, CrossEntropy options) {
    Call call = call(Operation.GRADIENT_OF_LABELS, logits, options);
    call.labels = labels;
    CrossEntropyCheck.run(kernels(), call);
    return call;
  }

  private Call targets(float[][] logits, float[][] targets, CrossEntropy options) {
    Call call = call(Operation.GRADIENT_OF_TARGETS, logits, options).second(batch(targets));
    CrossEntropyCheck.run(kernels(), call);
    return call;
  }

  private static Call call(Operation operation, float[][] logits, CrossEntropy options) {
    Call call = new Call(operation).in(batch(logits));
    call.options = options;
    return call.outputs(Batch.empty(call.inRows));
  }

  private static Batch batch(float[][] values) {
    Rows rows = Rows.of(values.length, values[0].length);
    Batch batch = Batch.empty(rows);
    for (int r = 0; r < values.length; r++) {
      System.arraycopy(values[r], 0, batch.data(), batch.index(r, 0), values[r].length);
    }
    return batch;
  }

  private static float[] gradient(Call call, int r) {
    int start = call.out().index(r, 0);
    return Arrays.copyOfRange(call.out, start, start + call.outRows.cols());
  }

  private static void assertPositiveZeros(float[] row) {
    assertArrayEquals(new int[row.length], LayoutContract.bits(row));
  }

  /** One row, whose label has all of the target, may go a way of its own. */
  @Test
  default void oneRowOfEqualLogits() {
    float[] x = {1, 1, 1, 1};
    Rows row = Rows.of(1, 4);
    int[] label = {2};
    float[] losses = new float[1];
    float[] g = new float[4];
    Loss loss = kernels().crossEntropy(x, row, label, CrossEntropy.DEFAULT, losses);
    assertEquals(Math.log(4), loss.sum(), 0x1p-22 * Math.log(4));
    assertEquals(new Loss(losses[0], 1), loss);
    losses[0] = 0;
    assertEquals(
        loss, kernels().crossEntropyGradient(x, row, label, CrossEntropy.DEFAULT, losses, g, row));
    assertEquals(loss.sum(), losses[0]);
    assertArrayEquals(new float[] {0.25f, 0.25f, -0.75f, 0.25f}, g);
  }

  @Test
  default void targetAtMaskedLogit() {
    float[][] logits = {{1, -INF, 2, 0.5f}, {1, 2, 3, 4}};
    Call call = labels(logits, new int[] {1, 2}, SUM);
    assertEquals(INF, call.results[0]);
    assertEquals(-1, gradient(call, 0)[1]);
    assertEquals(INF, call.loss.sum());
    for (float g : gradient(call, 0)) {
      assertTrue(Float.isFinite(g));
    }
    assertTrue(Float.isFinite(call.results[1]));

    call = targets(logits, new float[][] {{0, 0.5f, 0.5f, 0}, {0, 0, 0, 1}}, SUM);
    assertEquals(INF, call.results[0]);
    for (float g : gradient(call, 0)) {
      assertTrue(Float.isFinite(g));
    }
  }

  @Test
  default void noTargetAtMaskedLogit() {
    float[][] logits = {{1, -INF, 2, -INF}};
    Call call = targets(logits, new float[][] {{0.25f, 0, 0.75f, -0f}}, SUM);
    assertTrue(Float.isFinite(call.results[0]));
    assertEquals(0, gradient(call, 0)[1]);
    // Nor where a class weight makes it none.
    CrossEntropy options = SUM.withClassWeights(new float[] {1, 0, 1, 0});
    call = targets(logits, new float[][] {{0.25f, 3, 0.75f, 1}}, options);
    assertTrue(Float.isFinite(call.results[0]));
    call = labels(logits, new int[] {1}, options);
    assertEquals(0, call.results[0]);
    // Smoothing gives every class a target, and then it matters again.
    assertEquals(INF, labels(logits, new int[] {0}, SUM.withLabelSmoothing(0.1f)).results[0]);
    call = labels(logits, new int[] {0}, options.withLabelSmoothing(0.1f));
    assertTrue(Float.isFinite(call.results[0]));
  }

  /** Where nothing but smoothing is left of the gradient, however little that is. */
  @Test
  default void hardlyAnySmoothing() {
    float[][] logits = {{0, -200, -200, -200}};
    for (float smoothing : new float[] {0x1p-98f, 0x1p-110f, 0x1p-126f}) {
      Call call = labels(logits, new int[] {0}, SUM.withLabelSmoothing(smoothing));
      assertEquals(-smoothing / 4, gradient(call, 0)[3]);
    }
  }

  @Test
  default void poisonedRows() {
    float[][] logits = {{1, 2, 3}, {1, Float.NaN, 3}, {-INF, -INF, -INF}, {3, INF, 1}, {1, 2, 3}};
    int[] labels = {0, 1, 2, 0, 0};
    for (Reduction reduction : Reduction.values()) {
      Call call = labels(logits, labels, SUM.withReduction(reduction));
      for (int r = 1; r <= 3; r++) {
        assertTrue(Float.isNaN(call.results[r]));
        for (float g : gradient(call, r)) {
          assertTrue(Float.isNaN(g));
        }
      }
      assertEquals(call.results[0], call.results[4]);
      assertArrayEquals(gradient(call, 0), gradient(call, 4));
      // Weights of zero do not make NaN a number.
      CrossEntropy weights = SUM.withClassWeights(new float[3]);
      assertTrue(Float.isNaN(labels(logits, labels, weights).results[1]));
    }
  }

  @Test
  default void ignoredRows() {
    float[][] logits = {{1, 2, 3}, {Float.NaN, 2, INF}, {-INF, -INF, -INF}, {0, 1, 0}};
    for (int ignored : new int[] {-100, 1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      CrossEntropy options = CrossEntropy.DEFAULT.withIgnoreIndex(ignored);
      Call call = labels(logits, new int[] {2, ignored, ignored, 0}, options);
      assertEquals(2, call.loss.weight());
      assertEquals(0, Float.floatToRawIntBits(call.results[1]));
      assertPositiveZeros(gradient(call, 1));
      assertPositiveZeros(gradient(call, 2));
      assertEquals(((double) call.results[0] + call.results[3]) / 2, call.loss.mean());
    }
    // Dense targets have no label to ignore.
    CrossEntropy options = CrossEntropy.DEFAULT.withIgnoreIndex(0);
    Call call = targets(new float[][] {{1, 2}}, new float[][] {{1, 0}}, options);
    assertEquals(1, call.loss.weight());
  }

  @Test
  default void nothingCounted() {
    float[][] logits = {{1, 2, 3}, {1, -INF, 700}, {Float.NaN, 0, 1}};
    CrossEntropy[] all = {
      CrossEntropy.DEFAULT.withIgnoreIndex(-1),
      CrossEntropy.DEFAULT.withIgnoreIndex(-1).withLabelSmoothing(0.5f).withZLoss(1),
      CrossEntropy.DEFAULT.withIgnoreIndex(-1).withClassWeights(new float[] {1, 2, 3})
    };
    for (CrossEntropy options : all) {
      Call call = labels(logits, new int[] {-1, -1, -1}, options);
      assertEquals(new Loss(0, 0), call.loss);
      assertEquals(0, call.loss.mean());
      assertPositiveZeros(gradient(call, 0));
      assertPositiveZeros(gradient(call, 1));
      assertPositiveZeros(gradient(call, 2));
    }
    // Labels whose weights are all zero.
    CrossEntropy weights = CrossEntropy.DEFAULT.withClassWeights(new float[] {0, 0, 5});
    Call call = labels(Arrays.copyOf(logits, 2), new int[] {0, 0}, weights);
    assertEquals(0, call.loss.weight());
    assertPositiveZeros(gradient(call, 0));
    assertPositiveZeros(gradient(call, 1));
    // Their gradient is +0 even where a logit is NaN, and the loss with it.
    assertPositiveZeros(gradient(labels(logits, new int[] {0, 0, 1}, weights), 2));
  }

  /** What PyTorch 2.7 documents, in numbers small enough to do by hand: logits 0 and log 3. */
  @Test
  default void byHand() {
    float ln3 = (float) Math.log(3);
    float[][] logits = {{0, ln3}};
    assertEquals(Math.log(4), labels(logits, new int[] {0}, SUM).results[0], 1e-6);
    Call call = labels(logits, new int[] {1}, SUM);
    assertEquals(Math.log(4.0 / 3), call.results[0], 1e-6);
    assertArrayEquals(new float[] {0.25f, -0.25f}, gradient(call, 0), 1e-6f);

    // Weights 2 and 5: smoothing's share carries them, the weight is the label's.
    CrossEntropy options =
        CrossEntropy.DEFAULT.withClassWeights(new float[] {2, 5}).withLabelSmoothing(0.5f);
    call = labels(logits, new int[] {0}, options);
    double loss = (0.5 * 2 + 0.25 * 2) * Math.log(4) + 0.25 * 5 * Math.log(4.0 / 3);
    assertEquals(loss, call.results[0], 1e-6);
    assertEquals(2, call.loss.weight());
    assertEquals(loss / 2, call.loss.mean(), 1e-6);

    // Dense: every row weighs 1, and the weights multiply the classes' terms.
    call = targets(logits, new float[][] {{1, 0}}, options);
    loss = 2 * 0.75 * Math.log(4) + 5 * 0.25 * Math.log(4.0 / 3);
    assertEquals(loss, call.results[0], 1e-6);
    assertEquals(1, call.loss.weight());

    // z-loss once a row, without class weight.
    call = labels(logits, new int[] {0}, options.withLabelSmoothing(0).withZLoss(0.5f));
    assertEquals(2 * Math.log(4) + 0.5 * Math.pow(Math.log(4), 2), call.results[0], 1e-6);
  }

  @Test
  default void hugeLogits() {
    float[][] logits = {{3e38f, -3e38f, 0}, {-3e38f, -3e38f, -3e38f}, {1e6f, 1e6f + 1, 1e6f - 1}};
    labels(logits, new int[] {1, 0, 2}, SUM);
    labels(logits, new int[] {0, 0, 2}, SUM.withLabelSmoothing(0.1f));
    labels(logits, new int[] {0, 0, 2}, SUM.withZLoss(1e-4f));
    labels(logits, new int[] {0, 2, 2}, SUM.withZLoss(Float.MAX_VALUE));
  }

  /**
   * Terms that wait for their sum are no smaller than the gradient: exp(-110) * 2^20, exp(-101).
   */
  @Test
  default void termsThatWaitUnderflowNoSoonerThanTheGradient() {
    float[] large = {0x1p20f, 0x1p20f};
    labels(new float[][] {{0, -110}}, new int[] {0}, SUM.withClassWeights(large));
    float[] small = {0x1p-12f, 0x1p-12f};
    CrossEntropy mean = CrossEntropy.DEFAULT.withClassWeights(small);
    labels(new float[][] {{-17, -118}}, new int[] {0}, mean);
  }

  // ---- inputs that once gave wrong results ----

  /** Probabilities about the smallest float: terms times more than 1 must not be flushed. */
  private static float[] underflowing() {
    float[] row = new float[120];
    for (int c = 1; c < row.length; c++) {
      row[c] = -102 - c / 20f;
    }
    return row;
  }

  /** Targets that sum to 100 lift a gradient of exp(-105) * 100. */
  @Test
  default void targetSumAboveOne() {
    float[] row = underflowing();
    float[] target = new float[row.length];
    for (float sum : new float[] {1, 3, 10, 100, 1e4f}) {
      target[0] = sum;
      targets(new float[][] {row}, new float[][] {target}, SUM);
      float[][] many = {row, row, row};
      targets(many, new float[][] {target, target, target}, CrossEntropy.DEFAULT);
    }
  }

  /** So do class weights of 2 beside smoothing, and z-loss. */
  @Test
  default void smoothedUnderflow() {
    float[][] rows = {underflowing()};
    float[] weights = new float[rows[0].length];
    weights[0] = 2;
    CrossEntropy options = SUM.withClassWeights(weights).withLabelSmoothing(0.1f);
    labels(rows, new int[] {0}, options);
    rows[0][0] = 1;
    labels(rows, new int[] {0}, options.withZLoss(0.1f));
  }

  /** So do large class weights: exp(-110) * 1e30. */
  @Test
  default void largeWeights() {
    CrossEntropy options = SUM.withClassWeights(new float[] {1e30f, 1e30f});
    float[][] logits = {{0, -110}};
    targets(logits, new float[][] {{1, 0}}, options);
    labels(logits, new int[] {0}, options);
    labels(logits, new int[] {0}, options.withLabelSmoothing(0.5f));
  }

  /**
   * Class weights so large that no float holds both ends of their gradients' terms, about 2^128 and
   * 2^-149, at any one scale: exp(-178) * 3.4e38 is 3e-39, and came out as 0.
   */
  @Test
  default void largeWeightsOfSmallProbabilities() {
    float[] row = new float[190];
    for (int c = 1; c < row.length; c++) {
      row[c] = -19.0625f - 0.9375f * c;
    }
    float[][] rows = {row, row.clone()};
    rows[1][50] = Float.NEGATIVE_INFINITY;
    float[][] targets = {new float[row.length], new float[row.length]};
    targets[0][0] = 1;
    targets[1][170] = 1;
    for (float weight : new float[] {0x1p90f, 0x1p97f, 0x1p105f, 0x1p120f, Float.MAX_VALUE}) {
      float[] weights = new float[row.length];
      Arrays.fill(weights, weight);
      weights[172] = 1e-30f;
      CrossEntropy options = SUM.withClassWeights(weights);
      for (float epsilon : new float[] {0, 0.1f}) {
        options = options.withLabelSmoothing(epsilon);
        labels(rows, new int[] {0, 170}, options);
        labels(rows, new int[] {172, 172}, options);
        targets(rows, targets, options);
      }
    }
  }

  /** And z-loss of a large log-sum-exp: exp(-110) * 2e30. */
  @Test
  default void largeZLoss() {
    labels(
        new float[][] {{1e30f, 0, -1e30f}, {1000, 890, 0}}, new int[] {0, 0}, SUM.withZLoss(1e30f));
  }

  /** A second product that was subnormal made 3.44 ULP of the first row's other column. */
  @Test
  default void gradientsCloseToTheSmallestNormalFloat() {
    float[][] logits = new float[31799][];
    Arrays.fill(logits, new float[] {5.83569f, -70.44962f});
    labels(logits, new int[31799], CrossEntropy.DEFAULT);
    labels(new float[][] {{-5.251376f, -91.913864f}}, new int[1], SUM);
  }

  /** The label's gradient underflowed, where its neighbour's with the same logit did not. */
  @Test
  default void labelsTermIsKeptAsLargeAsTheOthers() {
    CrossEntropy options = SUM.withClassWeights(new float[] {1, 0, 1});
    for (float z : new float[] {1e10f, 1e38f}) {
      CrossEntropy zLoss = options.withZLoss(z);
      Call call = call(Operation.GRADIENT_OF_LABELS, new float[][] {{50, -80, -80}}, zLoss);
      call.labels = new int[] {1};
      float[] gradient = gradient(call.run(kernels()), 0);
      assertTrue(gradient[2] > 0, Arrays.toString(gradient));
      assertEquals(gradient[2], gradient[1], Arrays.toString(gradient));
    }
  }
}
