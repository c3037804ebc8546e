package io.softlane.examples.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsTest {
  static final Path DATA = Path.of("data", "digits.csv.gz");

  @TempDir private Path directory;

  @Test
  void readsTheSet() throws IOException {
    Digits digits = Digits.read(DATA);
    assertEquals(1797, digits.rows());
    assertEquals(1347, digits.training().rows());
    assertEquals(450, digits.test().rows());
    // First line: 0,0,5,13,9,1,... and the label 0.
    assertEquals(13 / 16f, digits.pixels()[3]);
    assertEquals(0, digits.labels()[0]);
    // Line 1348 is the first of the test set.
    assertEquals(digits.labels()[1347], digits.test().labels()[0]);
    assertEquals(digits.pixels()[1347 * 64 + 20], digits.test().pixels()[20]);
  }

  @Test
  void namesAWrongColumnCount() throws IOException {
    assertDamage(17, "1,2,3", "3 columns, not 64 pixels and a label");
    assertDamage(1797, "", "1 columns, not 64 pixels and a label");
    String line = lines().get(4);
    assertDamage(5, line + ",", "66 columns, not 64 pixels and a label");
  }

  @Test
  void namesWhatIsNoNumber() throws IOException {
    assertDamage(3, row(7, "x"), "pixel 7 is \"x\", not a whole number 0 to 16");
    assertDamage(3, row(1, "1.5"), "pixel 1 is \"1.5\", not a whole number 0 to 16");
    assertDamage(3, row(65, ""), "the label is \"\", not a whole number 0 to 9");
    // Control characters and long texts must not reach the terminal.
    assertDamage(3, row(2, "\u001b[2J"), "pixel 2 is \"?[2J\", not a whole number 0 to 16");
    assertDamage(
        3,
        row(2, "z".repeat(5000)),
        "pixel 2 is \"" + "z".repeat(20) + "...\", not a whole number 0 to 16");
  }

  @Test
  void namesWhatIsOutOfRange() throws IOException {
    assertDamage(1000, row(64, "17"), "pixel 64 is 17, not 0 to 16");
    assertDamage(1000, row(64, "-1"), "pixel 64 is -1, not 0 to 16");
    assertDamage(1000, row(65, "10"), "the label is 10, not 0 to 9");
  }

  @Test
  void namesMissingAndSurplusLines() throws IOException {
    List<String> lines = lines();
    Path few = write(lines.subList(0, 1400));
    assertEquals(few + ", line 1401: the file ends here, but the set has 1797 lines", message(few));
    lines.add(lines.getFirst());
    Path many = write(lines);
    assertEquals(many + ", line 1798: one line too many, the set has 1797", message(many));
  }

  @Test
  void namesDamagedGzipData() throws IOException {
    byte[] bytes = Files.readAllBytes(DATA);
    Path file = directory.resolve("damaged.csv.gz");

    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertTrue(
        message(file)
            .matches("\\Q" + file + "\\E, line [1-9][0-9]+: the gzip data is cut off here"),
        message(file));
    Files.write(file, new byte[0]);
    assertEquals(file + ", line 1: the gzip data is cut off here", message(file));
    Files.writeString(file, "0,1,2\n");
    assertTrue(message(file).startsWith(file + ", line 1: damaged gzip data: "), message(file));

    // A flipped bit shows in the compressed data, in a value, or at the latest in the checksum.
    bytes[bytes.length / 2] ^= 8;
    Files.write(file, bytes);
    assertTrue(message(file).matches("\\Q" + file + "\\E, line [0-9]+: .+"), message(file));
  }

  @Test
  void namesAFileThatIsNotThere() {
    Path file = directory.resolve("none.csv.gz");
    assertEquals(file + ": no such file", message(file));
    assertTrue(message(directory).startsWith(directory + ": cannot be read"), message(directory));
  }

  /** The file with this line instead of that of the number, counted from 1, is refused so. */
  private void assertDamage(int number, String line, String problem) throws IOException {
    List<String> lines = lines();
    lines.set(number - 1, line);
    Path file = write(lines);
    assertEquals(file + ", line " + number + ": " + problem, message(file));
  }

  private String message(Path file) {
    String message = assertThrows(DataFileException.class, () -> Digits.read(file)).getMessage();
    assertFalse(message.contains("\n"), message);
    return message;
  }

  /** A good line, but for one column, counted from 1. */
  private static String row(int column, String value) throws IOException {
    String[] columns = lines().getFirst().split(",");
    columns[column - 1] = value;
    return String.join(",", columns);
  }

  private static List<String> lines() throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(DATA))) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return new ArrayList<>(text.lines().toList());
    }
  }

  private Path write(List<String> lines) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    return Files.write(directory.resolve("written.csv.gz"), bytes.toByteArray());
  }
}
