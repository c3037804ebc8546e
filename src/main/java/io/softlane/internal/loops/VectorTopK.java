package io.softlane.internal.loops;

import static io.softlane.internal.loops.Lanes.FLOATS;
import static io.softlane.internal.loops.Lanes.GROUP;
import static io.softlane.internal.loops.Lanes.INTS;
import static io.softlane.internal.loops.Lanes.WIDTH;
import static io.softlane.internal.loops.Top.MOST;
import static io.softlane.internal.loops.Top.PITCH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The k largest of short rows, without a branch that depends on them: 4096 x 128, k 8, takes 60 ns
 * a row on a Zen 5, one row after the other 121.
 *
 * <p>A column belongs to one of 16 groups, by its index. The k-th largest of the groups' largest is
 * a bound: k columns at least are not below it, and of scores in no order 10.6 are, for k = 8.
 * These few are gathered, and each one's rank is the number of those that come before it.
 *
 * <p>Each stage is a loop over rows, so that the core has other rows to work on while it waits.
 */
final class VectorTopK {
  /** A one at {@link #UNIT}, for whichever lane is to have it. */
  private static final int[] UNITS = new int[3 * MOST];

  private static final int UNIT = MOST + GROUP;

  static {
    UNITS[UNIT] = 1;
  }

  /** Below the key of -inf, even where one is taken from it: behind all candidates. */
  private static final int LEAST = Integer.MIN_VALUE + 1;

  private static final int[] COLUMNS = new int[MOST];

  static {
    for (int c = 0; c < MOST; c++) {
      COLUMNS[c] = c;
    }
  }

  private static final float[] NONE = new float[GROUP];

  static {
    Arrays.fill(NONE, Float.NEGATIVE_INFINITY);
  }

  private VectorTopK() {}

  static void run(Top top) {
    for (int part = 0; part < GROUP; part += WIDTH) {
      maxima(top, part);
    }
    bounds(top);
    gather(top);
    for (int part = 0; part < MOST; part += WIDTH) {
      keys(top, part);
    }
    for (int r = 0; r < top.rows; r++) {
      int most = top.counts[r] <= GROUP ? GROUP : MOST;
      for (int part = 0; part < most; part += WIDTH) {
        rank(top.keys, r * PITCH, part, most, top.ranks);
      }
    }
    results(top);
  }

  /** Keys of the groups' largest, but for the columns that no whole group of columns has. */
  private static void maxima(Top top, int part) {
    float[] x = top.x;
    int whole = top.n & -GROUP;
    for (int r = 0; r < top.rows; r++) {
      int a = top.i + r * top.stride + part;
      FloatVector max = FloatVector.fromArray(FLOATS, NONE, 0);
      FloatVector max2 = FloatVector.fromArray(FLOATS, NONE, 0);
      int c = 0;
      for (; c < whole - GROUP; c += 2 * GROUP) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, a + c);
        max = max.blend(v, v.compare(VectorOperators.GT, max));
        v = FloatVector.fromArray(FLOATS, x, a + c + GROUP);
        max2 = max2.blend(v, v.compare(VectorOperators.GT, max2));
      }
      if (c < whole) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, a + c);
        max = max.blend(v, v.compare(VectorOperators.GT, max));
      }
      max = max.blend(max2, max2.compare(VectorOperators.GT, max));
      IntVector b = max.add(0f).viewAsIntegralLanes();
      b.lanewise(VectorOperators.ASHR, 31)
          .lanewise(VectorOperators.LSHR, 1)
          .lanewise(VectorOperators.XOR, b)
          .intoArray(top.keys, r * PITCH + part);
    }
  }

  /** The k-th largest of the groups' largest: the least of those that fewer than k are above. */
  private static void bounds(Top top) {
    int[] keys = top.keys;
    int n = top.n;
    IntVector zeros = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    IntVector ones = zeros.broadcast(1);
    IntVector vk = zeros.broadcast(top.k);
    for (int r = 0; r < top.rows; r++) {
      int p = r * PITCH;
      // tail
      for (int c = n & -GROUP; c < n; c++) {
        float v = top.x[top.i + r * top.stride + c];
        int j = p + c % GROUP;
        keys[j] = Float.isNaN(v) ? keys[j] : Math.max(keys[j], Key.ofScore(v));
      }
      int least = Integer.MAX_VALUE;
      for (int part = p; part < p + GROUP; part += WIDTH) {
        IntVector key = IntVector.fromArray(INTS, keys, part);
        IntVector above = zeros;
        IntVector above2 = zeros;
        for (int j = p; j < p + GROUP; j += 2) {
          above = above.add(ones, zeros.broadcast(keys[j]).compare(VectorOperators.GT, key));
          above2 = above2.add(ones, zeros.broadcast(keys[j + 1]).compare(VectorOperators.GT, key));
        }
        VectorMask<Integer> few = above.add(above2).compare(VectorOperators.LT, vk);
        least = Math.min(least, key.reduceLanes(VectorOperators.MIN, few));
      }
      top.bounds[r] = Key.score(least);
    }
  }

  /** Columns that are not below the bound, NaN among them, and their scores. */
  private static void gather(Top top) {
    float[] x = top.x;
    int n = top.n;
    int[] columns = top.columns;
    float[] scores = top.scores;
    FloatVector zeros = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0);
    IntVector step = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0).broadcast(WIDTH);
    for (int r = 0; r < top.rows; r++) {
      int a = top.i + r * top.stride;
      int at = r * PITCH;
      int end = at + MOST;
      float bound = top.bounds[r];
      FloatVector vbound = zeros.broadcast(bound);
      IntVector column = IntVector.fromArray(INTS, COLUMNS, 0);
      int c = 0;
      // main loop
      for (; c <= n - WIDTH; c += WIDTH) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, a + c);
        VectorMask<Float> below = v.compare(VectorOperators.LT, vbound);
        VectorMask<Float> few = below.not();
        v.compress(few).intoArray(scores, at);
        column.compress(few.cast(INTS)).intoArray(columns, at);
        column = column.add(step);
        at = Math.min(at + WIDTH - Long.bitCount(below.toLong()), end);
      }
      // tail
      for (; c < n; c++) {
        scores[at] = x[a + c];
        columns[at] = c;
        at = Math.min(at + (x[a + c] < bound ? 0 : 1), end);
      }
      top.counts[r] = at == end ? 0 : at - r * PITCH;
    }
  }

  /** Keys of the candidates, and the least one behind them. */
  private static void keys(Top top, int part) {
    IntVector zeros = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    IntVector most = zeros.broadcast(Integer.MAX_VALUE);
    IntVector least = zeros.broadcast(LEAST);
    IntVector place = IntVector.fromArray(INTS, COLUMNS, part);
    for (int r = 0; r < top.rows; r++) {
      FloatVector v = FloatVector.fromArray(FLOATS, top.scores, r * PITCH + part);
      IntVector b = v.add(0f).viewAsIntegralLanes();
      IntVector flip = b.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
      IntVector key = flip.lanewise(VectorOperators.XOR, b);
      key = key.blend(most, v.compare(VectorOperators.NE, v).cast(INTS));
      key.blend(least, place.compare(VectorOperators.GE, zeros.broadcast(top.counts[r])))
          .intoArray(top.keys, r * PITCH + part);
    }
  }

  /** How many come before each: a larger key, or as large a one in an earlier place. */
  private static void rank(int[] keys, int p, int part, int most, int[] ranks) {
    IntVector zeros = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    IntVector ones = zeros.broadcast(1);
    IntVector rank = zeros;
    IntVector rank2 = zeros;
    // what a key must exceed to come before a lane's: less by one as long as it is an earlier one
    IntVector key = IntVector.fromArray(INTS, keys, p + part).sub(ones);
    for (int j = 0; j < most; j += 2) {
      key = key.add(IntVector.fromArray(INTS, UNITS, UNIT + part - j));
      rank = rank.add(ones, zeros.broadcast(keys[p + j]).compare(VectorOperators.GT, key));
      key = key.add(IntVector.fromArray(INTS, UNITS, UNIT + part - j - 1));
      rank2 = rank2.add(ones, zeros.broadcast(keys[p + j + 1]).compare(VectorOperators.GT, key));
    }
    rank.add(rank2).intoArray(ranks, p + part);
  }

  private static void results(Top top) {
    int k = top.k;
    IntVector zeros = IntVector.fromArray(INTS, Constants.INT_ZEROS, 0);
    IntVector ones = zeros.broadcast(1);
    for (int r = 0; r < top.rows; r++) {
      int p = r * PITCH;
      int w = top.o + r * k;
      if (WIDTH == GROUP && top.counts[r] <= GROUP) {
        IntVector rank = IntVector.fromArray(INTS, top.ranks, p);
        IntVector place = zeros;
        for (int j = 0; j < k; j++) {
          int e = p + Long.numberOfTrailingZeros(rank.compare(VectorOperators.EQ, place).toLong());
          place = place.add(ones);
          top.put(w + j, top.scores[e], top.columns[e]);
        }
      } else {
        for (int e = p; e < p + top.counts[r]; e++) {
          if (top.ranks[e] < k) {
            top.put(w + top.ranks[e], top.scores[e], top.columns[e]);
          }
        }
      }
    }
  }

  /** {@link Loops#above}. */
  static int above(float[] x, int i, int n, float bound, int[] columns, int at) {
    FloatVector v = FloatVector.fromArray(FLOATS, Constants.FLOAT_ZEROS, 0).broadcast(bound);
    int c = 0;
    long some = 0;
    // main loop: one load a turn, masks of 64 columns at a time (the 50 largest of 64 x 128256 on a
    // Zen 5: 0.20 ns a column, 0.34 with four loads a turn)
    for (; c < (n & -Long.SIZE); c += WIDTH) {
      long most = FloatVector.fromArray(FLOATS, x, i + c).compare(VectorOperators.LE, v).toLong();
      some = some >>> WIDTH | ~most << -WIDTH;
      if ((c + WIDTH & Long.SIZE - 1) == 0 && some != 0) {
        // eight at a time, whether or not there are so many: a loop over each is mispredicted
        // (top-p of the same batch: 1.1 ns a column, and 1.8 with it)
        int end = at + Long.bitCount(some);
        for (int a = at; a < end; a += Loops.SPILL) {
          for (int j = 0; j < Loops.SPILL; j++) {
            columns[a + j] = c + WIDTH - Long.SIZE + Long.numberOfTrailingZeros(some);
            some &= some - 1;
          }
        }
        at = end;
      }
    }
    // tail
    for (; c < n; c++) {
      columns[at] = c;
      at += x[i + c] <= bound ? 0 : 1;
    }
    return at;
  }
}
