package io.softlane.benchmarks;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** What JMH's options say of the benchmarks' parameters. */
final class Parameters {
  /** All but the variant. */
  static final List<String> OF_BATCHES = List.of("shape", "threads", "data", "call");

  private Parameters() {}

  /** The values of one; none where the options do not name it. */
  static Collection<String> values(CommandLineOptions jmh, String parameter) {
    return jmh.getParameter(parameter).hasValue() ? jmh.getParameter(parameter).get() : List.of();
  }

  /**
   * JMH itself ignores a parameter that no benchmark has.
   *
   * @throws IllegalArgumentException naming it
   */
  static void checkNames(String[] options) {
    for (int i = 0; i + 1 < options.length; i++) {
      String name = options[i + 1].split("=", 2)[0];
      if (options[i].equals("-p") && !name.equals(Kind.VARIANT) && !OF_BATCHES.contains(name)) {
        throw new IllegalArgumentException(
            "No parameter is named %s; parameters are %s %s"
                .formatted(name, Kind.VARIANT, String.join(" ", OF_BATCHES)));
      }
    }
  }

  /**
   * @param kinds what is to run; all where there are none
   * @throws IllegalArgumentException naming a shape or a variant that is none
   */
  static void checkValues(CommandLineOptions jmh, List<Kind> kinds) {
    values(jmh, "shape").forEach(Workload::rows);
    List<Kind> asked = kinds.isEmpty() ? List.of(Kind.values()) : kinds;
    List<String> known = asked.stream().flatMap(k -> k.variants().stream()).distinct().toList();
    for (String variant : values(jmh, Kind.VARIANT)) {
      if (!known.contains(variant)) {
        throw new IllegalArgumentException(
            "No variant is named %s; variants are %s".formatted(variant, String.join(" ", known)));
      }
    }
  }
}
