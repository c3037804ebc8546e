package io.softlane.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.examples.spark.Runs.Result;
import io.softlane.examples.spark.Runs.Run;
import java.io.IOException;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spark's results are those of one process, bit for bit. */
class ClusterTest {
  private static final int EPOCHS = 1000;
  private static final int SOME = 10;
  private static final int FATAL_PASS = 20;

  private static Run expected;

  @BeforeAll
  static void trainWithoutSpark() throws IOException {
    expected = Runs.train(new LocalPass(Runs.SOURCE), null, EPOCHS);
    assertEquals(Lbfgs.End.TOLERANCE, expected.end().end());
    assertEquals(Runs.REFERENCE, expected.end().objective(), 1e-6);
  }

  @Test
  @Timeout(240)
  void threadsGiveTheSameBits() throws IOException {
    try (Cluster cluster = Cluster.start("local[2]", Runs.SOURCE, 5)) {
      expected.assertSameBits(Runs.train(cluster, null, EPOCHS));
    }
    // One partition alone, and more than there are blocks: some are empty.
    Run some = Runs.train(new LocalPass(Runs.SOURCE), null, SOME);
    for (int partitions : new int[] {1, 12}) {
      try (Cluster cluster = Cluster.start("local[2]", Runs.SOURCE, partitions)) {
        some.assertSameBits(Runs.train(cluster, null, SOME));
      }
    }
  }

  /** In real processes; then with one of them killed in the midst of a pass. */
  @Test
  @Timeout(300)
  void processesGiveTheSameBitsAlsoWhereOneIsKilled() throws IOException {
    try (Cluster cluster = Cluster.start("local-cluster[2,1,1024]", Runs.SOURCE, 6)) {
      SortedSet<Long> before = cluster.processes();
      assertEquals(2, before.size());
      assertFalse(before.contains(ProcessHandle.current().pid()), "in this process");
      assertTrue(cluster.kernels().startsWith("vector"), cluster.kernels());
      Run some = Runs.train(cluster, null, SOME);
      Runs.train(new LocalPass(Runs.SOURCE), null, SOME).assertSameBits(some);

      Killer killer = new Killer(cluster, before.first());
      expected.assertSameBits(Runs.train(killer, null, EPOCHS));
      assertTrue(killer.passes > FATAL_PASS);
      Set<Long> after = cluster.processes();
      assertFalse(after.contains(before.first()), "killed " + before + ", now " + after);
    }
  }

  /** Passes in whose midst an executor dies, once. */
  private static final class Killer implements Pass {
    private final Pass pass;
    private final long victim;
    private int passes;

    Killer(Pass pass, long victim) {
      this.pass = pass;
      this.victim = victim;
    }

    @Override
    public Sums sum(float[] weights) {
      if (++passes == FATAL_PASS) {
        // Some moments into the pass, which takes tens of milliseconds.
        CompletableFuture.runAsync(
            () -> ProcessHandle.of(victim).orElseThrow().destroyForcibly(),
            CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS));
      }
      return pass.sum(weights);
    }
  }

  /** Executors of 100 MB are too small. */
  @Test
  @Timeout(240)
  void whatSparkRefusesIsRefusedInOneLine() {
    Result result = Runs.main("--digits", "--master=local-cluster[1,1,100]");
    assertEquals(2, result.status());
    assertTrue(result.err().matches("spark: .*memory.*\\R"), result.err());
  }

  @Test
  @Timeout(240)
  void theProgramRuns() {
    Result result =
        Runs.main("--digits", "--rows=1347", "--lambda=1e-3", "--tolerance=1e-5", "--partitions=2");
    assertEquals("", result.err());
    assertEquals(0, result.status());
    assertTrue(result.out().contains("\nobjective       0.235612"), result.out());
    assertTrue(result.out().contains("\ntest accuracy   0.9156  (412 of 450)"), result.out());
    assertTrue(result.out().contains("\na pass "), result.out());
  }
}
