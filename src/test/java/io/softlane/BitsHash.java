package io.softlane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;

/**
 * Hashes the results of every operation but softcap over a fixed set of inputs, for {@link
 * SameBitsTest} to compare between JVMs; the same once more for each of a number of layouts, and,
 * to be compared at once, in memory segments. Prints the kernels' name, how many layouts there
 * were, the hash of the core operations in them all, that of entropy and the operations with {@link
 * SoftmaxOptions}, and that of tokens.
 */
final class BitsHash {
  /** Short and long rows, with and without a tail at every width; the last goes in parts. */
  private static final int[] COLS = {1, 3, 5, 8, 16, 17, 31, 32, 50, 100, 257, 600, 2600, 9000};

  /**
   * The hash on every machine. It changes with the inputs here, and with a change of the kernels
   * that is meant to change results.
   */
  static final String GOLDEN = "459f26a1fc73d8c0";

  /** The same for rows of at most {@link #SHORT} columns: for JVMs that take minutes for more. */
  static final String GOLDEN_SHORT = "b311f6c6a1339700";

  /** The hashes of entropy and of the operations with options, all rows and short ones. */
  static final String GOLDEN_OPTIONS = "3158406a6f8344e0";

  static final String GOLDEN_OPTIONS_SHORT = "814ef53bd8e06c20";

  /** Those of tokens, see {@link Tokens#hash}. */
  static final String GOLDEN_TOKENS = "dd9df4a5a046546d";

  static final String GOLDEN_TOKENS_SHORT = "528db939260b2c77";

  /** The operations that {@link #GOLDEN} has not, in their order. */
  private static final List<Operation> WITH_OPTIONS =
      List.copyOf(EnumSet.range(Operation.ENTROPY, Operation.LOG_SOFTMAX_OF_SCORES));

  static final int SHORT = 50;

  private BitsHash() {}

  /**
   * Arguments: scalar or vector; how often, as later rounds run what C2 compiled meanwhile; the
   * most columns; and the layouts: none, every so many, or all (1). One more: segments, too.
   */
  public static void main(String[] arguments) throws Exception {
    // Not by the factory method: it refuses to hand out vector kernels where they are slow.
    boolean vector = arguments[0].equals("vector");
    SoftmaxKernels kernels = vector ? Kernels.Vectors.VECTOR : Kernels.SCALAR;
    int rounds = Integer.parseInt(arguments[1]);
    int most = Integer.parseInt(arguments[2]);
    int first = Integer.parseInt(arguments[3]);
    int step = Integer.parseInt(arguments[4]);
    List<Layout> layouts = step == 0 ? List.of() : Layout.every(first, step);
    String core = hash(kernels, Operation.CORE, rounds, most, layouts);
    String options = hash(kernels, WITH_OPTIONS, rounds, most, layouts);
    if (arguments.length > 5) {
      segments(kernels);
    }
    String tokens = Tokens.hash(kernels, most);
    String count = ": " + (1 + layouts.size()) + ": ";
    System.out.println(kernels + count + core + ": " + options + ": " + tokens);
  }

  static String hash(SoftmaxKernels kernels) throws Exception {
    return hash(kernels, Operation.CORE, 1, Integer.MAX_VALUE, List.of());
  }

  static String hashWithOptions(SoftmaxKernels kernels) throws Exception {
    return hash(kernels, WITH_OPTIONS, 1, Integer.MAX_VALUE, List.of());
  }

  /** The hash of all rounds and of all layouts, which must be the same. */
  private static String hash(
      SoftmaxKernels kernels,
      List<Operation> operations,
      int rounds,
      int most,
      List<Layout> layouts)
      throws Exception {
    long hash = hash(kernels, operations, most, List.of())[0];
    for (int round = 1; round < rounds; round++) {
      if (hash(kernels, operations, most, List.of())[0] != hash) {
        throw new AssertionError("round " + round + " gave other bits than round 0");
      }
    }
    if (!layouts.isEmpty()) {
      long[] hashes = hash(kernels, operations, most, layouts);
      for (int i = 0; i < layouts.size(); i++) {
        if (hashes[i + 1] != hash) {
          throw new AssertionError(layouts.get(i) + " gave other bits than packed batches");
        }
      }
    }
    return Long.toHexString(hash);
  }

  /** One hash of the batches as drawn and packed, then one for each layout. */
  private static long[] hash(
      SoftmaxKernels kernels, List<Operation> operations, int most, List<Layout> layouts)
      throws Exception {
    long[] hashes = new long[1 + layouts.size()];
    for (Operation operation : operations) {
      for (Logits kind : Logits.values()) {
        for (int cols : COLS) {
          if (cols <= most) {
            Call call = Call.of(operation, sample(kind, cols));
            // Without a gap between the rows, kernels may take both at once.
            Call dense = call.packedRows(0, call.inRows.rows());
            for (int i = 0; i < layouts.size(); i++) {
              long own = hash(layouts.get(i).run(call, kernels));
              hashes[i + 1] = 31 * (31 * hashes[i + 1] + own) + own;
            }
            hashes[0] = 31 * hashes[0] + hash(call.run(kernels));
            hashes[0] = 31 * hashes[0] + hash(dense.run(kernels));
          }
        }
      }
    }
    return hashes;
  }

  /** Batches in memory segments have the results of those in arrays, and so their hash. */
  private static void segments(SoftmaxKernels kernels) {
    Memory[][] ways = {
      {Memory.NATIVE, Memory.NATIVE},
      {Memory.UNALIGNED, Memory.FLOATS},
      {Memory.FLOATS_FROM_THE_THIRD_BYTE_ON, Memory.UNALIGNED},
      {Memory.FLOATS, Memory.BYTES}
    };
    int next = 0;
    for (Operation operation : SegmentCall.OPERATIONS) {
      for (Logits kind : Logits.values()) {
        for (int cols : COLS) {
          Memory[] way = ways[next++ % ways.length];
          Call arrays = Call.of(operation, sample(kind, cols));
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = way[0].of(arena, arrays.in);
            MemorySegment out = arrays.out == null ? null : way[1].of(arena, arrays.out);
            SegmentCall call = new SegmentCall(arrays.copy(), in, out);
            arrays.run(kernels);
            call.run(kernels).assertSame(arrays, kind + ", " + way[0] + " to " + way[1]);
          }
        }
      }
    }
  }

  private static Sample sample(Logits kind, int cols) {
    return new Sample(kind, 2, cols, 1000L * kind.ordinal() + cols);
  }

  private static long hash(Call call) {
    long hash = 7;
    for (int r = 0; r < call.inRows.rows(); r++) {
      hash = 31 * hash + (call.results == null ? 0 : Float.floatToIntBits(call.results[r]));
      hash = 31 * hash + (call.indices == null ? 0 : call.indices[r]);
      for (int c = 0; call.out != null && c < call.inRows.cols(); c++) {
        hash = 31 * hash + Float.floatToIntBits(call.out().get(r, c));
      }
    }
    if (call.loss != null) {
      hash = 31 * hash + Double.doubleToLongBits(call.loss.sum());
      hash = 31 * hash + Double.doubleToLongBits(call.loss.weight());
    }
    return hash;
  }
}
