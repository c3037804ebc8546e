package io.softlane;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * {@link SoftmaxOptions} of a test: drawn, for other rows of the same batch, and what a caller
 * without them would do instead.
 */
final class Scores {
  private static final float NONE = Float.NEGATIVE_INFINITY;

  private Scores() {}

  /** Every combination; within each option the values that break something are frequent. */
  static SoftmaxOptions draw(RandomGenerator random, int rows, int cols) {
    SoftmaxOptions options = SoftmaxOptions.DEFAULT;
    if (random.nextBoolean()) {
      options = options.withScale(scale(random));
    }
    if (random.nextBoolean()) {
      Batch mask = mask(random, random.nextInt(1, rows + 3), cols);
      options = options.withMask(mask.data(), mask.rows());
    }
    if (random.nextBoolean()) {
      options = options.withLengths(lengths(random, rows, cols));
    }
    if (random.nextBoolean()) {
      options = options.withSinks(sinks(random, rows));
    }
    return random.nextBoolean() ? options.withEmptyRowsZero() : options;
  }

  /** All options at once, of ordinary values. */
  static SoftmaxOptions all(int rows, int cols) {
    RandomGenerator random = new SplittableRandom(cols);
    Batch mask = Batch.empty(random, 2, cols);
    int[] lengths = new int[rows];
    float[] sinks = new float[rows];
    for (int r = 0; r < 2; r++) {
      for (int c = 0; c < cols; c++) {
        mask.set(r, c, (r + c) % 3 == 2 ? Float.NEGATIVE_INFINITY : -c / 8f);
      }
    }
    Arrays.setAll(lengths, r -> Math.min(cols, 1 + r));
    return SoftmaxOptions.DEFAULT
        .withScale(0.5f)
        .withMask(mask.data(), mask.rows())
        .withLengths(lengths)
        .withSinks(sinks)
        .withEmptyRowsZero();
  }

  private static float scale(RandomGenerator random) {
    return switch (random.nextInt(6)) {
      case 0 -> 0.125f;
      case 1 -> 1 / (0.1f + random.nextFloat());
      case 2 -> 1e30f;
      case 3 -> Float.MIN_VALUE;
      default -> 2 * random.nextFloat() + Float.MIN_NORMAL;
    };
  }

  private static Batch mask(RandomGenerator random, int rows, int cols) {
    Batch mask = Batch.empty(random, rows, cols);
    for (int r = 0; r < rows; r++) {
      int kind = random.nextInt(12);
      for (int c = 0; c < cols; c++) {
        float value =
            switch (kind) {
              case 0 -> Float.NEGATIVE_INFINITY;
              case 1 -> -Float.MAX_VALUE;
              case 2 -> -0f;
              case 3, 4 -> -c / 16f; // slopes, as in ALiBi
              case 5 -> (float) (30 * random.nextGaussian());
              case 6 -> c == cols / 2 ? Logits.nan(random) : 0;
              case 7 -> c == cols / 2 ? Float.POSITIVE_INFINITY : 0;
              default -> random.nextBoolean() ? 0 : Float.NEGATIVE_INFINITY;
            };
        mask.set(r, c, value);
      }
    }
    return mask;
  }

  private static int[] lengths(RandomGenerator random, int rows, int cols) {
    int[] lengths = new int[rows + Call.SPARE];
    Arrays.fill(lengths, Integer.MIN_VALUE); // behind the last row: not a length, and not read
    for (int r = 0; r < rows; r++) {
      lengths[r] =
          switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> cols;
            case 2 -> 1;
            case 3 -> Math.min(cols, random.nextInt(40));
            default -> random.nextInt(cols + 1);
          };
    }
    return lengths;
  }

  private static float[] sinks(RandomGenerator random, int rows) {
    float[] sinks = Batch.guards(rows + Call.SPARE);
    for (int r = 0; r < rows; r++) {
      sinks[r] =
          switch (random.nextInt(12)) {
            case 0 -> Float.POSITIVE_INFINITY;
            case 1 -> Logits.nan(random);
            case 2, 3, 4 -> Float.NEGATIVE_INFINITY;
            case 5 -> (2 * random.nextFloat() - 1) * Float.MAX_VALUE;
            case 6, 7 -> random.nextBoolean() ? 0 : -0f;
            default -> (float) (3 * random.nextGaussian());
          };
    }
    return sinks;
  }

  /** Puts NaN where no row's length reaches. */
  static void poisonBeyond(int[] lengths, Batch batch) {
    for (int r = 0; lengths != null && r < batch.rows().rows(); r++) {
      for (int c = lengths[r]; c < batch.rows().cols(); c++) {
        batch.set(r, c, Float.intBitsToFloat(Batch.GUARD));
      }
    }
  }

  /** The options of a batch that has these of the rows, in arrays of their own. */
  static SoftmaxOptions ofRows(SoftmaxOptions options, int[] rows) {
    SoftmaxOptions some = options;
    if (options.mask() != null) {
      Batch all = new Batch(options.mask(), options.maskRows());
      int cols = all.rows().cols();
      Batch mask = Batch.empty(new Rows(1, Math.max(1, rows.length), cols, cols + 1));
      for (int r = 0; r < rows.length; r++) {
        int from = all.index(rows[r] % all.rows().rows(), 0);
        System.arraycopy(all.data(), from, mask.data(), mask.index(r, 0), cols);
      }
      some = some.withMask(mask.data(), mask.rows());
    }
    if (options.lengths() != null) {
      some = some.withLengths(Arrays.stream(rows).map(r -> options.lengths()[r]).toArray());
    }
    if (options.sinks() != null) {
      float[] sinks = new float[rows.length];
      for (int r = 0; r < rows.length; r++) {
        sinks[r] = options.sinks()[rows[r]];
      }
      some = some.withSinks(sinks);
    }
    return some;
  }

  // ---- the caller's own preparation ----

  /** How many columns of a row count. */
  static int length(SoftmaxOptions options, int cols, int r) {
    return options.lengths() == null ? cols : options.lengths()[r];
  }

  /** A row's scores, cut to its length; its sink, if any, behind them. */
  static float[] prepared(SoftmaxOptions options, Batch logits, int r) {
    int number = logits.rows().firstRow() + r;
    int n = length(options, logits.rows().cols(), number);
    float[] scores = new float[n + (options.sinks() == null ? 0 : 1)];
    Rows mask = options.maskRows();
    for (int c = 0; c < n; c++) {
      scores[c] = options.scale() * logits.get(r, c);
    }
    if (n > 0 && options.softcap() < Float.POSITIVE_INFINITY) {
      Rows row = Rows.of(1, n);
      SoftmaxKernels.scalar().softcap(scores, row, options.softcap(), scores, row);
    }
    for (int c = 0; c < n; c++) {
      if (mask != null) {
        scores[c] +=
            options.mask()[(int) (mask.offset() + number % mask.rows() * mask.stride() + c)];
      }
    }
    if (options.sinks() != null) {
      scores[n] = options.sinks()[number];
    }
    return scores;
  }

  /** What the plain call gives of a row's scores, and the contract beyond them. */
  static float[] expected(SoftmaxKernels kernels, Call call, int r) {
    SoftmaxOptions options = call.scores;
    Batch logits = new Batch(call.in, call.inRows);
    float[] scores = prepared(options, logits, r);
    boolean empty = true;
    boolean nan = false;
    boolean infinite = false;
    for (float score : scores) {
      empty &= score == NONE;
      nan |= Float.isNaN(score);
      infinite |= score == -NONE;
    }
    Rows row = Rows.of(1, Math.max(1, scores.length));
    if (call.operation == Operation.LOG_SUM_EXP_OF_SCORES) {
      float[] lse = {NONE};
      if (scores.length > 0) {
        kernels.logSumExp(scores, row, lse);
      }
      return lse;
    }
    boolean log = call.operation == Operation.LOG_SOFTMAX_OF_SCORES;
    float[] expected = new float[logits.rows().cols()];
    boolean zeros = empty && options.emptyRowsZero();
    // What a column gets that is left out.
    Arrays.fill(expected, !zeros && (empty || nan || infinite) ? Float.NaN : log ? NONE : 0);
    if (scores.length > 0 && !zeros) {
      float[] plain = new float[scores.length];
      if (log) {
        kernels.logSoftmax(scores, row, plain, row);
      } else {
        kernels.softmax(scores, row, plain, row);
      }
      int n = length(options, expected.length, call.inRows.firstRow() + r);
      System.arraycopy(plain, 0, expected, 0, n);
    }
    return expected;
  }

  static String text(SoftmaxOptions options) {
    int[] lengths = options.lengths();
    float[] sinks = options.sinks();
    return options
        + (lengths == null ? "" : ", lengths from " + Arrays.toString(Arrays.copyOf(lengths, 5)))
        + (sinks == null ? "" : ", sinks from " + Arrays.toString(Arrays.copyOf(sinks, 5)));
  }
}
