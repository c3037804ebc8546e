package io.softlane.examples.onnxocr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SampleTest {
  @BeforeAll
  static void withoutScreen() {
    System.setProperty("java.awt.headless", "true");
  }

  private static int[] pixels(Sample sample) {
    BufferedImage image = sample.draw();
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  @Test
  void drawsTheSameEveryTime() {
    Sample sample = new Sample("abc", "Serif", 4, 0.2);
    assertArrayEquals(pixels(sample), pixels(sample));
    int[] other = pixels(new Sample("abd", "Serif", 4, 0.2));
    assertTrue(!Arrays.equals(pixels(sample), other));
  }

  @Test
  void drawsInkOnPaperWithinTheMargins() {
    for (double angle : new double[] {-45, 0, 10}) {
      BufferedImage image = new Sample("Hgjy, 1", "SansSerif", angle, 0).draw();
      int paper = image.getRGB(0, 0);
      boolean ink = false;
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          boolean margin =
              x < 4 || y < 4 || x >= image.getWidth() - 4 || y >= image.getHeight() - 4;
          ink |= (image.getRGB(x, y) & 0xff) < 0x60;
          if (margin) {
            assertEquals(paper, image.getRGB(x, y), "at " + x + ", " + y);
          }
        }
      }
      assertTrue(ink);
    }
  }

  @Test
  void rotatesAndAddsNoise() {
    BufferedImage level = new Sample("a long line", "SansSerif", 0, 0).draw();
    BufferedImage rising = new Sample("a long line", "SansSerif", 5, 0).draw();
    assertTrue(rising.getHeight() > level.getHeight() + 5);
    long grey = Arrays.stream(pixels(new Sample("a", "SansSerif", 0, 0))).distinct().count();
    long noisy = Arrays.stream(pixels(new Sample("a", "SansSerif", 0, 0.3))).distinct().count();
    assertTrue(noisy > 4 * grey, noisy + " colours, without noise " + grey);
    assertNotEquals(0, grey);
  }

  @Test
  void makesAGrid() {
    List<Sample> grid =
        Sample.grid(List.of("a", "b"), List.of("Serif"), List.of(0.0, 2.5), List.of(0.0, 0.1));
    assertEquals(8, grid.size());
    assertEquals("Serif, 2.5 degrees, noise 0.1", grid.get(3).toString());
    assertEquals("Serif, 0 degrees, noise 0", grid.get(4).toString());
  }

  @Test
  void refusesWhatItCannotDraw() {
    Sample.checkFonts(List.of("Serif", "monospaced"));
    assertTrue(
        assertThrows(RefusedException.class, () -> Sample.checkFonts(List.of("Sans Comic")))
            .getMessage()
            .startsWith("there is no font 'Sans Comic', only ["));
    assertEquals(
        "the font 'Serif' lacks '\ue123'",
        assertThrows(RefusedException.class, new Sample("a\ue123", "Serif", 0, 0)::draw)
            .getMessage());
  }
}
