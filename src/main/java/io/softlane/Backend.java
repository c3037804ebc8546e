package io.softlane;

import io.softlane.internal.loops.Width;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Which kernels run here, and why. Nothing is printed; the reason is given on request, and goes to
 * the log, below the level that logs show by default, when kernels are first chosen.
 */
final class Backend {
  private static final String KERNELS = "softlane.kernels";
  static final String MODULE = "jdk.incubator.vector";
  private static final String MANAGEMENT = "jdk.management";

  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  private Backend() {}

  static Kernels best() {
    Kernels kernels = choose();
    if (!LOGGED.getPlain() && !LOGGED.getAndSet(true)) {
      System.getLogger("io.softlane").log(System.Logger.Level.DEBUG, Backend::reason);
    }
    return kernels;
  }

  private static Kernels choose() {
    return switch (choice()) {
      case "scalar" -> Kernels.SCALAR;
      case "vector" -> vector();
      default -> obstacle() == null ? Kernels.Vectors.BEST : Kernels.SCALAR;
    };
  }

  static Kernels vector() {
    String obstacle = obstacle();
    if (obstacle != null) {
      throw new IllegalStateException("no fast vector kernels: " + obstacle);
    }
    return Kernels.Vectors.VECTOR;
  }

  static String reason() {
    return choose() + ": " + why();
  }

  /** The reason without the kernels' name. */
  static String why() {
    String choice = choice();
    if (!choice.equals("best")) {
      return "the system property " + KERNELS + " asks for " + choice;
    }
    String obstacle = obstacle();
    return obstacle == null ? "the module " + MODULE + " is resolved and C2 compiles" : obstacle;
  }

  static boolean hasModule() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** The value of a flag of the JVM, or null where there is no such flag or nobody to ask. */
  static String flag(String name) {
    return hasManagement() ? Flags.value(name) : null;
  }

  // A run-time image may lack this module; then the flags are taken to be the usual ones.
  private static boolean hasManagement() {
    return ModuleLayer.boot().findModule(MANAGEMENT).isPresent();
  }

  private static String choice() {
    String value = System.getProperty(KERNELS, "best");
    return switch (value) {
      case "best", "scalar", "vector" -> value;
      default ->
          throw new IllegalArgumentException(
              "the system property " + KERNELS + " must be best, scalar or vector, not " + value);
    };
  }

  /** What keeps vectors from being fast in this JVM, with the cure; null where nothing does. */
  private static String obstacle() {
    if (!hasModule()) {
      return ("the module %s is not resolved;"
              + " start java with --add-modules %<s (JDK_JAVA_OPTIONS works too)")
          .formatted(MODULE);
    }
    // Without C2 every vector is an object on the heap, and a kernel hundreds of times slower.
    String info = System.getProperty("java.vm.info", "");
    if (info.contains("interpreted mode")) {
      return "this JVM only interprets; remove -Xint";
    }
    if (info.contains("emulated-client")) {
      return "this JVM has no C2 compiler; remove -XX:TieredStopAtLevel or -client";
    }
    if (hasManagement() && Flags.OBSTACLE != null) {
      return Flags.OBSTACLE;
    }
    // Only now may a class be touched that needs the module.
    return Width.obstacle();
  }
}
