package io.softlane;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Checks of batches that are an array or a segment: what {@link Batches} and {@link Segments} say.
 */
final class Arguments {
  private Arguments() {}

  /** A batch of logits. */
  private static void logits(Object logits, Rows in) {
    if (logits instanceof float[] array) {
      Batches.fits("logits", array, in);
    } else {
      Segments.fits("logits", (MemorySegment) logits, in);
    }
  }

  /** A float for each row of logits. */
  static void perRow(Object logits, Rows in, String name, float[] result) {
    if (logits instanceof float[] array) {
      Batches.perRowResult("logits", array, in, name, result);
    } else {
      Segments.perRow("logits", (MemorySegment) logits, in, name, result);
    }
  }

  /** An int for each row of logits. */
  static void perRow(Object logits, Rows in, String name, int[] result) {
    if (logits instanceof float[]) {
      logits(logits, in);
      Batches.fitsPerRow(name, result, in);
    } else {
      Segments.perRow("logits", (MemorySegment) logits, in, name, result);
    }
  }

  /** A result for each logit, which may be in place. */
  static void map(Object logits, Rows in, String name, Object results, Rows out) {
    if (Objects.requireNonNull(logits, "logits") instanceof float[] array) {
      Batches.map("logits", array, in, name, (float[]) results, out);
    } else {
      Segments.map("logits", (MemorySegment) logits, in, name, (MemorySegment) results, out);
    }
  }

  /** What options say of a batch with such results. */
  static void options(SoftmaxOptions options, Rows in, String name, Object results, Rows out) {
    if (results instanceof float[] array) {
      Batches.options(options, in, name, array, out);
    } else {
      Segments.options(options, in, name, (MemorySegment) results, out);
    }
  }

  /** Losses, which a caller may not want: null then. */
  static void losses(Object logits, Rows in, float[] losses) {
    if (losses == null) {
      logits(logits, in);
    } else {
      perRow(logits, in, "losses", losses);
    }
  }

  /** The same, with a gradient. */
  static void gradient(Object logits, Rows in, float[] losses, Object gradient, Rows out) {
    losses(logits, in, losses);
    map(logits, in, "gradient", gradient, out);
    apart("losses", losses, in, gradient, out);
  }

  /** A per-row array that shares no element with a batch, one of which is an output. */
  static void apart(String name, Object perRow, Rows in, Object gradient, Rows out) {
    if (!(gradient instanceof float[] array)) {
      Segments.apart(name, perRow, in, "gradient", (MemorySegment) gradient, out);
    } else if (perRow instanceof float[] floats) {
      Batches.apart(name, floats, in, "gradient", array, out);
    }
  }
}
