package io.softlane.internal.loops;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The vector loops, each once C2 has compiled it, and until then the scalar ones, which have the
 * same bits: before, a vector is an object on the heap, and a loop takes hundreds of times as long.
 *
 * <p>A loop is compiled by being run, on rows of its own and not on the caller's: for at most a
 * part of the time that has passed, a few milliseconds at a time, by whichever thread asks for the
 * loop. It is compiled when it is about as fast as the scalar one, many times. Threads may race for
 * the figures here: they decide about speed alone.
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

  /** A loop is ready after so many quick runs; a slow one takes back sixteen of them. */
  private static final int RUNS = WarmingRows.ALL;

  private static final int SLOW = 16;

  /**
   * Quick is what takes less than twice the scalar loop's time. That may not be compiled itself: it
   * counts as so many ns at most, of a turn or another loop, and 100 at least, and as one more
   * every so many runs. docs/engineering.md has measurements.
   */
  private static final int TURN = 100;

  private static final int OTHER = 400;
  private static final int RUNS_A_NANO = 1000;

  private static final Loops VECTORS = VectorLoops.INSTANCE;
  private static final Loops SCALARS = ScalarLoops.INSTANCE;

  private final boolean isEager;
  private final boolean[] ready = new boolean[WarmingRows.COUNT];
  private final int[] close = new int[WarmingRows.COUNT];
  private final int[] calls = new int[WarmingRows.COUNT];
  private final long[] scalarNanos = new long[WarmingRows.COUNT];
  private final int[] runs = new int[WarmingRows.COUNT];
  private final AtomicBoolean busy = new AtomicBoolean();
  private long next = System.nanoTime();
  private long spent;
  private long hurried = next;
  private int misses;
  private WarmingRows rows;

  /** For tests; callers share the two above. */
  public WarmingLoops(boolean isEager) {
    this.isEager = isEager;
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
      ready[loop] |= isEager && (loop >= WarmingRows.SUMS || (loop & (Kind.FROM | Kind.TO)) == 0);
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
      rows = new WarmingRows();
    }
    do {
      rows.next();
      long start = System.nanoTime();
      rows.run(SCALARS, loop);
      long middle = System.nanoTime();
      rows.run(VECTORS, loop);
      long vectorNanos = System.nanoTime() - middle;
      rows.runSeldom(VECTORS, loop);
      long nanos = middle - start;
      scalarNanos[loop] = scalarNanos[loop] == 0 ? nanos : Math.min(scalarNanos[loop], nanos);
      int most = loop < WarmingRows.SUMS ? TURN : OTHER;
      long scalar = Math.clamp(scalarNanos[loop], TURN, most) + runs[loop]++ / RUNS_A_NANO;
      if (!rows.areLong()) {
        close[loop] = Math.max(0, close[loop] + (vectorNanos < 2 * scalar ? 1 : -SLOW));
      }
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
    if (n < VectorFew.LEAST) {
      return SCALARS.few(x, i, n, s, out, o);
    }
    int loop = n < Lanes.WIDTH ? WarmingRows.PART_OF_ONE : WarmingRows.FEW_COLUMNS;
    return of(loop).few(x, i, n, s, out, o);
  }

  @Override
  public void sums(float[] s, int i, int rows, int n, double[] sums) {
    of(WarmingRows.SUMS).sums(s, i, rows, n, sums);
  }

  @Override
  public void logSums(double[] sums, int rows, int k, double[] logSums) {
    of(WarmingRows.LOG_SUMS).logSums(sums, rows, k, logSums);
  }

  @Override
  public void scales(Results t) {
    of(WarmingRows.SCALES).scales(t);
  }

  @Override
  public void subtracts(Results t) {
    of(WarmingRows.SUBTRACTS).subtracts(t);
  }

  @Override
  public float max(float[] x, int i, int n) {
    return of(WarmingRows.LARGEST).max(x, i, n);
  }

  @Override
  public int find(float[] x, int i, int n, float value) {
    return of(WarmingRows.FIND).find(x, i, n, value);
  }

  @Override
  public int above(float[] x, int i, int n, float bound, int[] columns, int at) {
    return of(WarmingRows.ABOVE).above(x, i, n, bound, columns, at);
  }

  @Override
  public void topK(Top t) {
    of(WarmingRows.TOP_K).topK(t);
  }

  @Override
  public void masses(float[] s, int b, int n, float[] bounds, double[] masses) {
    of(WarmingRows.MASSES).masses(s, b, n, bounds, masses);
  }

  @Override
  public void scores(float[] x, int i, int n, float scale, float[] y, int j, float[] out, int o) {
    of(WarmingRows.SCORES).scores(x, i, n, scale, y, j, out, o);
  }

  @Override
  public void softcap(float[] x, int i, int n, float scale, Tanh tanh, float[] out, int o) {
    of(WarmingRows.SOFTCAP).softcap(x, i, n, scale, tanh, out, o);
  }

  @Override
  public void clamp(float[] x, int i, int n, float shift, float floor, float[] out, int o) {
    of(WarmingRows.CLAMP).clamp(x, i, n, shift, floor, out, o);
  }

  @Override
  public double sum(float[] v, int i, int n, double[] lanes) {
    return of(WarmingRows.SUM).sum(v, i, n, lanes);
  }

  @Override
  public double dot(float[] p, int i, float[] u, int j, int n, double[] lanes) {
    return of(WarmingRows.DOT).dot(p, i, u, j, n, lanes);
  }

  @Override
  public void exps(float[] x, int i, int n, float shift, float[] e, int o) {
    of(WarmingRows.EXPS).exps(x, i, n, shift, e, o);
  }

  @Override
  public void divide(float[] v, int i, int n, float s, float[] out, int o) {
    of(WarmingRows.DIVIDE).divide(v, i, n, s, out, o);
  }

  @Override
  public void subtract(float[] p, int i, float[] y, int j, int n, float[] out, int o) {
    of(WarmingRows.SUBTRACT).subtract(p, i, y, j, n, out, o);
  }

  @Override
  public void backward(float[] p, int i, float[] u, int j, int n, double dot, float[] out, int o) {
    of(WarmingRows.BACKWARD).backward(p, i, u, j, n, dot, out, o);
  }

  @Override
  public double targetSum(Targets a, int n) {
    return of(WarmingRows.TARGET_SUM).targetSum(a, n);
  }

  @Override
  public double targetLoss(Targets a, float[] x, int i, int n, double shift, double logSum) {
    return of(WarmingRows.TARGET_LOSS).targetLoss(a, x, i, n, shift, logSum);
  }

  @Override
  public void gradient(
      Targets a, float[] s, int d, int n, double factor, float lift, float[] out, int o) {
    of(WarmingRows.GRADIENT).gradient(a, s, d, n, factor, lift, out, o);
  }

  @Override
  public String toString() {
    return VECTORS.toString();
  }
}
