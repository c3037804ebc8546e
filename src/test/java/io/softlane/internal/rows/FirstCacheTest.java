package io.softlane.internal.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Linux says of the first cache, or of the processor where it says nothing of caches. */
class FirstCacheTest {
  private static final String NONE = "-";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "48K, AuthenticAMD, 25, true",
    "64K, AuthenticAMD, 25, true",
    "47K, AuthenticAMD, 26, false",
    "32K, AuthenticAMD, 26, false",
    "1M, AuthenticAMD, 26, false",
    "K, AuthenticAMD, 26, false",
    "-, AuthenticAMD, 26, true",
    "-, AuthenticAMD, 25, false",
    "-, AuthenticAMD, 126, false",
    "-, GenuineIntel, 26, false",
    "48K, -, -, true",
    "32K, -, -, false",
    "-, -, -, false"
  })
  void isLarge(String kibibytes, String vendor, String family, boolean isLarge) throws IOException {
    Path size = directory.resolve("size");
    Path processors = directory.resolve("cpuinfo");
    if (!kibibytes.equals(NONE)) {
      Files.writeString(size, kibibytes + "\n");
    }
    if (!vendor.equals(NONE)) {
      Files.writeString(
          processors,
          "processor\t: 0\nvendor_id\t: "
              + vendor
              + "\ncpu family\t: "
              + family
              + "\nmodel\t: 26\nmodel name\t: \u00b5, no UTF-8\n",
          StandardCharsets.ISO_8859_1);
    }
    assertEquals(isLarge, FirstCache.isLarge(size, processors));
  }

  /** A file without the lines that are looked for. */
  @ParameterizedTest
  @CsvSource({"''", "processor : 0", "cpu family\t: 26"})
  void others(String text) throws IOException {
    Path processors = Files.writeString(directory.resolve("cpuinfo"), text);
    assertEquals(false, FirstCache.isLarge(directory.resolve("size"), processors));
  }
}
