package io.softlane;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Rows of 2^20 columns, most of them made to lose what a float sum would lose. */
interface LongRowsContract {
  int N = 1 << 20;

  SoftmaxKernels kernels();

  /** What the rows are made of, and why. */
  enum LongRow {
    /** Each small term is under half an ULP of the large one, and together they outweigh it. */
    LARGE_FIRST {
      @Override
      float logit(SplittableRandom random, int c) {
        return c == 0 ? 0 : -17.4f + random.nextFloat() / 16;
      }
    },
    LARGE_LAST {
      @Override
      float logit(SplittableRandom random, int c) {
        return c == N - 1 ? 20 : 20 - 16.6f - random.nextFloat() / 8;
      }
    },
    /** One large term in every lane of any plausible number of lanes. */
    LARGE_IN_EVERY_LANE {
      @Override
      float logit(SplittableRandom random, int c) {
        return c < 64 ? 3 : 3 - 16.8f + random.nextFloat() / 4;
      }
    },
    EQUAL {
      @Override
      float logit(SplittableRandom random, int c) {
        return -1234.5f;
      }
    },
    NORMAL {
      @Override
      float logit(SplittableRandom random, int c) {
        return (float) (3 * random.nextGaussian());
      }
    },
    RAMP {
      @Override
      float logit(SplittableRandom random, int c) {
        return (float) (100.0 * c / N);
      }
    },
    /** Half of the terms are subnormal. */
    UNDERFLOWING {
      @Override
      float logit(SplittableRandom random, int c) {
        return c % 2 == 0 ? 10 : 10 + 13 - 100 - 4 * random.nextFloat();
      }
    };

    abstract float logit(SplittableRandom random, int c);
  }

  @TestFactory
  @Tag("long")
  default DynamicTest[] longRows() {
    LongRow[] kinds = LongRow.values();
    DynamicTest[] tests = new DynamicTest[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      LongRow kind = kinds[i];
      tests[i] = DynamicTest.dynamicTest(kind.name(), () -> check(kind));
    }
    return tests;
  }

  private void check(LongRow kind) {
    SplittableRandom random = new SplittableRandom(20);
    float[] logits = new float[N];
    for (int c = 0; c < N; c++) {
      logits[c] = kind.logit(random, c);
    }
    Rows rows = Rows.of(1, N);
    double[] o = Oracle.row(logits, rows, 0);
    float[] result = new float[N];
    float[] one = new float[1];

    kernels().logSumExp(logits, rows, one);
    Ulps.assertLog(one[0], Oracle.lse(o), kind + " logSumExp", 0, 0);

    kernels().entropy(logits, rows, one);
    double entropy = Oracle.entropy(o);
    double bound = 0x1p-20 * Math.max(1, entropy);
    Ulps.assertError(one[0], entropy, bound, kind + " entropy", 0, 0);

    double[] p = Oracle.softmax(o);
    kernels().softmax(logits, rows, result, rows);
    for (int c = 0; c < N; c++) {
      Ulps.assertProbability(result[c], p[c], kind + " softmax", 0, c);
    }

    double[] l = Oracle.logSoftmax(o);
    kernels().logSoftmax(logits, rows, result, rows);
    for (int c = 0; c < N; c++) {
      Ulps.assertLog(result[c], l[c], kind + " logSoftmax", 0, c);
    }

    float max = (float) Oracle.max(o);
    kernels().expSum(logits, rows, new float[] {max}, result, rows, one);
    Ulps.assertUlps(one[0], Oracle.sum(Oracle.row(result, rows, 0)), 1, kind + " sum", 0, 0);

    Call call = new Call(Operation.GRADIENT_OF_LABELS).in(new Batch(logits, rows));
    call.labels = new int[] {N / 2 + 1};
    call.options = CrossEntropy.DEFAULT.withLabelSmoothing(0.1f).withZLoss(1e-3f);
    CrossEntropyCheck.run(kernels(), call.outputs(Batch.empty(rows)));
    call.options = CrossEntropy.DEFAULT;
    CrossEntropyCheck.run(kernels(), call.outputs(Batch.empty(rows)));
  }
}
