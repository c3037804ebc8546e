package io.softlane.examples.onnxocr;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A text, and how it is drawn.
 *
 * @param angle by which it rises, in degrees
 * @param noise standard deviation of the noise, where 1 is the distance from black to white
 */
record Sample(String text, String font, double angle, double noise) {
  private static final int SIZE = 32;
  private static final int MARGIN = 6;
  private static final Color PAPER = new Color(0xf4f1ea);
  private static final Color INK = new Color(0x1d2430);
  private static final long SEED = 20260101;

  /** Every text in every way. */
  static List<Sample> grid(
      List<String> texts, List<String> fonts, List<Double> angles, List<Double> noises) {
    List<Sample> samples = new ArrayList<>();
    for (String text : texts) {
      for (String font : fonts) {
        for (double angle : angles) {
          for (double noise : noises) {
            samples.add(new Sample(text, font, angle, noise));
          }
        }
      }
    }
    return samples;
  }

  /**
   * Checks that there are fonts, and these among them.
   *
   * @throws RefusedException where there are not
   */
  static void checkFonts(List<String> fonts) {
    List<String> families;
    try {
      families =
          Arrays.asList(
              GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames());
      // A JDK without fontconfig notices only here that it has no fonts.
      new TextLayout("x", new Font(Font.DIALOG, Font.PLAIN, SIZE), context());
    } catch (RuntimeException | LinkageError e) {
      throw new RefusedException(
          "Java finds no fonts to draw with ("
              + e.getMessage()
              + "): install some with fontconfig"
              + " (Debian: apt install fontconfig fonts-dejavu-core)",
          e);
    }
    for (String font : fonts) {
      if (families.stream().noneMatch(font::equalsIgnoreCase)) {
        throw new RefusedException("there is no font '" + font + "', only " + families);
      }
    }
  }

  /**
   * Draws it, the same way every time.
   *
   * @throws RefusedException where the font lacks one of the characters
   */
  BufferedImage draw() {
    Font face = new Font(font, Font.PLAIN, SIZE);
    int missing = face.canDisplayUpTo(text);
    if (missing >= 0) {
      throw new RefusedException(
          "the font '" + font + "' lacks '" + Character.toString(text.codePointAt(missing)) + "'");
    }
    TextLayout layout = new TextLayout(text, face, context());
    Rectangle2D box = layout.getBounds();
    AffineTransform turn = AffineTransform.getRotateInstance(Math.toRadians(-angle));
    Rectangle2D turned = turn.createTransformedShape(box).getBounds2D();
    int width = (int) Math.ceil(turned.getWidth()) + 2 * MARGIN;
    int height = (int) Math.ceil(turned.getHeight()) + 2 * MARGIN;

    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(PAPER);
    graphics.fillRect(0, 0, width, height);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.translate(MARGIN - turned.getX(), MARGIN - turned.getY());
    graphics.transform(turn);
    graphics.setColor(INK);
    layout.draw(graphics, 0, 0);
    graphics.dispose();
    addNoise(image);
    return image;
  }

  private void addNoise(BufferedImage image) {
    // Its own noise for every sample, in whatever order they are drawn. Not hashCode() of the
    // record: how that is formed may change.
    Random random = new Random(SEED + (text + '\n' + font + '\n' + angle).hashCode());
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int colour = image.getRGB(x, y);
        int noisy = 0;
        for (int shift = 0; shift < 24; shift += 8) {
          double level = (colour >>> shift & 0xff) + 255 * noise * random.nextGaussian();
          noisy |= Math.clamp(Math.round(level), 0, 255) << shift;
        }
        image.setRGB(x, y, noisy);
      }
    }
  }

  private static FontRenderContext context() {
    return new FontRenderContext(null, true, true);
  }

  @Override
  public String toString() {
    return "%s, %s degrees, noise %s".formatted(font, number(angle), number(noise));
  }

  /** Without a fraction where there is none. */
  static String number(double value) {
    return value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
  }
}
