package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.Operation.Argument;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * One call of one operation: its arguments, each of which a test may replace. What the operation
 * does not take is null. Outputs hold guards until it ran.
 */
final class Call {
  /** Elements that per-row arrays have after their last row, guards all. */
  static final int SPARE = 3;

  final Operation operation;
  float[] in;
  Rows inRows;
  float[] second;
  Rows secondRows;
  float[] perRow;
  int[] labels;
  CrossEntropy options;
  SoftmaxOptions scores;
  float[] out;
  Rows outRows;
  float[] results;
  int[] indices;
  Sampling how = Sampling.DEFAULT;

  /** Results and indices a row. */
  int k = 1;

  Loss loss;

  Call(Operation operation) {
    this.operation = operation;
  }

  /** A call on the batch of a sample; the other arguments fit, and come from its seed too. */
  static Call of(Operation operation, Sample sample) {
    RandomGenerator random = sample.random();
    Call call = new Call(operation).in(sample.logits(random));
    int rows = sample.rows();
    int cols = sample.cols();
    if (operation.takes(Argument.SECOND)) {
      Batch second = Batch.empty(random, rows, cols);
      for (int r = 0; r < rows; r++) {
        // A target is no negative number; what the contract says of such is a property of its own.
        fillSecond(random, second, r, random.nextInt(operation.takes(Argument.OPTIONS) ? 3 : 4));
      }
      call.second(second);
    }
    if (operation.takes(Argument.PER_ROW)) {
      call.perRow = Batch.guards(rows + SPARE);
      for (int r = 0; r < rows; r++) {
        // The row's own values, mostly, as a shift; now and then anything.
        boolean own = random.nextInt(4) > 0;
        int i = (int) (call.inRows.offset() + r * call.inRows.stride());
        float value =
            own ? call.in[i + random.nextInt(cols)] : Float.intBitsToFloat(random.nextInt());
        call.perRow[r] = operation == Operation.SAMPLE ? Tokens.uniform(random) : value;
      }
    }
    if (operation.takes(Argument.LABELS)) {
      call.labels = random.ints(rows + SPARE, 0, cols).toArray();
    }
    if (operation.takes(Argument.OPTIONS)) {
      call.options = options(random, call.labels, cols);
    }
    if (operation.takes(Argument.SCORES)) {
      call.scores = Scores.draw(random, rows, cols);
      if (sample.kind() == null && sample.seed() % 3 == 0) { // BitsHash has no such samples
        call.scores = call.scores.withSoftcap(sample.seed() % 2 == 0 ? 3 : 50);
      }
      if (random.nextBoolean()) {
        Scores.poisonBeyond(call.scores.lengths(), new Batch(call.in, call.inRows));
      }
    }
    if (operation == Operation.TOP_K) {
      call.k = 1 + random.nextInt(random.nextInt(4) == 0 ? cols : Math.min(cols, 9));
    }
    if (operation == Operation.SAMPLE) {
      call.how = Tokens.draw(random, cols);
    }
    return call.outputs(Batch.empty(random, rows, cols));
  }

  /** Targets or upstream gradients: a distribution, one hot, zeros and ones, or signed values. */
  static void fillSecond(RandomGenerator random, Batch second, int r, int way) {
    int cols = second.rows().cols();
    int hot = random.nextInt(cols);
    for (int c = 0; c < cols; c++) {
      float value =
          switch (way) {
            case 0 -> random.nextFloat() / cols;
            case 1 -> c == hot ? 1 : 0;
            case 2 -> random.nextInt(2);
            default -> (float) random.nextGaussian();
          };
      second.set(r, c, value);
    }
  }

  /** Every option, each in about half of the calls. */
  static CrossEntropy options(RandomGenerator random, int[] labels, int cols) {
    CrossEntropy options = CrossEntropy.DEFAULT;
    if (random.nextBoolean()) {
      options = options.withReduction(CrossEntropy.Reduction.SUM);
    }
    if (random.nextBoolean()) {
      options = options.withLabelSmoothing(random.nextInt(5) == 0 ? 1 : random.nextFloat());
    }
    if (random.nextBoolean()) {
      float[] weights = new float[cols];
      for (int c = 0; c < cols; c++) {
        weights[c] = random.nextInt(8) == 0 ? 0 : 2 * random.nextFloat();
      }
      options = options.withClassWeights(weights);
    }
    if (random.nextBoolean()) {
      options = options.withZLoss(random.nextFloat() / 10);
    }
    if (random.nextBoolean()) {
      options = options.withIgnoreIndex(labels == null ? -100 : labels[0]);
    }
    return options;
  }

  Call in(Batch batch) {
    in = batch.data();
    inRows = batch.rows();
    return this;
  }

  Call second(Batch batch) {
    second = batch.data();
    secondRows = batch.rows();
    return this;
  }

  Call out(Batch batch) {
    out = batch.data();
    outRows = batch.rows();
    return this;
  }

  /** Fresh outputs, as many as the operation has. */
  Call outputs(Batch empty) {
    int perRow = empty.rows().rows() * k + SPARE;
    if (operation.takes(Argument.OUT)) {
      out(empty);
    }
    results = operation.takes(Argument.RESULTS) ? Batch.guards(perRow) : null;
    if (operation.takes(Argument.INDICES)) {
      indices = new int[perRow];
      Arrays.fill(indices, Batch.GUARD);
    }
    return this;
  }

  /** The same arguments, in arrays of their own; arrays that were the same stay so. */
  Call copy() {
    Call copy = new Call(operation).with(this);
    copy.in = in.clone();
    copy.inRows = inRows;
    copy.second = second == in ? copy.in : second == null ? null : second.clone();
    copy.secondRows = secondRows;
    copy.perRow = perRow == null ? null : perRow.clone();
    copy.labels = labels == null ? null : labels.clone();
    copy.out = out == in ? copy.in : out == second ? copy.second : out == null ? null : out.clone();
    copy.outRows = outRows;
    copy.results = results == null ? null : results.clone();
    copy.indices = indices == null ? null : indices.clone();
    return copy;
  }

  /** Some of the rows, in packed arrays of their own. */
  Call packedRows(int from, int to) {
    Call part = new Call(operation).in(new Batch(in, inRows.slice(from, to)).packed());
    if (second != null) {
      part.second(new Batch(second, secondRows.slice(from, to)).packed());
    }
    part.perRow = perRow == null ? null : Arrays.copyOfRange(perRow, from, to);
    part.labels = labels == null ? null : Arrays.copyOfRange(labels, from, to);
    part.with(this);
    part.scores = scores == null ? null : Scores.ofRows(scores, range(from, to));
    return part.outputs(Batch.empty(Rows.of(to - from, inRows.cols())));
  }

  /** All of the arrays, and a range of the rows. */
  Call slice(int from, int to) {
    Call part = new Call(operation).with(this).in(new Batch(in, inRows.slice(from, to)));
    if (second != null) {
      part.second(new Batch(second, secondRows.slice(from, to)));
    }
    if (out != null) {
      part.out(new Batch(out, outRows.slice(from, to)));
    }
    part.perRow = perRow;
    part.labels = labels;
    part.results = results;
    part.indices = indices;
    return part;
  }

  /** Another call's options. */
  Call with(Call other) {
    options = other.options;
    scores = other.scores;
    how = other.how;
    k = other.k;
    return this;
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  Call run(SoftmaxKernels kernels) {
    loss = operation.run(kernels, this);
    return this;
  }

  /** The same on a thread of its own: no earlier call tells how its row begins. */
  Call runAfresh(SoftmaxKernels kernels) {
    return onThread(() -> run(kernels));
  }

  /** The same, after another call. */
  Call runAfter(Call before, SoftmaxKernels kernels) {
    return onThread(
        () -> {
          before.run(kernels);
          return run(kernels);
        });
  }

  private static Call onThread(Callable<Call> run) {
    FutureTask<Call> task = new FutureTask<>(run);
    Thread.ofPlatform().start(task);
    try {
      return task.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Batch out() {
    return new Batch(out, outRows);
  }

  /** Fails unless the results are, bit for bit, those of another call from one of its rows on. */
  void assertSameResults(Call other, int otherFrom, String what) {
    String name = operation + ", " + what;
    for (int r = 0; r < inRows.rows(); r++) {
      int q = otherFrom + r;
      int mine = (inRows.firstRow() + r) * k;
      int others = (other.inRows.firstRow() + q) * k;
      for (int j = 0; j < k; j++) {
        if (results != null) {
          Ulps.assertBits(results[mine + j], other.results[others + j], name, r, j);
        }
        if (indices != null) {
          assertEquals(other.indices[others + j], indices[mine + j], name);
        }
      }
      if (out != null) {
        for (int c = 0; c < inRows.cols(); c++) {
          Ulps.assertBits(out().get(r, c), other.out().get(q, c), name, r, c);
        }
      }
    }
  }

  /** Fails where a per-row result was written that is no row's. */
  void assertSpareResults() {
    int length = results != null ? results.length : indices != null ? indices.length : 0;
    for (int r = 0; r < length; r++) {
      if (r >= inRows.firstRow() * k && r < (inRows.firstRow() + inRows.rows()) * k) {
        continue;
      }
      if (results != null) {
        assertEquals(
            Batch.GUARD, Float.floatToRawIntBits(results[r]), operation + ", spare result");
      }
      if (indices != null) {
        assertEquals(Batch.GUARD, indices[r], operation + ", spare index");
      }
    }
  }

  @Override
  public String toString() {
    if (options == null) {
      return operation + " of " + inRows + (scores == null ? "" : ", " + Scores.text(scores));
    }
    float[] w = options.classWeights();
    return operation
        + " of "
        + inRows
        + (labels == null ? "" : ", labels " + Arrays.toString(labels))
        + (w == null ? "" : ", weights from " + w[0] + " on")
        + ", ignoring "
        + (options.ignoring() ? options.ignoreIndex() : "none")
        + ", smoothing "
        + options.labelSmoothing()
        + ", z "
        + options.zLoss()
        + ", "
        + options.reduction();
  }
}
