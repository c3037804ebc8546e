package io.softlane.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.softlane.Rows;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The C reference, {@code native/softmax3.c}: compiled by gcc on this machine, called directly. */
final class NativeSoftmax {
  private static final String SOURCE = "softmax3.c";

  /** {@code native} (the default): what the machine has; {@code avx2}: no AVX-512. */
  static final String ISA = "softlane.benchmarks.isa";

  private final MethodHandle softmax;
  private final int width;

  private NativeSoftmax(MethodHandle softmax, int width) {
    this.softmax = softmax;
    this.width = width;
  }

  /** The build that the benchmarks call; a constant for the JIT compiler. */
  private static final class Chosen {
    static final MethodHandle SOFTMAX = compile(System.getProperty(ISA, "native")).softmax;
  }

  static void softmax(float[] logits, Rows batch, float[] probabilities) {
    call(Chosen.SOFTMAX, logits, batch, probabilities);
  }

  void run(float[] logits, Rows batch, float[] probabilities) {
    call(softmax, logits, batch, probabilities);
  }

  private static void call(
      MethodHandle softmax, float[] logits, Rows batch, float[] probabilities) {
    try {
      softmax.invokeExact(
          MemorySegment.ofArray(logits),
          MemorySegment.ofArray(probabilities),
          (long) batch.rows(),
          (long) batch.cols());
    } catch (Throwable e) {
      throw new AssertionError("The C function throws nothing", e);
    }
  }

  /** Vector width in bits. */
  int width() {
    return width;
  }

  /**
   * Compiles and loads.
   *
   * @throws IllegalStateException where there is no gcc, or it fails, with what it said
   */
  static NativeSoftmax compile(String isa) {
    List<String> command = new ArrayList<>(List.of("gcc", "-O3", "-march=native"));
    switch (isa) {
      case "native" -> {}
      case "avx2" -> command.add("-mno-avx512f");
      default -> throw new IllegalArgumentException(ISA + " is native or avx2, not " + isa);
    }
    try {
      Path directory = Files.createTempDirectory("softlane-benchmarks");
      Path source = directory.resolve(SOURCE);
      Path library = directory.resolve("softmax3.so");
      try (InputStream in = NativeSoftmax.class.getResourceAsStream(SOURCE)) {
        Files.copy(in, source);
        command.addAll(List.of("-shared", "-fPIC", "-o", library.toString(), source.toString()));
        run(command);
        return load(library);
      } finally {
        // Once loaded, the library needs its file no longer.
        Files.deleteIfExists(library);
        Files.deleteIfExists(source);
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw new IllegalStateException("c3 needs gcc: " + e.getMessage(), e);
    }
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("c3: gcc fails: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("c3: interrupted while compiling", e);
    }
    return said;
  }

  @SuppressWarnings("restricted") // the benchmarks run with --enable-native-access
  private static NativeSoftmax load(Path library) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    // Critical: the arrays stay where they are, nothing is copied.
    MethodHandle softmax =
        linker.downcallHandle(
            symbols.findOrThrow("softmax3"),
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG),
            Linker.Option.critical(true));
    MethodHandle width =
        linker.downcallHandle(
            symbols.findOrThrow("softmax3_width"), FunctionDescriptor.of(JAVA_INT));
    try {
      return new NativeSoftmax(softmax, (int) width.invokeExact());
    } catch (Throwable e) {
      throw new AssertionError("The C function throws nothing", e);
    }
  }

  /** Compiler, flags and width of the build that the benchmarks call. */
  static String describe() {
    String isa = System.getProperty(ISA, "native");
    int width = compile(isa).width();
    try {
      String version = run(List.of("gcc", "--version")).lines().findFirst().orElseThrow();
      String flags = "-O3 -march=native" + (isa.equals("avx2") ? " -mno-avx512f" : "");
      return version + ", " + flags + ", " + width + " bits";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
