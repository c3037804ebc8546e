package io.softlane.benchmarks;

import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Softmax on one and two threads: each takes a slice of the rows. The copy does the same, so it
 * shows what the memory allows.
 */
public class ThreadsBenchmark extends OperationBenchmark {
  @Param({"64x1000", "4096x1000", "256x32000"})
  public String shape;

  @Param({"1", "2"})
  public int threads;

  @Param({"copy", "vector"})
  public String variant;

  private Team team;

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @TearDown
  public void close() {
    team.close();
  }

  @Benchmark
  public void softmaxOnThreads() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    team =
        new Team(
            threads,
            switch (variant) {
              case "copy" -> slice -> copy(slice, work);
              case "vector" -> slice -> softmax(slice, work);
              default -> throw Operation.unknown(variant);
            },
            work.batch);
    return w -> team.run();
  }

  private static void copy(Rows slice, Workload work) {
    int from = (int) slice.offset();
    System.arraycopy(work.logits, from, work.out, from, slice.rows() * slice.cols());
  }

  private static void softmax(Rows slice, Workload work) {
    SoftmaxKernels.vector().softmax(work.logits, slice, work.out, slice);
  }

  @Override
  double check(String variant, Workload work) {
    if (variant.equals("copy")) {
      Check.copy(work);
      return 0;
    }
    return Check.softmax(variant, work);
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
