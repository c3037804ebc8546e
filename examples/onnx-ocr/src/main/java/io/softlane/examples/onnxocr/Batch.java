package io.softlane.examples.onnxocr;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images that the network reads in one run.
 *
 * @param indices which they are, of all images
 * @param strips the images
 * @param width of all of them, with what fills the narrower ones
 */
record Batch(List<Integer> indices, List<Strip> strips, int width) {
  /** Pixels for one step of the network: it gives one row of logits for each of them. */
  static final int STEP = 8;

  /** The width that the model was trained with; narrower images are filled up to it. */
  private static final int MIN_WIDTH = 320;

  /** Sorts images by width, so that little is filled, and groups them. */
  static List<Batch> of(List<Strip> strips, int size) {
    List<Integer> order =
        IntStream.range(0, strips.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> strips.get(i).width()))
            .toList();
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < order.size(); from += size) {
      List<Integer> indices = order.subList(from, Math.min(from + size, order.size()));
      List<Strip> members = indices.stream().map(strips::get).toList();
      int width = Math.max(MIN_WIDTH, members.getLast().width());
      batches.add(new Batch(indices, members, (width + STEP - 1) / STEP * STEP));
    }
    return batches;
  }

  int size() {
    return strips.size();
  }

  /** Rows of logits per image. */
  int steps() {
    return width / STEP;
  }

  long[] inputShape() {
    return new long[] {size(), Strip.PLANES, Strip.HEIGHT, width};
  }

  long[] outputShape(int classes) {
    return new long[] {size(), steps(), classes};
  }

  /** Writes the images, each at the left of its place, with zeros beside it. */
  void write(Memory memory) {
    memory.clear(0, (long) size() * Strip.PLANES * Strip.HEIGHT * width);
    long to = 0;
    for (Strip strip : strips) {
      for (int line = 0; line < Strip.PLANES * Strip.HEIGHT; line++) {
        memory.copyFrom(strip.values(), line * strip.width(), to, strip.width());
        to += width;
      }
    }
  }

  /** Puts one result per image at the image's place among all. */
  <T> void scatter(List<? extends T> results, T[] all) {
    for (int i = 0; i < size(); i++) {
      all[indices.get(i)] = results.get(i);
    }
  }
}
