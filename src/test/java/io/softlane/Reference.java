package io.softlane;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/** The exact values of one row: in doubles by {@link Oracle}, or to 50 digits and then rounded. */
interface Reference {
  double lse(double[] o);

  double[] softmax(double[] o);

  double[] logSoftmax(double[] o);

  double[] exps(double[] o, double shift);

  double loss(double[] o, double[] a, double z);

  double[] gradient(double[] o, double[] a, double z);

  double[] softmaxBackward(double[] p, double[] u);

  double[] logSoftmaxBackward(double[] l, double[] u);

  /** Fast, and right to 2^-19 ULP: for the search itself. */
  Reference DOUBLES =
      new Reference() {
        @Override
        public double lse(double[] o) {
          return Oracle.lse(o);
        }

        @Override
        public double[] softmax(double[] o) {
          return Oracle.softmax(o);
        }

        @Override
        public double[] logSoftmax(double[] o) {
          return Oracle.logSoftmax(o);
        }

        @Override
        public double[] exps(double[] o, double shift) {
          return Oracle.exps(o, shift);
        }

        @Override
        public double loss(double[] o, double[] a, double z) {
          return Oracle.loss(o, a, z);
        }

        @Override
        public double[] gradient(double[] o, double[] a, double z) {
          return Oracle.gradient(o, a, z);
        }

        @Override
        public double[] softmaxBackward(double[] p, double[] u) {
          return Oracle.softmaxBackward(p, u);
        }

        @Override
        public double[] logSoftmaxBackward(double[] l, double[] u) {
          return Oracle.logSoftmaxBackward(l, u);
        }
      };

  /** Slow, with no rounding that a bound could notice: for what the search found. */
  Reference DIGITS = new Digits();

  /** The formulas in decimals; exponentials by their series, logarithms by one step of Halley's. */
  final class Digits implements Reference {
    private static final MathContext PRECISION = new MathContext(60);

    /** Far below what any bound allows for: exp of less counts as 0. */
    private static final double NOTHING = -500;

    private Digits() {}

    private static BigDecimal of(double x) {
      return new BigDecimal(x);
    }

    private static BigDecimal times(BigDecimal x, BigDecimal y) {
      return x.multiply(y, PRECISION);
    }

    /** exp(x) = exp(x / 2^10)^(2^10), the former by its series. */
    private static BigDecimal exp(BigDecimal x) {
      if (x.doubleValue() < NOTHING) {
        return BigDecimal.ZERO;
      }
      BigDecimal r = x.divide(BigDecimal.valueOf(1024), PRECISION);
      BigDecimal term = BigDecimal.ONE;
      BigDecimal sum = BigDecimal.ONE;
      for (int i = 1; i < 40; i++) {
        term = times(term, r).divide(BigDecimal.valueOf(i), PRECISION);
        sum = sum.add(term, PRECISION);
      }
      return sum.pow(1024, PRECISION);
    }

    private static BigDecimal log(BigDecimal x) {
      BigDecimal y = of(StrictMath.log(x.doubleValue()));
      BigDecimal e = exp(y);
      BigDecimal step = x.subtract(e).divide(x.add(e), PRECISION);
      return y.add(step.add(step), PRECISION);
    }

    private static BigDecimal[] terms(double[] o, double shift) {
      BigDecimal[] terms = new BigDecimal[o.length];
      for (int c = 0; c < o.length; c++) {
        boolean masked = o[c] == Double.NEGATIVE_INFINITY;
        terms[c] = masked ? BigDecimal.ZERO : exp(of(o[c]).subtract(of(shift)));
      }
      return terms;
    }

    private static BigDecimal sum(BigDecimal[] terms) {
      return Arrays.stream(terms).reduce(BigDecimal.ZERO, (x, y) -> x.add(y, PRECISION));
    }

    private static BigDecimal sum(double[] terms) {
      return Arrays.stream(terms).mapToObj(Digits::of).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal logSum(double[] o) {
      double m = Oracle.max(o);
      return of(m).add(log(sum(terms(o, m))));
    }

    private static BigDecimal[] probabilities(double[] o) {
      BigDecimal[] terms = terms(o, Oracle.max(o));
      BigDecimal s = sum(terms);
      return Arrays.stream(terms).map(x -> x.divide(s, PRECISION)).toArray(BigDecimal[]::new);
    }

    private static double[] doubles(BigDecimal[] values) {
      return Arrays.stream(values).mapToDouble(BigDecimal::doubleValue).toArray();
    }

    @Override
    public double lse(double[] o) {
      return logSum(o).doubleValue();
    }

    @Override
    public double[] softmax(double[] o) {
      return doubles(probabilities(o));
    }

    @Override
    public double[] logSoftmax(double[] o) {
      BigDecimal lse = logSum(o);
      return Arrays.stream(o)
          .map(x -> Double.isInfinite(x) ? x : of(x).subtract(lse).doubleValue())
          .toArray();
    }

    @Override
    public double[] exps(double[] o, double shift) {
      return doubles(terms(o, shift));
    }

    @Override
    public double loss(double[] o, double[] a, double z) {
      BigDecimal lse = logSum(o);
      BigDecimal loss = times(of(z), times(lse, lse));
      for (int c = 0; c < o.length; c++) {
        if (a[c] != 0 && Double.isInfinite(o[c])) {
          return Double.POSITIVE_INFINITY;
        }
        if (a[c] != 0) {
          loss = loss.add(times(of(a[c]), lse.subtract(of(o[c]))));
        }
      }
      return loss.doubleValue();
    }

    @Override
    public double[] gradient(double[] o, double[] a, double z) {
      BigDecimal pull = sum(a);
      if (z != 0) {
        pull = pull.add(times(of(2 * z), logSum(o)));
      }
      BigDecimal[] g = probabilities(o);
      for (int c = 0; c < g.length; c++) {
        g[c] = g[c].multiply(pull).subtract(of(a[c]));
      }
      return doubles(g);
    }

    @Override
    public double[] softmaxBackward(double[] p, double[] u) {
      BigDecimal dot = BigDecimal.ZERO;
      for (int c = 0; c < p.length; c++) {
        dot = dot.add(of(p[c]).multiply(of(u[c])), PRECISION);
      }
      BigDecimal[] g = new BigDecimal[p.length];
      for (int c = 0; c < p.length; c++) {
        g[c] = times(of(p[c]), of(u[c]).subtract(dot));
      }
      return doubles(g);
    }

    @Override
    public double[] logSoftmaxBackward(double[] l, double[] u) {
      BigDecimal s = sum(u);
      BigDecimal[] terms = terms(l, 0);
      for (int c = 0; c < l.length; c++) {
        terms[c] = of(u[c]).subtract(times(terms[c], s));
      }
      return doubles(terms);
    }
  }
}
