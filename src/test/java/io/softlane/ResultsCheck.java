package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Holds the results of any operation to the oracle, with the bounds that its javadoc states. */
final class ResultsCheck {
  private final Call before;
  private final Call after;
  private final String name;

  private ResultsCheck(Call before, Call after, String name) {
    this.before = before;
    this.after = after;
    this.name = name;
  }

  /** Inputs are taken from before the call, which may have overwritten them. */
  static void run(Call before, Call after, String name) {
    if (before.options != null) {
      CrossEntropyCheck.run(before, after);
      return;
    }
    ResultsCheck check = new ResultsCheck(before, after, name);
    for (int r = 0; r < before.inRows.rows(); r++) {
      check.row(r);
    }
  }

  private void row(int r) {
    double[] o = Oracle.row(before.in, before.inRows, r);
    double[] u = before.second == null ? null : Oracle.row(before.second, before.secondRows, r);
    switch (before.operation) {
      case MAX -> Ulps.assertBits(after.results[r], (float) Oracle.max(o), name, r, 0);
      case ARGMAX -> assertEquals(Oracle.argmax(o), after.indices[r], name + ", row " + r);
      case LOG_SUM_EXP -> Ulps.assertLog(after.results[r], Oracle.lse(o), name, r, 0);
      case SOFTMAX -> softmax(r, Oracle.softmax(o));
      case LOG_SOFTMAX -> logSoftmax(r, Oracle.logSoftmax(o));
      case EXP_SUM -> expSum(r, Oracle.exps(o, before.perRow[r]));
      case NORMALIZE, SUBTRACT, SUBTRACT_ONE_HOT -> exact(r, o, u);
      case SOFTMAX_BACKWARD -> softmaxBackward(r, o, u);
      case LOG_SOFTMAX_BACKWARD -> logSoftmaxBackward(r, o, u);
      default -> throw new AssertionError("no expectation for " + before.operation);
    }
  }

  private float out(int r, int c) {
    return after.out().get(r, c);
  }

  private void softmax(int r, double[] p) {
    for (int c = 0; c < p.length; c++) {
      // An ULP is that of the larger, where a power of two lies between the two.
      double ulp = Math.max(Ulps.of(p[c]), Ulps.of(out(r, c)));
      Ulps.assertError(out(r, c), p[c], 3 * ulp, name, r, c);
      if (p[c] < 0x1p-126) {
        Ulps.assertProbability(out(r, c), p[c], name, r, c);
      }
    }
  }

  private void logSoftmax(int r, double[] exact) {
    for (int c = 0; c < exact.length; c++) {
      Ulps.assertLog(out(r, c), exact[c], name, r, c);
    }
  }

  private void expSum(int r, double[] exps) {
    for (int c = 0; c < exps.length; c++) {
      Ulps.assertUlps(out(r, c), exps[c], 1, name, r, c);
    }
    Ulps.assertUlps(after.results[r], Oracle.sum(after.out().row(r)), 1, name + " sum", r, 0);
  }

  /** One operation in float. */
  private void exact(int r, double[] o, double[] y) {
    for (int c = 0; c < o.length; c++) {
      float value = (float) o[c];
      float expected =
          switch (before.operation) {
            case NORMALIZE -> value / before.perRow[r];
            case SUBTRACT -> value - (float) y[c];
            default -> c == before.labels[r] ? value - 1 : value;
          };
      Ulps.assertBits(out(r, c), expected, name, r, c);
    }
  }

  private void softmaxBackward(int r, double[] p, double[] u) {
    double dot = 0;
    for (int c = 0; c < p.length; c++) {
      dot += Math.abs(p[c] * u[c]);
    }
    double[] exact = Oracle.softmaxBackward(p, u);
    for (int c = 0; c < p.length && Double.isFinite(dot); c++) {
      double slack = 0x1p-50 * Math.abs(p[c]) * (Math.abs(u[c]) + dot);
      Ulps.assertError(out(r, c), exact[c], Ulps.of(exact[c]) + slack, name, r, c);
    }
  }

  private void logSoftmaxBackward(int r, double[] l, double[] u) {
    double sum = Math.abs(Oracle.sum(u));
    double[] exact = Oracle.logSoftmaxBackward(l, u);
    // Log-probabilities are at most 64 there.
    for (int c = 0; c < l.length && Oracle.max(l) <= 64; c++) {
      double slack = 2 * Ulps.of(Math.exp(l[c])) * sum;
      Ulps.assertError(out(r, c), exact[c], Ulps.of(exact[c]) + slack, name, r, c);
    }
  }
}
