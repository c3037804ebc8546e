package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Every other loop on vectors has the scalar loop's bits, and touches nothing beside its rows; sums
 * above bounds alone are only close to the scalar ones, as promised.
 */
class LoopsTest {
  private static final Loops SCALAR = ScalarLoops.INSTANCE;
  private static final Loops VECTOR = VectorLoops.INSTANCE;

  /** Caps whose powers are floats, and others. */
  private static final Tanh[] TANHS = {
    new Tanh().of(3), new Tanh().of(30), new Tanh().of(1e30f), new Tanh().of(Float.MIN_VALUE)
  };

  /** A loop, whose results are an array and a number. */
  private interface Action {
    double run(Loops loops, float[] out);
  }

  @Test
  void oneRow() {
    row();
  }

  static void row() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 3000; round++) {
      int n = random.nextInt(4) == 0 ? 16 * random.nextInt(1, 30) : random.nextInt(1, 100);
      int i = random.nextInt(20);
      int j = random.nextInt(20);
      int o = random.nextInt(20);
      // or the array ends with the row
      float[] x = values(random, i + n + (round % 3 == 0 ? 0 : 20));
      float[] y = values(random, j + n + (round % 5 == 0 ? random.nextInt(9) : 20));
      double[] lanes = new double[Lanes.LANES];
      float a = (float) (3 * random.nextGaussian());
      double b = random.nextGaussian();
      int size = o + n + 20;
      String what = n + " columns, round " + round;
      check("sum", what, size, (l, out) -> l.sum(x, i, n, lanes));
      check("dot", what, size, (l, out) -> l.dot(x, i, y, j, n, lanes));
      check("exps", what, size, (l, out) -> run(() -> l.exps(x, i, n, a, out, o)));
      check("divide", what, size, (l, out) -> run(() -> l.divide(x, i, n, a, out, o)));
      check("subtract", what, size, (l, out) -> run(() -> l.subtract(x, i, y, j, n, out, o)));
      check("backward", what, size, (l, out) -> run(() -> l.backward(x, i, y, j, n, b, out, o)));
      check("clamp", what, size, (l, out) -> run(() -> l.clamp(x, i, n, a, -2, out, o)));
      check("scale", what, size, (l, out) -> run(() -> l.scores(x, i, n, a, null, 0, out, o)));
      check("mask", what, size, (l, out) -> run(() -> l.scores(x, i, n, a, y, j, out, o)));
      Tanh cap = TANHS[round % TANHS.length];
      float scale = round % 3 == 0 ? 1 : Math.abs(a);
      check("softcap", what, size, (l, out) -> run(() -> l.softcap(x, i, n, scale, cap, out, o)));
      check("find", what, size, (l, out) -> l.find(x, i, n, x[i + (o * n) / 20]));
    }
  }

  @Test
  void fewColumns() {
    few();
  }

  /** One row a call: the stages one by one are what it is measured by. */
  static void few() {
    SplittableRandom random = new SplittableRandom(5);
    float[] s = new float[Loops.SHORT];
    int done = 0;
    for (int round = 0; round < 12000; round++) {
      int n = random.nextInt(1, VectorFew.MOST * Lanes.WIDTH + 10);
      Turn t = new Turn();
      t.n = n;
      t.all = n;
      t.i = random.nextInt(20);
      t.x = values(random, t.i + n);
      if (round % 7 == 0) {
        // not plain, or with a sum outside of the window; in the last column more often than not
        float[] odd = {Float.NEGATIVE_INFINITY, Float.NaN, -46, 44, 32, 1e30f};
        t.x[t.i + Math.max(0, n - 1 - random.nextInt(3))] = odd[random.nextInt(odd.length)];
      } else if (round % 7 == 1) {
        Arrays.fill(t.x, -20); // below the window, if there are not many
      }
      t.s = new float[n];
      t.k = Window.K;
      t.isFirst = true;
      SCALAR.turn(Kind.TERMS | Kind.SUM, t);
      double sum = t.plain ? t.total() : Double.POSITIVE_INFINITY;
      boolean isFew = n <= VectorFew.MOST * Lanes.WIDTH;
      boolean inPlace = random.nextBoolean();
      int o = inPlace ? t.i : random.nextInt(20);
      float[] out = inPlace ? t.x.clone() : new float[o + n + 20];
      float[] expected = out.clone();
      boolean writes = round % 3 > 0;
      if (isFew && writes && Window.holds(sum)) {
        done++;
        t.hi = (float) (Kind.LIFT / sum);
        t.lo = (float) (Kind.LIFT / sum - t.hi);
        t.out = expected;
        t.o = o;
        SCALAR.turn(Kind.SCALE | Kind.LIFTED, t);
      }
      double actual = VECTOR.few(inPlace ? out : t.x, t.i, n, s, writes ? out : null, o);
      String what = n + " columns, round " + round;
      assertEquals(isFew ? sum : Double.NaN, actual, what);
      if (isFew && Window.holds(sum)) {
        assertEquals(-1, Arrays.mismatch(t.s, 0, n, s, 0, n), what);
      }
      assertEquals(-1, Arrays.mismatch(expected, out), what);
    }
    assertTrue(done > 500, "rows with results: " + done);
  }

  private static double run(Runnable loop) {
    loop.run();
    return 0;
  }

  /** Loops that read whole vectors, of arrays that have room for few, or none. */
  @Test
  void arraysWithoutRoom() {
    tight();
  }

  static void tight() {
    SplittableRandom random = new SplittableRandom(8);
    for (int n = 1; n <= 3 * Loops.GROUP; n++) {
      for (int i : new int[] {0, n / 2}) {
        float[] x = values(random, n);
        float[] u = values(random, n);
        int cols = n - i;
        String what = cols + " of " + n;
        check("max", what, 1, (l, out) -> l.max(x, i, cols));
        float some = x[i + cols / 2];
        if (some == some) {
          check("find", what, 1, (l, out) -> l.find(x, i, cols, some));
        }
        check("sum", what, 1, (l, out) -> l.sum(x, i, cols, new double[8]));
        check("dot", what, 1, (l, out) -> l.dot(x, i, u, i, cols, new double[8]));
        check("backward", what, n, (l, out) -> run(() -> l.backward(x, i, u, i, cols, 1, out, 0)));
      }
    }
  }

  @Test
  void columnsAboveABound() {
    above();
  }

  static void above() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 2000; round++) {
      int n = random.nextInt(1, 400);
      int i = random.nextInt(20);
      int at = random.nextInt(20);
      float[] x = values(random, i + n);
      // from none to all
      float bound = round % 50 == 0 ? Float.NaN : (float) (6 * random.nextDouble() - 3);
      int[] expected = new int[at + n];
      int[] columns = new int[at + n + Loops.SPILL];
      Arrays.fill(columns, -1);
      int end = SCALAR.above(x, i, n, bound, expected, at);
      String what = n + " columns above " + bound + ", round " + round;
      assertEquals(end, VECTOR.above(x, i, n, bound, columns, at), what);
      assertEquals(-1, Arrays.mismatch(expected, at, end, columns, at, end), what);
      assertEquals(at, Arrays.stream(columns, 0, at).filter(c -> c == -1).count(), what);
    }
  }

  @Test
  void massesAboveBounds() {
    masses();
  }

  static void masses() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 300; round++) {
      int n = random.nextInt(1, 6000);
      int b = random.nextInt(20);
      float[] s = new float[b + n];
      for (int c = 0; c < s.length; c++) {
        s[c] = (float) Math.exp(3 * random.nextGaussian());
      }
      float[] bounds = new float[Loops.BOUNDS];
      for (int j = 0; j < bounds.length; j++) {
        // one of the terms, which counts
        bounds[j] = s[b + random.nextInt(n)];
      }
      double[] expected = new double[Loops.BOUNDS];
      double[] masses = {1, 2, 3, 4};
      SCALAR.masses(s, b, n, bounds, expected);
      VECTOR.masses(s, b, n, bounds, masses);
      for (int j = 0; j < bounds.length; j++) {
        assertEquals(expected[j], masses[j], expected[j] * 0x1p-14, n + " terms, round " + round);
      }
    }
  }

  @Test
  void shortRows() {
    rows();
  }

  static void rows() {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 3000; round++) {
      int n = random.nextInt(1, random.nextInt(3) == 0 ? 256 : 40);
      int rows = random.nextInt(1, 9);
      int pitch = n + random.nextInt(2);
      int stride = n + random.nextInt(4);
      int i = random.nextInt(20);
      int o = random.nextInt(20);
      float[] x = values(random, i + rows * pitch + random.nextInt(2) * Loops.GROUP);
      float[] s = values(random, i + rows * pitch + Loops.GROUP);
      for (int c = 0; c < s.length; c++) {
        s[c] = (float) Math.pow(2, 100 * random.nextDouble() - 13);
      }
      Results t = new Results(rows);
      t.i = i;
      t.pitch = pitch;
      t.rows = rows;
      t.n = n;
      t.o = o;
      t.stride = stride;
      t.isByRow = random.nextBoolean();
      boolean isLong = t.isByRow && n >= 2 * Loops.GROUP;
      for (int r = 0; r < rows; r++) {
        t.hi[r] = (float) random.nextGaussian();
        t.lo[r] = t.hi[r] * 0x1p-25f * random.nextFloat();
      }
      int from = i;
      int out0 = o;
      String what = rows + " rows of " + n + ", round " + round;
      // A row's results may run over into the next row, and the last's into its group.
      int size = o + rows * stride + Loops.GROUP;
      compareRows(
          "scales",
          what,
          size,
          (l, out) -> run(() -> l.scales(at(t, s, out))),
          out0,
          rows,
          n,
          stride);
      compareRows(
          "subtracts",
          what,
          size,
          (l, out) -> run(() -> l.subtracts(at(t, x, out))),
          out0,
          rows,
          n,
          stride);
      float[] odd = random.nextBoolean() ? x : negative(random, x);
      for (int r = 0; r < rows; r++) {
        int at = from + r * pitch;
        check("max", what, 1, (l, out) -> l.max(odd, at, n));
      }
      if (n > Loops.GROUP) {
        if (isLong && random.nextBoolean()) {
          t.turnRound();
          Action action = (l, out) -> run(() -> l.subtracts(at(t, x, out)));
          compareRows("subtracts from the last", what, size, action, out0, rows, n, stride);
          t.turnRound();
        }
        t.o = i;
        t.stride = pitch;
        Action action = (l, out) -> run(() -> l.subtracts(at(t, copy(x, out), out)));
        compareRows("subtracts in place", what, x.length, action, from, rows, n, pitch);
        if (isLong) {
          action = (l, out) -> run(() -> l.scales(at(t, copy(s, out), out)));
          compareRows("scales in place", what, s.length, action, from, rows, n, pitch);
        }
      }
    }
  }

  private static void check(String loop, String what, int size, Action action) {
    float[] scalar = new float[size];
    float[] vector = new float[size];
    double expected = action.run(SCALAR, scalar);
    double actual = action.run(VECTOR, vector);
    String name = loop + ", " + what;
    assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(actual), name);
    assertEquals(-1, Arrays.mismatch(scalar, vector), name);
  }

  private static float[] copy(float[] v, float[] out) {
    System.arraycopy(v, 0, out, 0, v.length);
    return out;
  }

  private static Results at(Results t, float[] v, float[] out) {
    t.v = v;
    t.out = out;
    return t;
  }

  private static void compareRows(
      String loop, String what, int size, Action action, int o, int rows, int n, int stride) {
    float[] scalar = new float[size];
    float[] vector = new float[size];
    action.run(SCALAR, scalar);
    action.run(VECTOR, vector);
    for (int r = 0; r < rows; r++) {
      int from = o + r * stride;
      int at = Arrays.mismatch(scalar, from, from + n, vector, from, from + n);
      assertEquals(-1, at, loop + ", " + what + ", row " + r);
    }
    assertEquals(-1, Arrays.mismatch(scalar, 0, o, vector, 0, o), loop + " before, " + what);
    int end = o + (rows - 1) * stride + n;
    assertEquals(
        -1, Arrays.mismatch(scalar, end, size, vector, end, size), () -> loop + " behind, " + what);
  }

  /** No value of these is positive, and some are NaN, of either sign. */
  private static float[] negative(SplittableRandom random, float[] x) {
    float[] negative = new float[x.length];
    for (int c = 0; c < x.length; c++) {
      int nan = random.nextBoolean() ? 0x7fc00001 : 0xffc00001;
      negative[c] = random.nextInt(50) == 0 ? Float.intBitsToFloat(nan) : -Math.abs(x[c]);
    }
    return negative;
  }

  private static float[] values(SplittableRandom random, int n) {
    float[] values = new float[n];
    boolean calm = random.nextBoolean();
    for (int c = 0; c < n; c++) {
      float normal = (float) (3 * random.nextGaussian());
      values[c] =
          switch (calm ? 9 : random.nextInt(30)) {
            case 0 -> Float.NEGATIVE_INFINITY;
            case 1 -> Float.POSITIVE_INFINITY;
            case 2 -> random.nextBoolean() ? 0f : -0f;
            case 3 -> 1e30f * normal;
            case 4 -> 60 * normal;
            default -> normal;
          };
    }
    return values;
  }
}
