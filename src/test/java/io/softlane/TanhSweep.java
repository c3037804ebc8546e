package io.softlane;

import java.util.stream.IntStream;

/**
 * {@code cap * tanh(x / cap)} of every n-th float, or of all 2^32, against {@link StrictMath#tanh},
 * which is within 2.5 ULP of a double.
 */
final class TanhSweep {
  private static final int CHUNKS = 1 << 12;

  /** Of a chunk, or of all: how many, the sum of a hash of the results, the largest error. */
  record Result(long floats, long hash, double ulps, float worst) {
    Result and(Result other) {
      boolean here = ulps >= other.ulps;
      return new Result(
          floats + other.floats,
          hash + other.hash,
          here ? ulps : other.ulps,
          here ? worst : other.worst);
    }

    /** As the child JVM prints it, and {@link #parse} reads it. */
    @Override
    public String toString() {
      return floats + " " + hash + " " + ulps + " " + worst;
    }

    static Result parse(String line) {
      String[] part = line.split(" ");
      return new Result(
          Long.parseLong(part[0]),
          Long.parseLong(part[1]),
          Double.parseDouble(part[2]),
          Float.parseFloat(part[3]));
    }
  }

  private TanhSweep() {}

  /** Arguments: scalar or vector, the step from one pattern to the next, and caps. */
  public static void main(String[] arguments) {
    boolean vector = arguments[0].equals("vector");
    SoftmaxKernels kernels = vector ? SoftmaxKernels.vector() : SoftmaxKernels.scalar();
    for (int i = 2; i < arguments.length; i++) {
      float cap = Float.parseFloat(arguments[i]);
      Result result = run(kernels, cap, Integer.parseInt(arguments[1]));
      System.out.println(kernels + ": " + cap + ": " + result);
    }
  }

  static Result run(SoftmaxKernels kernels, float cap, int step) {
    return IntStream.range(0, CHUNKS)
        .parallel()
        .mapToObj(chunk -> chunk(kernels, cap, chunk, step))
        .reduce(new Result(0, 0, 0, 0), Result::and);
  }

  private static Result chunk(SoftmaxKernels kernels, float cap, int chunk, int step) {
    long size = (1L << 32) / CHUNKS;
    int first = (int) (chunk * size);
    int n = (int) ((size + step - 1) / step);
    float[] x = new float[n];
    for (int c = 0; c < n; c++) {
      x[c] = Float.intBitsToFloat(first + c * step);
    }
    float[] capped = new float[n];
    Rows row = Rows.of(1, n);
    kernels.softcap(x, row, cap, capped, row);
    long hash = 0;
    double ulps = 0;
    float worst = 0;
    for (int c = 0; c < n; c++) {
      // floatToIntBits: any NaN equals any other.
      long bits = Float.floatToIntBits(capped[c]);
      hash += (bits ^ (long) (first + c * step) << 32) * 0x9e3779b97f4a7c15L >>> 7;
      double error = error(capped[c], x[c], cap);
      if (error > ulps) {
        ulps = error;
        worst = x[c];
      }
    }
    return new Result(n, hash, ulps, worst);
  }

  /** In ULP; what is beyond the cap, or has the other sign, is infinitely wrong. */
  private static double error(float capped, float x, float cap) {
    double y = Math.abs((double) x);
    // Four fifths of all floats: a fifth of an ULP at the most, which no result depends on.
    if (y < 0x1p-13 * cap && Float.compare(capped, x) == 0
        || y > 10.0 * cap && capped == Math.copySign(cap, x)) {
      return 0;
    }
    if (Math.abs(capped) > cap || Math.copySign(1, x) != Math.copySign(1, capped)) {
      return Float.isNaN(x) ? 0 : Double.POSITIVE_INFINITY;
    }
    return Ulps.between(capped, exact(x, cap));
  }

  static double exact(float x, float cap) {
    double y = (double) x / cap;
    return cap * (Math.abs(y) < 0x1p-20 ? y - y * y * y / 3 : StrictMath.tanh(y));
  }
}
