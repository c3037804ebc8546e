package io.softlane.internal.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The data cache of a core, which has 32 KiB on a Zen 3 or Zen 4 and 48 on a Zen 5. Rows in flight
 * have three rows of logits, two of terms and two of results there.
 */
final class FirstCache {
  private static final Path SIZE = Path.of("/sys/devices/system/cpu/cpu0/cache/index0/size");
  private static final int USUAL = 32;
  private static final int LARGE = 48;

  /** Whether that is no strain while memory streams through it. Set by tests alone. */
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
