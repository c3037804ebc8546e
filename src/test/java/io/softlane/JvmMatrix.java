package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * JVMs that {@link BitsHash} runs in: widths, forced by the library's property and by a JVM flag
 * that takes the wider instructions away; compilers; instruction sets, with and without fused
 * multiply-adds; scalar and vector kernels, vector ones also where {@link SoftmaxKernels#vector()}
 * refuses them for being slow. Each runs a number of layouts too, and at each width one has its
 * segments compared.
 */
final class JvmMatrix {
  private static final String NO_FMA = "-XX:-UseFMA";
  private static final String INTERPRETED = "-Xint";
  private static final List<String> TIERS =
      List.of("", "-XX:-TieredCompilation", "-XX:TieredStopAtLevel=1", INTERPRETED);

  /**
   * Steps through the layouts: all 1024, 35, 5 and none. JVMs start at different ones, so that all
   * together take them all. Vectors that are interpreted take minutes for one.
   */
  private static final int ALL = 1;

  private static final int MANY = 29;
  private static final int FEW = 205;
  private static final int NONE = 0;

  /**
   * @param bits the width to see, 0 for any
   * @param step through the layouts, 0 for none
   */
  record Jvm(String kernels, int bits, int step, List<String> flags) {
    /** Without compiled vectors, or without FMA, long rows would take minutes. */
    boolean isSlow() {
      return flags.contains(NO_FMA)
          || flags.contains("-XX:UseAVX=0")
          || flags.contains(INTERPRETED)
          || flags.contains("-XX:TieredStopAtLevel=1") && kernels.equals("vector");
    }
  }

  private JvmMatrix() {}

  /** What a minute on two cores is enough for. */
  static List<Jvm> ordinary() {
    List<Jvm> jvms = new ArrayList<>();
    for (int bits = 128; bits <= widest(); bits *= 2) {
      jvms.add(jvm("vector", bits, FEW, width(bits)));
      jvms.add(jvm("vector", bits, NONE, "-XX:MaxVectorSize=" + bits / 8));
    }
    jvms.add(jvm("vector", 0, NONE, "-XX:-TieredCompilation"));
    jvms.add(jvm("vector", 0, FEW, "-XX:TieredStopAtLevel=1"));
    jvms.add(jvm("vector", 0, NONE, INTERPRETED));
    jvms.add(jvm("vector", 0, NONE, NO_FMA));
    for (String tier : TIERS) {
      jvms.add(jvm("scalar", 0, FEW, tier));
    }
    for (String cpu : instructionSets()) {
      boolean slow = cpu.equals("-XX:UseAVX=0");
      jvms.add(jvm(slow ? "scalar" : "vector", 0, NONE, cpu));
    }
    return jvms;
  }

  /** Every compiler with every instruction set, with every width that this machine has there. */
  static List<Jvm> all() {
    List<Jvm> jvms = new ArrayList<>();
    List<String> cpus = new ArrayList<>(instructionSets());
    cpus.add(NO_FMA);
    cpus.add("");
    for (String tier : TIERS) {
      for (String cpu : cpus) {
        if (tier.equals(INTERPRETED) && cpu.equals(NO_FMA)) {
          continue; // Math.fma in BigDecimal, interpreted: a quarter of an hour each
        }
        jvms.add(jvm("scalar", 0, tier.isEmpty() && cpu.isEmpty() ? ALL : MANY, tier, cpu));
        for (int bits = 128; bits <= Math.min(widest(), widest(cpu)); bits *= 2) {
          boolean usual = tier.isEmpty() && cpu.isEmpty() && bits == widest();
          jvms.add(jvm("vector", bits, usual ? ALL : MANY, tier, cpu, width(bits)));
        }
      }
      for (int bits = 128; bits <= widest(); bits *= 2) {
        jvms.add(jvm("vector", bits, MANY, tier, "-XX:MaxVectorSize=" + bits / 8));
      }
    }
    return jvms;
  }

  private static Jvm jvm(String kernels, int bits, int step, String... flags) {
    List<String> used = new ArrayList<>(List.of(flags));
    used.removeIf(String::isEmpty);
    Jvm jvm = new Jvm(kernels, bits, step, used);
    if (!jvm.isSlow() || step == NONE) {
      return jvm;
    }
    boolean boxes = kernels.equals("vector") && used.contains(INTERPRETED);
    return new Jvm(kernels, bits, boxes ? NONE : FEW, used);
  }

  private static String width(int bits) {
    return "-Dsoftlane.width=" + bits;
  }

  private static List<String> instructionSets() {
    return System.getProperty("os.arch").equals("amd64")
        ? List.of("-XX:UseAVX=0", "-XX:UseAVX=1", "-XX:UseAVX=2", "-XX:UseAVX=3")
        : List.of();
  }

  /** The vectors of an instruction set: AVX has none of integers beyond 128 bits. */
  private static int widest(String cpu) {
    return switch (cpu) {
      case "-XX:UseAVX=0", "-XX:UseAVX=1" -> 128;
      case "-XX:UseAVX=2" -> 256;
      default -> 512;
    };
  }

  private static int widest() {
    return bits(SoftmaxKernels.vector().toString());
  }

  /** Runs them, two at a time; returns a line that says how many configurations agreed. */
  static String run(List<Jvm> jvms, boolean progress) throws Exception {
    int configurations = 0;
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (Jvm jvm : jvms) {
        int first = jvm.step == 0 ? 0 : 13 * counts.size() % jvm.step;
        counts.add(pool.submit(() -> child(jvm, first)));
      }
      for (int i = 0; i < jvms.size(); i++) {
        configurations += counts.get(i).get();
        if (progress) {
          System.err.printf(
              "%d of %d JVMs, %d configurations: %s%n",
              i + 1, jvms.size(), configurations, jvms.get(i));
        }
      }
    } finally {
      pool.shutdownNow();
    }
    return ("Softlane: %d configurations in %d JVMs, one hash %s (%s for rows of up to %d columns),"
            + " with options %s (%s), tokens %s (%s)")
        .formatted(
            configurations,
            jvms.size(),
            BitsHash.GOLDEN,
            BitsHash.GOLDEN_SHORT,
            BitsHash.SHORT,
            BitsHash.GOLDEN_OPTIONS,
            BitsHash.GOLDEN_OPTIONS_SHORT,
            BitsHash.GOLDEN_TOKENS,
            BitsHash.GOLDEN_TOKENS_SHORT);
  }

  private static int child(Jvm jvm, int first) throws Exception {
    boolean slow = jvm.isSlow();
    List<String> arguments = new ArrayList<>();
    arguments.add(jvm.kernels);
    arguments.add(slow || jvm.step > 0 ? "1" : "2");
    arguments.add(Integer.toString(slow ? BitsHash.SHORT : Integer.MAX_VALUE));
    arguments.add(Integer.toString(first));
    arguments.add(Integer.toString(jvm.step));
    if (jvm.bits > 0 && jvm.step > 0 && !slow) {
      arguments.add("segments");
    }
    ChildJvm.Result result =
        ChildJvm.run(
            ChildJvm.withModule(jvm.flags.toArray(String[]::new)),
            BitsHash.class,
            arguments.toArray(String[]::new));
    assertEquals(0, result.exit(), () -> jvm + ": " + result.err());
    // The JVM's own warnings, of instructions that the machine lacks, come before.
    String[] answer = result.out().lines().toList().getLast().split(": ");
    assertTrue(answer[0].startsWith(jvm.kernels), () -> jvm + ": " + answer[0]);
    if (jvm.bits > 0) {
      assertEquals(jvm.bits, bits(answer[0]), jvm::toString);
    }
    String golden = slow ? BitsHash.GOLDEN_SHORT : BitsHash.GOLDEN;
    assertEquals(golden, answer[2], () -> jvm + ", " + answer[0]);
    String options = slow ? BitsHash.GOLDEN_OPTIONS_SHORT : BitsHash.GOLDEN_OPTIONS;
    assertEquals(options, answer[3], () -> jvm + ", with options, " + answer[0]);
    String tokens = slow ? BitsHash.GOLDEN_TOKENS_SHORT : BitsHash.GOLDEN_TOKENS;
    assertEquals(tokens, answer[4], () -> jvm + ", tokens, " + answer[0]);
    return Integer.parseInt(answer[1]);
  }

  private static int bits(String kernels) {
    return Integer.parseInt(kernels.replaceAll("\\D", ""));
  }
}
