package io.softlane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/** Calls that are refused, and every word that is said of them. */
final class Messages {
  static final Class<IllegalArgumentException> ILLEGAL = IllegalArgumentException.class;
  static final Class<IndexOutOfBoundsException> BOUNDS = IndexOutOfBoundsException.class;
  private static final Class<NullPointerException> NULL = NullPointerException.class;
  static final Class<IllegalStateException> STATE = IllegalStateException.class;

  private Messages() {}

  /** Legal arguments, for a call to have one of them replaced. */
  static final class Given {
    final Rows in = Rows.of(2, 3);
    final Rows second = in.slice(1, 2);
    final float[] x = {1, 2, 3, 4, 5, 6};
    final float[] y = {0, 0, 1, 0, 1, 0};
    final float[] out = Batch.guards(6);
    final float[] each = Batch.guards(2);
    final float[] uniforms = {0, 0.5f};
    final int[] ints = {7, 7};
    final int[] labels = {0, 2};
    final CrossEntropy loss = CrossEntropy.DEFAULT;
    final SoftmaxOptions scores = SoftmaxOptions.DEFAULT;
    final Sampling how = Sampling.DEFAULT;
    final MemorySegment s = Memory.NATIVE.of(Arena.ofAuto(), x);
    final MemorySegment t = Memory.NATIVE.of(Arena.ofAuto(), out);

    List<Object> snapshot() {
      return List.of(
          LayoutContract.bits(x),
          LayoutContract.bits(y),
          LayoutContract.bits(out),
          LayoutContract.bits(each),
          LayoutContract.bits(uniforms),
          ints.clone(),
          labels.clone(),
          LayoutContract.bits(Memory.get(s, 6)),
          LayoutContract.bits(Memory.get(t, 6)));
    }
  }

  interface Use {
    void of(SoftmaxKernels k, Given a) throws Exception;
  }

  /** A call, and how it is refused. */
  record Case(Class<? extends Exception> type, String message, Use use) {
    @Override
    public String toString() {
      return message;
    }
  }

  static Case of(Class<? extends Exception> type, String message, Use use) {
    return new Case(type, message, use);
  }

  private static Case isNull(String name, Use use) {
    return of(NULL, name + " is null", use);
  }

  private static Case rowsAreNull(String name, Use use) {
    return of(NULL, "the rows of " + name + " are null", use);
  }

  static Stream<Case> cases() {
    return Stream.of(
            nulls(), rows(), batches(), values(), overlaps(), SegmentMessages.cases(), choices())
        .flatMap(c -> c);
  }

  private static Stream<Case> nulls() {
    return Stream.of(
        isNull("logits", (k, a) -> k.max((float[]) null, a.in, a.each)),
        rowsAreNull("logits", (k, a) -> k.max(a.x, null, a.each)),
        isNull("max", (k, a) -> k.max(a.x, a.in, null)),
        isNull("argmax", (k, a) -> k.argmax(a.x, a.in, null)),
        isNull("shift", (k, a) -> k.expSum(a.x, a.in, null, a.out, a.in, a.each)),
        isNull("exps", (k, a) -> k.expSum(a.x, a.in, a.uniforms, null, a.in, a.each)),
        isNull("sum", (k, a) -> k.expSum(a.x, a.in, a.uniforms, a.out, a.in, null)),
        isNull("values", (k, a) -> k.normalize(null, a.in, a.each, a.out, a.in)),
        isNull("probabilities", (k, a) -> k.subtractOneHot(null, a.in, a.labels, a.out, a.in)),
        isNull("labels", (k, a) -> k.subtractOneHot(a.x, a.in, null, a.out, a.in)),
        isNull("targets", (k, a) -> k.subtract(a.x, a.in, null, a.in, a.out, a.in)),
        rowsAreNull("targets", (k, a) -> k.subtract(a.x, a.in, a.y, null, a.out, a.in)),
        isNull("gradient", (k, a) -> k.subtract(a.x, a.in, a.y, a.in, null, a.in)),
        isNull("lse", (k, a) -> k.logSumExp(a.x, a.in, null)),
        isNull("probabilities", (k, a) -> k.softmax(a.x, a.in, null, a.in)),
        isNull("probabilities", (k, a) -> k.softmax(a.x, null)),
        isNull("logits", (k, a) -> k.softmax(null, a.out, 2, 3)),
        isNull("logProbabilities", (k, a) -> k.logSoftmax(a.x, a.in, null, a.in)),
        isNull("upstream", (k, a) -> k.softmaxBackward(a.x, a.in, null, a.in, a.out, a.in)),
        isNull("options", (k, a) -> k.softmax(a.x, a.in, null, a.out, a.in)),
        isNull("options", (k, a) -> k.crossEntropy(a.x, a.in, a.labels, null, a.each)),
        isNull("options", (k, a) -> k.crossEntropy(a.x, a.in, a.y, a.in, null, a.each)),
        isNull("capped", (k, a) -> k.softcap(a.x, a.in, 1, null, a.in)),
        isNull("how", (k, a) -> k.sample(a.x, a.in, null, a.uniforms, a.ints, a.each)),
        isNull("uniforms", (k, a) -> k.sample(a.x, a.in, a.how, null, a.ints, a.each)),
        isNull("tokens", (k, a) -> k.sample(a.x, a.in, a.how, a.uniforms, null, a.each)),
        of(
            NULL,
            "values and indices are null: one of them is needed",
            (k, a) -> k.topK(a.x, a.in, 1, null, null)),
        isNull("mask", (k, a) -> a.scores.withMask(null, a.in)),
        rowsAreNull("mask", (k, a) -> a.scores.withMask(a.x, null)),
        isNull("mask", (k, a) -> options(null, a.in)),
        rowsAreNull("mask", (k, a) -> options(a.x, null)),
        isNull("lengths", (k, a) -> a.scores.withLengths(null)),
        isNull("sinks", (k, a) -> a.scores.withSinks(null)),
        isNull("weights", (k, a) -> a.loss.withClassWeights(null)),
        isNull("reduction", (k, a) -> a.loss.withReduction(null)),
        isNull("pool", (k, a) -> k.parallel(null)),
        isNull("buffer", (k, a) -> SegmentKernels.segment(null)),
        isNull("logits", (k, a) -> k.max((MemorySegment) null, a.in, a.each)),
        rowsAreNull("probabilities", (k, a) -> k.softmax(a.s, a.in, a.t, null)));
  }

  private static Stream<Case> rows() {
    return Stream.of(
        of(
            ILLEGAL,
            "a batch needs offset >= 0, rows >= 0, cols >= 1, stride >= cols and firstRow >= 0,"
                + " but offset = 0, rows = 2, cols = 3, stride = 2",
            (k, a) -> a.in.withStride(2)),
        of(
            ILLEGAL,
            "a batch needs offset >= 0, rows >= 0, cols >= 1, stride >= cols and firstRow >= 0,"
                + " but offset = 0, rows = 2, cols = 3, stride = 3, firstRow = -1",
            (k, a) -> new Rows(0, 2, 3, 3, -1)),
        of(
            ILLEGAL,
            "a batch needs firstRow + rows <= 2147483647, but offset = 0, rows = 2, cols = 3,"
                + " stride = 3, firstRow = 2147483646",
            (k, a) -> new Rows(0, 2, 3, 3, Integer.MAX_VALUE - 1)),
        of(
            ILLEGAL,
            "a batch needs offset + (rows - 1) * stride + cols <= 9223372036854775807, but"
                + " offset = 9223372036854775802, rows = 2, cols = 3, stride = 3",
            (k, a) -> a.in.at(Long.MAX_VALUE - 5)),
        of(
            BOUNDS,
            "a slice needs 0 <= fromRow <= toRow <= rows, but rows 1 to 3 of 2 are asked for",
            (k, a) -> a.in.slice(1, 3)));
  }

  /** What does not fit. */
  private static Stream<Case> batches() {
    return Stream.of(
        of(
            BOUNDS,
            "logits has length 6, but Rows[offset=1, rows=2, cols=3, stride=3, firstRow=0] extends"
                + " to element 6: it needs a length of at least 7",
            (k, a) -> k.max(a.x, a.in.at(1), a.each)),
        of(
            BOUNDS,
            "max has length 1, but the last row has number 1: it needs a length of at least 2",
            (k, a) -> k.max(a.x, a.in, new float[1])),
        of(
            BOUNDS,
            "losses has length 1, but the last row has number 1: it needs a length of at least 2,"
                + " as that of the batch that the rows are a slice of",
            (k, a) -> k.crossEntropy(a.x, a.second, a.labels, a.loss, new float[1])),
        of(
            BOUNDS,
            "labels has length 2, but the last row has number 2147483646: it needs a length of at"
                + " least 2147483647, as that of the batch that the rows are a slice of",
            (k, a) ->
                k.crossEntropy(
                    a.x, new Rows(0, 1, 3, 3, Integer.MAX_VALUE - 1), a.labels, a.loss, null)),
        of(
            BOUNDS,
            "lengths has length 1, but the last row has number 1: it needs a length of at least 2",
            (k, a) -> k.softmax(a.x, a.in, a.scores.withLengths(new int[1]), a.out, a.in)),
        of(
            BOUNDS,
            "values has length 5, but the last row has number 1, and 3 elements each: it needs a"
                + " length of at least 6",
            (k, a) -> k.topK(a.x, a.in, 3, new float[5], null)),
        of(
            ILLEGAL,
            "probabilities is 3 x 2, but logits is 2 x 3: rows and cols must be the same",
            (k, a) -> k.softmax(a.x, a.in, a.out, Rows.of(3, 2))),
        of(
            ILLEGAL,
            "targets is 1 x 3, but logits is 2 x 3: rows and cols must be the same",
            (k, a) -> k.crossEntropy(a.x, a.in, a.y, a.second, a.loss, null)),
        of(
            ILLEGAL,
            "mask is 1 x 4, but logits of 3 cols need a mask of as many, and of at least one row",
            (k, a) -> k.softmax(a.x, a.in, a.scores.withMask(a.y, Rows.of(1, 4)), a.out, a.in)),
        of(
            ILLEGAL,
            "there are 4 class weights for 3 cols: one is needed for each class",
            (k, a) ->
                k.crossEntropy(a.x, a.in, a.labels, a.loss.withClassWeights(new float[4]), a.each)),
        of(
            ILLEGAL,
            "logits is empty: a row needs at least one column",
            (k, a) -> k.max(new float[0])),
        of(
            ILLEGAL,
            "logits is one row of 6 columns, but probabilities has length 2: make them the same, or"
                + " say with Rows which elements are meant",
            (k, a) -> k.softmax(a.x, a.each)));
  }

  private static Stream<Case> values() {
    return Stream.of(
        of(
            BOUNDS,
            "the label of row 1 must be a class, 0 to 2 (cols = 3), not 3",
            (k, a) ->
                k.crossEntropyGradient(a.x, a.in, new int[] {0, 3}, a.loss, a.each, a.out, a.in)),
        of(
            BOUNDS,
            "the label of row 0 must be a class, 0 to 2 (cols = 3), not -100:"
                + " CrossEntropy.withIgnoreIndex(-100) leaves such rows out",
            (k, a) -> k.crossEntropy(a.s, a.in, new int[] {-100, 0}, a.loss, a.each)),
        of(
            BOUNDS,
            "the label of row 0 must be a class, 0 to 5 (cols = 6), not 6",
            (k, a) -> k.crossEntropy(a.x, 6)),
        of(
            ILLEGAL,
            "the length of row 1 must be 0 to 3, the number of cols, not 4",
            (k, a) -> k.logSumExp(a.x, a.second, a.scores.withLengths(new int[] {9, 4}), a.each)),
        of(
            ILLEGAL,
            "k must be 1 to 3, the number of cols, not 4",
            (k, a) -> k.topK(a.x, a.in, 4, a.out, null)),
        of(
            ILLEGAL,
            "the uniform of row 1 must be at least 0 and below 1, not 1.0",
            (k, a) -> k.sample(a.x, a.in, a.how, new float[] {0, 1}, a.ints, a.each)),
        of(
            ILLEGAL,
            "the cap must be finite and above 0, not NaN",
            (k, a) -> k.softcap(a.x, a.in, Float.NaN, a.out, a.in)),
        of(
            ILLEGAL,
            "the cap must be finite and above 0, not Infinity",
            (k, a) -> a.scores.withSoftcap(Float.POSITIVE_INFINITY)),
        of(
            ILLEGAL,
            "the cap must be above 0, not -1.0",
            (k, a) -> new SoftmaxOptions(1, -1, null, null, null, null, false)),
        of(
            ILLEGAL,
            "the scale must be finite and above 0, not 0.0",
            (k, a) -> a.scores.withScale(0)),
        of(
            ILLEGAL,
            "the label smoothing must be 0 to 1, not 1.5",
            (k, a) -> a.loss.withLabelSmoothing(1.5f)),
        of(
            ILLEGAL,
            "the z-loss must be finite and at least 0, not -1.0",
            (k, a) -> a.loss.withZLoss(-1)),
        of(
            ILLEGAL,
            "the weight of class 1 must be finite and at least 0, not NaN",
            (k, a) -> a.loss.withClassWeights(new float[] {0, Float.NaN})),
        of(
            ILLEGAL,
            "the temperature must be finite and at least 0, not Infinity",
            (k, a) -> a.how.withTemperature(Float.POSITIVE_INFINITY)),
        of(ILLEGAL, "top-k must be at least 1, not 0", (k, a) -> a.how.withTopK(0)),
        of(ILLEGAL, "top-p must be above 0 and at most 1, not 0.0", (k, a) -> a.how.withTopP(0)),
        of(ILLEGAL, "min-p must be 0 to 1, not -0.5", (k, a) -> a.how.withMinP(-0.5f)));
  }

  private static Stream<Case> overlaps() {
    String apart = " of the same array: they must be apart";
    String inPlace = apart + ", or start at one element with the same Rows";
    return Stream.of(
        of(
            ILLEGAL,
            "max (elements 0 to 1) overlaps logits (elements 0 to 5)" + apart,
            (k, a) -> k.max(a.x, a.in, a.x)),
        of(
            ILLEGAL,
            "losses (elements 1 to 1) overlaps logits (elements 0 to 2)" + apart,
            (k, a) -> k.crossEntropy(a.x, a.second.at(0), a.labels, a.loss, a.x)),
        of(
            ILLEGAL,
            "sum (elements 0 to 1) overlaps shift (elements 0 to 1)" + apart,
            (k, a) -> k.expSum(a.x, a.in, a.each, a.out, a.in, a.each)),
        of(
            ILLEGAL,
            "values (elements 0 to 3) overlaps logits (elements 0 to 5)" + apart,
            (k, a) -> k.topK(a.x, a.in, 2, a.x, null)),
        of(
            ILLEGAL,
            "logProbabilities (elements 0 to 1) overlaps uniforms (elements 0 to 1)" + apart,
            (k, a) -> k.sample(a.x, a.in, a.how, a.uniforms, a.ints, a.uniforms)),
        of(
            ILLEGAL,
            "probabilities (elements 1 to 3) overlaps logits (elements 0 to 2)" + inPlace,
            (k, a) -> k.softmax(a.x, Rows.of(1, 3), a.x, Rows.of(1, 3).at(1))),
        of(
            ILLEGAL,
            "gradient (elements 3 to 5) overlaps targets (elements 2 to 4)" + inPlace,
            (k, a) -> k.subtract(a.x, a.second, a.out, a.second.at(2), a.out, a.second)),
        of(
            ILLEGAL,
            "probabilities (elements 3 to 5) overlaps mask (elements 3 to 5)"
                + inPlace
                + ", all of the batch from firstRow 0 on",
            (k, a) ->
                k.softmax(a.x, a.second, a.scores.withMask(a.out, a.second), a.out, a.second)),
        of(
            ILLEGAL,
            "lse (elements 0 to 1) overlaps sinks (elements 0 to 1)" + apart,
            (k, a) -> k.logSumExp(a.x, a.in, a.scores.withSinks(a.each), a.each)));
  }

  private static Stream<Case> choices() {
    return Stream.of(
        of(
            ILLEGAL,
            "the system property softlane.kernels must be best, scalar or vector, not fast",
            (k, a) -> with("softlane.kernels", "fast", SoftmaxKernels::best)),
        of(
            ILLEGAL,
            "the system property softlane.width must be 128, 256 or 512, not 64",
            (k, a) -> with("softlane.width", "64", SoftmaxKernels::vector)),
        of(
            STATE,
            "no fast vector kernels: this JVM only interprets; remove -Xint",
            (k, a) -> with("java.vm.info", "interpreted mode", SoftmaxKernels::vector)));
  }

  /** With a system property of another value for the time being. */
  private static void with(String property, String value, Runnable call) {
    String before = System.getProperty(property);
    System.setProperty(property, value);
    try {
      call.run();
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  private static SoftmaxOptions options(float[] mask, Rows rows) {
    return new SoftmaxOptions(1, Float.POSITIVE_INFINITY, mask, rows, null, null, false);
  }
}
