package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VectorFormedCopiesTest {
  @Test
  void everyKindHasAClassOfItsOwn() {
    Set<Class<?>> classes = new HashSet<>();
    for (int kind = 0; kind < VectorFormedCopies.KINDS; kind++) {
      Class<?> copy = VectorFormedCopies.get(kind).getClass();
      assertTrue(copy.isHidden(), copy.getName());
      classes.add(copy);
      assertSame(copy, VectorFormedCopies.get(kind).getClass());
    }
    assertEquals(VectorFormedCopies.KINDS, classes.size());
  }

  @Test
  void everyKindHasANumberOfItsOwn() {
    Set<Integer> kinds = new HashSet<>();
    for (int bits = 0; bits < VectorFormedCopies.KINDS; bits++) {
      FormedRow row = new FormedRow();
      row.g = (bits & 1) == 0 ? null : MemorySegment.NULL;
      row.scale = (bits & 2) == 0 ? 1 : 2;
      row.mask = (bits & 4) == 0 ? null : new float[1];
      row.w = (bits & 8) == 0 ? null : MemorySegment.NULL;
      kinds.add(VectorFormedCopies.kind(row, (bits & 16) != 0));
    }
    assertEquals(VectorFormedCopies.KINDS, kinds.size());
  }
}
