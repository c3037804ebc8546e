package io.softlane.internal.loops;

/** The vector width that the system property {@code softlane.width} forces, for tests. */
public final class Width {
  public static final String PROPERTY = "softlane.width";

  private Width() {}

  /** In bits, or 0 where none is forced. */
  public static int forced() {
    String value = System.getProperty(PROPERTY);
    return switch (value) {
      case null -> 0;
      case "128", "256", "512" -> Integer.parseInt(value);
      default ->
          throw new IllegalArgumentException(
              "the system property " + PROPERTY + " must be 128, 256 or 512, not " + value);
    };
  }

  /** Why the width that is forced cannot be had; null where it can. Needs the vector module. */
  public static String obstacle() {
    int width = forced();
    if (width == 0 || width == Lanes.BITS) {
      return null;
    }
    return "the system property "
        + PROPERTY
        + " asks for vectors of "
        + width
        + " bits, but "
        + (width > Lanes.MACHINE
            ? "this machine and JVM have " + Lanes.MACHINE
            : "the kernels were first used with " + Lanes.BITS);
  }
}
