package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The contract of {@link SoftmaxKernels}, by topic; every implementation is held to all of it. */
abstract class KernelsContract
    implements AccuracyContract,
        SpecialValuesContract,
        SignsContract,
        CrossEntropyContract,
        CrossEntropyCasesContract,
        GradientContract,
        LayoutContract,
        RunsContract,
        OneRowContract,
        RefusalContract,
        ScoresContract,
        ScoresRefusalContract,
        EntropyContract,
        SegmentsContract,
        SegmentsRefusalContract,
        LongRowsContract,
        ThreadsContract,
        RowNumbersContract,
        PoolsContract,
        TokensContract,
        SoftcapContract {

  @Test
  void bitsAreTheOnesWrittenDown() throws Exception {
    assertEquals(BitsHash.GOLDEN, BitsHash.hash(kernels()));
    assertEquals(BitsHash.GOLDEN_OPTIONS, BitsHash.hashWithOptions(kernels()), "with options");
    assertEquals(BitsHash.GOLDEN_TOKENS, Tokens.hash(kernels(), Integer.MAX_VALUE), "tokens");
    String few = Tokens.hash(kernels(), BitsHash.SHORT);
    assertEquals(BitsHash.GOLDEN_TOKENS_SHORT, few, "tokens of short rows");
  }
}
