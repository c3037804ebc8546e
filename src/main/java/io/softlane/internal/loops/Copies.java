package io.softlane.internal.loops;

import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The class {@link Pipeline} several times over, as hidden classes: one for each {@link Kind},
 * defined when the first turn of it is there. Where a JVM cannot do that (native images), the
 * scalar loop takes its place, with the same bits.
 */
final class Copies {
  /** What a copy does. A class, which C2 tells from others faster than an interface. */
  abstract static class Loop {
    abstract void run(Turn turn);
  }

  private static final Loop[] COPIES = new Loop[Kind.COUNT];

  private Copies() {}

  static Loop get(int kind) {
    Loop copy = COPIES[kind];
    return copy == null ? first(kind) : copy;
  }

  private static synchronized Loop first(int kind) {
    if (COPIES[kind] == null) {
      COPIES[kind] = define(Pipeline.class, kind);
    }
    return COPIES[kind];
  }

  /** A copy of a class of loops, or the scalar loop where none can be defined. */
  static Loop define(Class<?> loops, int kind) {
    try (InputStream in = loops.getResourceAsStream(loops.getSimpleName() + ".class")) {
      MethodHandles.Lookup copy =
          MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), kind, true);
      MethodType nothing = MethodType.methodType(void.class);
      return (Loop) copy.findConstructor(copy.lookupClass(), nothing).invoke();
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      return new Loop() {
        @Override
        void run(Turn turn) {
          ScalarLoops.INSTANCE.turn(kind, turn);
        }
      };
    }
  }
}
