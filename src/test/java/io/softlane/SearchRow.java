package io.softlane;

import io.softlane.CrossEntropy.Reduction;
import io.softlane.Operation.Argument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A row on its way to a claim's bound: all that the call takes, from a seed and then changed value
 * by value ({@link SearchStep}). As text it is one line: rows of few columns in full, others as
 * what differs from the seed's.
 */
final class SearchRow {
  /** Up to this many columns a line holds every value. */
  private static final int IN_FULL = 40;

  private static final int LONGEST = 1 << 20;

  final Claim claim;
  final long seed;
  final float[] logits;

  /** Targets or upstream gradients, or null. */
  float[] second;

  /** Class weights, or null. */
  float[] weights;

  int label;
  private int copies;
  private Reduction reduction;

  /** Label smoothing and z-loss. */
  final float[] factors = new float[2];

  private SearchRow(Claim claim, long seed, int cols) {
    SplittableRandom random = new SplittableRandom(seed);
    this.claim = claim;
    this.seed = seed;
    int drawn = cols(random);
    logits = new float[cols == 0 ? drawn : cols];
    SearchFamily.any(random).fill(random, logits);
    int n = logits.length;
    boolean dense = claim.takes(Argument.SECOND);
    second = dense ? new float[n] : null;
    label = random.nextInt(n);
    boolean options = claim.hasOptions();
    weights = options && random.nextBoolean() ? new float[n] : null;
    boolean mean = claim.takes(Argument.OPTIONS) && random.nextBoolean();
    reduction = mean ? Reduction.MEAN : Reduction.SUM;
    copies = reduction == Reduction.MEAN && n <= 64 ? random.nextInt(1, 8) : 1;
    boolean smooth = claim.smoothed() || options && random.nextBoolean();
    factors[0] = smooth && !claim.neverSmoothed() ? 0.001f + 0.9f * random.nextFloat() : 0;
    factors[1] = options && random.nextBoolean() ? random.nextFloat() / 10 : 0;
    if (dense) {
      fillSecond(random);
    }
    if (weights != null) {
      float size = Math.scalb(1f, random.nextInt(4) == 0 ? random.nextInt(-30, 20) : 0);
      for (int c = 0; c < n; c++) {
        weights[c] = c != label && random.nextInt(8) == 0 ? 0 : size * (random.nextFloat() + 1e-3f);
      }
    }
    if (claim == Claim.GRADIENT_AT_CERTAIN_LABEL && random.nextInt(4) > 0) {
      double others = 0;
      for (int c = 0; c < n; c++) {
        others += c == label ? 0 : StrictMath.exp(logits[c]);
      }
      double certain = StrictMath.log(others) + 4.7 + 20 * random.nextDouble();
      logits[label] = Double.isFinite(certain) ? (float) certain : logits[label];
    }
  }

  /** Another row of as many columns. */
  static SearchRow of(Claim claim, long seed, int cols) {
    return new SearchRow(claim, seed, cols);
  }

  static SearchRow of(Claim claim, long seed) {
    return new SearchRow(claim, seed, 0);
  }

  /** Few columns most often; else next to a group, a block or the longest row that is promised. */
  private static int cols(RandomGenerator random) {
    int kind = random.nextInt(1000);
    int beside = random.nextInt(-2, 3);
    if (kind < 700) {
      return random.nextInt(1, 9);
    } else if (kind < 900) {
      return random.nextInt(1, 41);
    } else if (kind < 966) {
      return 16 * random.nextInt(1, 21) + beside;
    } else if (kind < 985) {
      return (random.nextBoolean() ? 512 : 1024) + beside;
    } else if (kind < 990) {
      return 4096 * random.nextInt(1, 4) + beside;
    }
    return random.nextInt(3) > 0 ? LONGEST / 16 + beside : LONGEST + Math.min(0, beside);
  }

  /** Targets are at least 0 and sum to 1 at the most; upstream gradients are anything. */
  private void fillSecond(RandomGenerator random) {
    if (!claim.takes(Argument.OPTIONS)) {
      double size = Math.scalb(1.0, random.nextInt(-20, 20));
      int way = random.nextInt(5);
      for (int c = 0; c < second.length; c++) {
        double value =
            switch (way) {
              case 0 -> 1;
              case 1 -> 1 + random.nextInt(3) * 0x1p-23; // differences from the mean nearly vanish
              case 2 -> random.nextDouble();
              case 3 -> random.nextGaussian();
              default -> random.nextGaussian() * Math.scalb(1.0, random.nextInt(-30, 30));
            };
        second[c] = (float) (size * value);
      }
      if (way == 4 && second.length > 2) {
        // One of them once more, negative: sums of numbers that cancel.
        second[random.nextInt(second.length)] = -second[random.nextInt(second.length)];
      }
      return;
    }
    int way = random.nextInt(3);
    double sum = 0;
    for (int c = 0; c < second.length; c++) {
      boolean some = way == 0 || way == 1 && random.nextInt(4) == 0;
      second[c] = some ? random.nextFloat() : 0;
      sum += second[c];
    }
    second[label] += sum == 0 ? 1 : 0;
    bound();
  }

  /** Scales targets whose sum is above 1, which no bound is promised for. */
  private void bound() {
    double sum = 0;
    for (float y : second) {
      sum += y;
    }
    for (int c = 0; sum > 1 && c < second.length; c++) {
      second[c] = (float) (second[c] / sum * (1 - 0x1p-20));
    }
  }

  int cols() {
    return logits.length;
  }

  double[] exactLogits() {
    return Claim.doubles(logits);
  }

  /** The shift of exp: a logit of the row's own. */
  float shift() {
    float shift = logits[label];
    return Float.isInfinite(shift) ? 0 : shift;
  }

  CrossEntropy options() {
    CrossEntropy options =
        CrossEntropy.DEFAULT
            .withReduction(reduction)
            .withLabelSmoothing(factors[0])
            .withZLoss(factors[1]);
    return weights == null ? options : options.withClassWeights(weights);
  }

  double[] terms() {
    return second == null
        ? Oracle.terms(options(), label, cols())
        : Oracle.terms(options(), Claim.doubles(second));
  }

  double zLoss() {
    return factors[1];
  }

  double factor() {
    if (reduction == Reduction.SUM) {
      return 1;
    }
    return 1.0 / copies / (second != null || weights == null ? 1 : weights[label]);
  }

  /**
   * The call, not yet run; a mean is taken over copies of the row, of which the first is judged.
   */
  Call call() {
    Call call = new Call(claim.operation).in(batch(logits));
    if (second != null) {
      call.second(batch(second));
    }
    call.perRow = claim.takes(Argument.PER_ROW) ? new float[] {shift()} : null;
    if (claim.takes(Argument.LABELS)) {
      call.labels = new int[copies];
      Arrays.fill(call.labels, label);
    }
    call.options = claim.takes(Argument.OPTIONS) ? options() : null;
    int n = cols();
    if (claim.takes(Argument.OUT)) {
      call.out(new Batch(new float[copies * n], Rows.of(copies, n)));
    }
    call.results = claim.takes(Argument.RESULTS) ? new float[copies] : null;
    return call;
  }

  private Batch batch(float[] row) {
    int n = row.length;
    float[] data = new float[copies * n];
    for (int r = 0; r < copies; r++) {
      System.arraycopy(row, 0, data, r * n, n);
    }
    return new Batch(data, Rows.of(copies, n));
  }

  Claim.Worst worst(SoftmaxKernels kernels, Reference exact) {
    Call call = call();
    if (claim == Claim.SOFTMAX_BACKWARD) {
      kernels.softmax(call.in, call.inRows, call.in, call.inRows);
    } else if (claim == Claim.LOG_SOFTMAX_BACKWARD) {
      kernels.logSoftmax(call.in, call.inRows, call.in, call.inRows);
    }
    return claim.worst(this, call.run(kernels), exact);
  }

  // ---- text ----

  @Override
  public String toString() {
    SearchRow start = new SearchRow(claim, seed, cols());
    return "%s %d %d label=%d copies=%d reduction=%s factors=%s logits=%s"
            .formatted(
                claim,
                seed,
                cols(),
                label,
                copies,
                reduction,
                text(factors, start.factors),
                text(logits, start.logits))
        + (second == null ? "" : " second=" + text(second, start.second))
        + (weights == null ? "" : " weights=" + text(weights, start.weights));
  }

  private static String text(float[] values, float[] start) {
    List<String> parts = new ArrayList<>();
    for (int c = 0; c < values.length; c++) {
      if (values.length <= IN_FULL || Float.compare(values[c], start[c]) != 0) {
        parts.add(c + ":" + Float.toHexString(values[c]));
      }
    }
    return String.join(",", parts);
  }

  static SearchRow parse(String line) {
    String[] part = line.split(" ");
    int cols = Integer.parseInt(part[2]);
    SearchRow row = new SearchRow(Claim.valueOf(part[0]), Long.parseLong(part[1]), cols);
    for (String field : Arrays.asList(part).subList(3, part.length)) {
      String value = field.substring(field.indexOf('=') + 1);
      switch (field.substring(0, field.indexOf('='))) {
        case "label" -> row.label = Integer.parseInt(value);
        case "copies" -> row.copies = Integer.parseInt(value);
        case "reduction" -> row.reduction = Reduction.valueOf(value);
        case "factors" -> set(row.factors, value);
        case "logits" -> set(row.logits, value);
        case "second" -> row.second = set(row.second, value);
        case "weights" ->
            row.weights = set(row.weights == null ? new float[cols] : row.weights, value);
        default -> throw new IllegalArgumentException(field);
      }
    }
    return row;
  }

  private static float[] set(float[] values, String text) {
    for (String change : text.isEmpty() ? new String[0] : text.split(",")) {
      String[] at = change.split(":");
      values[Integer.parseInt(at[0])] = Float.parseFloat(at[1]);
    }
    return values;
  }
}
