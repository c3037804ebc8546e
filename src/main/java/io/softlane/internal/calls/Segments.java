package io.softlane.internal.calls;

import io.softlane.Rows;
import io.softlane.SoftmaxOptions;
import io.softlane.internal.rows.Memory;
import java.lang.foreign.MemorySegment;

/**
 * Every check of a batch that is an array or a memory segment, made once, before anything is
 * written; {@link Batches} has those of arrays. A batch is a segment with its {@link Rows}, which
 * count floats from the segment's start. Segments overlap where they have memory in common; it is
 * told by addresses, or by the array behind a heap segment.
 */
public final class Segments {
  private Segments() {}

  // ---- batches that are an array or a segment ----

  /** A batch of logits. */
  private static void logits(Object logits, Rows in) {
    if (logits instanceof float[] array) {
      Batches.fits("logits", array, in);
    } else {
      fits("logits", (MemorySegment) logits, in);
    }
  }

  /** A float for each row of logits. */
  public static void perRow(Object logits, Rows in, String name, float[] result) {
    logits(logits, in);
    Batches.fitsPerRow(name, result, in);
    apart(name, result, in, "logits", logits, in);
  }

  /** An int for each row of logits. */
  static void perRow(Object logits, Rows in, String name, int[] result) {
    logits(logits, in);
    Batches.fitsPerRow(name, result, in);
    apart(name, result, in, "logits", logits, in);
  }

  /** A result for each logit, which may be in place. */
  static void map(Object logits, Rows in, String name, Object results, Rows out) {
    if (logits instanceof float[] array) {
      Batches.map("logits", array, in, name, (float[]) results, out);
    } else {
      Batches.notNull(logits, "logits"); // before results are taken for a segment
      map("logits", (MemorySegment) logits, in, name, (MemorySegment) results, out);
    }
  }

  /** What options say of a batch with such results. */
  static void options(SoftmaxOptions options, Rows in, String name, Object results, Rows out) {
    if (results instanceof float[] array) {
      Batches.options(options, in, name, array, out);
    } else {
      options(options, in, name, (MemorySegment) results, out);
    }
  }

  /** Losses, which a caller may not want: null then. */
  public static void losses(Object logits, Rows in, float[] losses) {
    if (losses == null) {
      logits(logits, in);
    } else {
      perRow(logits, in, "losses", losses);
    }
  }

  /** The same, with a gradient. */
  public static void gradient(Object logits, Rows in, float[] losses, Object gradient, Rows out) {
    losses(logits, in, losses);
    map(logits, in, "gradient", gradient, out);
    apart("losses", losses, in, "gradient", gradient, out);
  }

  /** A per-row array that shares no element with a batch, one of which is an output. */
  static void apart(
      String name, Object perRow, Rows in, String batchName, Object batch, Rows rows) {
    if (!(batch instanceof float[] array)) {
      apart(name, perRow, in, batchName, (MemorySegment) batch, rows);
    } else if (perRow instanceof float[] floats) {
      Batches.apart(name, floats, in, batchName, array, rows);
    }
  }

  // ---- segments: whole argument lists ----

  /** A batch of the same shape, which may be in place. */
  static void map(
      String name, MemorySegment batch, Rows in, String outName, MemorySegment result, Rows out) {
    fits(name, batch, in);
    fits(outName, result, out);
    if (result.isReadOnly()) {
      throw new IllegalArgumentException(
          outName + " is a read-only segment: an output needs one that can be written");
    }
    Batches.sameShape(outName, out, name, in);
    inPlaceOrApart(outName, result, out, name, batch, in);
  }

  /** What options say of a batch, and that they overlap no output. */
  static void options(
      SoftmaxOptions options, Rows in, String outName, MemorySegment result, Rows out) {
    Batches.options(options, in);
    Rows mask = options.maskRows();
    boolean inPlace = in.firstRow() == 0 && isInPlace(options.mask(), mask, result, out);
    if (mask != null && in.rows() > 0 && !inPlace) {
      long end = Batches.end(mask);
      if (meet(options.mask(), mask.offset(), end, result, out)) {
        throw overlap("mask", mask.offset(), end, outName, out, Batches.IN_PLACE_OF_MASK);
      }
    }
    if (options.lengths() != null) {
      apart("lengths", options.lengths(), in, outName, result, out);
    }
    if (options.sinks() != null) {
      apart("sinks", options.sinks(), in, outName, result, out);
    }
  }

  // ---- single checks ----

  /** Refuses null, closed, another thread's, and a batch that does not fit. */
  static void fits(String name, MemorySegment segment, Rows rows) {
    Batches.notNull(segment, name);
    Batches.rowsNotNull(rows, name);
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException(
          name + " is a segment that is closed: its arena must stay open until the call returns");
    }
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException(
          ("%s is a segment confined to another thread than %s:"
                  + " Arena.ofShared() has segments for all threads")
              .formatted(name, Thread.currentThread()));
    }
    if (rows.rows() > 0 && Batches.end(rows) > segment.byteSize() / Float.BYTES) {
      throw new IndexOutOfBoundsException(
          "%s has %s bytes, %s floats, but %s extends to float %s: it needs at least %s floats"
              .formatted(
                  name,
                  segment.byteSize(),
                  segment.byteSize() / Float.BYTES,
                  rows,
                  Batches.end(rows) - 1,
                  Batches.end(rows)));
    }
  }

  private static void inPlaceOrApart(
      String outName,
      MemorySegment out,
      Rows outRows,
      String inName,
      MemorySegment in,
      Rows inRows) {
    long from = out.address() + outRows.offset() * Float.BYTES;
    long inFrom = in.address() + inRows.offset() * Float.BYTES;
    boolean same = from == inFrom && (outRows.rows() < 2 || outRows.stride() == inRows.stride());
    if (outRows.rows() > 0
        && !same
        && from < in.address() + Batches.end(inRows) * Float.BYTES
        && inFrom < out.address() + Batches.end(outRows) * Float.BYTES
        && sameMemory(out, in)) {
      throw overlap(
          outName, outRows.offset(), Batches.end(outRows), inName, inRows, Batches.IN_PLACE);
    }
  }

  /**
   * Whether addresses of the one mean the same memory as addresses of the other, of two segments
   * that have some in common if so: then alone does the question allocate.
   */
  private static boolean sameMemory(MemorySegment a, MemorySegment b) {
    return a.isNative() || b.isNative()
        ? a.isNative() && b.isNative()
        : a.asOverlappingSlice(b).isPresent();
  }

  /**
   * Refuses a per-row array of the rows of a batch that overlaps one, of which one is an output.
   */
  static void apart(
      String name, Object array, Rows in, String batchName, MemorySegment batch, Rows rows) {
    if (meet(array, in.firstRow(), Batches.number(in), batch, rows)) {
      throw overlap(name, in.firstRow(), Batches.number(in), batchName, rows, Batches.APART);
    }
  }

  /** Whether a batch has elements of an array. */
  private static boolean meet(Object array, long from, long end, MemorySegment batch, Rows rows) {
    long batchFrom = batch.address() + rows.offset() * Float.BYTES;
    long batchEnd = batch.address() + Batches.end(rows) * Float.BYTES;
    return !batch.isNative()
        && rows.rows() > 0
        && from < end
        && from * Float.BYTES < batchEnd
        && batchFrom < end * Float.BYTES
        && Memory.isBehind(array, batch);
  }

  private static boolean isInPlace(float[] array, Rows rows, MemorySegment batch, Rows out) {
    return rows != null
        && rows.rows() == out.rows()
        && rows.stride() == out.stride()
        && rows.offset() * Float.BYTES == batch.address() + out.offset() * Float.BYTES
        && !batch.isNative()
        && Memory.isBehind(array, batch);
  }

  private static IllegalArgumentException overlap(
      String name, long from, long end, String otherName, Rows other, String cure) {
    return new IllegalArgumentException(
        "%s%s overlaps %s (floats %s to %s of its segment): %s"
            .formatted(
                name,
                Batches.elements(from, end),
                otherName,
                other.offset(),
                Batches.end(other) - 1,
                cure));
  }
}
