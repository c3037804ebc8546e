package io.softlane.examples.onnxocr;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Memory outside the heap that one thread uses again for every batch: to ONNX Runtime it is a
 * tensor, to Softlane a segment. It grows where a batch needs more than there is.
 */
final class Memory implements AutoCloseable {
  /** A cache line, and the widest vectors. */
  private static final int ALIGNMENT = 64;

  private Arena arena = Arena.ofConfined();
  private MemorySegment segment = MemorySegment.NULL;

  /** All of it, as it is after the last call of {@link #tensor}. */
  MemorySegment segment() {
    return segment;
  }

  /** A tensor at the start of the memory; it must be closed before the next one is made. */
  OnnxTensor tensor(long... shape) throws OrtException {
    long bytes = Float.BYTES;
    for (long length : shape) {
      bytes = Math.multiplyExact(bytes, length);
    }
    if (bytes > segment.byteSize()) {
      arena.close();
      arena = Arena.ofConfined();
      segment = arena.allocate(bytes, ALIGNMENT);
    }
    // Of a direct buffer in native order ONNX Runtime takes the address, and copies nothing.
    FloatBuffer floats =
        segment.asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), floats, shape);
  }

  float get(long index) {
    return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  /** Copies floats from here into an array. */
  void copyTo(float[] array, long from, int count) {
    MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, Float.BYTES * from, array, 0, count);
  }

  /** Copies an array's floats to here. */
  void copyFrom(float[] array, int from, long to, int count) {
    MemorySegment.copy(array, from, segment, ValueLayout.JAVA_FLOAT, Float.BYTES * to, count);
  }

  /** Sets floats to zero. */
  void clear(long from, long count) {
    segment.asSlice(Float.BYTES * from, Float.BYTES * count).fill((byte) 0);
  }

  @Override
  public void close() {
    arena.close();
  }
}
