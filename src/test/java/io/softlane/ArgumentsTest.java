package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * Any arguments of any core operation: a legal call gives the right results and touches nothing
 * else, an illegal one throws what the contract says and touches nothing. {@link RawCall} decodes
 * the calls from bytes, here jqwik's and those of the fuzzer's corpus ({@code mvn test -Pfuzz}).
 */
class ArgumentsTest {
  /** Where the fuzzer keeps what it found; it names the directory. */
  private static final Path CORPUS =
      Path.of("src/test/resources/io/softlane/ArgumentsFuzzInputs/anyArguments");

  /** The first byte of a call that {@link RawTokens} decodes; others are {@link RawCall}'s. */
  private static final byte TOKENS = -1;

  private static final Set<String> ALL =
      Set.of("IllegalArgumentException", "IndexOutOfBoundsException", "NullPointerException");

  @Provide
  Arbitrary<byte[]> calls() {
    return Arbitraries.bytes()
        .withDistribution(RandomDistribution.uniform())
        .array(byte[].class)
        .ofMinSize(1)
        .ofMaxSize(96)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  @Property(tries = 20_000, shrinking = ShrinkingMode.BOUNDED)
  void rightResultsOrTheDocumentedException(@ForAll("calls") byte[] bytes) {
    ArgumentsCheck.run(bytes);
  }

  /** The same of the k largest, draws, caps and scores with options. */
  @Property(tries = 20_000, shrinking = ShrinkingMode.BOUNDED)
  void tokensAndScores(@ForAll("calls") byte[] bytes) {
    TokensCheck.run(bytes);
  }

  /** What the fuzzer found and kept, run without it. */
  @Test
  void corpus() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(CORPUS)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    assertTrue(files.size() > 100, () -> "only " + files.size() + " files in " + CORPUS);
    for (Path file : files) {
      try {
        run(Files.readAllBytes(file));
      } catch (AssertionError e) {
        throw new AssertionError(file.toString(), e);
      }
    }
  }

  /** A call of either model: the fuzzer has one test, and its corpus one directory. */
  static void run(byte[] bytes) {
    if (bytes.length > 0 && bytes[0] == TOKENS) {
      TokensCheck.run(Arrays.copyOfRange(bytes, 1, bytes.length));
    } else {
      ArgumentsCheck.run(bytes);
    }
  }

  @Test
  void theModelOfTokensIsNotVacuous() {
    Map<Operation, Set<String>> seen = new EnumMap<>(Operation.class);
    Map<Operation, Integer> legal = new EnumMap<>(Operation.class);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 30_000; i++) {
      byte[] bytes = new byte[96];
      random.nextBytes(bytes);
      RawTokens raw = new RawTokens(bytes);
      Operation operation = raw.call.operation;
      if (raw.refusals.size() == 1) {
        String name = raw.refusals.iterator().next().getSimpleName();
        seen.computeIfAbsent(operation, o -> new TreeSet<>()).add(name);
      } else if (raw.refusals.isEmpty() && raw.call.inRows.rows() > 0) {
        legal.merge(operation, 1, Integer::sum);
      }
    }
    for (Operation operation : RawTokens.OPERATIONS) {
      assertEquals(ALL, seen.get(operation), () -> "refusals of " + operation);
      assertTrue(legal.get(operation) > 500, () -> "legal calls: " + legal);
    }
  }

  /**
   * The model reaches what it is there for: every operation, lawful and refused for every reason.
   */
  @Test
  void theModelIsNotVacuous() {
    Map<Operation, Set<String>> seen = new EnumMap<>(Operation.class);
    Map<Operation, Integer> legal = new EnumMap<>(Operation.class);
    Set<Operation> inPlace = EnumSet.noneOf(Operation.class);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 60_000; i++) {
      byte[] bytes = new byte[96];
      random.nextBytes(bytes);
      RawCall call = new RawCall(bytes);
      Set<Class<? extends Exception>> refusals = Refusals.of(call);
      Set<String> names = seen.computeIfAbsent(call.operation, o -> new TreeSet<>());
      if (refusals.size() == 1) {
        names.add(refusals.iterator().next().getSimpleName());
      } else if (refusals.isEmpty() && call.in.rows() > 0) {
        legal.merge(call.operation, 1, Integer::sum);
        if (call.outSlot == call.inSlot && call.in.equals(call.out)) {
          inPlace.add(call.operation);
        }
      }
    }
    for (Operation operation : Operation.CORE) {
      assertEquals(ALL, Set.copyOf(seen.get(operation)), () -> "refusals of " + operation);
      assertTrue(legal.get(operation) > 500, () -> "legal calls: " + legal);
      boolean mayBe = operation.takes(Operation.Argument.OUT);
      assertEquals(mayBe, inPlace.contains(operation), () -> "in place: " + operation);
    }
  }
}
