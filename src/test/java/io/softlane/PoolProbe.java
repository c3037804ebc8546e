package io.softlane;

import java.util.concurrent.ForkJoinPool;

/** In a JVM of its own, whose common pool has few threads, or none: what parallel() does there. */
final class PoolProbe {
  private PoolProbe() {}

  public static void main(String[] arguments) {
    SoftmaxKernels plain = SoftmaxKernels.scalar();
    SoftmaxKernels view = plain.parallel();
    for (Operation operation : Operation.values()) {
      Call expected = Call.of(operation, new Sample(null, 5800, 100, 1));
      Call call = expected.copy();
      expected.run(plain);
      for (int i = 0; i < 4; i++) {
        call.run(view);
      }
      call.assertSameResults(expected, 0, view.toString());
    }
    System.out.println(view);
    System.out.println(ForkJoinPool.commonPool().getQueuedSubmissionCount());
  }
}
