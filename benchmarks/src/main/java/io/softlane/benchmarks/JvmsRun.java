package io.softlane.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.management.ThreadMXBean;
import io.softlane.SoftmaxKernels;
import io.softlane.benchmarks.sidebyside.Batch;
import io.softlane.benchmarks.sidebyside.Calls;
import io.softlane.benchmarks.sidebyside.Case;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether C2 makes the same of the same code in each JVM: one JVM runs all operations at all
 * shapes, and then measures them at one, with the bytes that a call allocates. Ten of them are a
 * table; its entries have the form of JMH's.
 *
 * <pre>JvmsRun shape seconds</pre>
 */
public final class JvmsRun {
  static final List<String> SHAPES = List.of("64x1000", "65536x10", "512x100");

  private static final int SAMPLES = 15;
  private static final int SAMPLE_NANOS = 5_000_000;

  /**
   * How much longer an operation runs before it is measured: after all the others C2 is behind, for
   * half a second (a mask at 64 x 1000: 20 times as long and 2 MB a call until then, 0 B after).
   */
  private static final int SETTLE = 4;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private JvmsRun() {}

  public static void main(String[] args) throws IOException {
    double seconds = Double.parseDouble(args[1]);
    for (String shape : SHAPES) {
      for (String operation : Case.OPERATIONS) {
        run(calls(operation, shape), seconds / 2);
      }
    }
    Map<String, Object> found = new LinkedHashMap<>();
    for (String operation : Case.OPERATIONS) {
      Calls calls = calls(operation, args[0]);
      int n = run(calls, SETTLE * seconds);
      List<Double> samples = new ArrayList<>();
      long bytes = THREADS.getCurrentThreadAllocatedBytes();
      calls.time(n);
      bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
      for (int i = 0; i < SAMPLES; i++) {
        samples.add((double) calls.time(n) / n);
      }
      found.put(operation, Map.of("nanos", samples, "bytes", (double) bytes / n));
    }
    System.out.println(JSON.std.asString(found));
  }

  private static Calls calls(String operation, String shape) {
    return new Calls(new Batch(Case.of(operation, shape)), SoftmaxKernels.vector());
  }

  /** Returns how many calls make a sample. */
  private static int run(Calls calls, double seconds) {
    calls.time(1); // waits until its loops are compiled
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long each = Long.MAX_VALUE;
    do {
      each = Math.min(each, Math.max(1, calls.time(10) / 10));
    } while (System.nanoTime() < end);
    return (int) Math.max(1, SAMPLE_NANOS / each);
  }

  /** Nanoseconds a call once it has run for a while. */
  static double steady(Calls calls, double seconds) {
    int n = run(calls, seconds);
    List<Double> samples = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      samples.add((double) calls.time(n) / n);
    }
    return Summary.median(samples);
  }

  /** An entry for each operation. */
  static List<Map<String, Object>> fork(Harness.Step step, String mode) throws IOException {
    String shape = step.batch().get("shape");
    Map<String, Object> found =
        WarmupRun.java(JvmsRun.class, shape, mode.equals("smoke") ? "0.01" : "0.2");
    List<Map<String, Object>> entries = new ArrayList<>();
    found.forEach(
        (operation, of) -> {
          Map<?, ?> figures = (Map<?, ?>) of;
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("benchmark", JvmsRun.class.getName() + ".jvms");
          entry.put("mode", "avgt");
          Map<String, String> params = new LinkedHashMap<>(step.batch());
          params.put("call", operation);
          params.put(Kind.VARIANT, step.variant());
          entry.put("params", params);
          entry.put(
              "primaryMetric",
              new TreeMap<>(
                  Map.of("scoreUnit", "ns/op", "rawData", List.of(figures.get("nanos")))));
          entry.put(
              "secondaryMetrics",
              Map.of("gc.alloc.rate.norm", Map.of("score", figures.get("bytes"))));
          entry.put("round", step.round());
          entries.add(entry);
        });
    return entries;
  }
}
