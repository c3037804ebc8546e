package io.softlane.internal.report;

import io.softlane.CrossEntropy;
import io.softlane.Loss;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import io.softlane.SoftmaxOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A few thousand rows on which kernels must have the scalar kernels' bits, and the scalar kernels
 * those of every other machine.
 */
public final class SelfTest {
  /** The hash of what the scalar kernels give for the first round, on every machine. */
  public static final long GOLDEN = 0x1ce1_9f3a_11bf_dd47L;

  /** Short and long rows, with and without a tail at every width. */
  private static final int[] COLS = {1, 2, 3, 5, 8, 10, 16, 17, 31, 50, 100, 257, 1000};

  /** Floats in a batch, as far as whole rows allow. */
  private static final int BATCH = 300;

  /** What a row is made of; {@link #CALM} is what models give. */
  private enum Kind {
    CALM,
    WIDE,
    FAR,
    HUGE,
    MASKED,
    SUBNORMAL,
    ZEROS,
    EMPTY,
    INFINITE,
    NAN;

    float draw(Random random) {
      // What these methods of Random return is specified to the bit, and so the hash can be.
      float u = random.nextFloat();
      boolean one = random.nextInt(4) == 0;
      float calm = 6 * u - 3;
      return switch (this) {
        case CALM -> calm;
        case WIDE -> 100 * calm;
        case FAR -> 20_000 + calm;
        case HUGE -> 1e30f * calm;
        case MASKED -> one ? calm : Float.NEGATIVE_INFINITY;
        case SUBNORMAL -> one ? calm : -95 - 8 * u;
        case ZEROS -> one ? 0f : -0f;
        case EMPTY -> Float.NEGATIVE_INFINITY;
        case INFINITE -> one ? Float.POSITIVE_INFINITY : calm;
        case NAN -> one ? Float.NaN : calm;
      };
    }
  }

  /** The arguments of an operation, and where its results go. */
  public record Arguments(
      float[] logits, Rows in, int[] labels, float[] perRow, float[] out, Rows outs) {}

  /** An operation by name. */
  public record Operation(String name, Action action) {
    /** Calls it. */
    public interface Action {
      void call(SoftmaxKernels kernels, Arguments a);
    }
  }

  private static final List<Operation> OPERATIONS =
      List.of(
          new Operation("max", (k, a) -> k.max(a.logits, a.in, a.perRow)),
          new Operation("argmax", SelfTest::argmax),
          new Operation("logSumExp", (k, a) -> k.logSumExp(a.logits, a.in, a.perRow)),
          new Operation("softmax", (k, a) -> k.softmax(a.logits, a.in, a.out, a.outs)),
          new Operation("logSoftmax", (k, a) -> k.logSoftmax(a.logits, a.in, a.out, a.outs)),
          new Operation("entropy", (k, a) -> k.entropy(a.logits, a.in, a.perRow)),
          new Operation("softmax and logSumExp with options", SelfTest::withOptions),
          new Operation("crossEntropyGradient", SelfTest::gradient));

  private final SoftmaxKernels kernels;
  private final List<Operation> operations;
  private final long golden;

  private int rounds;
  private int rows;
  private long hash;

  public SelfTest(SoftmaxKernels kernels) {
    this(kernels, OPERATIONS, GOLDEN);
  }

  /** Other operations, and another hash of them, for tests. */
  public SelfTest(SoftmaxKernels kernels, List<Operation> operations, long golden) {
    this.kernels = kernels;
    this.operations = operations;
    this.golden = golden;
  }

  private static void argmax(SoftmaxKernels kernels, Arguments a) {
    int[] argmax = new int[a.in.rows()];
    kernels.argmax(a.logits, a.in, argmax);
    for (int r = 0; r < argmax.length; r++) {
      a.perRow[r] = argmax[r];
    }
  }

  /** A mask of two rows; lengths from 0 to all columns; sinks, and none. */
  private static void withOptions(SoftmaxKernels kernels, Arguments a) {
    Rows maskRows = Rows.of(2, a.in.cols());
    float[] mask = new float[2 * a.in.cols()];
    int[] lengths = a.labels.clone();
    float[] sinks = new float[lengths.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % 5 == 3 ? Float.NEGATIVE_INFINITY : i % 7 - 3;
    }
    for (int r = 0; r < lengths.length; r++) {
      lengths[r] = r % 3 == 0 ? a.in.cols() : lengths[r];
      sinks[r] = r % 4 == 2 ? Float.NEGATIVE_INFINITY : r % 4;
    }
    SoftmaxOptions options =
        SoftmaxOptions.DEFAULT
            .withScale(0.7f)
            .withMask(mask, maskRows)
            .withLengths(lengths)
            .withSinks(sinks);
    kernels.logSumExp(a.logits, a.in, options, a.perRow);
    kernels.softmax(a.logits, a.in, options, a.out, a.outs);
  }

  private static void gradient(SoftmaxKernels kernels, Arguments a) {
    Loss loss =
        kernels.crossEntropyGradient(
            a.logits, a.in, a.labels, CrossEntropy.DEFAULT, a.perRow, a.out, a.outs);
    a.perRow[a.in.rows()] = (float) loss.mean();
  }

  /** Rounds for so long, one at least; null where all is well, else the first difference. */
  public String run(long nanos) {
    long start = System.nanoTime();
    do {
      String difference = round(rounds);
      if (difference != null) {
        return difference;
      }
      if (rounds == 0 && hash != golden) {
        return "the scalar kernels gave the hash %s, not %s"
            .formatted(Long.toHexString(hash), Long.toHexString(golden));
      }
      rounds++;
    } while (System.nanoTime() - start < nanos);
    return null;
  }

  /** Rows that {@link #run} has tested. */
  public int rows() {
    return rows;
  }

  /** The hash of the first round. */
  public long hash() {
    return hash;
  }

  /** All operations on new rows: batches of calm rows, and of all kinds beside each other. */
  private String round(int seed) {
    Random random = new Random(seed);
    for (boolean calm : new boolean[] {true, false}) {
      for (int cols : COLS) {
        int batch = Math.clamp(BATCH / cols, 2, 64);
        for (boolean inPlace : new boolean[] {false, true}) {
          Rows in = inPlace ? new Rows(3, batch, cols, cols + 5) : Rows.of(batch, cols);
          float[] logits = logits(in, calm, random);
          int[] labels = new int[batch];
          Arrays.setAll(labels, r -> random.nextInt(cols));
          for (Operation operation : operations) {
            String difference = compare(operation, logits, in, labels, inPlace);
            if (difference != null) {
              return difference;
            }
          }
          rows += batch;
        }
      }
    }
    return null;
  }

  private static float[] logits(Rows in, boolean calm, Random random) {
    Kind[] kinds = Kind.values();
    float[] logits = new float[(int) (in.offset() + in.rows() * in.stride())];
    for (int r = 0; r < in.rows(); r++) {
      Kind kind = calm ? Kind.CALM : kinds[random.nextInt(kinds.length)];
      int from = (int) (in.offset() + r * in.stride());
      for (int i = from; i < from + in.cols(); i++) {
        logits[i] = kind.draw(random);
      }
    }
    return logits;
  }

  private String compare(
      Operation operation, float[] logits, Rows in, int[] labels, boolean inPlace) {
    Arguments expected = call(operation, SoftmaxKernels.scalar(), logits, in, labels, inPlace);
    Arguments actual = call(operation, kernels, logits, in, labels, inPlace);
    if (rounds == 0) {
      // Bits of one NaN for all; the arrays' gaps go in too.
      hash = 31 * hash + Arrays.hashCode(expected.perRow);
      hash = 31 * hash + Arrays.hashCode(expected.out);
    }
    int perRow = Arrays.mismatch(expected.perRow, actual.perRow);
    int out = Arrays.mismatch(expected.out, actual.out);
    if (perRow < 0 && out < 0) {
      return null;
    }
    boolean isPerRow = perRow >= 0;
    int at = isPerRow ? perRow : out;
    return "%s of %s, round %d%s: %s at %d, the scalar kernels have %s"
        .formatted(
            operation.name(),
            in,
            rounds,
            inPlace ? ", in place" : "",
            isPerRow ? actual.perRow[at] : actual.out[at],
            at,
            isPerRow ? expected.perRow[at] : expected.out[at]);
  }

  private static Arguments call(
      Operation operation,
      SoftmaxKernels kernels,
      float[] logits,
      Rows in,
      int[] labels,
      boolean inPlace) {
    float[] own = logits.clone();
    float[] out = inPlace ? own : new float[logits.length];
    // One more than rows: what belongs to the whole batch.
    Arguments a = new Arguments(own, in, labels, new float[in.rows() + 1], out, in);
    operation.action().call(kernels, a);
    return a;
  }
}
