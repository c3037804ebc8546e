package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The oracle against exact decimal arithmetic: its error must be negligible beside the bounds. */
class OracleTest {
  private static final MathContext DIGITS = new MathContext(60);

  /** exp by its series, after halving the argument often enough. */
  private static BigDecimal exp(BigDecimal x) {
    int halvings = 20;
    BigDecimal y = x.divide(BigDecimal.valueOf(1L << halvings), DIGITS);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int n = 1; n < 25; n++) {
      term = term.multiply(y, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  private static double[] softmax(double[] o) {
    BigDecimal max = new BigDecimal(Oracle.max(o));
    BigDecimal[] e = new BigDecimal[o.length];
    BigDecimal sum = BigDecimal.ZERO;
    for (int c = 0; c < o.length; c++) {
      BigDecimal d = new BigDecimal(o[c]).subtract(max); // exact
      e[c] = d.doubleValue() < -1000 ? BigDecimal.ZERO : exp(d);
      sum = sum.add(e[c], DIGITS);
    }
    double[] p = new double[o.length];
    for (int c = 0; c < o.length; c++) {
      p[c] = e[c].divide(sum, DIGITS).doubleValue();
    }
    return p;
  }

  @Test
  void softmaxIsExact() {
    SplittableRandom random = new SplittableRandom(5);
    Logits[] kinds = {
      Logits.NORMAL,
      Logits.UNDERFLOWING,
      Logits.SUBNORMAL_PROBABILITIES,
      Logits.HUGE_NEIGHBOURS,
      Logits.SHIFTED,
      Logits.SUBNORMAL,
      Logits.ONE_LARGE,
      Logits.ANY_FINITE
    };
    int nonZero = 0;
    for (Logits kind : kinds) {
      for (int n : new int[] {1, 2, 9, 33}) {
        float[] row = new float[n];
        kind.fill(random, row, 0, n);
        double[] o = Oracle.row(row, Rows.of(1, n), 0);
        double[] exact = softmax(o);
        double[] p = Oracle.softmax(o);
        for (int c = 0; c < n; c++) {
          assertEquals(exact[c], p[c], 0x1p-43 * exact[c], kind + ": 2^-19 float ULP");
          nonZero += exact[c] > 0 ? 1 : 0;
        }
      }
    }
    assertTrue(nonZero > 150, "probabilities compared: " + nonZero);
  }

  /** log S - sum_j e_j d_j / S, the logarithm by a Newton step from that in double. */
  private static double entropy(double[] o) {
    BigDecimal max = new BigDecimal(Oracle.max(o));
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal weighted = BigDecimal.ZERO;
    for (double x : o) {
      BigDecimal d = new BigDecimal(x).subtract(max);
      if (d.doubleValue() >= -1000) {
        BigDecimal e = exp(d);
        sum = sum.add(e, DIGITS);
        weighted = weighted.add(e.multiply(d, DIGITS), DIGITS);
      }
    }
    BigDecimal y = new BigDecimal(Math.log(sum.doubleValue()));
    BigDecimal log = y.add(sum.multiply(exp(y.negate()), DIGITS).subtract(BigDecimal.ONE), DIGITS);
    return log.subtract(weighted.divide(sum, DIGITS), DIGITS).doubleValue();
  }

  @Test
  void entropyIsExact() {
    SplittableRandom random = new SplittableRandom(6);
    Logits[] kinds = {
      Logits.NORMAL,
      Logits.UNDERFLOWING,
      Logits.SUBNORMAL_PROBABILITIES,
      Logits.HUGE_NEIGHBOURS,
      Logits.SHIFTED,
      Logits.SUBNORMAL,
      Logits.ONE_LARGE,
      Logits.ANY_FINITE
    };
    for (Logits kind : kinds) {
      for (int n : new int[] {1, 2, 9, 33}) {
        float[] row = new float[n];
        kind.fill(random, row, 0, n);
        double[] o = Oracle.row(row, Rows.of(1, n), 0);
        double exact = entropy(o);
        assertEquals(exact, Oracle.entropy(o), 0x1p-40 * Math.max(1, exact), kind + " of " + n);
      }
    }
    double infinity = Double.NEGATIVE_INFINITY;
    assertEquals(Math.log(2), Oracle.entropy(new double[] {1, infinity, 1}), 0x1p-50);
    assertEquals(0, Oracle.entropy(new double[] {infinity, 7}));
    assertEquals(Double.NaN, Oracle.entropy(new double[] {infinity, infinity}));
  }

  /** Where a label is all but certain the gradient is the others' share, not 1 - 1. */
  @Test
  void gradientKeepsSmallDifferences() {
    double[] o = {0, -50, -51};
    double[] g = Oracle.gradient(o, Oracle.terms(CrossEntropy.DEFAULT, 0, 3), 0);
    double rest = StrictMath.exp(-50) + StrictMath.exp(-51);
    assertEquals(-rest / (1 + rest), g[0], 1e-14 * rest);
  }

  @Test
  void sumsAreCompensated() {
    assertEquals(0x1p-60, Oracle.sum(1, 0x1p-60, -1));
    assertEquals(3, Oracle.sum(1e17, 1, 1, 1, -1e17));
  }

  @Test
  void ulps() {
    assertEquals(1, Ulps.between(Math.nextUp(1f), 1.0));
    assertEquals(2, Ulps.between(Math.nextDown(1f), 1 - 3 * 0x1p-24));
    assertEquals(0.5, Ulps.between(1f, 1 + 0x1p-24));
    assertEquals(Float.MIN_VALUE, Ulps.of(1e-42));
    assertEquals(0.5, Ulps.between(0f, 0x1p-150));
    assertEquals(3, Ulps.between(3 * Float.MIN_VALUE, 0));
    assertEquals(0, Ulps.between(Float.POSITIVE_INFINITY, 0x1p128));
    assertEquals(1, Ulps.between(Float.POSITIVE_INFINITY, Float.MAX_VALUE));
    double infinite = Double.POSITIVE_INFINITY;
    assertEquals(infinite, Ulps.between(Float.MAX_VALUE, 0x1p128));
    assertEquals(infinite, Ulps.between(1, Double.NaN));
    assertTrue(!(Ulps.between(Float.NaN, 1) <= 1e30), "NaN is no value");
    assertEquals(infinite, Ulps.error(Float.MAX_VALUE, infinite));
    assertEquals(0, Ulps.error(Float.NEGATIVE_INFINITY, -1e39));
  }
}
