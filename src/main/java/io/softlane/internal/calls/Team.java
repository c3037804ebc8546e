package io.softlane.internal.calls;

import io.softlane.internal.rows.Work;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a pool and the caller's, which share the rows of a call. The caller takes part
 * after part as the others do, and waits only for parts that another thread has begun: a pool that
 * is busy, or takes no tasks, leaves all of them to it.
 */
public final class Team {
  /**
   * Elements of a call that is split. Waking a thread takes 5 to 100 microseconds, and softmax of
   * so many 120. With fewer, two threads took longer than one in some JVMs: 400 x 1000 1.25 times
   * as long, 264 x 1000 1.75 times (Zen 5, two cores).
   */
  static final int ELEMENTS = 5 << 17;

  /** A row takes as long as so many elements more. */
  private static final int ROW = 16;

  /** The least of a part. */
  private static final int PART = 1 << 15;

  /** Parts for each thread, so that one that comes late or is slow does fewer. */
  private static final int PARTS = 4;

  /** Submissions for each thread that a pool may be behind with: one with more is left alone. */
  private static final int QUEUED = 8;

  /** Turns of looking whether others are done, before the caller sleeps for a while. */
  private static final int SPINS = 2000;

  private static final long NAP_NANOS = 20_000;

  /** Not the caller, and never started: whom a confined segment refuses. */
  private static final Thread SOMEBODY = new Thread(() -> {});

  /** What is done with rows from one number on to another. */
  interface Part {
    void run(int from, int end);
  }

  private final ForkJoinPool pool;

  public Team(ForkJoinPool pool) {
    this.pool = pool;
  }

  public int threads() {
    return pool.getParallelism();
  }

  /** How many parts a call's rows are done in; 1 where the caller does them alone. */
  int parts(Work work) {
    return work.isAccessibleBy(SOMEBODY) ? parts(work.rows(), work.cols()) : 1;
  }

  int parts(int rows, int cols) {
    long elements = rows * ((long) cols + ROW);
    if (rows < 2 || elements < ELEMENTS) {
      return 1;
    }
    int most = Math.min(rows, PARTS * (threads() + 1));
    return (int) Math.min(most, elements / PART);
  }

  /** Does so many rows, numbered from the first one on, in parts. */
  void run(int first, int rows, int parts, Part part) {
    Job job = new Job(first, rows, parts, part);
    Task last = null;
    try {
      // A pool whose threads are all stuck, or that has none, would get more of them every call.
      boolean isBehind = pool.getQueuedSubmissionCount() > QUEUED * threads();
      for (int k = isBehind ? 0 : Math.min(threads(), parts - 1); k > 0; k--) {
        Task task = new Task(job, last);
        pool.execute(task);
        last = task;
      }
    } catch (RuntimeException | Error e) {
      // The pool is closed, or cannot make a thread. The caller does what nobody else does.
    }
    job.work();
    // A thread that makes call after call would pile tasks up: what nobody took is taken back.
    while (last != null && last.tryUnfork()) {
      last = last.before;
    }
    job.await();
  }

  /** What a thread of the pool gets. */
  private static final class Task extends ForkJoinTask<Void> {
    private static final long serialVersionUID = 1;

    private transient Job job;
    private final transient Task before;

    Task(Job job, Task before) {
      this.job = job;
      this.before = before;
    }

    @Override
    protected boolean exec() {
      Job mine = job;
      job = null;
      mine.work();
      return true;
    }

    @Override
    public Void getRawResult() {
      return null;
    }

    @Override
    protected void setRawResult(Void nothing) {}
  }

  /** A call's parts; its own number is that of parts that are begun. */
  private static final class Job extends AtomicInteger {
    private static final long serialVersionUID = 1;

    private final transient int first;
    private final transient int rows;
    private final transient int parts;
    private final transient Thread caller = Thread.currentThread();
    private final transient AtomicInteger done = new AtomicInteger();
    private transient volatile Part part;
    private transient volatile Throwable failure;

    Job(int first, int rows, int parts, Part part) {
      this.first = first;
      this.rows = rows;
      this.parts = parts;
      this.part = part;
    }

    /** Does parts while there are any that nobody has begun. */
    void work() {
      Part some = part; // null only where all are done
      for (int p = begun(); p < parts; p = begun()) {
        try {
          if (failure == null) {
            some.run(row(p), row(p + 1));
          }
        } catch (Throwable e) {
          failure = e;
        } finally {
          if (done.incrementAndGet() == parts && Thread.currentThread() != caller) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    private int begun() {
      return get() < parts ? getAndIncrement() : parts;
    }

    private int row(int p) {
      return first + (int) ((long) rows * p / parts);
    }

    /** Until all parts are done, an interrupt notwithstanding; throws what one of them threw. */
    void await() {
      boolean interrupted = false;
      for (int spins = 0; done.get() < parts; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(this, NAP_NANOS);
          interrupted |= Thread.interrupted();
        }
      }
      part = null; // a task that never came to run keeps no arrays
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure != null) {
        Team.<RuntimeException>rethrow(failure);
      }
    }
  }

  /** As it is: that the operation was split is no news to whoever handles it. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable failure) throws E {
    throw (E) failure;
  }
}
