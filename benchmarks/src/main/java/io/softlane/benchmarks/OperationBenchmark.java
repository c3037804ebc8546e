package io.softlane.benchmarks;

import java.util.Locale;
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
      "--sun-misc-unsafe-memory-access=allow"
    })
// Until C2 is through, the Vector API runs a thousand times slower: 1 to 3 s on a busy machine.
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class OperationBenchmark {
  Workload work;
  Operation operation;

  /** For a batch of the shape: runs the operation once, and checks its results. */
  void prepare(String shape, String variant) {
    work = Workload.of(shape);
    operation = operation(variant);
    operation.run(work);
    double error = check(variant, work);
    System.out.printf(Locale.ROOT, "# checked, largest error %.2f%n", error);
  }

  abstract Operation operation(String variant);

  /** As {@link Check} does it. */
  abstract double check(String variant, Workload work);
}
