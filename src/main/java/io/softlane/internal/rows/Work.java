package io.softlane.internal.rows;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxOptions;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Tanh;
import io.softlane.internal.loops.Turn;
import io.softlane.internal.loops.Window;
import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What a call works with: its arguments, and scratch in the first cache. Rows go in a {@link
 * Block}, in the {@link Flight} or {@link Alone}; terms of long rows, and some beyond the cache, go
 * to the results' place where nothing is read from that, or long ones to memory of their own.
 *
 * <p>So in place needs nothing special, and a row whose terms were wrong is still there to be done
 * again.
 *
 * <p>Works are kept for later calls, so that these allocate nothing: one for each platform thread,
 * and for virtual threads as many as were in a call at once, up to {@link #KEPT}. The garbage
 * collector may take them.
 */
public final class Work implements AutoCloseable {
  /** Rows of fewer columns go in blocks. */
  static final int SHORT = 500;

  /**
   * But rows that are scaled and alike, or have results beyond the cache, need not be so long for
   * the flight (Zen 4, softmax of 1024 x 256 and 512 x 400: 0.29 and 0.27, in blocks 0.35 and 0.34;
   * gradients 0.36 and 0.31, in blocks 0.37 and 0.36).
   */
  private static final int SHORT_PLAIN = 200;

  /** Batches whose stages read and write more floats are beyond the third cache. */
  private static final int FAR = 4_000_000;

  /**
   * There, where the first cache is small, rows of so many columns go alone (Zen 4, softmax of 4096
   * x 1000, ns an element: 0.37, in flight 0.39; gradient 0.41, 0.44; but of 6000 x 700 softmax
   * 0.37, in flight 0.33). In place they do from SHORT on (4096 x 1000: 0.37, in flight 0.46, in
   * blocks 0.43).
   */
  private static final int LONG_FAR = 800;

  /**
   * The same for log-softmax, where two rows are no block (6000 x 680: 0.375, in blocks 0.39; 8000
   * x 512: 0.445, 0.40).
   */
  private static final int LONG_FAR_LOGS = 513;

  /** Rows of more columns go alone. */
  static final int MEDIUM = 2048;

  /** A slot of scratch: a row of the pipeline, its sink and a group; no multiple of 4096 bytes. */
  static final int SLOT = MEDIUM + 80;

  /** Rows in flight. */
  static final int SLOTS = 3;

  private static final int KEPT = 64; // a power of two

  private static final AtomicReferenceArray<SoftReference<Work>> POOL =
      new AtomicReferenceArray<>(KEPT);

  private static final ThreadLocal<SoftReference<Work>> OWN = new ThreadLocal<>();

  // ---- a call's arguments; null where there are none

  final Source source = new Source();

  /** Rows of the call, of which a team's thread does a part. */
  private int batchRows;

  /** A second input: targets, or an upstream gradient. */
  final Place second = new Place();

  final Sink sink = new Sink();

  /** A value a row, or k of them: the first is that of row number {@link #valuesFrom}. */
  float[] values;

  int valuesFrom;

  /** Columns, a row or k of them: given as labels, else results. */
  int[] columns;

  int k;
  Sampling sampling;
  float[] uniforms;
  CrossEntropy loss;
  double weight; // of the rows that count

  // ---- what it has for them

  final Turn turn = new Turn();
  final Ladder ladder = new Ladder();
  final float[] scratch = new float[2 * SLOT];
  Loops loops;

  final Alone alone = new Alone(this);
  private final Flight flight = new Flight(this);
  private final Block block = new Block(this);

  public final Softmax softmax = new Softmax(this);
  public final LogSoftmax logSoftmax = new LogSoftmax(this);
  public final LogSumExp logSumExp = new LogSumExp(this);
  public final Losses losses = new Losses(this);
  public final Entropy entropy = new Entropy(this);
  public final Extremes extremes = new Extremes(this);
  public final TopK topK = new TopK(this);
  public final Draw draw = new Draw(this);
  public final Backward backward = new Backward(this);
  final Selection selection = new Selection(this);

  private final SoftReference<Work> self = new SoftReference<>(this);
  private float[] large = {};
  private float[] perRow = {};
  private Rows one = Rows.of(1, 1);

  /** Room for a sum's lanes. */
  public final double[] lanes = new double[Loops.GROUP / 2];

  // for what a call has one of, where the caller gives no array
  public final float[] value = new float[1];
  public final int[] column = new int[1];

  private Work() {}

  // ---- the pool ----

  /** Takes a work; it must be closed. */
  public static Work take(Loops loops) {
    Work work = Thread.currentThread().isVirtual() ? shared() : own();
    if (work.loops != loops) {
      work.loops = loops;
      work.source.loops = loops;
    }
    return work;
  }

  /** A platform thread's own: no other takes it, so that no lock or fence is in a call's way. */
  private static Work own() {
    SoftReference<Work> kept = OWN.get();
    Work work = kept == null ? null : kept.get();
    if (work == null) {
      work = new Work();
      OWN.set(work.self);
    }
    return work;
  }

  private static Work shared() {
    int first = (int) Thread.currentThread().threadId();
    for (int i = 0; i < KEPT; i++) {
      int place = (first + i) & (KEPT - 1);
      SoftReference<Work> kept = POOL.get(place) == null ? null : POOL.getAndSet(place, null);
      Work work = kept == null ? null : kept.get();
      if (work != null) {
        return work;
      }
    }
    return new Work();
  }

  /** The tangent with this cap's constants. */
  public Tanh tanh(float cap) {
    return source.tanh.of(cap);
  }

  /** Lets go of what belongs to the caller, and gives the work back. */
  @Override
  public void close() {
    source.release();
    second.release();
    sink.release();
    turn.release();
    turn.put(scratch); // not where terms went that are results now
    alone.release();
    block.release();
    values = null;
    columns = null;
    loss = null;
    sampling = null;
    uniforms = null;
    giveBack();
  }

  /** For a call that left nothing of the caller's in it. */
  void giveBack() {
    if (!Thread.currentThread().isVirtual()) {
      return;
    }
    int first = (int) Thread.currentThread().threadId();
    for (int i = 0; i < KEPT; i++) {
      if (POOL.compareAndSet((first + i) & (KEPT - 1), null, self)) {
        return;
      }
    }
  }

  // ---- arguments ----

  /** Rows of an array, or of a segment. The first to be said. */
  public Work from(Object logits, Rows in, SoftmaxOptions options) {
    source.set(logits, in, options);
    batchRows = in.rows();
    return this;
  }

  /** A second input of as many rows. */
  public Work and(float[] array, Rows rows) {
    second.set(array, rows, source.first);
    return this;
  }

  /** Results to an array or a segment. */
  public Work to(Object results, Rows out) {
    sink.set(results, out, source.first);
    return this;
  }

  /** What there is one of a row, or k: columns, which labels are too, and values. */
  public Work perRow(int[] someColumns, float[] someValues) {
    columns = someColumns;
    values = someValues;
    valuesFrom = 0;
    return this;
  }

  public Work k(int some) {
    k = some;
    return this;
  }

  /** How a column is drawn, with a float in [0, 1) for each row. */
  public Work sampling(Sampling how, float[] perRow) {
    sampling = how;
    uniforms = perRow;
    return this;
  }

  /** How losses are taken, and the weight of all rows of the batch that count. */
  public Work loss(CrossEntropy options, double all) {
    loss = options;
    weight = all;
    return this;
  }

  /** The arguments of another thread's work, for rows of these numbers. */
  public Work like(Work other, int first, int end) {
    if (other != this) {
      source.like(other.source);
      batchRows = other.batchRows;
      second.like(other.second);
      sink.like(other.sink);
      values = other.values;
      valuesFrom = other.valuesFrom;
      columns = other.columns;
      k = other.k;
      sampling(other.sampling, other.uniforms);
      loss(other.loss, other.weight);
    }
    source.first = first;
    source.end = end;
    return this;
  }

  // ---- what a team asks ----

  /** The number of the first row. */
  public int first() {
    return source.first;
  }

  public int rows() {
    return source.end - source.first;
  }

  public int cols() {
    return source.cols;
  }

  /** Whether another thread may touch all batches. */
  public boolean isAccessibleBy(Thread thread) {
    return source.isAccessibleBy(thread) && sink.isAccessibleBy(thread);
  }

  /** Gives values a place where the caller has none. */
  public void keepValues() {
    if (values != null) {
      return;
    }
    if (perRow.length < rows()) {
      perRow = new float[rows()];
    }
    values = perRow;
    valuesFrom = first();
  }

  /** The sum of the values of rows of these numbers, in their order. */
  public double total(int from, int end) {
    double sum = 0;
    for (int r = from; r < end; r++) {
      sum += values[r - valuesFrom];
    }
    return sum;
  }

  // ---- scratch ----

  /** One row that begins at element 0, the same for as long as n is. */
  public Rows one(int n) {
    if (one.cols() != n) {
      one = Rows.of(1, n);
    }
    return one;
  }

  /** At least so many elements, kept like scratch. */
  float[] large(long n) {
    if (large.length < n) {
      if (n > Integer.MAX_VALUE) {
        throw new OutOfMemoryError(
            "scratch for a row of " + source.cols + " columns: too many for an array");
      }
      large = new float[(int) n];
    }
    return large;
  }

  /** For a new batch. */
  void begin() {
    ladder.begin(source.first, source.end - source.first);
    alone.keepsInResults = false;
  }

  /** Does all rows; docs/engineering.md, "Beyond the cache", has which way they go, and why. */
  public void run(Operation op) {
    begin();
    int rows = source.end - source.first;
    int all = source.cols + (source.hasSinks() ? 1 : 0);
    boolean isInPlace = source.isIn(sink);
    boolean isFar = (op.results() == 0 ? 1L : 2L) * batchRows * all > FAR;
    boolean isApart = sink.isApart(source) && all == source.cols;
    boolean hasFarResults = isFar && !isInPlace && op.results() != 0;
    // With a large cache only short ones, not in place (Zen 5, 41000 x 100: 1.5 times as fast).
    boolean isTight = isFar && (!FirstCache.isLarge || hasFarResults && all < SHORT);
    boolean isDense = isTight && isApart && sink.stride == all;
    boolean isLong = isTight && (isInPlace ? all >= SHORT : isApart && all >= aloneFrom(op));
    // A block of one row takes 1.2 times as long as that alone (100 columns and a sink, Zen 4);
    // without results as long.
    if (source.isRagged() || isLong || rows == 1 && op.results() != 0) {
      alone.keepsInResults = isLong && isApart;
      alone.run(op);
    } else if (all < flightFrom(op, isFar, hasFarResults, isDense)) {
      block.run(op, all, isTight, isDense);
    } else if (source.cols <= MEDIUM && rows >= SLOTS) {
      flight.run(op);
    } else {
      alone.run(op);
    }
  }

  /** Rows of as many elements go alone where logits and results are beyond the cache. */
  private static int aloneFrom(Operation op) {
    return switch (op.results()) {
      case Kind.SCALE -> LONG_FAR;
      case Kind.SUBTRACT -> LONG_FAR_LOGS;
      default -> Integer.MAX_VALUE;
    };
  }

  /** Rows of as many elements are too long for blocks. */
  private int flightFrom(Operation op, boolean isFar, boolean hasFarResults, boolean isDense) {
    if (isDense && op.results() == Kind.SUBTRACT && source.isBlock()) {
      return LONG_FAR_LOGS;
    }
    boolean isScaled = op.results() == Kind.SCALE;
    if (isFar && FirstCache.isLarge && source.isBlock() && !(hasFarResults && isScaled)) {
      // Zen 5: softmax of 4096 x 1000 in place 0.23 ns an element, in flight 0.28; log-softmax 0.32
      // and 0.36; log-sum-exp of 8192 x 400 0.18 and 0.22 to 0.30.
      return MEDIUM + 1;
    }
    return hasFarResults || isScaled && areSimple(op) ? SHORT_PLAIN : SHORT;
  }

  /** Does all rows, each alone. */
  void runAlone(Operation op) {
    begin();
    alone.run(op);
  }

  /** Whether rows that have the anchor 0 are all alike, but for where they are. */
  boolean areSimple(Operation op) {
    return op.hasSimple() && source.isSimple() && !sink.isFar;
  }

  /** The stage that makes the results of such rows on a rung. */
  int results(Operation op, int rung) {
    int reads = op.results() == Kind.SUBTRACT ? source.kind() : 0;
    int lifts = op.results() == Kind.SCALE && rung != Ladder.PLAIN ? Kind.LIFTED : 0;
    return op.results() | reads | lifts | sink.kind();
  }

  /** Tells the turn what such rows have in common, whose terms go to an array. */
  void tell(float[] terms) {
    turn.n = source.cols;
    turn.all = source.cols;
    source.tell(turn);
    turn.out = sink.x;
    turn.w = sink.g;
    turn.put(terms);
    turn.shift = 0;
    turn.k = Window.K;
  }
}
