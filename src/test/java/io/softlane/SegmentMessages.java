package io.softlane;

import static io.softlane.Messages.BOUNDS;
import static io.softlane.Messages.ILLEGAL;
import static io.softlane.Messages.STATE;
import static io.softlane.Messages.of;

import io.softlane.Messages.Case;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** The part of {@link Messages} that is about memory segments. */
final class SegmentMessages {
  private SegmentMessages() {}

  static Stream<Case> cases() {
    return Stream.of(
        of(
            BOUNDS,
            "logits has 23 bytes, 5 floats, but Rows[offset=0, rows=2, cols=3, stride=3,"
                + " firstRow=0] extends to float 5: it needs at least 6 floats",
            (k, a) -> k.max(a.s.asSlice(0, 23), a.in, a.each)),
        of(
            ILLEGAL,
            "probabilities is a read-only segment: an output needs one that can be written",
            (k, a) -> k.softmax(a.s, a.in, a.t.asReadOnly(), a.in)),
        of(
            STATE,
            "logits is a segment that is closed: its arena must stay open until the call returns",
            (k, a) -> k.max(closed(), a.in, a.each)),
        of(
            WrongThreadException.class,
            "logits is a segment confined to another thread than "
                + Thread.currentThread()
                + ": Arena.ofShared() has segments for all threads",
            (k, a) -> k.max(anothers(), a.in, a.each)),
        of(
            ILLEGAL,
            "probabilities is 3 x 2, but logits is 2 x 3: rows and cols must be the same",
            (k, a) -> k.softmax(a.s, a.in, a.t, Rows.of(3, 2))),
        of(
            ILLEGAL,
            "probabilities (elements 1 to 3) overlaps logits (floats 0 to 2 of its segment): they"
                + " must be apart, or start at one element with the same Rows",
            (k, a) -> k.softmax(a.s, Rows.of(1, 3), a.s, Rows.of(1, 3).at(1))),
        of(
            ILLEGAL,
            "max (elements 0 to 1) overlaps logits (floats 0 to 5 of its segment): they must be"
                + " apart",
            (k, a) -> k.max(MemorySegment.ofArray(a.x), a.in, a.x)),
        of(
            ILLEGAL,
            "mask (elements 3 to 5) overlaps probabilities (floats 3 to 5 of its segment): they"
                + " must be apart, or start at one element with the same Rows, all of the batch"
                + " from firstRow 0 on",
            (k, a) ->
                k.softmax(
                    a.s,
                    a.second,
                    a.scores.withMask(a.out, a.second),
                    MemorySegment.ofArray(a.out),
                    a.second)),
        of(
            ILLEGAL,
            "the buffer's floats are BIG_ENDIAN, the machine's LITTLE_ENDIAN: call"
                + " order(ByteOrder.nativeOrder()) on the ByteBuffer before asFloatBuffer()",
            (k, a) -> SegmentKernels.segment(ByteBuffer.allocate(8).asFloatBuffer())));
  }

  private static MemorySegment closed() {
    try (Arena arena = Arena.ofConfined()) {
      return arena.allocate(24);
    }
  }

  private static MemorySegment anothers() throws Exception {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      return other.submit(() -> Arena.ofConfined().allocate(24)).get();
    }
  }
}
