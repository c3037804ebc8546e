package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;

class LanesTest {
  /** With a second shape in use, C2 boxes vectors of loops that never see it. */
  @Test
  void oneShape() throws IllegalAccessException {
    Set<Integer> bits = new TreeSet<>();
    for (Field field : Lanes.class.getDeclaredFields()) {
      if (field.getType() == VectorSpecies.class) {
        bits.add(((VectorSpecies<?>) field.get(null)).vectorBitSize());
      }
    }
    assertEquals(Set.of(Lanes.BITS), bits);
  }
}
