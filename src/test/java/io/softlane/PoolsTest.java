package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolsTest {
  private static final String PARALLELISM =
      "-Djava.util.concurrent.ForkJoinPool.common.parallelism=";

  /** With 0 threads nobody ever takes a task: none may be left, call after call. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @Tag("processes")
  void commonPools(int threads) throws Exception {
    ChildJvm.Result result =
        ChildJvm.run(ChildJvm.withModule(PARALLELISM + threads), PoolProbe.class);
    assertEquals(0, result.exit(), result::err);
    List<String> lines = result.out().lines().toList();
    assertEquals("scalar, " + Math.max(1, threads) + " threads", lines.getFirst());
    if (threads == 0) {
      assertEquals("0", lines.getLast(), "tasks that are left");
    }
  }
}
