package io.softlane;

import io.softlane.CrossEntropy.Reduction;
import io.softlane.Operation.Argument;
import io.softlane.internal.calls.Batches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Where the arguments of a call lie, and in which pieces it is made. None of it changes a bit of
 * its results, but for the one thing that depends on the whole batch, the scale of a mean loss's
 * gradient: such calls are not taken apart.
 *
 * @param offset of the first input. Arrays lie at multiples of 8 bytes, so 16 neighbouring offsets
 *     put a row at every float of a cache line, wherever the JVM puts the array
 * @param gap elements between two rows
 */
record Layout(int offset, int gap, Place place, Pieces pieces) {
  private static final int[] GAPS = {0, 1, 3, 16};

  /** Where the output goes. */
  enum Place {
    APART,
    IN_FIRST,
    IN_SECOND,
    BEHIND_FIRST
  }

  /** Which rows one call takes. */
  enum Pieces {
    ALL,
    FIRST_OF_MANY,
    LAST_OF_MANY,
    ONE_PER_THREAD
  }

  private static final ExecutorService THREADS =
      Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().factory());

  /** Every so many of all 1024, from one of them on. */
  static List<Layout> every(int from, int step) {
    List<Layout> all = new ArrayList<>();
    for (Pieces pieces : Pieces.values()) {
      for (Place place : Place.values()) {
        for (int gap : GAPS) {
          for (int offset = 0; offset < 16; offset++) {
            all.add(new Layout(offset, gap, place, pieces));
          }
        }
      }
    }
    List<Layout> some = new ArrayList<>();
    for (int i = from; i < all.size(); i += step) {
      some.add(all.get(i));
    }
    return some;
  }

  /** Runs a call's operation on its rows, laid out anew; returns these rows' results. */
  Call run(Call plain, SoftmaxKernels kernels) throws Exception {
    boolean mean =
        plain.options != null
            && plain.options.reduction() == Reduction.MEAN
            && plain.operation.takes(Argument.OUT);
    // Neighbours may have labels that are ignored, so that a mean does not count them.
    boolean alone = mean && plain.labels == null;
    int own = plain.inRows.rows();
    int others = alone ? 0 : others(plain.inRows.cols());
    int before = pieces == Pieces.LAST_OF_MANY ? others : 0;
    int after = pieces == Pieces.FIRST_OF_MANY ? others : 0;
    Call call = lay(plain, before, after);
    if (pieces == Pieces.ONE_PER_THREAD && !mean) {
      return onThreads(call, kernels);
    }
    call.run(kernels);
    return before + after == 0 ? call : part(call, before, before + own);
  }

  /** Rows that a batch has beside those looked at: where rows are short, vectors take many. */
  private static int others(int cols) {
    return cols <= 100 ? 17 : 1;
  }

  private Call lay(Call plain, int before, int after) {
    int[] rows = rows(plain.inRows.rows(), before, after);
    Call call = new Call(plain.operation).in(lay(plain.in, plain.inRows, rows, offset));
    if (plain.second != null) {
      call.second(lay(plain.second, plain.secondRows, rows, (offset + 5) % 16));
    }
    if (plain.perRow != null) {
      call.perRow = new float[rows.length];
      for (int r = 0; r < rows.length; r++) {
        call.perRow[r] = plain.perRow[rows[r]];
      }
    }
    call.with(plain);
    call.scores = plain.scores == null ? null : Scores.ofRows(plain.scores, rows);
    if (plain.labels != null) {
      if (plain.options != null && before + after > 0 && !plain.options.ignoring()) {
        call.options = plain.options.withIgnoreIndex(-100);
      }
      int neighbour = call.options == null ? 0 : call.options.ignoreIndex();
      call.labels = new int[rows.length];
      Arrays.setAll(
          call.labels,
          r -> {
            boolean own = r >= before && r < rows.length - after;
            return own ? plain.labels[rows[r]] : neighbour;
          });
    }
    int cols = plain.inRows.cols();
    call.outputs(Batch.empty(new Rows((offset + 11) % 16, rows.length, cols, cols + gap)));
    if (call.out != null) {
      place(call);
    }
    return call;
  }

  /** Which row of the plain call each row is: its own in order, copies around them. */
  private static int[] rows(int own, int before, int after) {
    int[] rows = new int[before + own + after];
    Arrays.setAll(rows, r -> Math.floorMod(r - before, own));
    return rows;
  }

  private Batch lay(float[] data, Rows from, int[] rows, int start) {
    int cols = from.cols();
    Batch batch = Batch.empty(new Rows(start, rows.length, cols, cols + gap));
    for (int r = 0; r < rows.length; r++) {
      int source = (int) (from.offset() + rows[r] * from.stride());
      System.arraycopy(data, source, batch.data(), batch.index(r, 0), cols);
    }
    return batch;
  }

  private void place(Call call) {
    Batch first = new Batch(call.in, call.inRows);
    switch (place) {
      case APART -> {}
      case IN_FIRST -> call.out(first);
      case IN_SECOND ->
          call.out(call.second == null ? first : new Batch(call.second, call.secondRows));
      case BEHIND_FIRST -> {
        int end = (int) Batches.end(call.inRows);
        float[] both = Batch.guards(end + (int) Batches.end(call.outRows));
        System.arraycopy(call.in, 0, both, 0, end);
        call.in = both;
        call.out(new Batch(both, call.outRows.at(end)));
      }
    }
  }

  /** Every row is a call of its own, half of them on another thread. */
  private static Call onThreads(Call call, SoftmaxKernels kernels) throws Exception {
    int rows = call.inRows.rows();
    List<Future<Call>> parts = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      Call part = call.slice(r, r + 1);
      parts.add(THREADS.submit(() -> part.run(kernels)));
    }
    double sum = 0;
    double weight = 0;
    for (int r = 0; r < rows; r++) {
      Call part = parts.get(r).get();
      if (part.loss != null) {
        sum += part.loss.sum();
        weight += part.loss.weight();
        call.loss = new Loss(sum, weight);
      }
    }
    return call;
  }

  /** The results of some rows, as if these had been the batch. */
  private static Call part(Call call, int from, int to) {
    Call part = new Call(call.operation);
    Rows rows = call.inRows.slice(from, to);
    part.in(new Batch(call.in, new Rows(rows.offset(), rows.rows(), rows.cols(), rows.stride())));
    if (call.out != null) {
      part.out(new Batch(call.out, call.outRows.slice(from, to)));
    }
    int k = part.with(call).k;
    part.results = call.results == null ? null : Arrays.copyOfRange(call.results, from * k, to * k);
    part.indices = call.indices == null ? null : Arrays.copyOfRange(call.indices, from * k, to * k);
    if (call.loss != null) {
      double sum = 0;
      for (float loss : part.results) {
        sum += loss;
      }
      // Ignored neighbours weigh nothing, those with dense targets 1 each.
      int neighbours = call.labels == null ? call.inRows.rows() - (to - from) : 0;
      part.loss = new Loss(sum, call.loss.weight() - neighbours);
    }
    return part;
  }
}
