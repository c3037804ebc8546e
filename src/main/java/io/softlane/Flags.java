package io.softlane;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Which of the JVM's flags keeps vectors from being fast: those that java.vm.info does not tell.
 * Needs the module jdk.management. Asking takes milliseconds, so it is done once.
 */
final class Flags {
  /** The flag in the way, with the cure; null where there is none. */
  static final String OBSTACLE = obstacle();

  private Flags() {}

  private static String obstacle() {
    if (is("UseCompiler", "false")) {
      return "this JVM only interprets; remove -XX:-UseCompiler or -XX:TieredStopAtLevel=0";
    }
    if (is("TieredStopAtLevel", "0|1|2|3")) {
      return "this JVM does not use its C2 compiler; remove -XX:TieredStopAtLevel";
    }
    if (is("EnableVectorSupport", "false")) {
      return "C2 does not compile the Vector API; remove -XX:-EnableVectorSupport";
    }
    // Math.fma is then BigDecimal, and a vector of them an array of that.
    if (is("UseFMA", "false")) {
      return "this JVM has no fused multiply-add; remove -XX:-UseFMA or -XX:UseAVX=0, unless the"
          + " processor has none";
    }
    return null;
  }

  private static boolean is(String flag, String values) {
    String value = value(flag);
    return value != null && value.matches(values);
  }

  /** The value of a flag, or null where there is none of that name. */
  static String value(String flag) {
    try {
      HotSpotDiagnosticMXBean jvm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return jvm == null ? null : jvm.getVMOption(flag).getValue();
    } catch (IllegalArgumentException e) {
      // Another JVM, or an experimental flag that is locked, which nobody changed then.
      return null;
    }
  }
}
