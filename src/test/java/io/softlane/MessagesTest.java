package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.Messages.Case;
import io.softlane.Messages.Given;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every exception of the library, with all of its words: the argument, the values, what to do. No
 * place that throws one is left out.
 */
class MessagesTest {
  /** What makes an exception, or has it made. */
  private static final Pattern SITE = Pattern.compile("new \\w+Exception\\(|requireNonNull\\(");

  private static final List<SoftmaxKernels> KERNELS =
      List.of(
          SoftmaxKernels.scalar(),
          SoftmaxKernels.vector(),
          SoftmaxKernels.best(),
          SoftmaxKernels.vector().parallel());

  /** The message, word by word, from each of the kernels, with nothing written. */
  @ParameterizedTest
  @MethodSource("io.softlane.Messages#cases")
  void says(Case it) {
    for (SoftmaxKernels kernels : KERNELS) {
      Given given = new Given();
      Object[] before = given.snapshot().toArray();
      Exception refusal = thrown(it, kernels, given);
      assertEquals(it.message(), refusal.getMessage());
      assertArrayEquals(before, given.snapshot().toArray(), "written before it was refused");
    }
  }

  /** Exactly of its class: another is an accident, such as an array's own check. */
  private static Exception thrown(Case it, SoftmaxKernels kernels, Given given) {
    Exception refusal = assertThrows(it.type(), () -> it.use().of(kernels, given), it.message());
    assertEquals(it.type(), refusal.getClass());
    return refusal;
  }

  /** Each place in the sources that makes an exception has a case here. */
  @Test
  void everyPlaceThatThrows() throws Exception {
    Set<String> reached = new TreeSet<>();
    Messages.cases()
        .map(it -> thrown(it, SoftmaxKernels.scalar(), new Given()))
        .flatMap(refusal -> Arrays.stream(refusal.getStackTrace()))
        .map(frame -> place(frame.getFileName(), frame.getLineNumber()))
        .forEach(reached::add);
    int places = 0;
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          if (SITE.matcher(lines.get(i)).find()) {
            places++;
            if (statement(lines, i).noneMatch(line -> reached.contains(place(name, line)))) {
              missing.add(place(name, i + 1));
            }
          }
        }
      }
    }
    assertTrue(places > 35, "only " + places);
    assertEquals(Set.of(), missing, "no case for these");
  }

  private static String place(String file, int line) {
    return file + ":" + line;
  }

  /** The lines, from 1 on, of the statement that begins there: a trace names any of them. */
  private static IntStream statement(List<String> lines, int first) {
    int last = first;
    while (!lines.get(last).endsWith(";")) {
      last++;
    }
    return IntStream.rangeClosed(first + 1, last + 1);
  }
}
