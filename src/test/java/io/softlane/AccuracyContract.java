package io.softlane;

import static io.softlane.Ulps.assertLog;
import static io.softlane.Ulps.assertProbability;
import static io.softlane.Ulps.assertUlps;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Values against the oracle, with the contract's own bounds. Rows of special values are among the
 * samples: there the oracle follows the table of the contract.
 */
interface AccuracyContract {
  SoftmaxKernels kernels();

  @Property(tries = 1000)
  default void max(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.MAX, sample).run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      float expected = (float) Oracle.max(Oracle.row(call.in, call.inRows, r));
      Ulps.assertBits(call.results[r], expected, "max", r, 0);
    }
  }

  @Property(tries = 1000)
  default void argmax(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.ARGMAX, sample).run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      int expected = Oracle.argmax(Oracle.row(call.in, call.inRows, r));
      assertEquals(expected, call.indices[r], "argmax of row " + r);
    }
  }

  @Property(tries = 1000)
  default void logSumExp(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.LOG_SUM_EXP, sample).run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      double expected = Oracle.lse(Oracle.row(call.in, call.inRows, r));
      assertLog(call.results[r], expected, "logSumExp", r, 0);
    }
  }

  @Property(tries = 1000)
  default void softmax(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.SOFTMAX, sample).run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      double[] row = Oracle.row(call.in, call.inRows, r);
      double[] expected = Oracle.softmax(row);
      for (int c = 0; c < sample.cols(); c++) {
        assertProbability(call.out().get(r, c), expected[c], "softmax", r, c);
      }
    }
  }

  /**
   * The worst rows of a search over pairs of terms of extreme error, 2.91 and 2.94 ULP, and what it
   * found for an earlier polynomial: the first of these three straddled a power of two.
   */
  @Example
  default void worstRowsOfSoftmax() {
    float[][] rows = {
      {-0x1.52d0b4p2f, -0x1.f62592p3f},
      {-0x1.ac620cp4f, -0x1.2ef44p5f},
      {0x1.dee72ep5f, 0x1.7314bp2f, 0x1.a5343ap5f},
      {-0x1.4f8232p2f, -0x1.da7e96p5f},
      {-0x1.ac620cp4f, -0x1.19c902p6f},
      // Just below 2^-125: a second product that was subnormal made 3.18 ULP of it.
      {-5.251376f, -91.913864f}
    };
    for (float[] row : rows) {
      float[] p = new float[row.length];
      kernels().softmax(row, p, 1, row.length);
      double[] expected = Oracle.softmax(Oracle.row(row, Rows.of(1, row.length), 0));
      for (int c = 0; c < row.length; c++) {
        double bound = 3 * Math.max(Ulps.of(expected[c]), Ulps.of(p[c]));
        Ulps.assertError(p[c], expected[c], bound, "softmax", 0, c);
      }
    }
  }

  @Property(tries = 1000)
  default void logSoftmax(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.LOG_SOFTMAX, sample).run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      double[] expected = Oracle.logSoftmax(Oracle.row(call.in, call.inRows, r));
      for (int c = 0; c < sample.cols(); c++) {
        assertLog(call.out().get(r, c), expected[c], "logSoftmax", r, c);
      }
    }
  }

  @Property(tries = 1000)
  default void expSum(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.EXP_SUM, sample).run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      double[] expected = Oracle.exps(Oracle.row(call.in, call.inRows, r), call.perRow[r]);
      for (int c = 0; c < sample.cols(); c++) {
        assertUlps(call.out().get(r, c), expected[c], 1, "exps", r, c);
      }
      // The terms bring their own errors: so the sum is held to the terms as they are.
      double sum = Oracle.sum(call.out().row(r));
      assertUlps(call.results[r], sum, 1, "sum", r, 0);
    }
  }

  @Property(tries = 1000)
  default void normalize(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.NORMALIZE, sample).run(kernels());
    Batch values = new Batch(call.in, call.inRows);
    for (int r = 0; r < sample.rows(); r++) {
      for (int c = 0; c < sample.cols(); c++) {
        float expected = values.get(r, c) / call.perRow[r];
        Ulps.assertBits(call.out().get(r, c), expected, "normalize", r, c);
      }
    }
  }

  @Property(tries = 1000)
  default void subtractOneHot(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.SUBTRACT_ONE_HOT, sample).run(kernels());
    Batch values = new Batch(call.in, call.inRows);
    for (int r = 0; r < sample.rows(); r++) {
      for (int c = 0; c < sample.cols(); c++) {
        float p = values.get(r, c);
        float expected = c == call.labels[r] ? p - 1 : p;
        Ulps.assertBits(call.out().get(r, c), expected, "subtractOneHot", r, c);
      }
    }
  }

  @Property(tries = 1000)
  default void subtract(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.SUBTRACT, sample).run(kernels());
    Batch values = new Batch(call.in, call.inRows);
    Batch targets = new Batch(call.second, call.secondRows);
    for (int r = 0; r < sample.rows(); r++) {
      for (int c = 0; c < sample.cols(); c++) {
        float expected = values.get(r, c) - targets.get(r, c);
        Ulps.assertBits(call.out().get(r, c), expected, "subtract", r, c);
      }
    }
  }

  @Property(tries = 1000)
  default void softmaxBackward(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.SOFTMAX_BACKWARD, sample);
    kernels().softmax(call.in, call.inRows, call.in, call.inRows);
    call.run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      double[] p = Oracle.row(call.in, call.inRows, r);
      double[] u = Oracle.row(call.second, call.secondRows, r);
      double[] expected = Oracle.softmaxBackward(p, u);
      double dot = 0;
      for (int c = 0; c < p.length; c++) {
        dot += Math.abs(p[c] * u[c]);
      }
      for (int c = 0; c < p.length; c++) {
        double bound = Ulps.of(expected[c]) + 0x1p-50 * p[c] * (Math.abs(u[c]) + dot);
        Ulps.assertError(call.out().get(r, c), expected[c], bound, "softmaxBackward", r, c);
      }
    }
  }

  @Property(tries = 1000)
  default void logSoftmaxBackward(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = Call.of(Operation.LOG_SOFTMAX_BACKWARD, sample);
    kernels().logSoftmax(call.in, call.inRows, call.in, call.inRows);
    call.run(kernels());
    for (int r = 0; r < sample.rows(); r++) {
      double[] l = Oracle.row(call.in, call.inRows, r);
      double[] u = Oracle.row(call.second, call.secondRows, r);
      double[] expected = Oracle.logSoftmaxBackward(l, u);
      double sum = Math.abs(Oracle.sum(u));
      for (int c = 0; c < l.length; c++) {
        double bound = Ulps.of(expected[c]) + 2 * Ulps.of(Math.exp(l[c])) * sum;
        Ulps.assertError(call.out().get(r, c), expected[c], bound, "logSoftmaxBackward", r, c);
      }
    }
  }
}
