package io.softlane.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table that a contributor pastes. */
class PasteTest {
  @Test
  void saysOnWhatItWasMeasuredAndHowFastOthersAre() {
    List<Run> runs =
        Stream.of("crossentropygradient-20260102-000000", "softmax-20260102-000000")
            .map(name -> Run.read(ReportTest.SMALL.resolve(name + ".json")))
            .toList();
    List<String> lines = Paste.text(runs).lines().map(l -> l.replaceAll(" +", " ")).toList();
    assertEquals(
        "**Test CPU (family 1, model 2)**; load 0.5; Test 25; kernels: vector, 512 bits; commit 0123456789ab",
        lines.getFirst());
    assertEquals(
        List.of(
            "| Softmax | 4096x1000 | 0.248 | 24 | **0.96** | 1.80 | 2.00 | 2.40 |",
            "| Cross-entropy with its gradient | 64x1000 | 0.200 | - | - | - | - | 4.5 |"),
        List.of(lines.get(8), lines.get(11)));
  }
}
