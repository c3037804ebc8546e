package io.softlane;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * What a property draws: a shape, a kind of rows, and a seed for the rest. Few values, so that a
 * failure shrinks to few rows and columns.
 *
 * @param kind the kind of every row; null for one kind per row
 */
record Sample(Logits kind, int rows, int cols, long seed) {

  /** Any kind, mixed batches most often. */
  static final class Any implements ArbitrarySupplier<Sample> {
    @Override
    public Arbitrary<Sample> get() {
      Arbitrary<Logits> kinds = Arbitraries.of(Logits.class).injectNull(0.5);
      return Combinators.combine(kinds, Arbitraries.integers().between(1, 5), columns(), seeds())
          .as(Sample::new);
    }
  }

  /** Columns that straddle 16 lanes, and now and then many. */
  private static Arbitrary<Integer> columns() {
    Arbitrary<Integer> straddling =
        Combinators.combine(
                Arbitraries.integers().between(1, 20), Arbitraries.integers().between(-2, 2))
            .as((k, d) -> 16 * k + d);
    return Arbitraries.frequencyOf(
        Tuple.of(
            4,
            Arbitraries.integers().between(1, 40).withDistribution(RandomDistribution.uniform())),
        Tuple.of(4, straddling),
        Tuple.of(
            1,
            Arbitraries.integers()
                .between(1, 5000)
                .withDistribution(RandomDistribution.uniform())));
  }

  private static Arbitrary<Long> seeds() {
    return Arbitraries.longs().withoutEdgeCases();
  }

  RandomGenerator random() {
    return new SplittableRandom(seed);
  }

  /** The logits, guarded. */
  Batch logits() {
    return logits(random());
  }

  Batch logits(RandomGenerator random) {
    Batch batch = Batch.empty(random, rows, cols);
    Logits[] kinds = Logits.values();
    for (int r = 0; r < rows; r++) {
      Logits k = kind == null ? kinds[random.nextInt(kinds.length)] : kind;
      k.fill(random, batch.data(), batch.index(r, 0), cols);
    }
    return batch;
  }
}
