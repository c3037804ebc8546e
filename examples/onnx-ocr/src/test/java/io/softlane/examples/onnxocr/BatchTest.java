package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final int LINES = Strip.PLANES * Strip.HEIGHT;

  private static Strip strip(int width, float value) {
    float[] values = new float[LINES * width];
    Arrays.fill(values, value);
    return new Strip(values, width);
  }

  @Test
  void groupsImagesOfLikeWidth() {
    List<Batch> batches =
        Batch.of(List.of(strip(500, 1), strip(10, 2), strip(333, 3), strip(320, 4)), 2);
    assertEquals(List.of(1, 3), batches.get(0).indices());
    assertEquals(320, batches.get(0).width());
    assertEquals(List.of(2, 0), batches.get(1).indices());
    assertEquals(504, batches.get(1).width());
    assertEquals(63, batches.get(1).steps());

    String[] all = new String[4];
    batches.get(0).scatter(List.of("b", "d"), all);
    batches.get(1).scatter(List.of("c", "a"), all);
    assertArrayEquals(new String[] {"a", "b", "c", "d"}, all);
  }

  @Test
  void fillsUpWithZeros() throws OrtException {
    Batch batch = Batch.of(List.of(strip(300, 1), strip(320, 2)), 2).getFirst();
    try (Memory memory = new Memory()) {
      // What an earlier batch left behind.
      float[] rubbish = new float[2 * LINES * 320];
      Arrays.fill(rubbish, 9);
      try (OnnxTensor tensor = memory.tensor(batch.inputShape())) {
        assertArrayEquals(new long[] {2, 3, 48, 320}, tensor.getInfo().getShape());
        memory.copyFrom(rubbish, 0, 0, rubbish.length);
        batch.write(memory);
      }
      float[] written = new float[rubbish.length];
      memory.copyTo(written, 0, written.length);
      float[] expected = new float[rubbish.length];
      IntStream.range(0, LINES)
          .forEach(line -> Arrays.fill(expected, line * 320, line * 320 + 300, 1));
      Arrays.fill(expected, LINES * 320, expected.length, 2);
      assertArrayEquals(expected, written);
    }
  }

  @Test
  void takesPlanesInTheModelsOrder() {
    BufferedImage image = new BufferedImage(4, 48, BufferedImage.TYPE_INT_RGB);
    IntStream.range(0, 48).forEach(y -> image.setRGB(2, y, 0xff0080));
    Strip strip = Strip.of(image);
    assertEquals(4, strip.width());
    int plane = 4 * 48;
    assertEquals(128 / 127.5f - 1, strip.values()[2], 1e-6f); // blue
    assertEquals(-1, strip.values()[plane + 2]); // green
    assertEquals(1, strip.values()[2 * plane + 2]); // red
    assertEquals(-1, strip.values()[0]);
  }

  @Test
  void keepsProportions() {
    for (int height : new int[] {1, 12, 47, 48, 49, 100, 1000}) {
      BufferedImage image = new BufferedImage(5 * height, height, BufferedImage.TYPE_INT_ARGB);
      Strip strip = Strip.of(image);
      assertEquals(240, strip.width());
      // Transparent is white.
      for (float value : strip.values()) {
        assertEquals(1, value);
      }
    }
    assertEquals(1, Strip.of(new BufferedImage(1, 900, BufferedImage.TYPE_INT_RGB)).width());
  }
}
