package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softlane.recipes.Buffers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Float buffers as batches, direct and on the heap, from their position to their limit. */
class BuffersRecipesTest {
  private static final int ROWS = 9;
  private static final int COLS = 37;

  @Test
  void softmaxInPlace() {
    SoftmaxKernels kernels = SoftmaxKernels.best();
    Rows batch = Rows.of(ROWS, COLS);
    Random random = new Random(1);
    for (boolean direct : new boolean[] {true, false}) {
      int bytes = 4 * ROWS * COLS;
      ByteBuffer tensor = direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
      FloatBuffer floats = tensor.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
      float[] expected = new float[ROWS * COLS];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (float) (3 * random.nextGaussian());
        floats.put(i, expected[i]);
      }
      kernels.softmax(expected, batch, expected, batch);
      Buffers.softmaxInPlace(kernels, tensor, batch);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], floats.get(i), "element " + i + ", direct " + direct);
      }
    }
  }

  @Test
  void positionAndLimit() {
    FloatBuffer floats = FloatBuffer.wrap(new float[] {9, 1, 1, 9}).position(1).limit(3);
    assertEquals(8, SegmentKernels.segment(floats).byteSize());
    float[] lse = new float[1];
    SoftmaxKernels.best().logSumExp(SegmentKernels.segment(floats), Rows.of(1, 2), lse);
    assertEquals((float) (1 + Math.log(2)), lse[0], 0x1p-22f * 2);
  }

  /** What {@code asFloatBuffer} gives where nobody said otherwise. */
  @Test
  void otherByteOrder() {
    ByteOrder other =
        ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
            ? ByteOrder.LITTLE_ENDIAN
            : ByteOrder.BIG_ENDIAN;
    for (ByteBuffer bytes :
        new ByteBuffer[] {ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8)}) {
      FloatBuffer floats = bytes.order(other).asFloatBuffer();
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> SegmentKernels.segment(floats));
      assertTrue(e.getMessage().contains("order(ByteOrder.nativeOrder())"), e.getMessage());
    }
    assertThrows(NullPointerException.class, () -> SegmentKernels.segment(null));
  }
}
