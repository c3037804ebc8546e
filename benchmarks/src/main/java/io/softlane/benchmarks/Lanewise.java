package io.softlane.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The Vector API version one writes first: {@code reduceLanes(MAX)}, {@code lanewise(EXP)}. */
final class Lanewise {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private Lanewise() {}

  static void softmax(Workload work) {
    int cols = work.batch.cols();
    for (int from = 0; from < work.logits.length; from += cols) {
      softmax(work.logits, from, cols, work.out);
    }
  }

  private static void softmax(float[] x, int from, int cols, float[] y) {
    int end = from + cols;
    int whole = from + SPECIES.loopBound(cols);
    VectorMask<Float> rest = SPECIES.indexInRange(whole, end);

    FloatVector maxima = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = from; i < whole; i += SPECIES.length()) {
      maxima = maxima.max(FloatVector.fromArray(SPECIES, x, i));
    }
    float max = maxima.reduceLanes(VectorOperators.MAX);
    for (int i = whole; i < end; i++) {
      max = Math.max(max, x[i]);
    }

    FloatVector sums = FloatVector.zero(SPECIES);
    for (int i = from; i < whole; i += SPECIES.length()) {
      FloatVector e = FloatVector.fromArray(SPECIES, x, i).sub(max).lanewise(VectorOperators.EXP);
      e.intoArray(y, i);
      sums = sums.add(e);
    }
    float sum = sums.reduceLanes(VectorOperators.ADD);
    if (whole < end) {
      FloatVector e =
          FloatVector.fromArray(SPECIES, x, whole, rest).sub(max).lanewise(VectorOperators.EXP);
      e.intoArray(y, whole, rest);
      sum += e.reduceLanes(VectorOperators.ADD, rest);
    }

    float factor = 1 / sum;
    for (int i = from; i < whole; i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, y, i).mul(factor).intoArray(y, i);
    }
    for (int i = whole; i < end; i++) {
      y[i] *= factor;
    }
  }
}
