package io.softlane.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SumsTest {
  private static final Source SOURCE = Runs.SOURCE;
  private static List<Block> blocks;

  @BeforeAll
  static void read() throws IOException {
    blocks = Block.read(SOURCE, name -> Path.of(SOURCE.directory(), name), 0, Block.count(SOURCE));
  }

  private static double[] weights(double scale) {
    double[] w = new double[SOURCE.weights()];
    for (int i = 0; i < w.length; i++) {
      w[i] = scale * Math.sin(i);
    }
    return w;
  }

  private static float[] floats(double[] w) {
    return Objective.transposed(w, SOURCE.cols());
  }

  @Test
  void blocksAreTheRows() throws IOException {
    assertEquals(9, blocks.size());
    assertEquals(41, blocks.getLast().rows());
    Images images = SOURCE.read(0, SOURCE.rows());
    for (int r : new int[] {0, 499, 500, 1346, 1347, 4040}) {
      Block block = blocks.get(r / Block.ROWS);
      int row = r % Block.ROWS;
      assertEquals(images.labels()[r], block.labels()[row]);
      assertEquals(images.pixels()[r * 64 + 20] / 16f, block.values()[row * 65 + 20]);
      assertEquals(1, block.values()[row * 65 + 64]);
      assertEquals(images.labels()[r % 1347], images.labels()[r]);
    }
  }

  /** The reason why neither partitions nor executors nor the network's order change a result. */
  @Test
  void anyOrderAndAnyTreeGiveTheSameBits() {
    float[] w = floats(weights(1));
    Sums expected = new Sums(SOURCE);
    blocks.forEach(block -> expected.add(block, w));
    Random random = new Random(7);
    for (int round = 0; round < 20; round++) {
      List<Block> shuffled = new ArrayList<>(blocks);
      Collections.shuffle(shuffled, random);
      List<Sums> parts = new ArrayList<>();
      for (Block block : shuffled) {
        if (parts.isEmpty() || random.nextBoolean()) {
          parts.add(new Sums(SOURCE));
        }
        parts.getLast().add(block, w);
      }
      while (parts.size() > 1) {
        Sums one = parts.remove(random.nextInt(parts.size()));
        parts.get(random.nextInt(parts.size())).add(one);
      }
      assertEquals(expected.rows(), parts.getFirst().rows());
      assertEquals(expected.loss(), parts.getFirst().loss());
      for (int i = 0; i < w.length; i++) {
        assertEquals(expected.gradient(i), parts.getFirst().gradient(i));
      }
    }
  }

  /** The loss and gradient of plain loops in double. */
  @Test
  void agreesWithPlainLoops() {
    double[] w = weights(0.5);
    double[] gradient = new double[w.length];
    double loss = 0;
    for (Block block : blocks) {
      for (int r = 0; r < block.rows(); r++) {
        double[] p = new double[Source.CLASSES];
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
          double logit = 0;
          for (int j = 0; j < 65; j++) {
            logit += w[k * 65 + j] * block.values()[r * 65 + j];
          }
          p[k] = Math.exp(logit);
          sum += p[k];
        }
        int label = block.labels()[r];
        loss -= Math.log(p[label] / sum) / SOURCE.rows();
        for (int i = 0; i < w.length; i++) {
          double difference = p[i / 65] / sum - (i / 65 == label ? 1 : 0);
          gradient[i] += difference * block.values()[r * 65 + i % 65] / SOURCE.rows();
        }
      }
    }
    Sums sums = new Sums(SOURCE);
    blocks.forEach(block -> sums.add(block, floats(w)));
    assertEquals(loss, sums.loss(), 1e-6);
    for (int i = 0; i < w.length; i++) {
      assertEquals(gradient[i], sums.gradient(i), 1e-6, "weight " + i);
    }
  }

  /** So that a line search turns back, rather than trust a sum that has overflowed. */
  @Test
  void lossesOutOfRangeAreInfinite() {
    for (double scale : new double[] {1e6, 1e37, Double.NaN}) {
      Sums sums = new Sums(SOURCE);
      blocks.forEach(block -> sums.add(block, floats(weights(scale))));
      assertEquals(Double.POSITIVE_INFINITY, sums.loss(), "scale " + scale);
    }
  }
}
