package io.softlane;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Every gradient against central differences, in double, of the function that it is the gradient
 * of: this catches a wrong formula, which kernels and oracle might share.
 *
 * <p>A central difference of step h errs by h^2 / 6 times the third derivative, here at most 2e-9
 * of its scale, and by the rounding of the function over h, here 1e-11 of its value.
 */
interface GradientContract {
  double STEP = 1e-4;
  double STEP_ERROR = 1e-8;

  SoftmaxKernels kernels();

  private static double difference(double[] o, int c, ToDoubleFunction<double[]> f) {
    double[] up = o.clone();
    double[] down = o.clone();
    up[c] += STEP;
    down[c] -= STEP;
    return (f.applyAsDouble(up) - f.applyAsDouble(down)) / (up[c] - down[c]);
  }

  private static Call call(Operation operation, int rows, int cols, int seed) {
    return Call.of(operation, new Sample(Logits.NORMAL, rows, cols, seed));
  }

  @Property(tries = 300)
  default void gradientOfLabelsIsTheDerivative(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 20) int cols,
      @ForAll int seed) {
    crossEntropy(call(Operation.GRADIENT_OF_LABELS, rows, cols, seed));
  }

  @Property(tries = 300)
  default void gradientOfTargetsIsTheDerivative(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 20) int cols,
      @ForAll int seed) {
    crossEntropy(call(Operation.GRADIENT_OF_TARGETS, rows, cols, seed));
  }

  private void crossEntropy(Call call) {
    call.run(kernels());
    CrossEntropy options = call.options;
    boolean mean = options.reduction() == CrossEntropy.Reduction.MEAN;
    double weight = call.loss.weight();
    double factor = !mean ? 1 : weight == 0 ? 0 : 1 / weight;
    double z = options.zLoss();
    for (int r = 0; r < call.inRows.rows(); r++) {
      double[] o = Oracle.row(call.in, call.inRows, r);
      boolean dense = call.labels == null;
      boolean ignored = !dense && options.ignoring() && call.labels[r] == options.ignoreIndex();
      double[] a =
          ignored
              ? new double[o.length]
              : dense
                  ? Oracle.terms(options, Oracle.row(call.second, call.secondRows, r))
                  : Oracle.terms(options, call.labels[r], o.length);
      double rowZ = ignored ? 0 : z;
      double total = Arrays.stream(a).map(Math::abs).sum();
      double lse = Math.abs(Oracle.lse(o));
      double scale = total + rowZ * (6 + 2 * lse);
      for (int c = 0; c < o.length; c++) {
        double exact = factor * difference(o, c, x -> Oracle.loss(x, a, rowZ));
        // The kernel's own 4 ULP of the larger term, which is at most the scale.
        double bound = 4 * Ulps.of(scale * factor) + 3 * STEP_ERROR * scale * factor;
        Ulps.assertError(call.out().get(r, c), exact, bound, call + "\nd loss", r, c);
      }
    }
  }

  @Property(tries = 300)
  default void softmaxBackwardIsTheDerivative(
      @ForAll @IntRange(min = 1, max = 20) int cols, @ForAll int seed) {
    Call call = call(Operation.SOFTMAX_BACKWARD, 1, cols, seed);
    double[] o = Oracle.row(call.in, call.inRows, 0);
    double[] u = Oracle.row(call.second, call.secondRows, 0);
    kernels().softmax(call.in, call.inRows, call.in, call.inRows);
    call.run(kernels());
    double[] p = Oracle.softmax(o);
    double most = Arrays.stream(u).map(Math::abs).max().getAsDouble();
    for (int c = 0; c < cols; c++) {
      double exact = difference(o, c, x -> dot(u, Oracle.softmax(x)));
      // 3 ULP of the probabilities, in p_j and in the sum, are 2^-21 each; then 1 ULP.
      double bound = p[c] * 0x1p-20 * 2 * most + Ulps.of(exact) + STEP_ERROR * most;
      Ulps.assertError(call.out().get(0, c), exact, bound, "d softmax", 0, c);
    }
  }

  @Property(tries = 300)
  default void logSoftmaxBackwardIsTheDerivative(
      @ForAll @IntRange(min = 1, max = 20) int cols, @ForAll int seed) {
    Call call = call(Operation.LOG_SOFTMAX_BACKWARD, 1, cols, seed);
    double[] o = Oracle.row(call.in, call.inRows, 0);
    double[] u = Oracle.row(call.second, call.secondRows, 0);
    kernels().logSoftmax(call.in, call.inRows, call.in, call.inRows);
    call.run(kernels());
    double[] l = Oracle.logSoftmax(o);
    double sum = Arrays.stream(u).map(Math::abs).sum();
    for (int c = 0; c < cols; c++) {
      double exact = difference(o, c, x -> dot(u, Oracle.logSoftmax(x)));
      // The error of log p, 2^-22 of it, is one of p; exp adds 1 ULP, the result another.
      double size = (0x1p-22 * Math.max(1, -l[c]) + 0x1p-23) * Math.exp(l[c]);
      double bound = size * sum + Ulps.of(exact) + STEP_ERROR * (1 + sum);
      Ulps.assertError(call.out().get(0, c), exact, bound, "d logSoftmax", 0, c);
    }
  }

  /** The building blocks compose to softmax and to its gradient. */
  @Property(tries = 100)
  default void buildingBlocksCompose(
      @ForAll @IntRange(min = 1, max = 50) int cols, @ForAll int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] o = new float[cols];
    Logits.NORMAL.fill(random, o, 0, cols);
    Rows rows = Rows.of(1, cols);
    float[] max = new float[1];
    float[] sum = new float[1];
    float[] p = new float[cols];
    kernels().max(o, rows, max);
    kernels().expSum(o, rows, max, p, rows, sum);
    kernels().normalize(p, rows, sum, p, rows);
    double[] exact = Oracle.softmax(Oracle.row(o, rows, 0));
    int[] label = {random.nextInt(cols)};
    float[] g = new float[cols];
    kernels().subtractOneHot(p, rows, label, g, rows);
    for (int c = 0; c < cols; c++) {
      // 1 ULP of exp, 2 of the sum, 1/2 of the division: in all at most 2^-23 each.
      Ulps.assertError(p[c], exact[c], 3.5 * 0x1p-23 * exact[c], "composed softmax", 0, c);
      double y = c == label[0] ? 1 : 0;
      double bound = 3.5 * 0x1p-23 * exact[c] + 0x1p-24;
      Ulps.assertError(g[c], exact[c] - y, bound, "composed gradient", 0, c);
    }
  }

  private static double dot(double[] u, double[] v) {
    double[] products = new double[u.length];
    Arrays.setAll(products, c -> u[c] * v[c]);
    return Oracle.sum(products);
  }
}
