package io.softlane.examples.dropin.llama;

import io.softlane.examples.dropin.Inputs;
import io.softlane.examples.dropin.Replacement;
import io.softlane.examples.dropin.Shape;
import java.util.List;
import java.util.Locale;

/** The vocabularies of Llama 2 and Llama 3, at temperature 0.7. */
public final class SamplerShapes {
  static final float TEMPERATURE = 0.7f;
  static final double DEVIATION = 2.5;

  /** Where the row lies in its buffer: on no boundary of a vector. */
  static final int OFFSET = 37;

  static final int COINS = 1000;

  private final Sampler sampler;
  private final float[] logits;
  private final int size;
  private final float[] values;
  private final int[] heap;
  private final float[] coin = {0.5f};
  private final int[] token = new int[1];

  private SamplerShapes(int size, float topP) {
    this.size = size;
    sampler = new Sampler(TEMPERATURE, topP);
    logits = new float[OFFSET + size];
    System.arraycopy(Inputs.floats(size, DEVIATION), 0, logits, OFFSET, size);
    values = new float[OFFSET + size];
    heap = new int[size];
  }

  /** Whole samples, from logits to a token. */
  public static Replacement replacement() {
    return new Replacement(
        "sampler in the style of llama3.java",
        "its loops over (offset, size)",
        "all of it to `KERNELS.sample(logits, row, how, coin, token, null)`",
        List.of(shape(32_000, 1), shape(128_256, 1), shape(32_000, 0.9f), shape(128_256, 0.9f)));
  }

  private static Shape shape(int size, float topP) {
    SamplerShapes own = new SamplerShapes(size, topP);
    String cut = topP < 1 ? "top-p " + topP : "no cut";
    return new Shape(
        "%d logits, %s".formatted(size, cut),
        own::before,
        own::after,
        topP < 1 ? own::shares : own::alike);
  }

  /** The loops work in place, so each call starts with a copy. */
  private int before() {
    System.arraycopy(logits, 0, values, 0, values.length);
    return sampler.before(values, OFFSET, size, heap, coin[0]);
  }

  private int after() {
    sampler.after(logits, OFFSET, size, coin, token);
    return token[0];
  }

  /** Evenly spaced. */
  private void toss(int i) {
    coin[0] = (i + 0.5f) / COINS;
  }

  /** Both add up in order of the tokens' numbers, the loop in float. */
  private String alike() {
    int alike = 0;
    for (int i = 0; i < COINS; i++) {
      toss(i);
      alike += before() == after() ? 1 : 0;
    }
    coin[0] = 0.5f;
    return "%d of %d alike".formatted(alike, COINS);
  }

  /** The loop adds up the likeliest first, so that a coin gives another token than by number. */
  private String shares() {
    int[] more = new int[size];
    for (int i = 0; i < COINS; i++) {
      toss(i);
      more[before()]++;
      more[after()]--;
    }
    coin[0] = 0.5f;
    int most = 0;
    for (int difference : more) {
      most = Math.max(most, Math.abs(difference));
    }
    return String.format(Locale.ROOT, "shares within %.1f%%", 100.0 * most / COINS);
  }
}
