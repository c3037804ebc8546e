package io.softlane.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** First calls one by one, as the harness writes them. */
class FirstCallsTest {
  private static final String ENTRIES =
      """
      [{"params": {"shape": "64x1000", "measured": "calls"}, "calls": [
         {"call": 1, "wallNanos": 9000000, "cpuNanos": 8000000}, {"call": 10, "wallNanos": 2, "cpuNanos": 250000}],
        "longestCpuNanos": 8000000, "allCpuNanos": 30000000, "processCpuNanos": 70000000, "round": 1},
       {"params": {"shape": "1x64", "measured": "rate"}, "vectorNanosPerCall": 45.4, "lastNanosPerCall": 46.2,
        "nanosTo110Percent": 1200000000, "round": 1},
       {"params": {"shape": "1x64", "measured": "rate"}, "vectorNanosPerCall": 45.4, "lastNanosPerCall": 66.2,
        "nanosTo110Percent": null, "round": 2},
       {"params": {"shape": "64x1000", "measured": "warmup"}, "warmUpNanos": 1500000000,
        "operations": {"softmax": {"firstNanos": 25000, "steadyNanos": 11040}}, "round": 1}]
      """;

  @TempDir Path directory;

  @Test
  void tablesOfWhatWasMeasured() throws IOException {
    Path file = Files.writeString(directory.resolve("warmup-20260101-000000.json"), ENTRIES);
    Run run = Run.read(file);
    assertEquals(0, run.warmup().steady().size());
    Text text = new Text();
    new FirstCalls(text, run.warmup().measured()).write();
    assertEquals(
        """
        First calls of softmax, one by one: the thread's CPU, ms.

        | rows x cols | call 1 | call 10 | the longest | all | all, with the compilers' threads |
        | ----------- | ------ | ------- | ----------- | --- | -------------------------------- |
        | 64x1000, best() | 8.00 | 0.25 | 8.00 | 30.00 | 70.00 |

        Softmax of one short row a call, a thousand calls a second for six seconds.

        | rows x cols | ns a call, compiled, at the same rate | ns a call, at the end | JVMs that came within 1.1 of it | after, s |
        | ----------- | ------------------------------------- | --------------------- | ------------------------------- | -------- |
        | 1x64 | 45 | 56 | 1 of 2 | 1.2 |

        `SoftmaxKernels.warmUp()` takes 1500 ms. The first call of each operation after it, at 64x1000:

        | operation | first call, us | soon after, us |
        | --------- | -------------- | -------------- |
        | softmax | 25.0 | 11.0 |
        """,
        text.toString());
  }
}
