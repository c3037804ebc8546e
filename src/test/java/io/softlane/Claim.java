package io.softlane;

import io.softlane.Operation.Argument;
import java.util.Arrays;

/**
 * A bound that the contract states, as {@link Search} attacks it: what is run, and how large the
 * error of a column is in units of which the bound allows {@link #limit}.
 */
enum Claim {
  SOFTMAX(Operation.SOFTMAX, 3, "ULP") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      double[] p = exact.softmax(row.exactLogits());
      return worst(
          p.length,
          c -> {
            float actual = call.out[c];
            // Zero only where it rounds to zero, and never -0: see Ulps.assertProbability.
            boolean lost = actual == 0 && p[c] * (1 - 3 * 0x1p-23) > 0x1p-150;
            return lost || Float.floatToRawIntBits(actual) < 0
                ? Double.POSITIVE_INFINITY
                : ulps(actual, p[c]);
          });
    }
  },
  LOG_SOFTMAX(Operation.LOG_SOFTMAX, 1, "2^-22 max(1, |result|)") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      double[] l = exact.logSoftmax(row.exactLogits());
      return worst(l.length, c -> over(call.out[c], l[c], log(l[c])));
    }
  },
  LOG_SUM_EXP(Operation.LOG_SUM_EXP, 1, "2^-22 max(1, |result|)") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      double lse = exact.lse(row.exactLogits());
      return new Worst(over(call.results[0], lse, log(lse)), 0);
    }
  },
  EXP_SUM(Operation.EXP_SUM, 1, "ULP") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      double[] e = exact.exps(row.exactLogits(), row.shift());
      return worst(
          e.length, c -> e[c] < 0x1p128 ? ulps(call.out[c], e[c]) : call.out[c] > 1e38 ? 0 : 9e9);
    }
  },
  LOSS_OF_LABELS(Operation.LOSS_OF_LABELS, 1, "2^-22 max(1, |loss|)") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      return worstLoss(row, call, exact);
    }
  },
  LOSS_OF_LABELS_WITH_OPTIONS(
      Operation.LOSS_OF_LABELS, 1, "2^-22 (max(1, terms, |loss|) + 2 z |lse|)") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      return worstLoss(row, call, exact);
    }
  },
  LOSS_OF_TARGETS(Operation.LOSS_OF_TARGETS, 1, "2^-22 max(1, |loss|)") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      return worstLoss(row, call, exact);
    }
  },
  LOSS_OF_TARGETS_WITH_OPTIONS(
      Operation.LOSS_OF_TARGETS, 1, "2^-22 (max(1, terms, |loss|) + 2 z |lse|)") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      return worstLoss(row, call, exact);
    }
  },
  GRADIENT_BESIDE_LABEL(Operation.GRADIENT_OF_LABELS, 3, "ULP") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      Gradient g = new Gradient(row, exact);
      return worst(g.exact.length, c -> c == row.label ? 0 : ulps(call.out[c], g.exact[c]));
    }
  },
  GRADIENT_AT_LABEL(Operation.GRADIENT_OF_LABELS, 1, "2^-22 times the larger term") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      int c = row.label;
      Gradient g = new Gradient(row, exact);
      double bound = Math.max(0x1p-22 * g.larger(c), Float.MIN_VALUE);
      return new Worst(over(call.out[c], g.exact[c], bound), c);
    }
  },
  GRADIENT_AT_CERTAIN_LABEL(
      Operation.GRADIENT_OF_LABELS, 1, "2^-22 of the gradient + (2^-50 + K 2^-57) of a term") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      int c = row.label;
      Gradient g = new Gradient(row, exact);
      if (!(g.p[c] > 0.99)) {
        return new Worst(0, c);
      }
      double sum = 0x1p-50 + row.cols() * 0x1p-57;
      double bound = 0x1p-22 * Math.abs(g.exact[c]) + sum * g.larger(c);
      return new Worst(over(call.out[c], g.exact[c], Math.max(bound, Float.MIN_VALUE)), c);
    }
  },
  GRADIENT_BESIDE_LABEL_WITH_Z_LOSS(
      Operation.GRADIENT_OF_LABELS, 1, "3 ULP + 2^-21 z p (at the label 2^-22 of a term)") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      Gradient g = new Gradient(row, exact);
      return worst(
          g.exact.length,
          c -> {
            double bound =
                c == row.label
                    ? Math.max(0x1p-22 * g.larger(c), Float.MIN_VALUE)
                    : 3 * ulp(call.out[c], g.exact[c]);
            return over(call.out[c], g.exact[c], bound + g.ofZ(c));
          });
    }
  },
  GRADIENT_OF_LABELS_SMOOTHED(
      Operation.GRADIENT_OF_LABELS, 1, "4 to 7 ULP of the larger term + 2^-21 z p") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      return worstOfLarger(row, call, exact);
    }
  },
  GRADIENT_OF_TARGETS(Operation.GRADIENT_OF_TARGETS, 1, "5 ULP of the larger term") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      return worstOfLarger(row, call, exact);
    }
  },
  GRADIENT_OF_TARGETS_WITH_OPTIONS(
      Operation.GRADIENT_OF_TARGETS, 1, "4 to 7 ULP of the larger term + 2^-21 z p") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      return worstOfLarger(row, call, exact);
    }
  },
  SOFTMAX_BACKWARD(
      Operation.SOFTMAX_BACKWARD, 1, "1 ULP + (2^-48 + K 2^-56) |p| (|u| + sum |p u|)") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      double[] p = doubles(call.in);
      double[] u = doubles(row.second);
      double[] g = exact.softmaxBackward(p, u);
      double dot = 0;
      for (int c = 0; c < p.length; c++) {
        dot += Math.abs(p[c] * u[c]);
      }
      double all = dot;
      return worst(
          g.length,
          c -> {
            double bound = ulp(call.out[c], g[c]) + ofSum(p.length) * p[c] * (Math.abs(u[c]) + all);
            return over(call.out[c], g[c], bound);
          });
    }
  },
  LOG_SOFTMAX_BACKWARD(
      Operation.LOG_SOFTMAX_BACKWARD,
      1,
      "1 ULP + 2 ULP of p |sum u| + (2^-48 + K 2^-56) p sum |u|") {
    @Override
    Worst worst(SearchRow row, Call call, Reference exact) {
      double[] l = doubles(call.in);
      double[] u = doubles(row.second);
      double[] g = exact.logSoftmaxBackward(l, u);
      double sum = Math.abs(Oracle.sum(u));
      double all = ofSum(l.length) * Arrays.stream(u).map(Math::abs).sum();
      return worst(
          g.length,
          c -> {
            double p = StrictMath.exp(l[c]);
            double bound = ulp(call.out[c], g[c]) + 2 * Ulps.of(p) * sum + p * all;
            return over(call.out[c], g[c], bound);
          });
    }
  };

  /** The largest error of a row in units of the claim, and the column that has it. */
  record Worst(double size, int column) {}

  private interface SizeOf {
    double at(int column);
  }

  final Operation operation;
  final double limit;
  final String unit;

  Claim(Operation operation, double limit, String unit) {
    this.operation = operation;
    this.limit = limit;
    this.unit = unit;
  }

  boolean hasOptions() {
    return name().contains("WITH") || smoothed();
  }

  /** Of cross-entropy, that is. */
  boolean gradient() {
    return takes(Argument.OPTIONS) && takes(Argument.OUT);
  }

  boolean smoothed() {
    return this == GRADIENT_OF_LABELS_SMOOTHED;
  }

  /** Weights and z-loss, but no smoothing, which has another bound. */
  boolean neverSmoothed() {
    return this == GRADIENT_BESIDE_LABEL_WITH_Z_LOSS;
  }

  /** The largest error in the results of a call on that row. */
  abstract Worst worst(SearchRow row, Call call, Reference exact);

  static Worst worst(int n, SizeOf size) {
    Worst worst = new Worst(-1, 0);
    for (int c = 0; c < n; c++) {
      double s = size.at(c);
      // A NaN is no answer at all.
      if (!(s <= worst.size)) {
        worst = new Worst(Double.isNaN(s) ? Double.POSITIVE_INFINITY : s, c);
      }
    }
    return worst;
  }

  /** The ULP of the larger of result and exact value. */
  static double ulp(float actual, double exact) {
    return Math.max(Ulps.of(actual), Ulps.of(exact));
  }

  static double ulps(float actual, double exact) {
    return over(actual, exact, ulp(actual, exact));
  }

  /** Of a backward pass: the additions of a lane, those of the lanes, and some roundings more. */
  static double ofSum(int n) {
    return 0x1p-48 + n * 0x1p-56;
  }

  static double log(double exact) {
    return 0x1p-22 * Math.max(1, Math.abs(exact));
  }

  static double over(float actual, double exact, double bound) {
    double error = Ulps.error(actual, exact);
    return error == 0 ? 0 : error / bound;
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, c -> values[c]);
    return doubles;
  }

  static Worst worstLoss(SearchRow row, Call call, Reference exact) {
    double[] o = row.exactLogits();
    double[] a = row.terms();
    double z = row.zLoss();
    double loss = exact.loss(o, a, z);
    double terms = row.claim.hasOptions() ? Oracle.sum(a) : 1;
    double size = Math.max(Math.max(1, terms), Math.abs(loss));
    double ofZ = z == 0 ? 0 : 2 * z * Math.abs(Oracle.lse(o));
    return new Worst(over(call.results[0], loss, 0x1p-22 * (size + ofZ)), 0);
  }

  static Worst worstOfLarger(SearchRow row, Call call, Reference exact) {
    Gradient g = new Gradient(row, exact);
    int ulps = (row.second == null ? 4 : 5) + (row.weights == null ? 0 : 1) + (g.pull < 0 ? 1 : 0);
    return worst(
        g.exact.length, c -> over(call.out[c], g.exact[c], ulps * Ulps.of(g.larger(c)) + g.ofZ(c)));
  }

  /** A row's exact gradient, and what its bounds are made of. */
  private static final class Gradient {
    final double[] exact;
    final double[] p;
    private final double[] terms;
    private final double pull;
    private final double factor;
    private final double zLoss;

    Gradient(SearchRow row, Reference reference) {
      double[] o = row.exactLogits();
      terms = row.terms();
      zLoss = row.zLoss();
      factor = row.factor();
      exact = reference.gradient(o, terms, zLoss);
      for (int c = 0; c < exact.length; c++) {
        exact[c] *= factor;
      }
      p = reference.softmax(o);
      pull = Oracle.sum(terms) + (zLoss == 0 ? 0 : 2 * zLoss * reference.lse(o));
    }

    double larger(int c) {
      return Math.max(Math.abs(p[c] * pull), terms[c]) * factor;
    }

    double ofZ(int c) {
      return 0x1p-21 * zLoss * p[c] * factor;
    }
  }

  boolean takes(Argument argument) {
    return operation.takes(argument);
  }
}
