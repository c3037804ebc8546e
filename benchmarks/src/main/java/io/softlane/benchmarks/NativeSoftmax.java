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

/**
 * The C references, {@code native/softmax3.c} (three passes) and {@code native/softmax2.c} (the
 * Two-Pass algorithm): compiled by gcc on this machine, called directly.
 */
final class NativeSoftmax {
  /** Their variants: c3 is softmax3.c. */
  static final List<String> VARIANTS = List.of("c3", "c2");

  private static final String HEADER = "vectors.h";

  /** {@code native} (the default): what the machine has; {@code avx2}: no AVX-512. */
  static final String ISA = "softlane.benchmarks.isa";

  private final MethodHandle softmax;
  private final int width;

  private NativeSoftmax(MethodHandle softmax, int width) {
    this.softmax = softmax;
    this.width = width;
  }

  /** The builds that the benchmarks call; constants for the JIT compiler. */
  private static final class ThreePasses {
    static final MethodHandle SOFTMAX = compile("c3").softmax;
  }

  private static final class TwoPasses {
    static final MethodHandle SOFTMAX = compile("c2").softmax;
  }

  /** Three passes. */
  static void softmax3(float[] logits, Rows batch, float[] probabilities) {
    call(ThreePasses.SOFTMAX, logits, batch, probabilities);
  }

  /** Two passes. */
  static void softmax2(float[] logits, Rows batch, float[] probabilities) {
    call(TwoPasses.SOFTMAX, logits, batch, probabilities);
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

  private static NativeSoftmax compile(String variant) {
    return compile(variant, System.getProperty(ISA, "native"));
  }

  /**
   * Compiles and loads.
   *
   * @param variant c3 or c2
   * @throws IllegalStateException where there is no gcc, or it fails, with what it said
   */
  static NativeSoftmax compile(String variant, String isa) {
    String name = "softmax" + variant.substring(1);
    List<String> command = new ArrayList<>(List.of("gcc", "-O3", "-march=native"));
    switch (isa) {
      case "native" -> {}
      case "avx2" -> command.add("-mno-avx512f");
      default -> throw new IllegalArgumentException(ISA + " is native or avx2, not " + isa);
    }
    try {
      Path directory = Files.createTempDirectory("softlane-benchmarks");
      Path source = directory.resolve(name + ".c");
      Path header = directory.resolve(HEADER);
      Path library = directory.resolve(name + ".so");
      try {
        copyResource(source);
        copyResource(header);
        command.addAll(List.of("-shared", "-fPIC", "-o", library.toString(), source.toString()));
        run(command);
        return load(library, name);
      } finally {
        // Once loaded, the library needs its file no longer.
        Files.deleteIfExists(library);
        Files.deleteIfExists(source);
        Files.deleteIfExists(header);
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw new IllegalStateException("The C references need gcc: " + e.getMessage(), e);
    }
  }

  private static void copyResource(Path file) throws IOException {
    String name = file.getFileName().toString();
    try (InputStream in = NativeSoftmax.class.getResourceAsStream(name)) {
      Files.copy(in, file);
    }
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("gcc fails: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while compiling", e);
    }
    return said;
  }

  @SuppressWarnings("restricted") // the benchmarks run with --enable-native-access
  private static NativeSoftmax load(Path library, String name) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    // Critical: the arrays stay where they are, nothing is copied.
    MethodHandle softmax =
        linker.downcallHandle(
            symbols.findOrThrow(name),
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG),
            Linker.Option.critical(true));
    MethodHandle width =
        linker.downcallHandle(
            symbols.findOrThrow(name + "_width"), FunctionDescriptor.of(JAVA_INT));
    try {
      return new NativeSoftmax(softmax, (int) width.invokeExact());
    } catch (Throwable e) {
      throw new AssertionError("The C function throws nothing", e);
    }
  }

  /** Compiler, flags and width of the build that the benchmarks call. */
  static String describe() {
    String isa = System.getProperty(ISA, "native");
    int width = compile("c3", isa).width();
    try {
      String version = run(List.of("gcc", "--version")).lines().findFirst().orElseThrow();
      String flags = "-O3 -march=native" + (isa.equals("avx2") ? " -mno-avx512f" : "");
      return version + ", " + flags + ", " + width + " bits";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
