package io.softlane.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What JMH leaves out: the first call, the way to steady speed, and whether that speed depends on
 * what the JVM did before. A JVM of its own calls softmax of one shape again and again, and looks
 * at the clock at every call.
 *
 * <pre>WarmupRun shape before seconds</pre>
 *
 * <p>Before: nothing, or others: all other shapes, in place too, and the other operations.
 */
public final class WarmupRun {
  static final List<String> SHAPES =
      List.of("65536x10", "8192x100", "64x1000", "4096x1000", "256x32000", "1x1000");
  static final List<String> BEFORE = List.of("nothing", "others");

  /** How long others run before: C2 is through with them then. */
  private static final double OTHERS_SECONDS = 0.3;

  private static final long WINDOW_NANOS = 10_000_000;

  /** So many windows in a row must be fast enough: one may be luck. */
  private static final int WINDOWS = 5;

  /** Of {@code vector()}'s time: a speed further from it is that of scalar loops still. */
  private static final double NOT_YET = 2;

  private WarmupRun() {}

  /** Calls of a stretch of time, which is a window or longer. */
  record Window(long startNanos, long nanos, long calls, long callsBefore) {
    double nanosPerCall() {
      return (double) nanos / calls;
    }
  }

  public static void main(String[] args) throws IOException {
    String shape = args[0];
    double seconds = Double.parseDouble(args[2]);
    if (!args[1].equals("nothing")) {
      for (String other : SHAPES) {
        if (!other.equals(shape)) {
          others(other, Math.min(OTHERS_SECONDS, seconds));
        }
      }
    }
    System.out.println(JSON.std.asString(measure(Workload.of(shape), seconds)));
  }

  private static void others(String shape, double seconds) {
    SoftmaxKernels kernels = SoftmaxKernels.best();
    Workload work = Workload.of(shape);
    Rows batch = work.batch;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      kernels.softmax(work.logits, batch, work.out, batch);
      kernels.softmax(work.out, batch, work.out, batch);
      kernels.logSoftmax(work.logits, batch, work.out, batch);
      kernels.logSumExp(work.logits, batch, work.perRow);
      kernels.crossEntropyGradient(
          work.logits, batch, work.labels, CrossEntropy.DEFAULT, work.perRow, work.out, batch);
    }
  }

  private static Map<String, Object> measure(Workload work, double seconds) {
    long start = System.nanoTime();
    SoftmaxKernels kernels = SoftmaxKernels.best();
    kernels.softmax(work.logits, work.batch, work.out, work.batch);
    long first = System.nanoTime() - start;
    List<Window> windows = new ArrayList<>();
    long calls = 1;
    long end = start + (long) (seconds * 1e9);
    // At least as many windows as the search for the steady speed needs.
    while (System.nanoTime() < end || windows.size() < 4 * WINDOWS) {
      windows.add(window(kernels, work, start, calls));
      calls += windows.getLast().calls();
    }
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("firstCallNanos", first);
    found.putAll(steady(windows));
    double vector = vector(work, seconds / 10);
    if ((double) found.get("steadyNanosPerCall") > NOT_YET * vector) {
      found.put("nanosTo90Percent", (long) (seconds * 1e9));
      found.put("callsTo90Percent", calls);
      found.put("steadyNanosPerCall", vector);
    }
    return found;
  }

  /** What a call takes that does not wait for vector loops to be compiled, at best. */
  private static double vector(Workload work, double seconds) {
    SoftmaxKernels kernels = SoftmaxKernels.vector();
    double best = Double.POSITIVE_INFINITY;
    long start = System.nanoTime();
    while (System.nanoTime() - start < seconds * 1e9) {
      best = Math.min(best, window(kernels, work, start, 0).nanosPerCall());
    }
    return best;
  }

  private static Window window(SoftmaxKernels kernels, Workload work, long start, long before) {
    long begin = System.nanoTime();
    long now = begin;
    int calls = 0;
    for (; now - begin < WINDOW_NANOS; calls++) {
      kernels.softmax(work.logits, work.batch, work.out, work.batch);
      now = System.nanoTime();
    }
    return new Window(begin - start, now - begin, calls, before);
  }

  /** The speed of the last quarter, and where 90 % of it was reached and kept for a while. */
  static Map<String, Object> steady(List<Window> windows) {
    double[] last =
        windows.subList(windows.size() * 3 / 4, windows.size()).stream()
            .mapToDouble(Window::nanosPerCall)
            .sorted()
            .toArray();
    double steady = last[last.length / 2];
    int at = 0;
    for (int fast = 0; at < windows.size() && fast < WINDOWS; at++) {
      fast = windows.get(at).nanosPerCall() <= steady / 0.9 ? fast + 1 : 0;
    }
    Window reached = windows.get(Math.max(0, at - WINDOWS));
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("nanosTo90Percent", reached.startNanos());
    found.put("callsTo90Percent", reached.callsBefore());
    found.put("steadyNanosPerCall", steady);
    return found;
  }

  static Map<String, Object> fork(Harness.Step step, String mode) throws IOException {
    return BEFORE.contains(step.variant())
        ? entry(WarmupRun.class, "before", step, mode.equals("smoke") ? "0.2" : "10")
        : ColdRun.fork(step, mode);
  }

  /**
   * @param name of the parameter that has the step's variant
   */
  static Map<String, Object> entry(Class<?> main, String name, Harness.Step step, String seconds)
      throws IOException {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("benchmark", main.getName() + ".softmax");
    Map<String, String> params = new LinkedHashMap<>(step.batch());
    params.put(name, step.variant());
    entry.put("params", params);
    entry.putAll(java(main, step.batch().get("shape"), step.variant(), seconds));
    entry.put("round", step.round());
    return entry;
  }

  /** What a class prints that runs in a JVM with this one's flags and class path. */
  static Map<String, Object> java(Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(Arrays.asList(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the JVM ends with " + process.exitValue() + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return JSON.std.mapFrom(said.lines().reduce("", (a, b) -> b));
  }
}
