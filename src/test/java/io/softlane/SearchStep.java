package io.softlane;

import io.softlane.Operation.Argument;
import java.util.random.RandomGenerator;

/**
 * A step of the search from a row: what to change, by chance or by what the claim's formula says
 * brings the worst column nearest to the bound.
 */
record SearchStep(SearchRow row, RandomGenerator random, int worst) {
  /** Where a value stands that a step changed, and what it was. */
  private record Change(float[] values, int column, float before) {
    void undo() {
      values[column] = before;
    }
  }

  /** Changes one to three values; what gives them back. */
  Runnable take() {
    Change first = change();
    Change second = random.nextInt(3) == 0 ? change() : null;
    Change third = second != null && random.nextInt(3) == 0 ? change() : null;
    return () -> {
      // Last first: two may have changed the same value.
      for (Change change : new Change[] {third, second, first}) {
        if (change != null) {
          change.undo();
        }
      }
    };
  }

  /** Changes one value, more often that of the worst column than another. */
  private Change change() {
    float[] logits = row.logits;
    float[] second = row.second;
    float[] weights = row.weights;
    int n = row.cols();
    int c = random.nextInt(3) == 0 ? worst : random.nextInt(n);
    if (second != null && random.nextInt(4) == 0) {
      boolean align = row.claim.gradient() && random.nextInt(3) == 0;
      float next = align ? alignedTerm(second[c], c) : otherSecond(second[c]);
      return change(second, c, next);
    }
    if (weights != null && random.nextInt(8) == 0) {
      boolean align = row.claim.gradient() && random.nextBoolean();
      float other = weights[c] * (1 + random.nextInt(-99, 100) * 0x1p-23f);
      return change(weights, c, align ? alignedTerm(weights[c], c) : other);
    }
    if (row.claim.hasOptions() && random.nextInt(12) == 0) {
      int i = random.nextInt(2);
      return change(
          row.factors, i, Math.min(1, row.factors[i] * (1 + random.nextInt(-9, 10) * 0x1p-9f)));
    }
    float x = logits[c];
    if (row.claim.gradient() && random.nextInt(8) == 0) {
      float level = levelled(c);
      return change(logits, c, Float.isFinite(level) ? level : x);
    }
    float next =
        switch (random.nextInt(9)) {
          case 0, 1 -> ulps(x, random.nextInt(-3, 4));
          case 2 -> ulps(x, random.nextInt(-2000, 2001));
          case 3 -> (float) (x + random.nextGaussian() * Math.scalb(1.0, random.nextInt(-16, 4)));
          case 4 -> HardArguments.near((float) (x + random.nextGaussian()), random.nextBoolean());
          case 5 -> HardArguments.any(random, random.nextBoolean());
          case 6 -> logits[random.nextInt(n)];
          case 7 -> HardArguments.near(aligned(c), random.nextInt(4) > 0);
          default -> aligned(c);
        };
    return change(logits, c, Float.isNaN(next) || next == Float.POSITIVE_INFINITY ? x : next);
  }

  private Change change(float[] values, int c, float value) {
    Change change = new Change(values, c, values[c]);
    values[c] = value;
    return change;
  }

  private float otherSecond(float y) {
    if (row.claim.gradient()) {
      return y * (1 + random.nextInt(-999, 1000) * 0x1p-23f);
    }
    if (row.claim.takes(Argument.OPTIONS)) {
      // Never larger, lest the sum passes 1.
      return random.nextInt(8) == 0 ? 0 : y * (1 - random.nextInt(1000) * 0x1p-24f);
    }
    float next =
        switch (random.nextInt(3)) {
          case 0 -> ulps(y, random.nextInt(-9, 10));
          case 1 -> y * random.nextFloat(-2, 2);
          default -> -row.second[random.nextInt(row.cols())];
        };
    return Float.isFinite(next) ? next : y;
  }

  private static float ulps(float x, int n) {
    return Float.isInfinite(x) ? x : x + n * Math.ulp(x);
  }

  /**
   * What the logit c must be for the worst column to come out just below a power of two, where a
   * relative error is the most ULPs.
   */
  private float aligned(int c) {
    double m = Oracle.max(row.exactLogits());
    double others = 0;
    for (int i = 0; i < row.cols(); i++) {
      others += i == c ? 0 : StrictMath.exp(row.logits[i] - m);
    }
    double own = StrictMath.exp(row.logits[worst] - m);
    double pull = row.claim.gradient() ? Math.abs(pull()) : 1;
    double p = pull * own / (others + StrictMath.exp(row.logits[c] - m));
    double wanted = below(Math.scalb(1.0, Math.getExponent(p) + random.nextInt(3)));
    double sum = pull * own / wanted;
    return sum > others ? (float) (m + StrictMath.log(sum - others)) : row.logits[c];
  }

  private double below(double power) {
    return power * (1 - Math.scalb(random.nextDouble(), random.nextInt(-16, -4)));
  }

  /** What probabilities are multiplied by in the gradient. */
  private double pull() {
    double z = row.zLoss();
    return (Oracle.sum(row.terms()) + (z == 0 ? 0 : 2 * z * Oracle.lse(row.exactLogits())))
        * row.factor();
  }

  /** What the logit c must be for its probability's term to be as large as its target. */
  private float levelled(int c) {
    double m = Oracle.max(row.exactLogits());
    double others = 0;
    for (int i = 0; i < row.cols(); i++) {
      others += i == c ? 0 : StrictMath.exp(row.logits[i] - m);
    }
    double p = below(row.terms()[c] * row.factor() / Math.abs(pull()));
    return p > 0 && p < 1 ? (float) (m + StrictMath.log(others * p / (1 - p))) : row.logits[c];
  }

  /** A target or weight with which the column's target term is just below a power of two. */
  private float alignedTerm(float value, int c) {
    double term = row.terms()[c] * row.factor();
    double power = Math.scalb(1.0, Math.getExponent(term) + 1);
    return term > 0 ? (float) (value * below(power) / term) : value;
  }
}
