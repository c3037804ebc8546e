package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softlane.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The loops at each of the narrower widths, in JVMs of their own: what the tests here ask. */
@Tag("processes")
class EveryWidthTest {
  /** In a child: no test engine, but the same questions. */
  public static void main(String[] arguments) {
    PlainTest.strays();
    PlainTest.terms();
    PlainTest.sums();
    PlainTest.sumsOfBlocks();
    LogsTest.check();
    TargetsTest.check();
    LoopsTest.row();
    LoopsTest.few();
    LoopsTest.tight();
    LoopsTest.rows();
    LoopsTest.above();
    LoopsTest.masses();
    TurnTest.check();
    TurnTest.compiled();
    ExpLoopsTest.check();
    System.out.println(VectorLoops.INSTANCE);
  }

  @Test
  void narrower() throws Exception {
    for (int bits = 128; bits < Lanes.BITS; bits *= 2) {
      String width = "-D" + Width.PROPERTY + "=" + bits;
      ChildJvm.Result result = ChildJvm.run(ChildJvm.withModule(width), EveryWidthTest.class);
      assertEquals(0, result.exit(), () -> width + ": " + result.err());
      assertEquals("vector, " + bits + " bits", result.out().lines().toList().getLast());
    }
  }
}
