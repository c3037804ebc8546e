package io.softlane.examples.dropin.llama;

import io.softlane.examples.dropin.Difference;
import io.softlane.examples.dropin.Inputs;
import io.softlane.examples.dropin.Replacement;
import io.softlane.examples.dropin.Shape;
import java.util.List;

/** The vocabularies of Llama 2 and Llama 3, at temperature 0.7. */
public final class SamplerShapes {
  static final float TEMPERATURE = 0.7f;
  static final double DEVIATION = 2.5;

  /** Where the row lies in its buffer: on no boundary of a vector. */
  static final int OFFSET = 37;

  private SamplerShapes() {}

  /** Whole samples: temperature and softmax, and adding up to the coin, the same on both sides. */
  public static Replacement replacement() {
    return new Replacement(
        "sampler in the style of llama3.java",
        "its loops over (offset, size)",
        "both loops to `KERNELS.softmax(logits, row, options, values, out)`",
        List.of(shape(32_000, 0.5f), shape(128_256, 0.5f), shape(128_256, 0)));
  }

  /** With a coin of 0 nothing is added up, which leaves temperature and softmax. */
  private static Shape shape(int size, float coin) {
    Sampler sampler = new Sampler(TEMPERATURE);
    float[] logits = Inputs.floats(size, DEVIATION);
    float[] values = new float[OFFSET + size];
    Runnable before = () -> sampler.before(logits, values, OFFSET, size, coin);
    Runnable after = () -> sampler.after(logits, values, OFFSET, size, coin);
    return new Shape(
        "%d logits, %s".formatted(size, coin == 0 ? "no draw" : "one token"),
        before,
        after,
        () -> {
          before.run();
          float[] expected = values.clone();
          after.run();
          return Difference.between(expected, values);
        });
  }
}
