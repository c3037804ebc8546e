package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.recipes.Attention;
import io.softlane.recipes.Buffers;
import io.softlane.recipes.Sampling;
import io.softlane.recipes.Threads;
import io.softlane.recipes.Tokens;
import io.softlane.recipes.Training;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of docs/recipes.md is the code that is compiled and tested, and all of it. */
class RecipesTest {
  private static final List<Class<?>> RECIPES =
      List.of(
          Sampling.class,
          Tokens.class,
          Attention.class,
          Training.class,
          Threads.class,
          Buffers.class);

  private static final Path ROOT = Path.of(System.getProperty("basedir", "."));

  @Test
  void pageHasTheTextOfTheSources() throws IOException {
    StringBuilder sources = new StringBuilder();
    for (Class<?> recipes : RECIPES) {
      String file = "src/test/java/" + recipes.getName().replace('.', '/') + ".java";
      sources.append(Files.readString(ROOT.resolve(file)));
    }
    List<String> blocks =
        Pattern.compile("(?ms)^```java$\\n(.*?)^```$")
            .matcher(Files.readString(ROOT.resolve("docs/recipes.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    for (String block : blocks) {
      String method = block.indent(2);
      assertTrue(sources.indexOf("\n\n" + method) > 0, "no recipe's text:\n" + block);
      assertTrue(method.startsWith("  public static ") && method.endsWith("\n  }\n"), block);
    }
    assertEquals(methods(), blocks.stream().distinct().count(), "recipes on the page");
  }

  private static long methods() {
    return RECIPES.stream()
        .flatMap(recipes -> Arrays.stream(recipes.getDeclaredMethods()))
        .filter((Method method) -> Modifier.isPublic(method.getModifiers()))
        .count();
  }
}
