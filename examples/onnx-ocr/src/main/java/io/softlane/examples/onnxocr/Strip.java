package io.softlane.examples.onnxocr;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * The image of a line of text as the network takes it: blue, green and red planes, {@value #HEIGHT}
 * pixels high, of values from -1 to 1.
 */
record Strip(float[] values, int width) {
  static final int HEIGHT = 48;
  static final int PLANES = 3;

  /** Widest image, in heights: what is wider holds more than a line, or next to nothing. */
  static final int MAX_RATIO = 50;

  /** Scales an image to the height, with its proportions kept. */
  static Strip of(BufferedImage image) {
    double ratio = (double) image.getWidth() / image.getHeight();
    int width = Math.max(1, (int) Math.ceil(HEIGHT * Math.min(ratio, MAX_RATIO)));
    BufferedImage scaled = scale(image, width);
    int[] colours = scaled.getRGB(0, 0, width, HEIGHT, null, 0, width);
    float[] values = new float[PLANES * colours.length];
    for (int i = 0; i < colours.length; i++) {
      for (int plane = 0; plane < PLANES; plane++) {
        int level = colours[i] >>> 8 * plane & 0xff;
        values[plane * colours.length + i] = (level / 255f - 0.5f) / 0.5f;
      }
    }
    return new Strip(values, width);
  }

  /** Halves it as often as that goes, since one bilinear step of more would skip pixels. */
  private static BufferedImage scale(BufferedImage image, int width) {
    BufferedImage from = image;
    while (from.getHeight() >= 2 * HEIGHT && from.getWidth() >= 2 * width) {
      from = drawn(from, from.getWidth() / 2, from.getHeight() / 2);
    }
    return drawn(from, width, HEIGHT);
  }

  private static BufferedImage drawn(BufferedImage image, int width, int height) {
    BufferedImage drawn = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = drawn.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    // What is transparent counts as paper.
    graphics.drawImage(image, 0, 0, width, height, Color.WHITE, null);
    graphics.dispose();
    return drawn;
  }
}
