package io.softlane.internal.loops;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The vector loops, each once C2 has compiled it, and until then the scalar ones, which have the
 * same bits: before, a vector is an object on the heap, and a loop takes hundreds of times as long.
 *
 * <p>A loop is compiled by being run, on rows of its own and not on the caller's: for at most a
 * part of the time that has passed, a few milliseconds at a time, by whichever thread asks for the
 * loop. It is compiled when it is about as fast as the scalar one, several times in a row. Threads
 * may race for the figures here: they decide about speed alone.
 */
public final class WarmingLoops implements Loops {
  public static final WarmingLoops INSTANCE = new WarmingLoops(false);

  /**
   * The vector loops from the first call on, which waits for those it needs: one that is asked for
   * once a call, on a batch's last rows, else takes seconds to get there. Those of native memory
   * are not used before they are compiled: where a file behind it is cut short, other code may end
   * the JVM (see {@link Pipeline}).
   */
  public static final WarmingLoops EAGER = new WarmingLoops(true);

  /** How long a call may wait for such a loop, and how many calls for one of native memory. */
  private static final long LONGEST = 1_000_000_000;

  private static final int CALLS = 10;

  /** Of the time that passes, this part at the most is spent on warming up. */
  private static final int SHARE = 10;

  /** At first it is this part, until so much is spent: what all loops need, C2 included. */
  private static final int FIRST_SHARE = 2;

  private static final long FIRST = 3_000_000_000L;

  private static final long SLICE = 2_000_000;

  /** So many runs in a row that take less than twice the scalar loop's are of C2's code. */
  private static final int RUNS = 3;

  /**
   * The scalar loop may not be compiled itself: its run counts as so many ns at most, of a turn or
   * another loop, and one more every so many runs. docs/engineering.md has measurements.
   */
  private static final int TURN = 100;

  private static final int OTHER = 400;
  private static final int RUNS_A_NANO = 1000;

  // What is no kind of turn.
  private static final int SUMS = Kind.COUNT;
  private static final int LOG_SUMS = SUMS + 1;
  private static final int SCALES = SUMS + 2;
  private static final int SUBTRACTS = SUMS + 3;
  private static final int MAXIMA = SUMS + 4;
  private static final int FIND = SUMS + 5;
  private static final int SCORES = SUMS + 6;
  private static final int CLAMP = SUMS + 7;
  private static final int SUM = SUMS + 8;
  private static final int DOT = SUMS + 9;
  private static final int EXPS = SUMS + 10;
  private static final int DIVIDE = SUMS + 11;
  private static final int SUBTRACT = SUMS + 12;
  private static final int BACKWARD = SUMS + 13;
  private static final int TARGET_SUM = SUMS + 14;
  private static final int TARGET_LOSS = SUMS + 15;
  private static final int GRADIENT = SUMS + 16;
  private static final int SOFTCAP = SUMS + 17;
  private static final int ABOVE = SUMS + 18;
  private static final int MASSES = SUMS + 19;
  private static final int TOP_K = SUMS + 20;
  private static final int FEW_COLUMNS = SUMS + 21;
  private static final int COUNT = SUMS + 22;

  /** Columns of a row to warm up on: few, since C2 wants hundreds of calls, and long loops. */
  private static final int COLS = 20 * Lanes.WIDTH;

  private static final int ROWS = 8;

  /** Columns of rows whose sums are taken in different ways. */
  private static final int[] SUMMED = {10, COLS / ROWS, VectorBlocks.ONE_BY_ONE};

  /**
   * C2 takes up a method that was called 600 times and went round 15000 times, be it for nothing.
   * So turns are mostly of few columns and go round so often before; some are long, or C2 would
   * take all rows for short. (64 x 1000 beside a busy core: vector loops after 1.4 s, 3.3 without.)
   */
  private static final int IDLE = 20;

  private static final int FEW = 2 * Lanes.WIDTH;

  private static final Loops VECTORS = VectorLoops.INSTANCE;
  private static final Loops SCALARS = ScalarLoops.INSTANCE;

  private final boolean isEager;
  private final boolean[] ready = new boolean[COUNT];
  private final int[] close = new int[COUNT];
  private final int[] calls = new int[COUNT];
  private final long[] scalarNanos = new long[COUNT];
  private final int[] runs = new int[COUNT];
  private final AtomicBoolean busy = new AtomicBoolean();
  private long next = System.nanoTime();
  private long spent;
  private long hurried = next;
  private int misses;
  private Rows rows;

  /** For tests; callers share the two above. */
  public WarmingLoops(boolean isEager) {
    this.isEager = isEager;
  }

  /** Rows to warm up on. */
  private static final class Rows {
    final float[] x = new float[2 * COLS];
    final float[] s = new float[4 * COLS];
    final float[] out = new float[2 * COLS];
    final int[] columns = new int[2 * COLS];
    final float[] factors = new float[ROWS];
    final double[] sums = new double[3 * ROWS];
    final MemorySegment g = Arena.ofAuto().allocate(4L * 2 * COLS);
    final Turn turn = new Turn();
    private final Top top = new Top();
    final Tanh tanh = new Tanh();
    final Targets targets = new Targets();
    private final Results results = new Results(ROWS);
    int runs;

    /**
     * Rows of few columns of each kind that a loop for such may meet. One that it has not met when
     * C2 compiles it makes it an interpreted loop again.
     */
    private final float[][] rows = {x, new float[COLS], new float[COLS]};

    Rows() {
      Arrays.fill(rows[1], -25); // a sum below the window
      rows[2][3] = -100; // not plain
      for (int c = 0; c < x.length; c++) {
        x[c] = c % 7 - 3;
      }
      Arrays.fill(s, 1);
      Arrays.fill(factors, 1);
      targets.y = x;
      targets.w = x;
      top.x = x;
      top.stride = 20;
      top.rows = ROWS;
      top.n = 20;
      top.indices = columns;
      results.out = out;
    }

    Top top(int k) {
      top.k = k;
      return top;
    }

    /** Of rows of either kind, see {@link VectorBlocks#LONG}. */
    Results results(float[] v, boolean isLong) {
      int n = isLong ? VectorBlocks.LONG : COLS / ROWS;
      results.rows = Math.min(ROWS, out.length / n);
      results.v = v;
      results.pitch = n;
      results.n = n;
      results.stride = n;
      return results;
    }
  }

  /** Whether a loop is compiled; on the way there, gives it a little time. */
  private boolean isReady(int loop) {
    return ready[loop] || warmed(loop);
  }

  private boolean warmed(int loop) {
    long now = System.nanoTime();
    misses++;
    boolean isOver = isEager ? calls[loop] >= CALLS : now - hurried >= 0 && now - next < 0;
    if (isOver || busy.getAndSet(true)) {
      return false; // where another is compiled, no call has waited: this loop's turn comes
    }
    try {
      calls[loop]++;
      warm(loop, now + (isEager ? LONGEST : SLICE));
      ready[loop] |= isEager && (loop >= SUMS || (loop & (Kind.FROM | Kind.TO)) == 0);
    } finally {
      long end = System.nanoTime();
      spent += end - now;
      next = end + ((spent < FIRST ? FIRST_SHARE : SHARE) - 1) * (end - now);
      busy.set(false);
    }
    return ready[loop];
  }

  /** Runs a loop until it is compiled, or the time is over. */
  private void warm(int loop, long end) {
    if (rows == null) {
      rows = new Rows();
    }
    do {
      long start = System.nanoTime();
      run(SCALARS, loop);
      long middle = System.nanoTime();
      run(VECTORS, loop);
      long vectorNanos = System.nanoTime() - middle;
      long nanos = Math.max(TURN, middle - start);
      scalarNanos[loop] = scalarNanos[loop] == 0 ? nanos : Math.min(scalarNanos[loop], nanos);
      int most = (loop < SUMS ? TURN : OTHER) + runs[loop]++ / RUNS_A_NANO;
      close[loop] = vectorNanos < 2 * Math.min(scalarNanos[loop], most) ? close[loop] + 1 : 0;
      ready[loop] = close[loop] >= RUNS;
    } while (!ready[loop] && System.nanoTime() - end < 0);
  }

  /** Gives loops that are asked for all of the time, until {@link System#nanoTime} is so far. */
  public void hurry(long end) {
    hurried = end;
  }

  /** How often a loop was asked for that was not compiled. */
  public int misses() {
    return misses;
  }

  /** One run of a loop on the rows, with and without what a row may have and another not. */
  private void run(Loops loops, int loop) {
    Rows r = rows;
    int round = r.runs++ >>> 1;
    boolean odd = (round & 1) != 0;
    int n = odd ? COLS + 3 : COLS;
    int few = (round & 2) == 0 ? FEW / 2 : FEW - 1;
    int some = SUMMED[round % SUMMED.length];
    switch (loop) {
      case FEW_COLUMNS -> loops.few(r.rows[round % 3], 0, few, r.s, odd ? null : r.out, 0);
      case SUMS -> loops.sums(r.s, 0, Math.clamp(COLS / some, 1, ROWS), some, r.sums);
      case LOG_SUMS -> loops.logSums(r.sums, ROWS, 0, r.sums);
      case SCALES -> loops.scales(r.results(r.s, odd));
      case SUBTRACTS -> loops.subtracts(r.results(r.x, odd));
      case MAXIMA ->
          loops.maxima(
              r.x, odd ? 0 : r.x.length - 4 * ROWS, odd ? 10 : 4, ROWS, odd ? 10 : 4, r.factors, 0);
      case FIND -> loops.find(r.s, 0, n, 1);
      case SCORES -> loops.scores(r.x, 0, n, 1, odd ? r.x : null, 0, r.out, 0);
      case ABOVE -> loops.above(r.x, 0, n, odd ? 1 : 3, r.columns, 0);
      case TOP_K -> loops.topK(r.top(odd ? 2 : 1));
      case MASSES -> loops.masses(r.s, 0, r.s.length, r.factors, r.sums);
      case SOFTCAP -> loops.softcap(r.x, 0, n, odd ? 1 : 2, r.tanh.of(odd ? 3 : 1e-30f), r.out, 0);
      case CLAMP -> loops.clamp(r.x, 0, n, 0, -1, r.out, 0);
      case SUM -> loops.sum(r.x, odd ? 0 : r.x.length - n, n, r.sums);
      case DOT -> loops.dot(r.x, odd ? 0 : r.x.length - n, r.x, 0, n, r.sums);
      case EXPS -> loops.exps(r.x, 0, n, 0, r.out, 0);
      case DIVIDE -> loops.divide(r.x, 0, n, 3, r.out, 0);
      case SUBTRACT -> loops.subtract(r.x, 0, r.x, 0, n, r.out, 0);
      case BACKWARD -> loops.backward(r.x, 0, r.x, 0, n, 1, r.out, 0);
      case TARGET_SUM -> loops.targetSum(r.targets, n);
      case TARGET_LOSS -> loops.targetLoss(r.targets, r.x, 0, n, 0, 0);
      case GRADIENT -> loops.gradient(r.targets, r.s, 0, n, 1, 1, r.out, 0);
      default -> turn(loops, loop, r, (round & 14) == 0 ? COLS : FEW, odd);
    }
  }

  private static void turn(Loops loops, int kind, Rows r, int whole, boolean odd) {
    Turn t = r.turn;
    t.idle = IDLE;
    t.n = odd ? whole + 3 : whole;
    t.all = t.n;
    t.isFirst = !odd;
    t.x = r.x;
    t.g = r.g;
    t.mask = r.x;
    t.s = r.s;
    t.b = COLS + 16;
    t.d = 2 * COLS + 32;
    t.hi = 1;
    t.out = r.out;
    t.w = r.g;
    t.to = 4L * (COLS / 2);
    loops.turn(kind, t);
  }

  // ---- the loops ----

  private Loops of(int loop) {
    return isReady(loop) ? VECTORS : SCALARS;
  }

  @Override
  public void turn(int kind, Turn t) {
    of(kind).turn(kind, t);
  }

  @Override
  public int lag(int n) {
    return VECTORS.lag(n);
  }

  @Override
  public double few(float[] x, int i, int n, float[] s, float[] out, int o) {
    Loops loops = n < Lanes.WIDTH ? SCALARS : of(FEW_COLUMNS);
    return loops.few(x, i, n, s, out, o);
  }

  @Override
  public void sums(float[] s, int i, int rows, int n, double[] sums) {
    of(SUMS).sums(s, i, rows, n, sums);
  }

  @Override
  public void logSums(double[] sums, int rows, int k, double[] logSums) {
    of(LOG_SUMS).logSums(sums, rows, k, logSums);
  }

  @Override
  public void scales(Results t) {
    of(SCALES).scales(t);
  }

  @Override
  public void subtracts(Results t) {
    of(SUBTRACTS).subtracts(t);
  }

  @Override
  public void maxima(float[] x, int i, int stride, int rows, int n, float[] max, int at) {
    of(MAXIMA).maxima(x, i, stride, rows, n, max, at);
  }

  @Override
  public int find(float[] x, int i, int n, float value) {
    return of(FIND).find(x, i, n, value);
  }

  @Override
  public int above(float[] x, int i, int n, float bound, int[] columns, int at) {
    return of(ABOVE).above(x, i, n, bound, columns, at);
  }

  @Override
  public void topK(Top t) {
    of(TOP_K).topK(t);
  }

  @Override
  public void masses(float[] s, int b, int n, float[] bounds, double[] masses) {
    of(MASSES).masses(s, b, n, bounds, masses);
  }

  @Override
  public void scores(float[] x, int i, int n, float scale, float[] y, int j, float[] out, int o) {
    of(SCORES).scores(x, i, n, scale, y, j, out, o);
  }

  @Override
  public void softcap(float[] x, int i, int n, float scale, Tanh tanh, float[] out, int o) {
    of(SOFTCAP).softcap(x, i, n, scale, tanh, out, o);
  }

  @Override
  public void clamp(float[] x, int i, int n, float shift, float floor, float[] out, int o) {
    of(CLAMP).clamp(x, i, n, shift, floor, out, o);
  }

  @Override
  public double sum(float[] v, int i, int n, double[] lanes) {
    return of(SUM).sum(v, i, n, lanes);
  }

  @Override
  public double dot(float[] p, int i, float[] u, int j, int n, double[] lanes) {
    return of(DOT).dot(p, i, u, j, n, lanes);
  }

  @Override
  public void exps(float[] x, int i, int n, float shift, float[] e, int o) {
    of(EXPS).exps(x, i, n, shift, e, o);
  }

  @Override
  public void divide(float[] v, int i, int n, float s, float[] out, int o) {
    of(DIVIDE).divide(v, i, n, s, out, o);
  }

  @Override
  public void subtract(float[] p, int i, float[] y, int j, int n, float[] out, int o) {
    of(SUBTRACT).subtract(p, i, y, j, n, out, o);
  }

  @Override
  public void backward(float[] p, int i, float[] u, int j, int n, double dot, float[] out, int o) {
    of(BACKWARD).backward(p, i, u, j, n, dot, out, o);
  }

  @Override
  public double targetSum(Targets a, int n) {
    return of(TARGET_SUM).targetSum(a, n);
  }

  @Override
  public double targetLoss(Targets a, float[] x, int i, int n, double shift, double logSum) {
    return of(TARGET_LOSS).targetLoss(a, x, i, n, shift, logSum);
  }

  @Override
  public void gradient(
      Targets a, float[] s, int d, int n, double factor, float lift, float[] out, int o) {
    of(GRADIENT).gradient(a, s, d, n, factor, lift, out, o);
  }

  @Override
  public String toString() {
    return VECTORS.toString();
  }
}
