package io.softlane.internal.rows;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The first data cache: 32 KiB on a Zen 3 or Zen 4, 48 on a Zen 5. Logits and results that stream
 * through it push out terms of rows in flight, and logits that are to be read again; from a large
 * one they do not (docs/engineering.md, "Beyond the cache").
 */
final class FirstCache {
  private static final Path SIZE = Path.of("/sys/devices/system/cpu/cpu0/cache/index0/size");
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final int USUAL = 32;
  private static final int LARGE = 48;

  /** Whether it is large enough for that. Set by tests alone. */
  static boolean isLarge = isLarge(SIZE, PROCESSORS);

  private FirstCache() {}

  /** By files of Linux. Virtual machines and containers may lack the first, and others both. */
  static boolean isLarge(Path size, Path processors) {
    return Files.isReadable(size) ? kibibytes(size) >= LARGE : isZen5(processors);
  }

  private static int kibibytes(Path file) {
    try {
      String size = Files.readString(file).strip();
      return size.endsWith("K") ? Integer.parseInt(size.substring(0, size.length() - 1)) : USUAL;
    } catch (IOException | RuntimeException e) {
      return USUAL;
    }
  }

  /** Whether the first processor is AMD's family 26. */
  private static boolean isZen5(Path file) {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      boolean isAmd = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        isAmd |= line.startsWith("vendor_id") && line.endsWith(": AuthenticAMD");
        if (line.startsWith("cpu family")) {
          return isAmd && line.endsWith(": 26");
        }
      }
    } catch (IOException | RuntimeException e) {
      return false;
    }
    return false;
  }
}
