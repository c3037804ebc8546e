package io.softlane.benchmarks;

import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One and two threads: {@code vector} splits the rows into slices by hand, a thread each; {@code
 * parallel} is the view on a pool of all threads but the caller's. The copy does as the slices do,
 * so it shows what the memory allows. 128x1024 to 512x1024 lie around the border below which {@code
 * parallel} does not split.
 */
public class ThreadsBenchmark extends OperationBenchmark {
  static final String SOFTMAX = "softmax";
  static final String LOG_SUM_EXP = "logsumexp";
  static final String GRADIENT = "crossentropygradient";

  private static final List<String> BORDER = List.of("256x1024", "512x1024", "1024x1024");

  /** A slice's mean is not the batch's. */
  private static final CrossEntropy SUM =
      CrossEntropy.DEFAULT.withReduction(CrossEntropy.Reduction.SUM);

  @Param({
    "8192x100",
    "64x1000",
    "4096x1000",
    "256x32000",
    "64x128256",
    "256x1024",
    "512x1024",
    "1024x1024"
  })
  public String shape;

  @Param({SOFTMAX, LOG_SUM_EXP, GRADIENT})
  public String call = SOFTMAX;

  @Param({"1", "2"})
  public int threads;

  @Param({"copy", "vector", "parallel"})
  public String variant;

  private Team team;
  private ForkJoinPool pool;

  /** Parallel on one thread is the plain call; of the usual shapes, each call has some. */
  static boolean has(Map<String, String> batch, String variant) {
    String call = batch.get("call");
    boolean runs =
        switch (variant) {
          case "copy" -> call.equals(SOFTMAX);
          case "parallel" -> !batch.get("threads").equals("1");
          default -> true;
        };
    String shape = batch.get("shape");
    return runs
        && switch (shape) {
          case "64x1000", "4096x1000" -> !call.equals(LOG_SUM_EXP);
          case "8192x100", "256x32000" -> call.equals(SOFTMAX);
          case "64x128256" -> call.equals(LOG_SUM_EXP);
          default -> !BORDER.contains(shape) || !variant.equals("copy");
        };
  }

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Override
  void prepare(String shape, String variant) {
    prepare(Workload.of(shape), shape + " " + call, variant);
  }

  @TearDown
  public void close() {
    if (team != null) {
      team.close();
    }
    if (pool != null) {
      pool.shutdown();
    }
  }

  @Benchmark
  public void onThreads() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    team = null;
    pool = null;
    SoftmaxKernels kernels = SoftmaxKernels.vector();
    Work part =
        switch (variant) {
          case "copy" -> slice -> copy(slice, work);
          case "vector" -> call(kernels, work);
          case "parallel" -> {
            pool = new ForkJoinPool(Math.max(1, threads - 1));
            yield call(kernels.parallel(pool), work);
          }
          default -> throw Operation.unknown(variant);
        };
    if (pool != null) {
      return w -> part.on(w.batch);
    }
    team = new Team(threads, part, work.batch);
    return w -> team.run();
  }

  private static void copy(Rows slice, Workload work) {
    int from = (int) slice.offset();
    System.arraycopy(work.logits, from, work.out, from, slice.rows() * slice.cols());
  }

  /** Per-row results go by the rows' numbers, which slices keep. */
  private Work call(SoftmaxKernels kernels, Workload w) {
    return switch (call) {
      case SOFTMAX -> rows -> kernels.softmax(w.logits, rows, w.out, rows);
      case LOG_SUM_EXP -> rows -> kernels.logSumExp(w.logits, rows, w.perRow);
      case GRADIENT ->
          rows ->
              kernels.crossEntropyGradient(w.logits, rows, w.labels, SUM, w.perRow, w.out, rows);
      default -> throw Operation.unknown(call);
    };
  }

  @Override
  double check(String variant, Workload work) {
    if (variant.equals("copy")) {
      Check.copy(work);
      return 0;
    }
    float[] out = work.out.clone();
    float[] perRow = work.perRow.clone();
    // What a call does not write stays 0 in both.
    Arrays.fill(work.out, 0);
    Arrays.fill(work.perRow, 0);
    call(SoftmaxKernels.scalar(), work).on(work.batch);
    Check.same(variant, work, out, work.out);
    Check.same(variant, work, perRow, work.perRow);
    return switch (call) {
      case SOFTMAX -> Check.softmax("vector", work);
      case LOG_SUM_EXP -> Check.logSumExp("vector", work);
      // The exact one is of the mean.
      default -> Double.NaN;
    };
  }

  private interface Work {
    void on(Rows slice);
  }

  /**
   * The caller and threads that wait for it spinning: a thread that sleeps wakes some 50 us later,
   * more than all of 64x1000 takes.
   */
  private static final class Team {
    private final Work work;
    private final Rows[] slices;
    private final Worker[] workers;
    private volatile long round;
    private volatile boolean closed;

    Team(int threads, Work work, Rows batch) {
      this.work = work;
      slices = new Rows[threads];
      for (int t = 0; t < threads; t++) {
        slices[t] =
            batch.slice(
                (int) ((long) batch.rows() * t / threads),
                (int) ((long) batch.rows() * (t + 1) / threads));
      }
      workers = new Worker[threads - 1];
      for (int t = 1; t < threads; t++) {
        workers[t - 1] = new Worker(slices[t]);
        workers[t - 1].start();
      }
    }

    void run() {
      long next = round + 1;
      round = next;
      work.on(slices[0]);
      for (Worker worker : workers) {
        while (worker.done != next) {
          Thread.onSpinWait();
        }
      }
    }

    void close() {
      closed = true;
    }

    private final class Worker extends Thread {
      private final Rows slice;
      private volatile long done;

      Worker(Rows slice) {
        super("slice");
        this.slice = slice;
        setDaemon(true);
      }

      @Override
      public void run() {
        for (long last = 0; !closed; ) {
          if (round == last) {
            Thread.onSpinWait();
            continue;
          }
          last++;
          work.on(slice);
          done = last;
        }
      }
    }
  }
}
