package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.softlane.CrossEntropy.Reduction;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Up to 64 threads, platform and virtual, run all operations on the same kernels, each on its slice
 * of the same arrays: the bits are those of one thread, no thread allocates in the end, and none
 * ever waits for a lock in the library.
 */
class LoadTest {
  private static final int ROWS = 64;
  private static final int[] THREADS = {2, 8, 64};

  /** Rounds that C2 is given until a thread allocates nothing. There is no clock here. */
  private static final int ROUNDS = 4000;

  /**
   * Bytes of a job, what is to be done in it, and of three tasks, one for each of three threads.
   */
  private static final int HANDED = 320;

  private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path directory;

  @Test
  void upTo64Threads() throws Exception {
    try {
      load(1);
    } catch (AllocatedError e) {
      AllocationTest.inAnotherJvm(e, LoadTest.class);
    }
  }

  /** The same in a JVM of its own. */
  public static void main(String[] arguments) throws Exception {
    LoadTest test = new LoadTest();
    test.directory = Files.createTempDirectory("softlane");
    try {
      test.load(1);
    } finally {
      Files.deleteIfExists(test.directory.resolve("load.jfr"));
      Files.delete(test.directory);
    }
  }

  /** What {@link AllocationTest#vector} says of this JVM's past holds here, too. */
  private static final class AllocatedError extends AssertionError {
    private static final long serialVersionUID = 1;

    AllocatedError(String message) {
      super(message);
    }
  }

  /**
   * Several threads make calls of views on one pool, and on the common one, each of them split: the
   * bits are those of one thread. In the end callers allocate what is handed to the pool, and its
   * threads nothing.
   */
  @Test
  void parallelViews() throws Exception {
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    ForkJoinPool.ForkJoinWorkerThreadFactory factory =
        pool -> {
          ForkJoinWorkerThread worker =
              ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
          workers.add(worker);
          return worker;
        };
    try (ForkJoinPool pool = new ForkJoinPool(3, factory, null, false)) {
      for (SoftmaxKernels kernels : List.of(SoftmaxKernels.scalar(), SoftmaxKernels.vector())) {
        List<Call> wholes = new ArrayList<>();
        for (Operation operation : Operation.values()) {
          // Of rows of all kinds the sum of losses is NaN.
          Logits kind = operation.takes(Operation.Argument.OPTIONS) ? Logits.NORMAL : null;
          wholes.add(Call.of(operation, new Sample(kind, 5700, 100, 3)).run(kernels));
        }
        List<SoftmaxKernels> views =
            List.of(kernels.parallel(pool), kernels.parallel(pool), kernels.parallel());
        try (ExecutorService callers = Executors.newFixedThreadPool(views.size())) {
          List<Future<?>> done = new ArrayList<>();
          for (SoftmaxKernels view : views) {
            done.add(callers.submit(() -> callView(view, kernels, wholes, workers)));
          }
          for (Future<?> call : done) {
            call.get();
          }
        }
      }
    }
  }

  private static void callView(
      SoftmaxKernels view, SoftmaxKernels kernels, List<Call> wholes, Set<Thread> workers) {
    for (Call whole : wholes) {
      // Inputs are everybody's.
      int rows = whole.inRows.rows();
      Call call = whole.slice(0, rows).outputs(Batch.empty(Rows.of(rows, whole.inRows.cols())));
      long least = Long.MAX_VALUE;
      long theirs = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS && (round < 8 || least > HANDED || theirs > 0); round++) {
        long workersBefore = allocated(workers);
        long before = BEAN.getCurrentThreadAllocatedBytes();
        call.run(view);
        long after = BEAN.getCurrentThreadAllocatedBytes();
        theirs = Math.min(theirs, allocated(workers) - workersBefore);
        least = Math.min(least, after - before - (call.loss == null ? 0 : 32));
      }
      call.assertSameResults(whole, 0, view + ", beside other callers");
      assertEquals(whole.loss, call.loss, () -> whole + " on " + view);
      String bytes = whole.operation + " on " + view + ": " + least + " bytes, " + theirs;
      assertTrue(least <= HANDED && theirs <= 0, bytes);
    }
  }

  private static long allocated(Set<Thread> threads) {
    long bytes = 0;
    for (Thread thread : threads) {
      bytes += Math.max(0, BEAN.getThreadAllocatedBytes(thread.threadId()));
    }
    return bytes;
  }

  /** The same with a hundred times as many calls: mvn test -Pload. */
  @Test
  @Tag("load")
  void upTo64ThreadsForLong() throws Exception {
    load(100);
  }

  private void load(int times) throws Exception {
    List<SoftmaxKernels> kinds =
        List.of(SoftmaxKernels.scalar(), SoftmaxKernels.vector(), SoftmaxKernels.best());
    // Before the recording, so that classes are loaded, for which the JVM takes locks of its own.
    kinds.forEach(kernels -> new Work(kernels).run());
    Path file = directory.resolve("load.jfr");
    int calls = 0;
    try (Recording recording = new Recording()) {
      for (String event : List.of("JavaMonitorEnter", "JavaMonitorWait", "ThreadPark")) {
        recording.enable("jdk." + event).withThreshold(Duration.ZERO).withStackTrace();
      }
      recording.start();
      for (SoftmaxKernels kernels : kinds) {
        for (int threads : THREADS) {
          for (boolean virtual : new boolean[] {false, true}) {
            calls += new Work(kernels).run(threads, virtual, times * 128 / threads);
            if (times > 1) {
              System.err.printf(
                  "%s, %d %s threads: %d calls so far%n",
                  kernels, threads, virtual ? "virtual" : "platform", calls);
            }
          }
        }
      }
      recording.stop();
      recording.dump(file);
    }
    int waits = assertNoWaitInLibrary(file);
    System.out.printf(
        "Softlane: %d calls on 2, 8 and 64 threads, same bits, 0 bytes a platform thread, %d waits"
            + " of the test's own, none in the library%n",
        calls, waits);
  }

  /** Returns how many waits of the test's own were seen, of which there must be some. */
  private static int assertNoWaitInLibrary(Path file) throws Exception {
    int own = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      List<String> classes =
          event.getStackTrace() == null
              ? List.of()
              : event.getStackTrace().getFrames().stream()
                  .map(frame -> frame.getMethod().getType().getName())
                  .filter(name -> name.startsWith("io.softlane."))
                  .toList();
      assertTrue(classes.stream().noneMatch(LoadTest::isLibrary), () -> "a wait: " + event);
      own += classes.isEmpty() ? 0 : 1;
    }
    assertTrue(own > 0, "nothing was recorded");
    return own;
  }

  /** Whether a class lies where the library does, not among the tests. */
  private static boolean isLibrary(String name) {
    // Hidden classes of lambdas have a slash in their names.
    String outer = name.replaceAll("[$/].*", "").replace('.', '/') + ".class";
    try {
      Path home =
          Path.of(SoftmaxKernels.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(home)
          ? Files.exists(home.resolve(outer))
          : !Files.exists(home.resolveSibling("test-classes").resolve(outer));
    } catch (java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** All operations on arrays of their own, with what one thread makes of them. */
  private static final class Work {
    private final SoftmaxKernels kernels;
    private final List<Call> wholes = new ArrayList<>();
    private final List<Call> shared = new ArrayList<>();

    Work(SoftmaxKernels kernels) {
      this.kernels = kernels;
      for (Operation operation : Operation.values()) {
        for (int cols : new int[] {10, 53}) {
          Call whole = Call.of(operation, new Sample(null, ROWS, cols, cols));
          if (whole.options != null) {
            whole.options = whole.options.withReduction(Reduction.SUM);
          }
          wholes.add(whole);
          shared.add(whole.copy());
        }
      }
    }

    /** On this thread alone. */
    void run() {
      wholes.forEach(call -> call.run(kernels));
      // One row goes a way, and has classes, of its own.
      wholes.forEach(call -> call.packedRows(0, 1).run(kernels));
    }

    /** Returns the number of calls, less those that were needed to get C2 started. */
    int run(int threads, boolean virtual, int rounds) throws Exception {
      run();
      CountDownLatch ready = new CountDownLatch(threads);
      List<Future<Long>> allocated = new ArrayList<>();
      Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
      try (ExecutorService pool = Executors.newThreadPerTaskExecutor(builder.factory())) {
        for (int i = 0; i < threads; i++) {
          int from = ROWS * i / threads;
          int to = ROWS * (i + 1) / threads;
          List<Call> slice = shared.stream().map(call -> call.slice(from, to)).toList();
          int first = i;
          allocated.add(
              pool.submit(
                  () -> {
                    // Together, so that the calls do overlap in time.
                    ready.countDown();
                    ready.await();
                    return work(slice, first, rounds, virtual);
                  }));
        }
      }
      for (int j = 0; j < wholes.size(); j++) {
        String what = kernels + " on " + threads + " threads";
        shared.get(j).assertSameResults(wholes.get(j), 0, what);
        shared.get(j).assertSpareResults();
        if (shared.get(j).out != null) {
          shared.get(j).out().assertGuards(kernels + " under load");
        }
      }
      for (int i = 0; i < threads; i++) {
        long bytes = allocated.get(i).get();
        if (bytes > 0) {
          throw new AllocatedError(
              "%s, thread %d of %d: %d bytes in its best round"
                  .formatted(kernels, i, threads, bytes));
        }
      }
      return threads * rounds * wholes.size();
    }

    /**
     * Rounds of all operations, each thread from another one on. Returns the bytes of the best
     * round, {@link Loss} apart. The JVM counts them for platform threads only; a virtual thread
     * runs the same code.
     */
    private long work(List<Call> slice, int first, int rounds, boolean virtual) {
      long least = Long.MAX_VALUE;
      for (int round = 0; round < rounds || least > 0 && round < ROUNDS; round++) {
        long bytes = 0;
        for (int j = 0; j < slice.size(); j++) {
          Call call = slice.get((first + j) % slice.size());
          long before = virtual ? 0 : BEAN.getCurrentThreadAllocatedBytes();
          call.run(kernels);
          long after = virtual ? 0 : BEAN.getCurrentThreadAllocatedBytes();
          // A header of 8 to 16 bytes and two doubles.
          bytes += Math.max(0, after - before - (call.loss == null ? 0 : 32));
        }
        least = Math.min(least, bytes);
      }
      return least;
    }
  }
}
