package io.softlane.examples.dropin.smile;

import io.softlane.examples.dropin.Difference;
import io.softlane.examples.dropin.Inputs;
import io.softlane.examples.dropin.Replacement;
import io.softlane.examples.dropin.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rows as Smile's neural networks and classifiers have them: ten classes to a thousand. */
public final class SmileShapes {
  private static final int[] COLS = {10, 100, 1000};
  private static final double DEVIATION = 2;

  private SmileShapes() {}

  /** Both overloads. */
  public static Replacement replacement() {
    List<Shape> shapes = new ArrayList<>();
    for (int cols : COLS) {
      shapes.add(doubles(cols));
    }
    for (int cols : COLS) {
      shapes.add(floats(cols));
    }
    return new Replacement(
        "Smile 7.1.0",
        "`MathEx.softmax(row)`",
        "`MathEx.softmax(row)` to `KERNELS.softmax(row, row)`; doubles to `SmileSoftmax.after(row)`",
        shapes);
  }

  // In place, so each call starts with a copy, before and after.
  private static Shape doubles(int cols) {
    double[] logits = Inputs.doubles(cols, DEVIATION);
    double[] row = new double[cols];
    Runnable before =
        () -> {
          System.arraycopy(logits, 0, row, 0, cols);
          SmileSoftmax.before(row);
        };
    Runnable after =
        () -> {
          System.arraycopy(logits, 0, row, 0, cols);
          SmileSoftmax.after(row);
        };
    return new Shape(
        cols + " doubles",
        before,
        after,
        () -> {
          before.run();
          double[] expected = row.clone();
          after.run();
          return Difference.between(expected, row);
        });
  }

  private static Shape floats(int cols) {
    float[] logits = Inputs.floats(cols, DEVIATION);
    float[] row = new float[cols];
    Runnable before =
        () -> {
          System.arraycopy(logits, 0, row, 0, cols);
          SmileSoftmax.before(row);
        };
    Runnable after =
        () -> {
          System.arraycopy(logits, 0, row, 0, cols);
          SmileSoftmax.after(row);
        };
    return new Shape(
        cols + " floats",
        before,
        after,
        () -> {
          before.run();
          float[] expected = row.clone();
          after.run();
          return Difference.between(expected, row);
        });
  }
}
