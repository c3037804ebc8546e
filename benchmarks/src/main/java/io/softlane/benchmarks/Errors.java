package io.softlane.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the forked JVMs tell the harness the errors that their checks found: lines of a file. */
final class Errors {
  /** The file; where the property is not set, errors are only printed. */
  static final String FILE = "softlane.benchmarks.errors";

  private static final String SEPARATOR = "\t";

  private Errors() {}

  /**
   * @param batch the shape, and its data where they are not friendly: 4096x1000 masked
   */
  static void append(String batch, String variant, double error) {
    String file = System.getProperty(FILE);
    if (file == null) {
      return;
    }
    try {
      Files.writeString(
          Path.of(file),
          String.join(SEPARATOR, batch, variant, Double.toString(error)) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The largest error by batch, then variant, to three digits. JSON has no infinity: what is
   * infinite, a NaN where a number should be, becomes a notice instead.
   */
  static Map<String, Map<String, Double>> read(Path file, List<String> notices) throws IOException {
    Map<String, Map<String, Double>> errors = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return errors;
    }
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split(SEPARATOR);
      double error = Double.parseDouble(fields[2]);
      if (Double.isInfinite(error)) {
        String notice = fields[0] + ": " + fields[1] + " returns NaN or infinity for a number.";
        if (!notices.contains(notice)) {
          notices.add(notice);
        }
        continue;
      }
      errors
          .computeIfAbsent(fields[0], b -> new LinkedHashMap<>())
          .merge(fields[1], Double.valueOf(String.format(Locale.ROOT, "%.3g", error)), Math::max);
    }
    return errors;
  }
}
