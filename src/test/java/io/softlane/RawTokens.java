package io.softlane;

import io.softlane.Operation.Argument;
import io.softlane.internal.calls.Batches;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * A call of what {@link RawCall} has not, decoded from bytes: the k largest, draws, caps, and
 * scores with options, of rows of any number; arrays of any length, shared or not. Says itself what
 * the contract allows to be thrown for it.
 */
final class RawTokens {
  static final List<Operation> OPERATIONS =
      List.of(
          Operation.TOP_K,
          Operation.SAMPLE,
          Operation.SOFTCAP,
          Operation.SOFTMAX_OF_SCORES,
          Operation.LOG_SOFTMAX_OF_SCORES,
          Operation.LOG_SUM_EXP_OF_SCORES);

  private static final Class<NullPointerException> NULL = NullPointerException.class;
  private static final Class<IllegalArgumentException> ILLEGAL = IllegalArgumentException.class;
  private static final Class<IndexOutOfBoundsException> BOUNDS = IndexOutOfBoundsException.class;

  /** What may be thrown; nothing where the call is legal. */
  final Set<Class<? extends Exception>> refusals = new LinkedHashSet<>();

  /** The call; parts that cannot be made are left as they were. */
  final Call call;

  /** Makes those parts: throws. */
  private Supplier<?> illegal;

  private final Choices choices;
  private final int rows;
  private final int cols;
  private int firstRow;

  RawTokens(byte[] bytes) {
    choices = new Choices(bytes);
    call = new Call(choices.of(OPERATIONS.toArray(Operation[]::new)));
    SplittableRandom random = new SplittableRandom(choices.below(256) << 8 | choices.below(256));
    rows = choices.between(0, 5);
    cols =
        choices.once(8) ? choices.between(1, 256) * choices.between(1, 5) : choices.between(1, 40);
    firstRow = choices.once(3) ? choices.between(0, 6) : 0;
    firstRow = choices.once(24) ? choices.hostileInt() : firstRow;
    if (firstRow < 0 || firstRow > Integer.MAX_VALUE - rows) {
      int bad = firstRow;
      never(ILLEGAL, () -> new Rows(0, rows, cols, cols, bad));
      firstRow = 0;
    }
    call.inRows = place(firstRow);
    call.in = batch(call.inRows, random);
    options(random);
    outputs();
    nulls();
    bounds();
    overlaps();
  }

  /** Throws what keeps the call from being made. */
  void make() {
    if (illegal != null) {
      illegal.get();
    }
  }

  private void never(Class<? extends Exception> type, Supplier<?> made) {
    refusals.add(type);
    illegal = illegal == null ? made : illegal;
  }

  private void refuse(boolean broken, Class<? extends Exception> type) {
    if (broken && illegal == null) {
      refusals.add(type);
    }
  }

  private Rows place(int firstRow) {
    return new Rows(choices.below(8), rows, cols, cols + choices.below(5), firstRow);
  }

  /** An array for a batch, with a bit to spare or, now and then, to want. */
  private float[] batch(Rows shape, SplittableRandom random) {
    int spare = choices.once(24) ? -choices.between(1, 3) : choices.below(4);
    float[] array = Batch.guards((int) Math.max(0, Batches.end(shape) + spare));
    Logits[] kinds = Logits.values();
    int kind = choices.below(kinds.length + 1);
    for (int r = 0; r < shape.rows() && Batches.end(shape) <= array.length; r++) {
      Logits one = kinds[kind == 0 ? random.nextInt(kinds.length) : kind - 1];
      one.fill(random, array, (int) (shape.offset() + r * shape.stride()), cols);
      for (int c = 0; c < cols && choices.once(16); c++) { // some that are equal
        int i = (int) (shape.offset() + r * shape.stride() + c);
        array[i] = (float) Math.rint(array[i]);
      }
    }
    return array;
  }

  /** Mostly enough for a batch. */
  private int length(Rows shape) {
    return (int) Math.max(0, Batches.end(shape) + (choices.once(24) ? -1 : 2));
  }

  /** As many as the rows' numbers need, but for those of huge numbers. */
  private int perRow(int each) {
    long needed = rows == 0 ? 0 : ((long) firstRow + rows) * each;
    int spare = choices.once(24) ? -choices.between(1, 3) : choices.below(4);
    return (int) Math.max(0, Math.min(needed + spare, 5000));
  }

  private void options(SplittableRandom random) {
    switch (call.operation) {
      case TOP_K -> {
        call.k = choices.once(16) ? choices.hostileInt() : choices.between(1, Math.min(cols, 256));
        refuse(call.k < 1 || call.k > cols, ILLEGAL);
      }
      case SAMPLE -> {
        sampling();
        call.perRow = new float[perRow(1)];
        int bad = choices.once(12) ? choices.below(16) : -1;
        for (int r = 0; r < call.perRow.length; r++) {
          call.perRow[r] = r == bad ? choices.hostileFloat() : Tokens.uniform(random);
          boolean counts = call.how.temperature() > 0 && r >= firstRow && r - firstRow < rows;
          refuse(counts && !(call.perRow[r] >= 0 && call.perRow[r] < 1), ILLEGAL);
        }
      }
      case SOFTCAP -> {}
      default -> scores(random);
    }
  }

  private void sampling() {
    float t = choices.once(16) ? choices.hostileFloat() : choices.of(1f, 0f, 0.7f, 3f, 1e-3f);
    int k = choices.once(16) ? choices.hostileInt() : choices.of(cols, 1, 2, 40);
    float p = choices.once(16) ? choices.hostileFloat() : choices.of(1f, 0.9f, 0.5f, 1e-3f);
    float m = choices.once(16) ? choices.hostileFloat() : choices.of(0f, 0.1f, 1f, 1e-20f);
    boolean legal = t >= 0 && t <= Float.MAX_VALUE && k >= 1 && p > 0 && p <= 1 && m >= 0 && m <= 1;
    Supplier<Sampling> made = () -> new Sampling(t, k, p, m);
    if (legal) {
      call.how = made.get();
    } else {
      never(ILLEGAL, made);
    }
  }

  private void scores(SplittableRandom random) {
    call.scores = SoftmaxOptions.DEFAULT;
    float scale = choices.once(16) ? choices.hostileFloat() : choices.of(1f, 0.125f, 2f, 1e30f);
    float cap = choices.once(16) ? choices.hostileFloat() : choices.of(0f, 30f, 1f);
    boolean capped = cap != 0;
    if (!(scale > 0 && scale <= Float.MAX_VALUE)) {
      never(ILLEGAL, () -> SoftmaxOptions.DEFAULT.withScale(scale));
    } else {
      call.scores = call.scores.withScale(scale);
    }
    if (capped && !(cap > 0 && cap <= Float.MAX_VALUE)) {
      never(ILLEGAL, () -> SoftmaxOptions.DEFAULT.withSoftcap(cap));
    } else if (capped) {
      call.scores = call.scores.withSoftcap(cap);
    }
    if (choices.once(2)) {
      int maskRows = choices.once(24) ? 0 : choices.between(1, rows + 2);
      int maskCols = choices.once(24) ? cols + 1 : cols;
      refuse(maskRows == 0 || maskCols != cols, ILLEGAL);
      Rows shape = new Rows(choices.below(8), maskRows, maskCols, maskCols + choices.below(4));
      float[] mask = Batch.guards(length(shape));
      refuse(maskRows > 0 && mask.length < Batches.end(shape), BOUNDS);
      for (int i = 0; i < mask.length; i++) {
        mask[i] = random.nextInt(4) == 0 ? Float.NEGATIVE_INFINITY : random.nextFloat();
      }
      call.scores = call.scores.withMask(mask, shape);
    }
    if (choices.once(2)) {
      int[] lengths = random.ints(perRow(1), 0, cols + 1).toArray();
      if (choices.once(12) && lengths.length > 0) {
        lengths[choices.below(256) % lengths.length] = choices.of(-1, cols + 1, cols, 0);
      }
      for (int r = firstRow; r < Math.min(lengths.length, (long) firstRow + rows); r++) {
        refuse(lengths[r] < 0 || lengths[r] > cols, ILLEGAL);
      }
      refuse(isShort(lengths.length, 1), BOUNDS);
      call.scores = call.scores.withLengths(lengths);
    }
    if (choices.once(2)) {
      float[] sinks = new float[perRow(1)];
      for (int r = 0; r < sinks.length; r++) {
        sinks[r] = random.nextInt(4) == 0 ? Float.NEGATIVE_INFINITY : random.nextFloat();
      }
      refuse(isShort(sinks.length, 1), BOUNDS);
      call.scores = call.scores.withSinks(sinks);
    }
    call.scores = choices.once(2) ? call.scores.withEmptyRowsZero() : call.scores;
  }

  private boolean isShort(int length, int each) {
    return rows > 0 && length < ((long) firstRow + rows) * each;
  }

  /** Outputs of their own, or, by turns, one of the inputs'. */
  private void outputs() {
    int each = call.k < 1 || call.k > cols ? 1 : call.k;
    int shared = choices.below(8);
    SoftmaxOptions o = call.scores == null ? SoftmaxOptions.DEFAULT : call.scores;
    if (call.operation.takes(Argument.OUT)) {
      call.outRows = place(choices.once(2) ? 0 : 1000);
      call.out = Batch.guards(length(call.outRows));
      call.out = shared >= 4 ? call.in : call.out;
      call.outRows = shared >= 5 ? call.inRows : call.outRows;
      call.out = shared == 1 && o.mask() != null ? o.mask() : call.out;
      call.outRows =
          shared == 1 && choices.once(2) && o.mask() != null ? o.maskRows() : call.outRows;
      call.out = shared == 2 && o.sinks() != null ? o.sinks() : call.out;
    }
    if (call.operation.takes(Argument.RESULTS)) {
      call.results = Batch.guards(perRow(each));
      call.results = shared == 7 ? call.in : call.results;
      call.results = shared == 6 && call.perRow != null ? call.perRow : call.results;
      call.results = shared == 5 && o.mask() != null ? o.mask() : call.results;
      call.results = shared == 4 && o.sinks() != null ? o.sinks() : call.results;
    }
    if (call.operation.takes(Argument.INDICES)) {
      call.indices = new int[perRow(each)];
      Arrays.fill(call.indices, Batch.GUARD);
    }
  }

  private void nulls() {
    switch (choices.below(48)) {
      case 47 -> call.results = null;
      case 46 -> call.indices = null;
      case 45 -> call.perRow = null;
      case 44 -> call.out = null;
      case 43 -> call.in = null;
      default -> {}
    }
    refuse(call.in == null, NULL);
    refuse(call.operation.takes(Argument.OUT) && call.out == null, NULL);
    boolean noResults = call.operation.takes(Argument.RESULTS) && call.results == null;
    refuse(noResults && !call.operation.mayLack(Argument.RESULTS), NULL);
    boolean noIndices = call.operation.takes(Argument.INDICES) && call.indices == null;
    refuse(noIndices && (!call.operation.mayLack(Argument.INDICES) || noResults), NULL);
    refuse(call.operation == Operation.SAMPLE && reads() && call.perRow == null, NULL);
  }

  /** Whether uniforms are read. */
  private boolean reads() {
    return call.how.temperature() > 0;
  }

  private void bounds() {
    refuse(call.in != null && rows > 0 && Batches.end(call.inRows) > call.in.length, BOUNDS);
    if (call.out != null) {
      refuse(call.outRows.rows() != rows || call.outRows.cols() != cols, ILLEGAL);
      boolean fits = call.outRows.rows() == 0 || Batches.end(call.outRows) <= call.out.length;
      refuse(!fits, BOUNDS);
    }
    refuse(call.perRow != null && reads() && isShort(call.perRow.length, 1), BOUNDS);
    refuse(call.results != null && isShort(call.results.length, call.k), BOUNDS);
    refuse(call.indices != null && isShort(call.indices.length, call.k), BOUNDS);
  }

  private static boolean isAt(Rows a, Rows b) {
    return a.offset() == b.offset()
        && a.rows() == b.rows()
        && a.cols() == b.cols()
        && a.stride() == b.stride();
  }

  private void overlaps() {
    SoftmaxOptions o = call.scores == null ? SoftmaxOptions.DEFAULT : call.scores;
    long first = firstRow;
    long end = rows == 0 ? first : first + rows;
    if (call.out != null && rows > 0) {
      long a = call.outRows.offset();
      long b = Batches.end(call.outRows);
      long inEnd = Batches.end(call.inRows);
      boolean meets = meet(call.out, a, b, call.in, call.inRows.offset(), inEnd);
      refuse(meets && !isAt(call.outRows, call.inRows), ILLEGAL);
      refuse(meet(call.out, a, b, o.sinks(), first, end), ILLEGAL);
      if (o.mask() != null) {
        Rows m = o.maskRows();
        boolean inPlace = firstRow == 0 && isAt(m, call.outRows);
        refuse(!inPlace && meet(call.out, a, b, o.mask(), m.offset(), Batches.end(m)), ILLEGAL);
      }
    }
    if (call.results != null && rows > 0) {
      long a = first * call.k;
      long b = end * call.k;
      float[] x = call.results;
      refuse(meet(x, a, b, call.in, call.inRows.offset(), Batches.end(call.inRows)), ILLEGAL);
      refuse(reads() && meet(x, a, b, call.perRow, first, end), ILLEGAL);
      refuse(meet(x, a, b, o.sinks(), first, end), ILLEGAL);
      Rows m = o.maskRows();
      refuse(m != null && meet(x, a, b, o.mask(), m.offset(), Batches.end(m)), ILLEGAL);
    }
  }

  private static boolean meet(float[] a, long from, long end, float[] b, long bFrom, long bEnd) {
    return a == b && from < end && bFrom < bEnd && from < bEnd && bFrom < end;
  }

  @Override
  public String toString() {
    return call
        + ", first row "
        + firstRow
        + ", k "
        + call.k
        + ", "
        + call.how
        + (call.scores == null ? "" : ", " + Scores.text(call.scores))
        + ", lengths "
        + Arrays.toString(
            new int[] {
              length(call.in), length(call.out), length(call.perRow), length(call.results)
            })
        + (call.indices == null ? "" : " and " + call.indices.length)
        + ", out "
        + call.outRows;
  }

  private static int length(float[] array) {
    return array == null ? -1 : array.length;
  }
}
