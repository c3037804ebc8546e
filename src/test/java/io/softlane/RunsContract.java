package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.internal.calls.Batches;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Rows without a gap between them, of which kernels may take many at once: every row has the bits
 * that it has alone, out of place and in place, also beside rows that miss the window.
 */
interface RunsContract {
  /** Those that have terms, and whose rows may go in blocks. */
  Set<Operation> BLOCKS =
      EnumSet.of(
          Operation.SOFTMAX,
          Operation.LOG_SOFTMAX,
          Operation.LOG_SUM_EXP,
          Operation.ENTROPY,
          Operation.LOSS_OF_LABELS,
          Operation.GRADIENT_OF_LABELS,
          Operation.LOSS_OF_TARGETS,
          Operation.GRADIENT_OF_TARGETS);

  SoftmaxKernels kernels();

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  default void denseRows(
      @ForAll Operation operation,
      @ForAll Neighbours neighbours,
      @ForAll @IntRange(min = 1, max = 1100) int cols,
      @ForAll @IntRange(min = 0, max = 1000) int fill,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    // Up to two blocks of 2048 elements, and a bit.
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
    call.assertSpareResults();
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
      inPlace.assertSpareResults();
      inPlace.out().assertGuards("output in place");
    }
  }

  /** So many short rows that every operation takes some of them at once. */
  @Test
  default void manyShortRows() {
    for (Operation operation : Operation.values()) {
      for (Neighbours neighbours : Neighbours.values()) {
        for (int cols : new int[] {1, 2, 3, 10, 27}) {
          SplittableRandom random = new SplittableRandom(cols);
          Call call = shortRows(operation, cols);
          for (int r = 0; r < call.inRows.rows(); r++) {
            neighbours.kind(random).fill(random, call.in, r * cols, cols);
          }
          asTheScalarKernels(call, neighbours.toString());
          if (call.labels != null && call.options != null) {
            call.options = call.options.withIgnoreIndex(call.labels[1]);
            asTheScalarKernels(call, neighbours + ", a class ignored");
            call.options = CrossEntropy.DEFAULT.withIgnoreIndex(-100);
            for (int r = 0; r < call.inRows.rows(); r += 5) {
              call.labels[r] = -100;
            }
            asTheScalarKernels(call, neighbours + ", some labels ignored");
          }
        }
      }
    }
  }

  /**
   * Batches beyond the caches, whose rows of up to 2048 columns go another way than those of a
   * smaller one, and of some widths and operations do not; in place, too. Of entropy and dense
   * targets, whose batches take long to make, those in blocks.
   */
  @Test
  @Tag("long")
  default void manyMediumRows() {
    int[][] shapes = {
      {8400, 500},
      {8401, 501},
      {8200, 256},
      {700, 1000},
      {2050, 2048},
      {2200, 1000},
      {2200, 1001},
      {30011, 67},
      {40100, 101},
      {100003, 21},
      {190003, 11},
      {10400, 200},
      {2700, 799},
      {4500, 449}
    };
    int[][] blocks = {{40100, 101}};
    for (Operation operation : BLOCKS) {
      boolean isOne = operation == Operation.ENTROPY || operation.takes(Operation.Argument.SECOND);
      for (int[] shape : isOne ? blocks : shapes) {
        Call call = dense(operation, shape[0], shape[1]);
        SplittableRandom random = new SplittableRandom(shape[1]);
        // The sum of losses is NaN where one is.
        Neighbours neighbours = shape[1] % 500 == 0 ? Neighbours.TAME : Neighbours.ONE_IN_HUNDRED;
        for (int r = 0; r < shape[0]; r++) {
          neighbours.kind(random).fill(random, call.in, r * shape[1], shape[1]);
        }
        if (call.options != null) {
          call.options = call.options.withReduction(CrossEntropy.Reduction.SUM);
        }
        asTheScalarKernels(call, "beyond the cache");
        call.run(kernels());
        for (int r = 0; r < shape[0]; r += 97) {
          call.packedRows(r, r + 1).run(kernels()).assertSameResults(call, r, "row " + r);
        }
      }
    }
  }

  /**
   * Rows that are three at a time in the kernels, all plain or all with -inf but for one, or two
   * neighbours: first, last and in between.
   */
  @Test
  default void oddRowsAmongOthers() {
    int rows = 9;
    for (Operation operation : BLOCKS) {
      for (int cols : new int[] {200, 333, 1024}) {
        for (Logits kind : Logits.values()) {
          for (int odd = 0; odd < 2 * rows; odd++) {
            Logits others = odd < rows ? Logits.NORMAL : Logits.MASKED;
            SplittableRandom random = new SplittableRandom(odd);
            Call call = dense(operation, rows, cols);
            for (int r = 0; r < rows; r++) {
              boolean isOdd = r == odd % rows || r == odd % rows + 1 && random.nextBoolean();
              (isOdd ? kind : others).fill(random, call.in, r * cols, cols);
            }
            asTheScalarKernels(call, kind + " at row " + odd % rows + ", others " + others);
          }
        }
      }
    }
  }

  /**
   * Among others, plain rows whose factors are so small that a term's product with the second float
   * of one is subnormal: rounded there, it changes one result in some 300,000.
   */
  @Test
  default void smallFactors() {
    int rows = 7000;
    int cols = 256;
    for (Operation operation : BLOCKS) {
      Call call = dense(operation, rows, cols);
      SplittableRandom random = new SplittableRandom(1);
      for (int r = 0; r < rows; r += 2) {
        Logits.NORMAL.fill(random, call.in, r * cols, cols);
        for (int i = (r + 1) * cols; i < (r + 2) * cols; i++) {
          call.in[i] = (i % cols == 0 ? 31.1f : -44.4f) - random.nextFloat() / 2;
        }
      }
      asTheScalarKernels(call, "large sums");
    }
  }

  /** Terms that would read as sums within the window. */
  @Test
  default void termsThatLookLikeSums() {
    for (Operation operation : Operation.values()) {
      for (int cols : new int[] {2, 3, 10}) {
        SplittableRandom random = new SplittableRandom(cols);
        Call call = shortRows(operation, cols);
        for (int i = 0; i < Batches.end(call.inRows); i++) {
          call.in[i] = -30 + random.nextFloat();
        }
        asTheScalarKernels(call, "small terms");
      }
    }
  }

  private static Call shortRows(Operation operation, int cols) {
    return dense(operation, Math.min(1800, 9000 / cols), cols);
  }

  static Call dense(Operation operation, int rows, int cols) {
    Rows dense = Rows.of(rows, cols);
    Call call = Call.of(operation, new Sample(Logits.NORMAL, rows, cols, cols));
    call.options = call.options == null ? null : CrossEntropy.DEFAULT;
    // None to spare: what lies after the last one must not be read.
    call.labels = call.labels == null ? null : Arrays.copyOf(call.labels, rows);
    return call.in(Batch.empty(dense)).outputs(Batch.empty(dense));
  }

  /**
   * The scalar kernels' results, out of place and in place, and nothing beside them is written; the
   * first on a thread of its own, the others after earlier calls. What the outputs held before
   * would read as sums within the window: a run keeps its own there.
   */
  private void asTheScalarKernels(Call given, String what) {
    Call scalar = given.copy().run(SoftmaxKernels.scalar());
    Call call = given.copy();
    int rows = call.inRows.rows();
    if (call.out != null) {
      Arrays.fill(call.out, 0, rows * call.inRows.cols(), 1000);
    }
    if (call.results != null) {
      Arrays.fill(call.results, 0, rows, 1000);
    }
    call.runAfresh(kernels()).assertSameResults(scalar, 0, what + ", " + call.inRows);
    assertEquals(scalar.loss, call.loss);
    if (call.loss != null) {
      double sum = 0;
      for (int r = 0; r < rows; r++) {
        sum += call.results[call.inRows.firstRow() + r];
      }
      assertEquals(sum, call.loss.sum(), what);
    }
    call.assertSpareResults();
    if (call.out != null) {
      call.out().assertGuards(what);
      Call inPlace = given.copy();
      inPlace.out(new Batch(inPlace.in, inPlace.inRows)).run(kernels());
      inPlace.assertSameResults(scalar, 0, what + ", in place, " + call.inRows);
      assertEquals(scalar.loss, inPlace.loss);
      inPlace.assertSpareResults();
      inPlace.out().assertGuards(what + ", in place");
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
