package io.softlane.internal.rows;

import io.softlane.Rows;
import io.softlane.SoftmaxOptions;
import io.softlane.internal.loops.Exp;
import io.softlane.internal.loops.Kind;
import io.softlane.internal.loops.Loops;
import io.softlane.internal.loops.Targets;
import io.softlane.internal.loops.Turn;
import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What a call works with: where its rows come from and go to, scratch in the first cache, through
 * which they all pass, and the three ways in which they do.
 *
 * <ul>
 *   <li><b>Blocks</b>: short rows, stage by stage. What a row costs beside its elements (a loop's
 *       start and end, a chain from its terms to its sum and factor) is then shared.
 *   <li><b>The pipeline</b>: one turn does terms of a row, the sum of the one before and results of
 *       the one before that.
 *   <li><b>Alone</b>: long rows, and rows of different lengths. The sum follows the terms in the
 *       same loop, so far behind that it waits for none.
 * </ul>
 *
 * <p>Scratch is no output: in place needs nothing special, and a row whose terms were wrong is
 * still there to be done again.
 *
 * <p>Works are kept for later calls, so that these allocate nothing: one for each platform thread,
 * and for virtual threads as many as were in a call at once, up to {@link #KEPT}. The garbage
 * collector may take them.
 */
public final class Work implements AutoCloseable {
  /** Rows of fewer columns go in blocks, where a turn has no results too of fewer than NARROW. */
  private static final int SHORT = 500;

  /** The same, of a batch of more elements than FAR, which no cache has (8192 x 400: 0.8). */
  private static final int SHORT_FAR = 256;

  private static final int FAR = 5 << 19;

  private static final int NARROW = 700;

  /** Rows of more columns go alone. */
  private static final int MEDIUM = 2048;

  /** A slot of scratch: a row of the pipeline, its sink and a group; no multiple of 4096 bytes. */
  static final int SLOT = MEDIUM + 80;

  /** Rows in flight. */
  static final int SLOTS = 3;

  /** How far behind the terms of a row alone their sum follows, in columns. */
  private static final int LAG = 128;

  /** Columns of a row alone whose terms are in the first cache at a time, if they are not kept. */
  static final int PART = 1024;

  /** The columns of a row that stays in the cache while it is read and written twice. */
  private static final int CACHED = 1 << 15;

  /** A power of two. */
  private static final int KEPT = 64;

  private static final AtomicReferenceArray<SoftReference<Work>> POOL =
      new AtomicReferenceArray<>(KEPT);

  private static final ThreadLocal<SoftReference<Work>> OWN = new ThreadLocal<>();

  public final Softmax softmax = new Softmax(this);
  public final LogSoftmax logSoftmax = new LogSoftmax(this);
  public final LogSumExp logSumExp = new LogSumExp(this);
  public final Losses losses = new Losses(this);
  public final Entropy entropy = new Entropy(this);
  public final Extremes extremes = new Extremes(this);
  public final TopK topK = new TopK(this);
  public final Draw draw = new Draw(this);

  final Selection selection = new Selection(this);

  public final Backward backward = new Backward();

  final Source source = new Source();
  final Sink sink = new Sink();
  final Turn turn = new Turn();
  final Ladder ladder = new Ladder();
  final float[] scratch = new float[SLOTS * SLOT];
  Loops loops;

  private final SoftReference<Work> self = new SoftReference<>(this);
  private final Block block = new Block(scratch);
  private final Row[] ring = {new Row(0), new Row(SLOT), new Row(2 * SLOT)};
  private float[] large = {};
  private float[] perRow = {};
  private Rows one = Rows.of(1, 1);

  /** For what a call has one of, where the caller gives no array. */
  public final float[] value = new float[1];

  public final int[] index = new int[1];

  private Work() {}

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

  /** Rows of an array, or of a segment. */
  public Work from(Object logits, Rows in, SoftmaxOptions options) {
    if (logits instanceof float[] array) {
      source.set(array, in, options);
    } else {
      source.set((MemorySegment) logits, in, options);
    }
    return this;
  }

  /** Of all rows, only those of these numbers. */
  public Work only(int first, int end) {
    source.first = first;
    source.end = end;
    return this;
  }

  /** Results to an array or a segment; null where there are none but one a row. */
  public Work to(Object results, Rows out) {
    if (results instanceof float[] array) {
      sink.set(array, out, source.base);
    } else if (results == null) {
      sink.none();
    } else {
      sink.set((MemorySegment) results, out, source.base);
    }
    return this;
  }

  /** Lets go of what belongs to the caller, and gives the scratch back. */
  @Override
  public void close() {
    source.release();
    sink.release();
    turn.release();
    block.x = null;
    ring[0].s = null; // the others' are scratch
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

  /** All rows of the batch. */
  void run(Operation op) {
    ladder.reset();
    int rows = source.end - source.first;
    int all = source.cols + (source.hasSinks() ? 1 : 0);
    int few = !loops.fuses() ? NARROW : (long) rows * all > FAR ? SHORT_FAR : SHORT;
    if (!source.isRagged() && all < few) {
      blocks(op, all);
    } else if (!source.isRagged() && source.cols <= MEDIUM && rows >= SLOTS) {
      pipeline(op);
    } else {
      for (int r = source.first; r < source.end; r++) {
        alone(op, r);
      }
    }
  }

  // ---- blocks ----

  private void blocks(Operation op, int all) {
    int most = Math.clamp(Block.ELEMENTS / all, 1, Block.ROWS);
    for (int r = source.first; r < source.end; r += block.rows) {
      block.rows = Math.min(most, source.end - r);
      if (ladder.first(r) == Ladder.ANCHORED) {
        for (int q = 0; q < block.rows; q++) {
          alone(op, r + q);
        }
        continue;
      }
      block.r = r;
      block.n = source.cols;
      block.all = all;
      block(op);
      int q = 0;
      while (q < block.rows) {
        int end = right(q);
        if (end > q) {
          op.finish(block, q, end);
        }
        if (end < block.rows) {
          alone(op, r + end);
        }
        q = end + 1;
      }
    }
  }

  /** Terms of a block, and their sums. */
  private void block(Operation op) {
    int n = block.all;
    // Results of very short rows run over into the next row, which in place is to be read yet.
    boolean copy = op.results() == Kind.SUBTRACT && source.isIn(sink.array()) && n < Loops.GROUP;
    block.x = source.block(block.r, block.rows, copy);
    block.i = source.blockStart(block.x, block.r);
    block.k = Window.K;
    turn.n = block.rows * n;
    turn.x = block.x;
    turn.i = block.i;
    put(scratch);
    turn.a = 0;
    turn.k = block.k;
    turn.shift = 0;
    int rung = ladder.first(block.r);
    if (rung == Ladder.PLAIN) {
      loops.turn(Kind.TERMS, turn);
      rung = turn.plain ? Ladder.PLAIN : Ladder.CLAMPED;
    }
    if (rung == Ladder.CLAMPED) {
      loops.turn(Kind.TERMS | Kind.CLAMPED, turn);
    }
    block.rung = rung;
    ladder.ended(block.r, block.rows, rung);
    loops.sums(scratch, block.rows, n, block.sums);
  }

  /** The first row from q on whose terms are not right. */
  private int right(int q) {
    boolean all = true;
    for (int r = q; r < block.rows; r++) {
      all &= Window.holds(block.sums[r]);
    }
    int end = all ? block.rows : q;
    while (end < block.rows && Window.holds(block.sums[end])) {
      end++;
    }
    return end;
  }

  /** Results of rows of a block: their terms times the factors, of which the first is row q's. */
  void scale(Block b, int q, int end) {
    scaleAll(b, q, end);
    sink.flush(b.r + q, end - q, b.n);
  }

  /** The same, not yet flushed. */
  void scaleAll(Block b, int q, int end) {
    int rows = end - q;
    float[] out = sink.block(rows);
    int o = sink.blockStart(b.r + q);
    loops.scales(b.s, q * b.all, b.all, rows, b.n, b.hi, b.lo, out, o, sink.blockStride());
  }

  /** Results of rows of a block: their scores less the log-sum-exps. */
  void subtract(Block b, int q, int end) {
    int rows = end - q;
    float[] out = sink.block(rows);
    int o = sink.blockStart(b.r + q);
    int i = b.i + q * b.all;
    loops.subtracts(b.x, i, b.all, rows, b.n, b.hi, b.lo, out, o, sink.blockStride());
    sink.flush(b.r + q, rows, b.n);
  }

  /** Logarithms of the sums of rows of a block. */
  void logSums(Operation op, Block b, int q, int end) {
    loops.logSums(b.sums, b.rows, b.k, b.logSums);
    for (int r = q; r < end; r++) {
      if ((float) b.sums[r] == b.sums[r]) {
        b.logSums[r] = op.logSum(b.row(r));
      }
    }
  }

  // ---- the pipeline ----

  private void pipeline(Operation op) {
    boolean skips = op.hasSkips();
    Row due = null;
    Row sum = null;
    int rows = source.end - source.first;
    for (int q = 0; q < rows + 2; q++) {
      Row row = null;
      if (q < rows && !(skips && op.skips(source.first + q))) {
        row = ring[q % SLOTS];
        begin(row, source.first + q);
        row.at = row.slot;
      }
      turn(op, row, sum, due);
      due = sum;
      sum = row;
    }
  }

  /** Terms of one row, the sum of another, results of a third; any may be null. */
  private void turn(Operation op, Row row, Row sum, Row due) {
    turn.n = source.cols;
    turn.isFirst = true;
    int kind = row == null ? 0 : terms(row, 0, source.cols, row.at);
    if (sum != null) {
      kind |= sum(sum, 0, sum.all);
    }
    boolean writes = due != null && due.results != 0;
    if (writes) {
      int results = results(due);
      boolean both = row != null && sum != null && row.rung != Ladder.PLAIN == due.isLifted;
      if (both && loops.fuses()) {
        kind |= results;
      } else {
        go(kind);
        kind = results;
      }
    }
    go(kind);
    if (row != null) {
      termed(row);
    }
    if (writes) {
      written(op, due);
    }
    if (sum != null) {
      sum.sum = turn.total();
      settle(op, sum);
    }
  }

  private void go(int kind) {
    if (kind != 0) {
      loops.turn(kind, turn);
    }
  }

  // ---- one row alone ----

  /** Any row, from its terms to its results. */
  void alone(Operation op, int r) {
    if (op.skips(r)) {
      return;
    }
    Row row = ring[0];
    begin(row, r);
    row.alwaysLifts = sink.kind() == Kind.TO;
    place(op, row);
    attempt(op, row);
    settle(op, row);
    if (row.results != 0) {
      turn.n = row.n;
      if (row.n > 0) {
        writeAlone(row);
      }
      written(op, row);
    }
  }

  /** Where a row's terms go: the row's results where these are not needed before, or scratch. */
  private void place(Operation op, Row row) {
    row.at = 0;
    if (row.all <= MEDIUM + 1) {
      return;
    }
    boolean apart = sink.array() != null && !source.isBehind(sink.array()) && row.all == row.n;
    if (op.results() == Kind.SUBTRACT) {
      // That brings the results' memory into the cache while the core is busy.
      row.s = apart && row.n <= CACHED ? sink.array() : null;
    } else if (!op.needsTerms()) {
      row.s = null;
    } else if (apart && op.results() != 0) {
      row.s = sink.array();
    } else {
      row.s = large(row.all + Loops.GROUP);
    }
    row.at = row.s == sink.array() ? sink.start(row.r) : 0;
  }

  /** A value a row, for a call of several works, of which this one does no rows meanwhile. */
  public float[] perRow(int rows) {
    if (perRow.length < rows) {
      perRow = new float[rows];
    }
    return perRow;
  }

  /** One row that begins at element 0, the same for as long as n is. */
  public Rows one(int n) {
    if (one.cols() != n) {
      one = Rows.of(1, n);
    }
    return one;
  }

  /** At least so many elements, kept like scratch. */
  float[] large(int n) {
    if (large.length < n) {
      large = new float[n];
    }
    return large;
  }

  /** Terms of a row alone, and their sum. */
  void termsAndSum(Row row) {
    turn.isFirst = true;
    if (row.s == null) {
      partByPart(row);
    } else {
      termsAndSum(row, 0, row.n, row.all);
    }
    row.sum = turn.total();
  }

  /** Terms of n columns of a row from one on, to the beginning of its scratch, and their sum. */
  private void termsAndSum(Row row, int c, int n, int all) {
    if (n < 4 * LAG) {
      turn(row, terms(row, c, n, row.at));
      turn.n = all;
      loops.turn(sum(row, 0, all), turn);
      return;
    }
    // terms of the first columns, terms and sum, the last terms, the last sum
    int both = n - LAG & -Loops.GROUP;
    turn(row, terms(row, c, LAG, row.at));
    turn(row, terms(row, c + LAG, both, row.at + LAG) | sum(row, 0, both));
    if (both + LAG < n) {
      int last = n - Loops.GROUP;
      turn(row, terms(row, c + last, Loops.GROUP, row.at + last));
    }
    turn.n = all - both;
    turn.isFirst = false;
    loops.turn(sum(row, both, all - both), turn);
  }

  /** Terms of a part of a row, to scratch; their sum, and that of their products with scores. */
  double part(Row row, int c, int n) {
    float[] x = source.array(row.r, c, n);
    int i = source.start(row.r, c);
    if (row.rung != Ladder.PLAIN) {
      loops.clamp(x, i, n, row.shift, Exp.floor(row.k), scratch, SLOT);
      x = scratch;
      i = SLOT;
    }
    row.x = x;
    row.i = i - c;
    row.s = scratch;
    row.at = 0;
    turn.isFirst = true;
    termsAndSum(row, c, n, n);
    row.x = null;
    row.sum += turn.total();
    return loops.dot(scratch, 0, x, i, n);
  }

  /** A row's terms once more, scaled by another power of two. */
  void termsAgain(Row row, int k) {
    int before = row.k;
    row.k = k;
    loops.turn(terms(row, 0, row.n, row.at) | Kind.CLAMPED, turn);
    row.k = before;
  }

  /** A row's results: its terms times a factor, less the target terms. */
  void gradient(Targets a, Row row, double factor, float lift) {
    sink.write(turn, row.r, 0);
    if (sink.kind() == 0 && !sink.isFar()) {
      loops.gradient(a, row.s, row.at, row.n, factor, lift, turn.out, turn.o);
      return;
    }
    float[] out = sink.block(1);
    loops.gradient(a, row.s, row.at, row.n, factor, lift, out, 0);
    sink.flush(row.r, 1, row.n);
  }

  /** The loss of a row's target terms. */
  double targetLoss(Targets a, Row row, double logSum) {
    float[] x = row.x != null ? row.x : source.array(row.r, 0, row.n);
    int i = row.x != null ? row.i : source.start(row.r, 0);
    return loops.targetLoss(a, x, i, row.n, row.shift, logSum);
  }

  /** The same where terms are not kept: parts take turns in scratch. */
  private void partByPart(Row row) {
    int at = 0;
    for (int c = 0; c < row.n && !row.isOdd; c += PART) {
      int some = Math.min(PART, row.n - c);
      at = c / PART % 2 * SLOT;
      int kind = terms(row, c, some, at);
      turn.b = SLOT - at;
      turn.all = PART;
      turn.isFirst = c == PART;
      if (c > 0 && some == PART) {
        turn(row, kind | Kind.SUM);
      } else {
        turn(row, kind);
        turn.n = PART;
        if (c > 0) {
          loops.turn(Kind.SUM, turn);
        }
      }
      if (c > 0 && row.totals != null) {
        row.totals[c / PART - 1] = turn.total();
      }
    }
    int last = (row.n - 1) % PART + 1;
    if (row.all > row.n) {
      scratch[at + last] = Operation.term(source.sink(row.r), row.shift, row.k);
    }
    turn.b = at;
    turn.n = last;
    turn.all = last + row.all - row.n;
    turn.isFirst = row.n <= PART;
    loops.turn(Kind.SUM, turn);
  }

  private void turn(Row row, int kind) {
    if (turn.n > 0) {
      loops.turn(kind, turn);
      termed(row);
    } else {
      putSink(row);
    }
  }

  /** From the end, which is still in the cache (64 x 128256: 1.1 times as fast). */
  private void writeAlone(Row row) {
    int kind = results(row);
    int part = row.results == Kind.SCALE ? 2 * MEDIUM : row.n;
    int d = turn.d;
    for (int c = (row.n - 1) / part * part; c >= 0; c -= part) {
      turn.n = Math.min(part, row.n - c);
      turn.d = d + c;
      sink.write(turn, row.r, c);
      loops.turn(kind, turn);
    }
  }

  // ---- stages of a row ----

  /** Begins a row on the ladder's rung. */
  void begin(Row row, int r) {
    row.r = r;
    row.n = source.count(r);
    row.all = row.n + (source.hasSinks() ? 1 : 0);
    row.rung = ladder.first(r);
    row.isOdd = false;
    row.results = 0;
    row.label = -1;
    row.alwaysLifts = false;
    row.x = null;
    if (row.s != scratch) {
      row.s = scratch;
    }
    anchor(row);
  }

  /** Shift and exponent of a row on its rung; both say so where its anchor is not finite. */
  private void anchor(Row row) {
    row.shift = 0;
    row.k = Window.K;
    if (row.rung == Ladder.ANCHORED) {
      float anchor = Window.anchor(max(row), row.all);
      row.shift = Window.shift(anchor);
      row.k = Window.k(anchor);
    }
  }

  /** The largest score, a sink's among them. */
  float max(Row row) {
    if (row.x != null) {
      turn.x = row.x;
      turn.i = row.i;
      turn.n = row.all;
      loops.turn(Kind.MAX, turn);
      return turn.max;
    }
    float max = Float.NEGATIVE_INFINITY;
    if (row.n > 0) {
      source.read(turn, row.r, 0, row.n, row.slot);
      turn.n = row.n;
      loops.turn(Kind.MAX | source.kind(), turn);
      max = turn.max;
    }
    return row.all > row.n ? Math.max(max, source.sink(row.r)) : max;
  }

  /** The turn is to have terms of n columns of a row, at a place of its scratch. */
  private int terms(Row row, int c, int n, int at) {
    turn.n = n;
    put(row.s == null ? scratch : row.s);
    turn.a = at;
    turn.k = row.k;
    int kind = Kind.TERMS | (row.rung == Ladder.PLAIN ? 0 : Kind.CLAMPED);
    if (row.x != null) {
      turn.x = row.x;
      turn.i = row.i + c;
      turn.shift = 0;
      return kind;
    }
    source.read(turn, row.r, c, n, row.slot);
    turn.shift = row.shift;
    return kind | source.kind();
  }

  /** Where terms are. A reference that is there already is not stored again: no barrier. */
  private void put(float[] s) {
    if (turn.s != s) {
      turn.s = s;
    }
  }

  /** After a turn that had terms of a row. */
  private void termed(Row row) {
    row.isOdd |= row.rung == Ladder.PLAIN && !turn.plain;
    putSink(row);
  }

  private void putSink(Row row) {
    if (row.all > row.n && row.s != null) { // behind all of its terms
      row.s[row.at + row.n] = Operation.term(source.sink(row.r), row.shift, row.k);
    }
  }

  /** The turn is to have the sum of a row's terms from column c on. */
  private int sum(Row row, int c, int all) {
    put(row.s);
    turn.b = row.at + c;
    turn.all = all;
    return Kind.SUM;
  }

  /** The turn is to have a row's results. */
  private int results(Row row) {
    turn.hi = row.hi;
    turn.lo = row.lo;
    sink.write(turn, row.r, 0);
    if (row.results == Kind.SUBTRACT) {
      source.due(turn, row);
      return row.results | source.kind() | sink.kind();
    }
    put(row.s);
    turn.d = row.at;
    return row.results | sink.kind() | (row.isLifted ? Kind.LIFTED : 0);
  }

  /** After the turn that had a row's results. */
  private void written(Operation op, Row row) {
    if (sink.isFar() && row.n > 0) {
      sink.flush(row.r, 1, row.n);
    }
    if (row.label >= 0) {
      sink.put(row.r, row.label, row.atLabel);
    }
    if (row.n < source.cols) {
      sink.fill(row.r, row.n, op.leftOut());
    }
  }

  /** Terms and sum of a row alone, where it has some and an anchor that is finite. */
  void attempt(Operation op, Row row) {
    if (row.all > 0 && Float.isFinite(row.shift)) {
      op.attempt(row);
    } else {
      row.sum = Double.NaN;
    }
  }

  /** Does a row again, rung by rung, until its terms are right. */
  private void settle(Operation op, Row row) {
    while (row.rung != Ladder.ANCHORED && (row.isOdd || !Window.holds(row.sum))) {
      row.rung++;
      row.isOdd = false;
      anchor(row);
      attempt(op, row);
    }
    if (row.rung != Ladder.PLAIN) {
      ladder.ended(row.r, 1, row.rung);
    }
    op.settled(row);
  }
}
