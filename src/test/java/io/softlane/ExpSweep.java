package io.softlane;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * exp of every n-th float, or of all 2^32, against the correctly rounded value. That is taken from
 * {@link StrictMath#exp}, which is within an ULP of a double: where the whole interval rounds to
 * one float, that float it is, else 60 digits of the series decide.
 */
final class ExpSweep {
  private static final int CHUNKS = 1 << 12;
  private static final MathContext DIGITS = new MathContext(60);

  /** Of a chunk, or of all: counts, and where the largest error is. */
  record Result(long floats, long correct, long hard, long falls, double ulps, float worst) {
    Result and(Result other) {
      boolean here = ulps >= other.ulps;
      return new Result(
          floats + other.floats,
          correct + other.correct,
          hard + other.hard,
          falls + other.falls,
          here ? ulps : other.ulps,
          here ? worst : other.worst);
    }

    /** As the child JVM prints it, and {@link #parse} reads it. */
    @Override
    public String toString() {
      return floats + " " + correct + " " + hard + " " + falls + " " + ulps + " " + worst;
    }

    static Result parse(String line) {
      String[] part = line.split(" ");
      return new Result(
          Long.parseLong(part[0]),
          Long.parseLong(part[1]),
          Long.parseLong(part[2]),
          Long.parseLong(part[3]),
          Double.parseDouble(part[4]),
          Float.parseFloat(part[5]));
    }
  }

  private ExpSweep() {}

  /** Arguments: scalar or vector, and the step from one pattern to the next. */
  public static void main(String[] arguments) {
    boolean vector = arguments[0].equals("vector");
    SoftmaxKernels kernels = vector ? SoftmaxKernels.vector() : SoftmaxKernels.scalar();
    System.out.println(kernels + ": " + run(kernels, Integer.parseInt(arguments[1]), true));
  }

  static Result run(SoftmaxKernels kernels, int step, boolean progress) {
    AtomicInteger done = new AtomicInteger();
    return IntStream.range(0, CHUNKS)
        .parallel()
        .mapToObj(
            chunk -> {
              Result result = chunk(kernels, chunk, step);
              int count = done.incrementAndGet();
              if (progress && count % (CHUNKS / 20) == 0) {
                System.err.printf("exp, %s: %d %%%n", kernels, 100L * count / CHUNKS);
              }
              return result;
            })
        .reduce(new Result(0, 0, 0, 0, 0, 0), Result::and);
  }

  /** Patterns of one sign, in the order of their magnitudes. */
  private static Result chunk(SoftmaxKernels kernels, int chunk, int step) {
    long size = (1L << 32) / CHUNKS;
    int first = (int) (chunk * size);
    int n = (int) ((size + step - 1) / step);
    float[] x = new float[n];
    for (int c = 0; c < n; c++) {
      x[c] = Float.intBitsToFloat(first + c * step);
    }
    float[] e = new float[n];
    Rows row = Rows.of(1, n);
    kernels.expSum(x, row, new float[] {0}, e, row, new float[1]);
    long correct = 0;
    long hard = 0;
    long falls = 0;
    double ulps = 0;
    float worst = 0;
    for (int c = 0; c < n; c++) {
      double exact = StrictMath.exp(x[c]);
      float rounded = (float) (exact * (1 - 0x1p-52));
      if (Float.compare(rounded, (float) (exact * (1 + 0x1p-52))) != 0) {
        rounded = bySeries(x[c]);
        hard++;
      }
      // compare: NaN equals NaN
      correct += Float.compare(e[c], rounded) == 0 ? 1 : 0;
      double error = Ulps.between(e[c], exact);
      if (error > ulps) {
        ulps = error;
        worst = x[c];
      }
      if (c > 0 && (x[c] > x[c - 1] ? e[c] < e[c - 1] : e[c] > e[c - 1])) {
        falls++;
      }
    }
    return new Result(n, correct, hard, falls, ulps, worst);
  }

  /** exp(x) = exp(x / 2^10)^(2^10), the former by its series. */
  private static float bySeries(float x) {
    BigDecimal r = new BigDecimal(x).divide(BigDecimal.valueOf(1024), DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int i = 1; i < 40; i++) {
      term = term.multiply(r, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return sum.pow(1024, DIGITS).floatValue();
  }
}
