package io.softlane.examples.dropin;

import io.softlane.SoftmaxKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What narrowing and widening cost, as a part of the replacement. */
final class Conversion {
  private static final int[] COLS = {10, 100, 1000};
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.best();

  private Conversion() {}

  /** Before: only the conversion. After: with the kernels in between. */
  static List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (int cols : COLS) {
      double[] logits = Inputs.doubles(cols, 2);
      double[] row = new double[cols];
      shapes.add(
          new Shape(
              Integer.toString(cols),
              () -> {
                System.arraycopy(logits, 0, row, 0, cols);
                Doubles.widen(Doubles.narrow(row, cols), row);
              },
              () -> {
                System.arraycopy(logits, 0, row, 0, cols);
                Doubles.softmax(KERNELS, row, cols);
              },
              () -> "none"));
    }
    return shapes;
  }

  /** One sentence. */
  static String sentence(List<Shape> shapes, List<Timing.Result> results) {
    List<String> parts =
        IntStream.range(0, shapes.size())
            .mapToObj(
                i ->
                    String.format(
                        Locale.ROOT,
                        "%s of %s (%.0f%%) at %s",
                        Table.time(results.get(i).before()),
                        Table.time(results.get(i).after()),
                        100 * results.get(i).ratio(),
                        shapes.get(i).name()))
            .toList();
    return "Of a row of doubles, narrowing and widening take\n" + String.join(", ", parts) + ".";
  }
}
