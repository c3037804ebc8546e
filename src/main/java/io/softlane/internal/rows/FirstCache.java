package io.softlane.internal.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The first data cache: 32 KiB on a Zen 3 or Zen 4, 48 on a Zen 5. Logits and results that stream
 * through it push out terms of rows in flight, and logits that are to be read again; from a large
 * one they do not (docs/engineering.md, "Beyond the cache").
 */
final class FirstCache {
  private static final Path SIZE = Path.of("/sys/devices/system/cpu/cpu0/cache/index0/size");
  private static final int USUAL = 32;
  private static final int LARGE = 48;

  /** Whether it is large enough for that. Set by tests alone. */
  static boolean isLarge = kibibytes() >= LARGE;

  private FirstCache() {}

  private static int kibibytes() {
    try {
      String size = Files.readString(SIZE).strip();
      return size.endsWith("K") ? Integer.parseInt(size.substring(0, size.length() - 1)) : USUAL;
    } catch (IOException | RuntimeException e) {
      return USUAL; // no Linux, or no such file in a container
    }
  }
}
