package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CopiesTest {
  private static final int[] FLAGS = {
    Kind.TERMS,
    Kind.CLAMPED,
    Kind.SUM,
    Kind.SCALE,
    Kind.LIFTED,
    Kind.SUBTRACT,
    Kind.MAX,
    Kind.SCALED,
    Kind.MASKED,
    Kind.FROM,
    Kind.TO
  };

  @Test
  void everyKindHasAClassOfItsOwn() {
    Set<Class<?>> classes = new HashSet<>();
    // A prime step: every flag alone, and many beside each other.
    int kinds = 0;
    for (int kind = 1; kind < Kind.COUNT; kind += 37) {
      Class<?> copy = Copies.get(kind).getClass();
      assertTrue(copy.isHidden(), copy.getName());
      assertTrue(copy.getName().startsWith(Pipeline.class.getName()), copy.getName());
      classes.add(copy);
      assertSame(copy, Copies.get(kind).getClass());
      assertNotSame(Pipeline.class, copy);
      kinds++;
    }
    assertEquals(kinds, classes.size());
  }

  @Test
  void everyKindHasANumberOfItsOwn() {
    Set<Integer> kinds = new HashSet<>();
    for (int bits = 0; bits < 1 << FLAGS.length; bits++) {
      int kind = 0;
      for (int i = 0; i < FLAGS.length; i++) {
        kind |= (bits >> i & 1) * FLAGS[i];
      }
      assertTrue(kind >= 0 && kind < Kind.COUNT, "kind " + kind);
      kinds.add(kind);
    }
    assertEquals(Kind.COUNT, kinds.size());
  }

  /** Where no class can be defined, say in a native image, the scalar loop does the turn. */
  @Test
  void theScalarLoopWhereThereIsNoCopy() {
    // Too much for class data to be what this class makes of it, and no loop at all.
    Copies.Loop loop = Copies.define(CopiesTest.class, Kind.MAX);
    Turn turn = new Turn();
    turn.n = 3;
    turn.x = new float[] {1, 7, 3};
    loop.run(turn);
    assertEquals(7, turn.max);
  }
}
