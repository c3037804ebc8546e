package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Rows without a gap between them, of which kernels may take many at once: every row has the bits
 * that it has alone, out of place and in place, also beside rows that miss the window.
 */
interface RunsContract {
  SoftmaxKernels kernels();

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void denseRows(
      @ForAll Operation operation,
      @ForAll Neighbours neighbours,
      @ForAll @IntRange(min = 1, max = 1100) int cols,
      @ForAll @IntRange(min = 0, max = 1000) int fill,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    // Up to four runs of 1024 elements, and a bit.
    int rows = 1 + fill * (4500 / cols) / 1000;
    Rows dense = new Rows(random.nextInt(20), rows, cols, cols);
    Call call = Call.of(operation, new Sample(Logits.NORMAL, rows, cols, seed));
    Batch in = Batch.empty(dense);
    for (int r = 0; r < rows; r++) {
      neighbours.kind(random).fill(random, in.data(), in.index(r, 0), cols);
    }
    call.in(in).outputs(Batch.empty(dense.at(random.nextInt(20))));
    if (call.options != null && random.nextInt(4) > 0) {
      // Plain, mostly, but for an ignored label: that is what runs are for.
      call.options = CrossEntropy.DEFAULT;
      if (call.labels != null && random.nextBoolean()) {
        call.options = call.options.withIgnoreIndex(call.labels[random.nextInt(rows)]);
      }
    }
    boolean sum = random.nextBoolean();
    if (call.options != null && sum) {
      call.options = call.options.withReduction(CrossEntropy.Reduction.SUM);
    }
    Call inPlace = call.copy();
    call.copy().run(SoftmaxKernels.scalar()).assertSameResults(call.run(kernels()), 0, "scalar");
    if (call.out != null) {
      call.out().assertGuards("output");
    }
    // MEAN is the one thing that depends on the batch.
    for (int r = 0; r < rows && (sum || call.options == null); r++) {
      call.packedRows(r, r + 1).run(kernels()).assertSameResults(call, r, "row " + r + " alone");
    }
    if (operation.takes(Operation.Argument.OUT)) {
      inPlace.out(new Batch(inPlace.in, inPlace.inRows)).run(kernels());
      inPlace.assertSameResults(call, 0, "in place");
      assertEquals(call.loss, inPlace.loss);
      inPlace.out().assertGuards("output in place");
    }
  }

  /**
   * So many short rows that every operation takes some of them at once: log-sum-exp from 90 rows of
   * 10 on.
   */
  @Test
  default void manyShortRows() {
    for (Operation operation : Operation.values()) {
      for (Neighbours neighbours : Neighbours.values()) {
        for (int cols : new int[] {1, 2, 3, 10, 27}) {
          SplittableRandom random = new SplittableRandom(cols);
          Rows dense = Rows.of(Math.min(1800, 9000 / cols), cols);
          Call call = Call.of(operation, new Sample(Logits.NORMAL, dense.rows(), cols, cols));
          Batch in = Batch.empty(dense);
          for (int r = 0; r < dense.rows(); r++) {
            neighbours.kind(random).fill(random, in.data(), in.index(r, 0), cols);
          }
          call.in(in).outputs(Batch.empty(dense));
          if (call.options != null) {
            call.options = CrossEntropy.DEFAULT;
          }
          Call inPlace = call.copy();
          String what = neighbours + ", " + call;
          call.run(kernels()).assertSameResults(call.copy().run(SoftmaxKernels.scalar()), 0, what);
          if (call.out != null) {
            call.out().assertGuards(what);
            inPlace.out(new Batch(inPlace.in, dense)).run(kernels());
            inPlace.assertSameResults(call, 0, what + " in place");
          }
        }
      }
    }
  }

  /** What the rows of a batch are. */
  enum Neighbours {
    /** All within the window, so that runs may be in place. */
    TAME {
      @Override
      Logits kind(SplittableRandom random) {
        return Logits.NORMAL;
      }
    },
    /** Runs that are given up somewhere. */
    ONE_IN_HUNDRED {
      @Override
      Logits kind(SplittableRandom random) {
        return random.nextInt(100) > 0 ? Logits.NORMAL : ANY.kind(random);
      }
    },
    ONE_IN_TEN {
      @Override
      Logits kind(SplittableRandom random) {
        return random.nextInt(10) > 0 ? Logits.NORMAL : ANY.kind(random);
      }
    },
    ANY {
      @Override
      Logits kind(SplittableRandom random) {
        return Logits.values()[random.nextInt(Logits.values().length)];
      }
    };

    abstract Logits kind(SplittableRandom random);
  }
}
