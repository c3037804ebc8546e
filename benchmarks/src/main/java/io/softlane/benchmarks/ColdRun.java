package io.softlane.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.management.OperatingSystemMXBean;
import io.softlane.SoftmaxKernels;
import io.softlane.benchmarks.sidebyside.Batch;
import io.softlane.benchmarks.sidebyside.Calls;
import io.softlane.benchmarks.sidebyside.Case;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The first calls of a JVM, one by one, beside {@link WarmupRun}.
 *
 * <pre>ColdRun shape what seconds</pre>
 *
 * <ul>
 *   <li>calls, scalarcalls: some of 200 calls of softmax, with their CPU;
 *   <li>rate: a thousand calls of softmax a second, until they are as fast as {@code vector()};
 *   <li>warmup: {@code SoftmaxKernels.warmUp()}, and then the first call of each operation.
 * </ul>
 */
public final class ColdRun {
  static final List<String> SHAPES = List.of("1x16", "1x64", "1x100", "1x128256");
  static final List<String> WHAT = List.of("calls", "scalarcalls", "rate", "warmup");

  private static final List<Integer> SHOWN = List.of(1, 2, 3, 10, 100, 200);

  private static final long APART_NANOS = 1_000_000;

  /** After so many calls one is a burst: the clock is too coarse for one of 20 ns. */
  private static final int CALLS = 250;

  /** Too few to bring C2 forward. */
  private static final int BURST = 20;

  /** Medians of so many bursts are compared. */
  private static final int BURSTS = 5;

  private static final double NEAR = 1.1;
  private static final double HOT_SECONDS = 0.3;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private ColdRun() {}

  static boolean has(String shape, String what) {
    return switch (what) {
      case "calls", "scalarcalls" -> shape.equals("1x128256") || shape.equals("64x1000");
      case "rate" -> SHAPES.contains(shape) && !shape.equals("1x128256");
      default -> shape.equals("64x1000");
    };
  }

  public static void main(String[] args) throws IOException {
    Map<String, Object> found =
        switch (args[1]) {
          case "calls" -> calls(args[0], SoftmaxKernels::best);
          case "scalarcalls" -> calls(args[0], SoftmaxKernels::scalar);
          case "rate" -> rate(args[0], Double.parseDouble(args[2]));
          case "warmup" -> warmUp(args[0], Math.min(HOT_SECONDS, Double.parseDouble(args[2])));
          default -> throw new IllegalArgumentException(args[1]);
        };
    System.out.println(JSON.std.asString(found));
  }

  private static Calls softmax(String shape, SoftmaxKernels kernels) {
    return new Calls(new Batch(Case.of("softmax", shape)), kernels);
  }

  // ---- call by call ----

  /** The first one also makes the kernels. */
  private static Map<String, Object> calls(String shape, Supplier<SoftmaxKernels> kernels) {
    Batch batch = new Batch(Case.of("softmax", shape));
    Calls softmax = null;
    List<Map<String, Long>> shown = new ArrayList<>();
    long process = PROCESS.getProcessCpuTime();
    long all = THREADS.getCurrentThreadCpuTime();
    long longest = 0;
    for (int n = 1; n <= SHOWN.getLast(); n++) {
      long cpu = THREADS.getCurrentThreadCpuTime();
      long wall = System.nanoTime();
      softmax = softmax == null ? new Calls(batch, kernels.get()) : softmax;
      softmax.time(1);
      wall = System.nanoTime() - wall;
      cpu = THREADS.getCurrentThreadCpuTime() - cpu;
      longest = Math.max(longest, cpu);
      if (SHOWN.contains(n)) {
        Map<String, Long> call = new LinkedHashMap<>();
        call.put("call", (long) n);
        call.put("wallNanos", wall);
        call.put("cpuNanos", cpu);
        shown.add(call);
      }
    }
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("calls", shown);
    found.put("longestCpuNanos", longest);
    found.put("allCpuNanos", THREADS.getCurrentThreadCpuTime() - all);
    // With the compilers' threads.
    found.put("processCpuNanos", PROCESS.getProcessCpuTime() - process);
    return found;
  }

  // ---- short rows, a thousand calls a second ----

  private static Map<String, Object> rate(String shape, double seconds) {
    Calls best = softmax(shape, SoftmaxKernels.best());
    List<Long> at = new ArrayList<>();
    List<Double> bursts = bursts(best, seconds, at);
    // Not earlier: both share their loops.
    Calls vector = softmax(shape, SoftmaxKernels.vector());
    for (long end = System.nanoTime() + (long) (seconds / 3 * 1e9); System.nanoTime() < end; ) {
      vector.time(1000);
    }
    double steady = Summary.median(bursts(vector, seconds / 3, new ArrayList<>()));
    int n = 0;
    while (n <= bursts.size() - BURSTS
        && Summary.median(bursts.subList(n, n + BURSTS)) > NEAR * steady) {
      n++;
    }
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("vectorNanosPerCall", steady);
    found.put(
        "lastNanosPerCall",
        Summary.median(bursts.subList(Math.max(0, bursts.size() - BURSTS), bursts.size())));
    // Null where it never was.
    found.put("nanosTo110Percent", n <= bursts.size() - BURSTS ? at.get(n) : null);
    return found;
  }

  /** Nanoseconds a call of each burst. */
  private static List<Double> bursts(Calls softmax, double seconds, List<Long> at) {
    List<Double> bursts = new ArrayList<>();
    long start = System.nanoTime();
    long next = start;
    for (int call = 1; next - start < seconds * 1e9 || bursts.size() < BURSTS; call++) {
      next += APART_NANOS;
      for (long now = System.nanoTime(); now < next; now = System.nanoTime()) {
        LockSupport.parkNanos(next - now);
      }
      if (call % CALLS == 0 || seconds < 1 && call % BURST == 0) {
        at.add(System.nanoTime() - start);
        bursts.add((double) softmax.time(BURST) / BURST);
      } else {
        softmax.time(1);
      }
    }
    return bursts;
  }

  // ---- warmUp ----

  private static Map<String, Object> warmUp(String shape, double seconds) {
    Map<String, Object> found = new LinkedHashMap<>();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long wall = System.nanoTime();
    SoftmaxKernels.warmUp();
    found.put("warmUpNanos", System.nanoTime() - wall);
    found.put("warmUpCpuNanos", THREADS.getCurrentThreadCpuTime() - cpu);
    List<Calls> calls = new ArrayList<>();
    for (String operation : Case.OPERATIONS) {
      calls.add(new Calls(new Batch(Case.of(operation, shape)), SoftmaxKernels.best()));
    }
    List<Long> first = calls.stream().map(call -> call.time(1)).toList();
    Map<String, Map<String, Object>> operations = new LinkedHashMap<>();
    for (int i = 0; i < first.size(); i++) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("firstNanos", first.get(i));
      figures.put("steadyNanos", JvmsRun.steady(calls.get(i), seconds));
      operations.put(Case.OPERATIONS.get(i), figures);
    }
    found.put("operations", operations);
    return found;
  }

  static Map<String, Object> fork(Harness.Step step, String mode) throws IOException {
    return WarmupRun.entry(ColdRun.class, "measured", step, mode.equals("smoke") ? "0.2" : "6");
  }
}
