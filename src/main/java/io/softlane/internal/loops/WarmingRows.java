package io.softlane.internal.loops;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Rows to warm up loops on. They meet whatever a caller's may meet: a branch that C2 has never seen
 * taken it leaves out, and the first caller's row that takes it gives up the loop, which vectors
 * are objects in then, for thousands of calls. (All kinds of terms were given up so, at the first
 * row that was not plain.) {@code WarmingTest} holds it.
 */
final class WarmingRows {
  // What is no kind of turn.
  static final int SUMS = Kind.COUNT;
  static final int LOG_SUMS = SUMS + 1;
  static final int SCALES = SUMS + 2;
  static final int SUBTRACTS = SUMS + 3;
  static final int LARGEST = SUMS + 4;
  static final int FIND = SUMS + 5;
  static final int SCORES = SUMS + 6;
  static final int CLAMP = SUMS + 7;
  static final int SUM = SUMS + 8;
  static final int DOT = SUMS + 9;
  static final int EXPS = SUMS + 10;
  static final int DIVIDE = SUMS + 11;
  static final int SUBTRACT = SUMS + 12;
  static final int BACKWARD = SUMS + 13;
  static final int TARGET_SUM = SUMS + 14;
  static final int TARGET_LOSS = SUMS + 15;
  static final int GRADIENT = SUMS + 16;
  static final int SOFTCAP = SUMS + 17;
  static final int ABOVE = SUMS + 18;
  static final int MASSES = SUMS + 19;
  static final int TOP_K = SUMS + 20;
  static final int FEW_COLUMNS = SUMS + 21;
  static final int PART_OF_ONE = SUMS + 22;
  static final int COUNT = SUMS + 23;

  /** Columns of a row to warm up on: few, since C2 wants hundreds of calls, and long loops. */
  private static final int COLS = 20 * Lanes.WIDTH;

  private static final int ROWS = 8;

  /** Columns of a short row, which no vector has room in. */
  private static final int SHORT = 3;

  private static final int TIGHT = Lanes.LANES;

  /** Columns of rows whose sums are taken in different ways. */
  private static final int[] SUMMED = {10, COLS / ROWS, VectorBlocks.ONE_BY_ONE};

  /**
   * C2 takes up a method that was called 600 times and went round 15000 times, be it for nothing.
   * So turns are mostly of few columns and go round so often before; some are long, or C2 would
   * take all rows for short. (64 x 1000 beside a busy core: vector loops after 1.4 s, 3.3 without.)
   */
  private static final int IDLE = 20;

  private static final int FEW = 2 * Lanes.WIDTH;

  /** The most columns of a row that is done at once, and numbers of columns of such. */
  private static final int MANY = VectorFew.MOST * Lanes.WIDTH;

  private static final int[] SOME = {FEW / 2, FEW - 1, FEW + 1, MANY};

  private static final int[] LARGEST_OF = {3, Math.min(10, Lanes.WIDTH), Lanes.WIDTH + 3};

  /** Every so many runs, there is one more, on rows as they are seldom: of 32 kinds. */
  private static final int SELDOM = 8;

  /** Within so many runs, a loop meets all there is. */
  static final int ALL = 32 * SELDOM;

  /** A logit that one column of a row alone has. */
  private static final float LAST = 9;

  private final float[] x = new float[2 * COLS];

  /** Some that are not plain, NaNs, and one that is found in the last columns alone. */
  private final float[] wild = new float[2 * COLS];

  /** One that is shorter than any vector, and one without room behind its last one. */
  private final float[] tiny = new float[SHORT];

  private final float[] tight = new float[Math.max(TIGHT, Lanes.WIDTH)];

  private final float[] s = new float[4 * COLS];
  private final float[] out = new float[2 * COLS];
  private final int[] columns = new int[2 * COLS];
  private final float[] factors = new float[ROWS];
  private final double[] sums = new double[3 * ROWS];
  private final MemorySegment g = Arena.ofAuto().allocate(4L * 2 * COLS);
  private final MemorySegment wildG = Arena.ofAuto().allocate(4L * 2 * COLS);
  private final Turn turn = new Turn();
  private final Top top = new Top();
  private final Tanh tanh = new Tanh();
  private final Targets targets = new Targets();
  private final Results results = new Results(ROWS);

  /** Rows of few columns: sums of two are below the window, and above it. */
  private final float[][] few = {x, new float[COLS], wild, new float[COLS], x};

  private int round;

  WarmingRows() {
    Arrays.fill(few[1], -25);
    Arrays.fill(few[3], 35);
    Arrays.fill(s, 1);
    Arrays.fill(factors, 1);
    for (int c = 0; c < x.length; c++) {
      x[c] = c % 7 - 3;
      wild[c] = x[c];
    }
    wild[1] = Float.intBitsToFloat(0xffc00000); // a NaN whose sign is set
    wild[3] = -100;
    wild[5] = Float.NaN;
    wild[17] = Float.NaN;
    wild[COLS + 1] = LAST;
    wild[2 * COLS - 4 * ROWS + 2] = Float.NaN;
    MemorySegment.copy(wild, 0, wildG, ValueLayout.JAVA_FLOAT, 0, wild.length);
    results.out = out;
    top.indices = columns;
  }

  /** Other rows from now on, with and without what a row may have and another not. */
  void next() {
    round++;
  }

  /** Whether a turn's rows are long ones. */
  boolean areLong() {
    return areLong(round);
  }

  private static boolean areLong(int round) {
    return (round & 14) == 0;
  }

  /** One run of a loop, whose rows take about as long each time, but for those. */
  void run(Loops loops, int loop) {
    run(loops, loop, round, (round & 1) == 0 ? COLS : COLS + 3);
  }

  /** Now and then, one on rows as they are seldom. */
  void runSeldom(Loops loops, int loop) {
    if (round % SELDOM == 0) {
      int q = round / SELDOM;
      run(loops, loop, q, (q & 8) == 0 ? SHORT : (q & 16) == 0 ? TIGHT : COLS - 5);
    }
  }

  private void run(Loops loops, int loop, int round, int n) {
    boolean odd = (round & 1) != 0;
    boolean isWild = (round & 2) != 0;
    float[] x = n == SHORT ? tiny : n == TIGHT ? tight : isWild ? wild : this.x;
    int i = (round & 4) == 0 ? 0 : x.length - n;
    switch (loop) {
      case FEW_COLUMNS -> {
        float[] row = few[round % few.length];
        int some = SOME[round / 2 % SOME.length];
        int cols = n == SHORT ? MANY + 1 : n == TIGHT ? Lanes.WIDTH - 1 : some;
        loops.few(row, 0, cols, s, odd ? null : out, 0);
      }
      case PART_OF_ONE -> {
        for (int q = 0; q < ROWS; q++) { // no loop is in it, so C2 wants many calls
          float[] row = few[(round + q) % few.length];
          int cols = Lanes.WIDTH - 1 - q;
          boolean isLast = (round + q & 4) != 0; // without room for a vector
          float[] to = odd ? null : out;
          loops.few(
              row, isLast ? row.length - cols : 0, cols, s, to, isLast ? out.length - cols : 0);
        }
      }
      case SUMS -> {
        int cols = SUMMED[round % SUMMED.length];
        loops.sums(s, 0, Math.clamp(COLS / cols, 1, ROWS), cols, sums);
      }
      case LOG_SUMS -> loops.logSums(sums, odd ? ROWS : ROWS - 1, 0, sums);
      case SCALES -> loops.scales(results(n == SHORT ? tiny : s, n, odd));
      case SUBTRACTS -> loops.subtracts(results(x, n, odd));
      case LARGEST -> {
        int some = areLong(round) ? COLS : LARGEST_OF[round / 4 % LARGEST_OF.length];
        int cols = n == SHORT || n == TIGHT ? SHORT : some;
        for (int q = 0; q < ROWS; q++) { // one row is little to warm up on
          loops.max(x, odd ? 0 : x.length - cols, cols);
        }
      }
      case FIND -> {
        if (n < COLS - 5) { // without room for a vector, or with
          loops.find(odd ? tiny : tight, 0, SHORT, 0);
        } else if (odd && isWild) { // beyond the last 64, of more than a vector, or of less
          loops.find(wild, 6, COLS - 4, LAST);
        } else {
          loops.find(wild, 0, COLS + 3, odd ? LAST : -100);
        }
      }
      case SCORES -> loops.scores(x, 0, n, 1, odd ? x : null, 0, out, 0);
      case ABOVE -> loops.above(x, 0, n, odd ? 1 : 3, columns, 0);
      case TOP_K -> loops.topK(top(x, n, odd));
      case MASSES -> loops.masses(s, 0, s.length, factors, sums);
      case SOFTCAP -> loops.softcap(x, 0, n, odd ? 1 : 2, tanh.of(odd ? 30 : 1e-30f), out, 0);
      case CLAMP -> loops.clamp(x, 0, n, 0, -1, out, 0);
      case SUM -> loops.sum(x, i, n, sums);
      case DOT -> loops.dot(x, i, x, i, n, sums);
      case EXPS -> loops.exps(x, 0, n, 0, out, 0);
      case DIVIDE -> loops.divide(x, 0, n, 3, out, 0);
      case SUBTRACT -> loops.subtract(x, 0, x, 0, n, out, 0);
      case BACKWARD -> loops.backward(x, 0, x, 0, n, 1, out, 0);
      case TARGET_SUM -> loops.targetSum(targets(round, x), n);
      case TARGET_LOSS -> loops.targetLoss(targets(round, x), x, i, n, 0, 0);
      case GRADIENT -> loops.gradient(targets(round, x), s, 0, n, 1, 1, out, 0);
      default -> loops.turn(loop, turn(round, n == SHORT));
    }
  }

  /** Of rows of either kind, see {@link VectorBlocks#LONG}; short ones with gaps, and in place. */
  private Results results(float[] v, int n, boolean isApart) {
    int cols = n == SHORT ? SHORT : n == COLS + 3 ? VectorBlocks.LONG : COLS / ROWS;
    results.rows = Math.min(ROWS, Math.min(v.length, out.length) / cols);
    results.v = n == COLS - 5 ? out : v;
    results.isByRow = n == COLS - 5;
    results.pitch = cols;
    results.n = cols;
    results.stride = n == SHORT && isApart ? cols + 1 : cols;
    return results;
  }

  /** Mostly of short rows; of one with 20 equal scores, and with more than there is room for. */
  private Top top(float[] x, int n, boolean odd) {
    boolean isUsual = n >= COLS;
    top.x = isUsual ? x : few[1];
    top.rows = isUsual ? ROWS : 1;
    top.n = isUsual || n == SHORT && odd ? 20 : n == TIGHT ? 2 * Loops.GROUP : n;
    top.stride = top.n;
    top.k = odd ? 2 : 1;
    top.values = odd ? out : null;
    return top;
  }

  private Targets targets(int round, float[] y) {
    targets.y = (round & 2) == 0 ? y : null;
    targets.w = (round & 4) == 0 ? y : null;
    return targets;
  }

  /** Sums may be of terms that end with their array. */
  private Turn turn(int round, boolean isTight) {
    Turn t = turn;
    boolean odd = (round & 1) != 0;
    boolean isWild = (round & 16) != 0;
    int whole = areLong(round) ? COLS : FEW;
    t.idle = IDLE;
    t.n = odd ? whole + 3 : whole;
    t.all = t.n;
    t.isFirst = !odd;
    t.x = isWild ? wild : x;
    t.g = isWild ? wildG : g;
    t.mask = x;
    t.s = s;
    t.b = isTight ? s.length - t.n : COLS + 16;
    t.d = 2 * COLS + 32;
    t.hi = 1;
    t.out = out;
    t.w = g;
    t.to = 4L * (COLS / 2);
    return t;
  }
}
