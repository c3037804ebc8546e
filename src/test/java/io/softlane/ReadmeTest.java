package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java compiles as it stands on the page. */
class ReadmeTest {
  @TempDir Path directory;

  @Test
  void exampleCompiles() throws IOException {
    compile(blocks().get(0), "Example");
  }

  /** By the command that stands below it; the width is this machine's. */
  @Test
  void examplePrintsWhatItSays() throws Exception {
    Path source = Files.writeString(directory.resolve("Example.java"), blocks().get(0));
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                source.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor());
    String row = printed.substring(printed.indexOf(": [")).strip();
    assertTrue(readme().contains(row + "\n```\n"), printed);
  }

  @Test
  void callCompiles() throws IOException {
    String call = blocks().get(1);
    compile(
        """
        import io.softlane.*;

        class Call {
          double run(SoftmaxKernels kernels, Rows batch, float[] logits, int[] labels) {
            float[] losses = new float[batch.rows()];
            float[] gradient = new float[logits.length];
            %s
            return loss.mean();
          }
        }
        """
            .formatted(call),
        "Call");
  }

  @Test
  void optionsCompile() throws IOException {
    compile(
        """
        import io.softlane.*;

        class Options {
          void run(
              SoftmaxKernels kernels,
              float[] scores,
              int queries,
              int keys,
              float[] mask,
              int[] lengths) {
            Rows batch = Rows.of(lengths.length, keys);
            %s
          }
        }
        """
            .formatted(blocks().get(2)),
        "Options");
  }

  @Test
  void samplingCompiles() throws IOException {
    compile(
        """
        import io.softlane.*;

        class Tokens {
          void run(SoftmaxKernels kernels, float[] logits, Rows batch, float[] uniforms) {
            int[] tokens = new int[batch.rows()];
            float[] logProbabilities = new float[batch.rows()];
            %s
          }
        }
        """
            .formatted(blocks().get(3)),
        "Tokens");
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of(System.getProperty("basedir", "."), "README.md"));
  }

  private static List<String> blocks() throws IOException {
    Matcher matcher = Pattern.compile("(?ms)^```java$\\n(.*?)^```$").matcher(readme());
    List<String> blocks = new ArrayList<>();
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    assertTrue(blocks.size() == 4, "README.md has " + blocks.size() + " java blocks");
    return blocks;
  }

  private void compile(String source, String name) throws IOException {
    Path file = Files.writeString(directory.resolve(name + ".java"), source);
    var compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path"));
      var units = files.getJavaFileObjects(file);
      boolean compiled = compiler.getTask(messages, files, null, options, null, units).call();
      assertEquals("", messages.toString());
      assertTrue(compiled);
    }
  }
}
