package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.CrossEntropy.Reduction;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Losses and gradients against the oracle, under all options and with the contract's bounds. */
interface CrossEntropyContract {
  SoftmaxKernels kernels();

  @Property(tries = 2000)
  default void lossOfLabels(@ForAll(supplier = Sample.Any.class) Sample sample) {
    CrossEntropyCheck.run(kernels(), Call.of(Operation.LOSS_OF_LABELS, sample));
  }

  @Property(tries = 2000)
  default void gradientOfLabels(@ForAll(supplier = Sample.Any.class) Sample sample) {
    CrossEntropyCheck.run(kernels(), Call.of(Operation.GRADIENT_OF_LABELS, sample));
  }

  @Property(tries = 2000)
  default void lossOfTargets(@ForAll(supplier = Sample.Any.class) Sample sample) {
    CrossEntropyCheck.run(kernels(), Call.of(Operation.LOSS_OF_TARGETS, sample));
  }

  @Property(tries = 2000)
  default void gradientOfTargets(@ForAll(supplier = Sample.Any.class) Sample sample) {
    CrossEntropyCheck.run(kernels(), Call.of(Operation.GRADIENT_OF_TARGETS, sample));
  }

  /** Targets of both signs, whose terms may cancel in their sum and against smoothing's share. */
  @Property(tries = 1000)
  default void signedTargets(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.GRADIENT_OF_TARGETS, sample);
    Batch targets = new Batch(call.second, call.secondRows);
    for (int r = 0; r < sample.rows(); r++) {
      Call.fillSecond(sample.random(), targets, r, 3);
    }
    CrossEntropyCheck.run(kernels(), call);
  }

  /** Class weights of any size: what they scale underflows gradually, and MEAN divides it out. */
  @Property(tries = 1000)
  default void weightsOfAnySize(
      @ForAll(supplier = Sample.Any.class) Sample sample, @ForAll Reduction reduction) {
    for (float weight :
        new float[] {1e-30f, 1e-38f, 0x1p-126f, 3e-42f, Float.MIN_VALUE, 1e30f, Float.MAX_VALUE}) {
      for (Operation operation :
          new Operation[] {Operation.GRADIENT_OF_LABELS, Operation.GRADIENT_OF_TARGETS}) {
        Call call = Call.of(operation, sample);
        float[] weights = new float[sample.cols()];
        Arrays.fill(weights, weight);
        call.options = CrossEntropy.DEFAULT.withClassWeights(weights).withReduction(reduction);
        CrossEntropyCheck.run(kernels(), call.copy());
        // Smoothing's share of a small weight, eps / K / weight, may be no float.
        call.options = call.options.withLabelSmoothing(0.1f);
        CrossEntropyCheck.run(kernels(), call);
      }
    }
  }

  /** Neither losses nor their sum depend on the reduction, nor on whether there is a gradient. */
  @Property(tries = 500)
  default void lossIsThatOfTheGradientCall(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call labels = Call.of(Operation.GRADIENT_OF_LABELS, sample).run(kernels());
    float[] losses = Batch.guards(labels.results.length);
    for (Reduction reduction : Reduction.values()) {
      CrossEntropy options = labels.options.withReduction(reduction);
      Loss loss = kernels().crossEntropy(labels.in, labels.inRows, labels.labels, options, losses);
      assertEquals(labels.loss, loss);
      SpecialValuesContract.assertSame(labels.results, losses);
    }
    Call dense = Call.of(Operation.GRADIENT_OF_TARGETS, sample).run(kernels());
    for (Reduction reduction : Reduction.values()) {
      CrossEntropy options = dense.options.withReduction(reduction);
      Loss loss =
          kernels()
              .crossEntropy(
                  dense.in, dense.inRows, dense.second, dense.secondRows, options, losses);
      assertEquals(dense.loss, loss);
      SpecialValuesContract.assertSame(dense.results, losses);
    }
  }
}
