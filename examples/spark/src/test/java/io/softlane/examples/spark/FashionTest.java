package io.softlane.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.examples.spark.Runs.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** On Fashion-MNIST itself, where it is installed. */
class FashionTest {
  private static final Path DATA = Path.of(System.getProperty("fashion.data"));

  @Test
  void isAsGoodAsALinearClassifierGets() {
    boolean installed = Files.isDirectory(DATA);
    if (!installed) {
      System.err.println(
          "** NOT TESTED: Spark on Fashion-MNIST, which is not in "
              + DATA
              + ": apt install dataset-fashion-mnist, or -Dfashion.data=DIRECTORY");
    }
    Assumptions.assumeTrue(installed);
    Result result = Runs.main("--data=" + DATA, "--master=local[2]", "--epochs=60");
    assertEquals(0, result.status(), result.err());
    Matcher accuracy = Pattern.compile("test accuracy +(0\\.\\d+)").matcher(result.out());
    assertTrue(accuracy.find(), result.out());
    assertEquals(0.84, Double.parseDouble(accuracy.group(1)), 0.01, result.out());
  }
}
