package io.softlane.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What all benchmarks share. One variant per JVM, so none profits or suffers from the type profile
 * of another. JMH runs parameters in the order of their names, the last name turning fastest, so
 * {@code shape} and {@code variant} make the variants of one shape run one after the other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      // JMH 1.37 still uses Unsafe; without this each fork warns of it.
      "--sun-misc-unsafe-memory-access=allow",
      // Peers' Java objects are freed by hand: no reference queue in the timed part.
      "-Dorg.bytedeco.javacpp.nopointergc=true"
    })
// After the harness's own, see Steady. Without the harness five seconds are safe: -wi 5 -w 1s.
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
// Short ones: the median of ten leaves out what another process takes for a moment.
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public abstract class OperationBenchmark {
  /** In nanoseconds: compiled loops take a third of it, the Vector API interpreted ten times. */
  private static final long SLOWEST_ELEMENT = 30;

  private static final long SLOWEST_CALL = 1000;

  Workload work;
  Operation operation;

  void prepare(String shape, String variant) {
    prepare(shape, "friendly", variant);
  }

  /** For a batch of the shape: runs the operation once, and checks its results. */
  void prepare(String shape, String data, String variant) {
    prepare(
        Workload.of(shape, data), data.equals("friendly") ? shape : shape + " " + data, variant);
  }

  /**
   * @param batch what {@link Errors} call it
   */
  void prepare(Workload work, String batch, String variant) {
    this.work = work;
    operation = operation(variant, work);
    operation.run(work);
    operation.fetch(work);
    double error = check(variant, work);
    Steady.await(this::once, SLOWEST_CALL + SLOWEST_ELEMENT * work.logits.length);
    if (!Double.isNaN(error)) {
      Errors.append(batch, variant, error);
    }
  }

  /** A call as JMH will make it. */
  void once() {
    operation.run(work);
  }

  abstract Operation operation(String variant, Workload work);

  /** As {@link Check} does it: the largest error, or NaN where results have none. */
  abstract double check(String variant, Workload work);
}
