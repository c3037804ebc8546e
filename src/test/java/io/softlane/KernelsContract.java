package io.softlane;

/** The contract of {@link SoftmaxKernels}, by topic; every implementation is held to all of it. */
abstract class KernelsContract
    implements AccuracyContract,
        SpecialValuesContract,
        CrossEntropyContract,
        CrossEntropyCasesContract,
        GradientContract,
        LayoutContract,
        RunsContract,
        RefusalContract,
        LongRowsContract,
        ThreadsContract {}
