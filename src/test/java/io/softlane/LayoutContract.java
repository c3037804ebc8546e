package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.CrossEntropy.Reduction;
import io.softlane.Operation.Argument;
import io.softlane.internal.calls.Batches;
import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Where rows lie, what surrounds them and where results go changes no bit of a result. */
interface LayoutContract {
  SoftmaxKernels kernels();

  /** Guards stay, inputs stay, and every row has the bits that it has alone and packed. */
  @Property(tries = 2000)
  default void rowsAreIndependent(
      @ForAll Operation operation, @ForAll(supplier = Sample.Any.class) Sample sample) {
    Call call = withSum(Call.of(operation, sample));
    Call before = call.copy();
    call.run(kernels());
    new Batch(call.in, call.inRows).assertGuards("input");
    assertArrayEquals(bits(before.in), bits(call.in), "input");
    if (call.second != null) {
      assertArrayEquals(bits(before.second), bits(call.second), "second input");
    }
    if (call.perRow != null) {
      assertArrayEquals(bits(before.perRow), bits(call.perRow), "shift or sum");
    }
    if (call.labels != null) {
      assertArrayEquals(before.labels, call.labels, "labels");
    }
    if (call.out != null) {
      call.out().assertGuards("output");
    }
    call.assertSpareResults();
    for (int r = 0; r < sample.rows(); r++) {
      call.packedRows(r, r + 1).run(kernels()).assertSameResults(call, r, "row " + r + " alone");
    }
  }

  /** A row's result does not depend on its position in the batch. */
  @Property(tries = 200)
  default void positionDoesNotMatter(
      @ForAll Operation operation,
      @ForAll(supplier = Sample.Any.class) Sample sample,
      @ForAll @IntRange(min = 1, max = 40) int copies) {
    Call one = withSum(Call.of(operation, sample)).packedRows(0, 1);
    int cols = sample.cols();
    Call many = new Call(operation).in(repeat(one.in, one.inRows, copies));
    if (one.second != null) {
      many.second(repeat(one.second, one.secondRows, copies));
    }
    if (one.perRow != null) {
      many.perRow = new float[copies];
      Arrays.fill(many.perRow, one.perRow[0]);
    }
    if (one.labels != null) {
      many.labels = new int[copies];
      Arrays.fill(many.labels, one.labels[0]);
    }
    many.with(one);
    many.scores = one.scores == null ? null : Scores.ofRows(one.scores, new int[copies]);
    many.outputs(Batch.empty(new Rows(3, copies, cols, cols + 1))).run(kernels());
    one.run(kernels());
    for (int r = 0; r < copies; r++) {
      one.assertSameResults(many, r, "one of " + copies);
    }
  }

  private static Batch repeat(float[] row, Rows rows, int copies) {
    int cols = rows.cols();
    Batch batch = Batch.empty(new Rows(1, copies, cols, cols + 2));
    for (int r = 0; r < copies; r++) {
      System.arraycopy(row, (int) rows.offset(), batch.data(), batch.index(r, 0), cols);
    }
    return batch;
  }

  /** Every way an output may be in place gives the bits of three arrays apart. */
  @Property(tries = 1500)
  default void inPlace(
      @ForAll Operation operation,
      @ForAll Aliasing aliasing,
      @ForAll(supplier = Sample.Any.class) Sample sample) {
    Assume.that(aliasing.fits(operation));
    Call apart = Call.of(operation, sample);
    if (aliasing.sharesInputs) {
      apart.second(new Batch(apart.in.clone(), apart.inRows));
    }
    Call aliased = apart.copy();
    aliasing.apply(aliased);
    apart.run(kernels());
    aliased.run(kernels());
    aliased.assertSameResults(apart, 0, aliasing.toString());
    assertEquals(apart.loss, aliased.loss);
    if (aliased.out != null && aliasing != Aliasing.OUT_FOLLOWS_FIRST) {
      aliased.out().assertGuards(operation + " in place");
    }
  }

  /** In place, each kind of rows by itself: those beyond the window must not lose their logits. */
  @Test
  default void everyKindInPlace() {
    for (Operation operation : Operation.values()) {
      for (Logits kind : Logits.values()) {
        if (operation.takes(Argument.OUT)) {
          Call apart = Call.of(operation, new Sample(kind, 3, 41, 1));
          // No options: then the terms of a loss wait in the gradient's row.
          apart.options = apart.options == null ? null : CrossEntropy.DEFAULT;
          Call inPlace = apart.copy();
          inPlace.out(new Batch(inPlace.in, inPlace.inRows));
          inPlace.run(kernels()).assertSameResults(apart.run(kernels()), 0, kind + " in place");
        }
      }
    }
  }

  /** The legal ways for arguments to share an array. */
  enum Aliasing {
    OUT_IS_FIRST(false) {
      @Override
      void apply(Call call) {
        call.out(new Batch(call.in, call.inRows));
      }
    },
    OUT_IS_SECOND(false) {
      @Override
      void apply(Call call) {
        call.out(new Batch(call.second, call.secondRows));
      }
    },
    INPUTS_ARE_ONE(true) {
      @Override
      void apply(Call call) {
        call.second(new Batch(call.in, call.inRows));
      }
    },
    ALL_ARE_ONE(true) {
      @Override
      void apply(Call call) {
        call.second(new Batch(call.in, call.inRows));
        call.out(new Batch(call.in, call.inRows));
      }
    },
    OUT_FOLLOWS_FIRST(false) {
      @Override
      void apply(Call call) {
        int end = (int) Batches.end(call.inRows);
        float[] both = Batch.guards(end + (int) Batches.end(call.outRows) + 9);
        System.arraycopy(call.in, 0, both, 0, end);
        call.in = both;
        call.out(new Batch(both, call.outRows.at(end)));
      }
    };

    final boolean sharesInputs;

    Aliasing(boolean sharesInputs) {
      this.sharesInputs = sharesInputs;
    }

    abstract void apply(Call call);

    boolean fits(Operation operation) {
      boolean out = this == INPUTS_ARE_ONE || operation.takes(Argument.OUT);
      boolean second = this == OUT_IS_FIRST || this == OUT_FOLLOWS_FIRST;
      return out && (second || operation.takes(Argument.SECOND));
    }
  }

  /** A batch of no rows is legal anywhere in arrays of any length, and nothing is written. */
  @Test
  default void noRows() {
    for (Operation operation : Operation.values()) {
      for (int length : new int[] {0, 10}) {
        Rows none = new Rows(7, 0, 3, 5);
        Call call = new Call(operation).in(new Batch(Batch.guards(length), none));
        call.second(new Batch(Batch.guards(length), none)).out(new Batch(call.in, none));
        call.perRow = Batch.guards(length);
        call.labels = new int[length];
        call.options = CrossEntropy.DEFAULT;
        call.scores = Scores.all(0, 3);
        call.results = Batch.guards(length);
        call.indices = new int[length];
        Call before = call.copy();
        call.run(kernels());
        assertArrayEquals(bits(before.in), bits(call.in));
        assertArrayEquals(bits(before.second), bits(call.second));
        assertArrayEquals(bits(before.perRow), bits(call.perRow));
        assertArrayEquals(bits(before.results), bits(call.results));
        assertArrayEquals(before.indices, call.indices);
        boolean losses = operation.takes(Argument.OPTIONS);
        assertEquals(losses ? new Loss(0, 0) : null, call.loss);
      }
    }
  }

  /** The contiguous forms are the general ones on a packed batch. */
  @Property(tries = 100)
  default void contiguousForms(@ForAll(supplier = Sample.Any.class) Sample sample) {
    Call softmax = Call.of(Operation.SOFTMAX, sample).packedRows(0, sample.rows());
    Call logSoftmax = Call.of(Operation.LOG_SOFTMAX, sample).packedRows(0, sample.rows());
    float[] p = Batch.guards(softmax.in.length);
    float[] l = Batch.guards(softmax.in.length);
    kernels().softmax(softmax.in, p, sample.rows(), sample.cols());
    kernels().logSoftmax(softmax.in, l, sample.rows(), sample.cols());
    Rows rows = softmax.inRows;
    SpecialValuesContract.assertSame(new Batch(p, rows).packed().data(), run(softmax));
    SpecialValuesContract.assertSame(new Batch(l, rows).packed().data(), run(logSoftmax));
  }

  private float[] run(Call call) {
    return call.run(kernels()).out().packed().data();
  }

  /** MEAN is the one thing that depends on the batch. */
  private static Call withSum(Call call) {
    call.options = call.options == null ? null : call.options.withReduction(Reduction.SUM);
    return call;
  }

  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
