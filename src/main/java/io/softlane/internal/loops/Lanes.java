package io.softlane.internal.loops;

import java.nio.ByteOrder;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species and their lane counts. They are constants to C2, which turns every vector into
 * a register and folds whatever a width does not need. All have one shape: with a second one in
 * use, C2 boxes vectors of loops that never see it ({@code docs/engineering.md}).
 */
final class Lanes {
  /** Lanes of a sum. */
  static final int LANES = 8;

  /** Columns that go to the lanes of a sum of terms at a time, two neighbours to each. */
  static final int GROUP = 2 * LANES;

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** The widest vectors that the kernels use: their sums have lanes for one of 512 bits. */
  private static final int WIDEST = 512;

  static final int MACHINE = Math.min(WIDEST, VectorShape.preferredShape().vectorBitSize());

  /** Vector width in bits: the machine's, or what the property softlane.width forces. */
  static final int BITS = Width.forced() == 0 ? MACHINE : Math.min(MACHINE, Width.forced());

  private static final VectorShape SHAPE = VectorShape.forBitSize(BITS);

  /** Whole vectors of logits and exponentials. */
  static final VectorSpecies<Float> FLOATS = SHAPE.withLanes(float.class);

  /** The patterns of floats. */
  static final VectorSpecies<Integer> INTS = SHAPE.withLanes(int.class);

  /** The patterns of pairs of floats, and of doubles. */
  static final VectorSpecies<Long> LONGS = SHAPE.withLanes(long.class);

  /** Whole vectors of the lanes that sums are taken in. */
  static final VectorSpecies<Double> DOUBLES = SHAPE.withLanes(double.class);

  /** Floats in a vector. */
  static final int WIDTH = FLOATS.length();

  /** Doubles in a vector. */
  static final int HALF = DOUBLES.length();

  /** Vectors that hold the eight lanes of a sum. */
  static final int PARTS = LANES / HALF;

  /**
   * What adds up the lanes of a sum of terms in a fixed order, in pairs: neighbours, then pairs,
   * then fours. Eight lanes taken out one by one take longer.
   */
  static final VectorShuffle<Double> NEIGHBOURS = swap(1);

  static final VectorShuffle<Double> PAIRS = swap(2);
  static final VectorShuffle<Double> FOURS = swap(4);

  private Lanes() {}

  private static VectorShuffle<Double> swap(int distance) {
    return DOUBLES.shuffleFromOp(lane -> (lane ^ distance) % HALF);
  }
}
