package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CrewTest {
  private static final Batch BATCH = new Batch(List.of(), List.of(), 320);

  @Test
  void worksOnEachBatchOnce() throws Exception {
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    Crew.work(
        3, Collections.nCopies(50, BATCH), (i, batch, own) -> assertEquals(true, seen.add(i)));
    assertEquals(50, seen.size());
  }

  @Test
  void givesEachThreadItsWorkspace() throws Exception {
    // Neither gets past the barrier unless both are at work.
    CyclicBarrier both = new CyclicBarrier(2);
    Set<Workspace> workspaces = ConcurrentHashMap.newKeySet();
    Crew.work(
        2,
        Collections.nCopies(2, BATCH),
        (i, batch, own) -> {
          workspaces.add(own);
          both.await(1, TimeUnit.MINUTES);
        });
    assertEquals(2, workspaces.size());
  }

  @Test
  void throwsWhatAThreadThrows() {
    IOException problem = new IOException();
    assertSame(
        problem,
        assertThrows(
            IOException.class,
            () ->
                Crew.work(
                    2,
                    Collections.nCopies(5, BATCH),
                    (i, batch, own) -> {
                      throw problem;
                    })));
  }
}
