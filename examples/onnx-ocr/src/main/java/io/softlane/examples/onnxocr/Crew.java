package io.softlane.examples.onnxocr;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that share batches: each takes the next as soon as it is done with one. */
final class Crew {
  /** What is done with a batch; no two threads get the same workspace. */
  interface Work {
    void on(int index, Batch batch, Workspace workspace) throws Exception;
  }

  private Crew() {}

  /** Works on all batches, and returns once that is done. What one of them throws is thrown. */
  static void work(int threads, List<Batch> batches, Work work) throws Exception {
    AtomicInteger next = new AtomicInteger();
    Callable<Void> member =
        () -> {
          try (Workspace workspace = new Workspace()) {
            for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
              work.on(i, batches.get(i), workspace);
            }
          }
          return null;
        };
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (Future<Void> end : pool.invokeAll(Collections.nCopies(threads, member))) {
        end.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
