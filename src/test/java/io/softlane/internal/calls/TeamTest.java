package io.softlane.internal.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who does which rows of a call, on pools that do what a test says. */
class TeamTest {
  /** A pool of three threads, of which none is started; it takes tasks and leaves them undone. */
  private static class Idle extends ForkJoinPool {
    int tasks;
    int queued;

    Idle() {
      super(3);
    }

    @Override
    public void execute(ForkJoinTask<?> task) {
      tasks++;
    }

    @Override
    public int getQueuedSubmissionCount() {
      return queued;
    }
  }

  /** The same, but that each task is done before the next one is taken. */
  private static final class Eager extends Idle {
    @Override
    public void execute(ForkJoinTask<?> task) {
      task.invoke();
    }
  }

  /** Of 655360 elements, where each row counts 16 more; then at least 32768 a part. */
  @Test
  void partsOfACall() {
    Team three = new Team(new Idle());
    assertEquals(1, three.parts(640, 1007));
    assertEquals(16, three.parts(640, 1008), "four for each thread, and for the caller");
    assertEquals(1, three.parts(1, 1 << 30));
    assertEquals(2, three.parts(2, 327_664));
    assertEquals(16, three.parts(Integer.MAX_VALUE, Integer.MAX_VALUE));
    try (ForkJoinPool pool = new ForkJoinPool(7)) {
      assertEquals(20, new Team(pool).parts(640, 1008), "of 32768 elements");
    }
  }

  /** By the caller, where nobody else takes part, or a pool refuses; or by the first task. */
  @Test
  void eachRowOnce() {
    ForkJoinPool closed = new ForkJoinPool(2);
    closed.shutdown();
    for (ForkJoinPool pool : List.of(new Idle(), new Eager(), closed)) {
      List<Integer> borders = new ArrayList<>();
      Team team = new Team(pool);
      team.run(100, 10, 4, (from, end) -> Collections.addAll(borders, from, end));
      assertEquals(List.of(100, 102, 102, 105, 105, 107, 107, 110), borders);
      borders.clear();
      team.run(7, 2_147_483_640, 3, (from, end) -> Collections.addAll(borders, from, end));
      assertEquals(7, borders.getFirst());
      assertEquals(List.of(715_827_887, 715_827_887), borders.subList(1, 3));
      assertEquals(Integer.MAX_VALUE, borders.getLast());
    }
  }

  /**
   * One for each part but the caller's; and none for a pool that is more than 8 a thread behind.
   */
  @Test
  void aTaskForEachThread() {
    int[][] cases = {{2, 0, 1}, {3, 0, 2}, {4, 0, 3}, {16, 0, 3}, {16, 24, 3}, {16, 25, 0}};
    for (int[] some : cases) {
      Idle pool = new Idle();
      pool.queued = some[1];
      new Team(pool).run(0, 100, some[0], (from, end) -> {});
      assertEquals(some[2], pool.tasks, () -> some[0] + " parts, " + some[1] + " queued");
    }
  }

  /** A pool that has but the thread that calls: all three tasks are taken back. */
  @Test
  void noTaskIsLeft() throws Exception {
    AtomicInteger made = new AtomicInteger();
    ForkJoinPool.ForkJoinWorkerThreadFactory one =
        p ->
            made.getAndIncrement() > 0
                ? null
                : ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(p);
    ForkJoinPool pool = new ForkJoinPool(3, one, null, false);
    try {
      AtomicInteger parts = new AtomicInteger();
      int left =
          pool.submit(
                  () -> {
                    new Team(pool).run(0, 8, 8, (from, end) -> parts.incrementAndGet());
                    return ForkJoinTask.getQueuedTaskCount();
                  })
              .get();
      assertEquals(8, parts.get());
      assertEquals(0, left);
    } finally {
      pool.shutdownNow(); // close would wait for the threads that it could not make
    }
  }

  /** The other thread has the second part until the caller, which waits, has seen an interrupt. */
  @Test
  void waitsForWhatAnotherHasBegun() {
    Thread caller = Thread.currentThread();
    AtomicInteger begun = new AtomicInteger();
    AtomicBoolean returned = new AtomicBoolean();
    AtomicInteger done = new AtomicInteger();
    Team.Part part =
        (from, end) -> {
          begun.incrementAndGet();
          while (begun.get() < 2) {
            Thread.onSpinWait();
          }
          if (Thread.currentThread() != caller) {
            caller.interrupt();
            while (caller.isInterrupted() && !returned.get()) {
              Thread.onSpinWait();
            }
          }
          done.incrementAndGet();
        };
    try (ForkJoinPool pool = new ForkJoinPool(1)) {
      int doneThen = 0;
      try {
        new Team(pool).run(0, 2, 2, part);
        doneThen = done.get();
      } finally {
        returned.set(true);
      }
      assertTrue(Thread.interrupted(), "the interrupt");
      assertEquals(2, doneThen);
    }
  }

  /** Whoever does the part: the caller throws just what it threw, and begins no more parts. */
  @Test
  void whatAPartThrows() {
    for (Idle pool : List.of(new Idle(), new Eager())) {
      AtomicInteger begun = new AtomicInteger();
      Error failure = new Error("of the second part");
      Team.Part part =
          (from, end) -> {
            if (begun.incrementAndGet() == 2) {
              throw failure;
            }
          };
      assertSame(failure, assertThrows(Error.class, () -> new Team(pool).run(0, 10, 5, part)));
      assertEquals(2, begun.get());
    }
  }
}
